import { existsSync } from "node:fs";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { expect, test as base } from "./test.js";

const program = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
/** Why a journey in Firefox can't run here. */
export const noFirefox = existsSync(program) ? undefined : `no Firefox at ${program}: apt-get install firefox-esr, or set FIREFOX`;

/** A page in Firefox. An action waits until its element, named by role and accessible name, is visible and enabled. */
export class FirefoxPage {
  /** What the console of Firefox reported: errors, warnings, and what the content policy blocked. */
  readonly reported: string[] = [];
  readonly requested: string[] = [];

  constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {
    page.setDefaultTimeout(20_000);
    // Firefox's own warnings and violations of the content policy arrive as errors of the page.
    page.on("pageerror", (error) => this.reported.push(error instanceof Error ? error.message : String(error)));
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) this.reported.push(message.text());
    });
    page.on("request", (request) => this.requested.push(request.url()));
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.origin}${path}`);
  }

  async press(role: string, name: string): Promise<void> {
    const enabled = (it: Element) => it.getAttribute("aria-disabled") !== "true";
    await this.page.locator(named(role, name)).filter(enabled).click();
  }

  async fill(role: string, name: string, value: string): Promise<void> {
    await this.page.locator(named(role, name)).fill(value);
  }

  async isVisible(role: string, name: string): Promise<void> {
    await this.page.waitForSelector(named(role, name), { visible: true });
  }

  /** Whether a radio button or a checkbox is checked. */
  async isChecked(role: string, name: string): Promise<boolean> {
    const element = await this.page.waitForSelector(named(role, name), { visible: true });
    return (await element?.evaluate((it) => (it as HTMLInputElement).checked)) ?? false;
  }

  /** Waits until the visible text of an element contains each of these, in any order. */
  async shows(role: string, name: string, ...texts: (string | RegExp)[]): Promise<void> {
    const text = this.#reader(role, name, (it) => it.innerText);
    await expect.poll(text, { message: `${role} ${name}` }).toMatch(allOf(texts));
  }

  /** The same with the row of a table that contains `of`. */
  async showsInRow(table: string, of: string, ...texts: (string | RegExp)[]): Promise<void> {
    const rows = this.rows(table);
    const row = async () => (await rows())?.find((it) => it.includes(of));
    await expect.poll(row, { message: `${table}: ${of}` }).toMatch(allOf(texts));
  }

  /** The visible texts of the rows of a table. */
  rows(table: string): () => Promise<string[] | undefined> {
    return this.#reader("table", table, (it) => [...it.querySelectorAll("tbody tr")].map((row) => (row as HTMLElement).innerText));
  }

  /** Reads an element. Firefox takes half a second to find it by its name, so it is found again only when it was replaced. */
  #reader<T>(role: string, name: string, read: (element: HTMLElement) => T): () => Promise<T | undefined> {
    let found: ElementHandle<Element> | null = null;
    return async () => {
      if (!(await found?.evaluate((it) => it.isConnected))) found = await this.page.$(named(role, name));
      return (found as ElementHandle<HTMLElement> | null)?.evaluate(read);
    };
  }
}

function named(role: string, name: string): string {
  return `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
}

/** Matches a text that contains all of these. */
function allOf(texts: (string | RegExp)[]): RegExp {
  const source = (it: string | RegExp) => (it instanceof RegExp ? it.source : it.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${texts.map((it) => `(?=[^]*${source(it)})`).join("")}`);
}

/** A test in Firefox, driven over WebDriver BiDi: Playwright only drives a Firefox that it has patched. */
export const test = base.extend<{ firefox: FirefoxPage }, { firefoxBrowser: Browser }>({
  firefoxBrowser: [
    async ({}, use) => {
      const browser = await puppeteer.launch({ browser: "firefox", executablePath: program });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  firefox: async ({ firefoxBrowser, baseURL }, use, info) => {
    const context = await firefoxBrowser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    await use(new FirefoxPage(page, baseURL as string));
    if (info.status !== info.expectedStatus) {
      await page.screenshot({ path: info.outputPath("page.png") });
    }
    await context.close();
  },
  noSurprises: async ({ firefox, baseURL }, use) => {
    await use();
    expect(firefox.reported).toEqual([]);
    expect(firefox.requested.filter((it) => !it.startsWith(baseURL as string) && !/^(data|blob):/.test(it))).toEqual([]);
  },
});

export { expect };
