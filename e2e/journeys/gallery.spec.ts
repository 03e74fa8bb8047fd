import type { Page, TestInfo } from "@playwright/test";
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bothWays } from "../support/axe.js";
import { Quiesce } from "../support/process.js";
import { Relay } from "../support/relay.js";
import { expect, test, withErrors } from "../support/sandbox.js";

// Every widget and every state of a page, from fixed data. The relay is in front of the console.

const run = promisify(execFile);
const script = fileURLToPath(new URL("../gallery.mjs", import.meta.url));

const links = (page: Page) => page.getByRole("navigation", { name: "Sections" }).getByRole("link");

/** The fragments of the sections with their titles. */
async function sections(page: Page): Promise<{ id: string; title: string }[]> {
  await page.goto("/gallery");
  await expect(page.getByRole("heading", { level: 1, name: "Gallery" })).toBeVisible();
  return links(page).evaluateAll((all) =>
    all.map((it) => ({ id: (it as HTMLAnchorElement).hash.slice(1), title: it.textContent?.trim() ?? "" })),
  );
}

async function open(page: Page, { id, title }: { id: string; title: string }): Promise<void> {
  await page.goto(`/gallery#${id}`);
  await expect(page.getByRole("heading", { level: 2, name: title, exact: true }).first()).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Loading" })).toHaveCount(0);
}

test.use({ baseURL: async ({ relay }, use) => use(relay.url) });

test("every section of the gallery has its heading, and nothing but the description of the server is requested", async ({ page, relay }) => {
  const all = await sections(page);
  expect(all.length).toBeGreaterThan(60);
  for (const section of all) {
    await open(page, section);
    await expect(links(page).and(page.locator("[aria-current]"))).toHaveText(section.title);
    await expect(page.locator(`section#${section.id} > :nth-child(2)`)).toBeVisible();
  }
  const requests = relay.exchanges.map((it) => `${it.method} ${it.target}`);
  const asked = requests.filter((it) => /^\S+ (\/r\/[a-z]+)?\/(v3|auth|quiesce|sandbox)\//.test(it));
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked)).toEqual(new Set(["GET /quiesce/info"]));
});

test("a link of the gallery shows its section, and back the one before", async ({ page }) => {
  await page.goto("/gallery#buttons");
  await links(page).filter({ hasText: "Verdicts" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Verdicts" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 2, name: "Buttons" })).toBeVisible();
});

const isPage = (id: string) => /^(list|program|history|server|sign-in|signed-out)(-|$)/.test(id);

for (const [part, chosen] of [
  ["widgets", (id: string) => !/^(stop|upgrade)-/.test(id) && !isPage(id)],
  ["pages", isPage],
  ["stop", (id: string) => id.startsWith("stop-")],
  ["upgrade", (id: string) => id.startsWith("upgrade-")],
] as const) {
  test(`everyone can use the gallery: ${part}`, async ({ page }) => {
    // axe looks at each section twice.
    test.setTimeout(600_000);
    const found: string[] = [];
    for (const section of (await sections(page)).filter(({ id }) => chosen(id))) {
      await open(page, section);
      for (const it of await bothWays(page)) found.push(`${section.id}, ${it}`);
    }
    expect(found).toEqual([]);
  });
}

// Other origins: another console, and files.
withErrors("a console of a real router has no gallery", async ({ page, sandbox }) => {
  const console = await Quiesce.start("serve", "--listen", "127.0.0.1:0", "--router", sandbox.url);
  await page.goto(`${console.url}/gallery`);
  await expect(page.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
  await expect(page.getByText("No page has this address")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Sections" })).toHaveCount(0);
  await console.end();
});

/** Writes a picture of a square in a color. */
async function picture(page: Page, folder: string, name: string, color: string, height = 40): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.setContent(`<div id="square" style="inline-size: 40px; block-size: ${height}px; background: ${color}"></div>`);
  await page.locator("#square").screenshot({ path: `${folder}/${name}.png` });
}

/** What the command that compares two folders prints. */
async function compared(info: TestInfo): Promise<string[]> {
  const [before, after] = [info.outputPath("before"), info.outputPath("after")];
  const { stdout } = await run("node", [script, "--before", before, "--into", after]);
  return stdout.trim().split("\n").map((it) => it.trim());
}

withErrors("a changed picture is reported with the largest change first, and an unchanged one is not", async ({ page }, info) => {
  const [before, after] = [info.outputPath("before"), info.outputPath("after")];
  for (const folder of [before, after]) await picture(page, folder, "same", "teal");
  await picture(page, before, "taller", "teal");
  await picture(page, after, "taller", "teal", 50);
  await picture(page, before, "recolored", "rgb(0, 128, 128)");
  await picture(page, after, "recolored", "rgb(2, 128, 128)");
  await picture(page, before, "removed", "teal");
  await picture(page, after, "added", "teal");

  const lines = await compared(info);
  expect(lines[0]).toMatch(/^4 pictures compared with .*: 2 changed, 1 added, 1 removed$/);
  expect(lines.slice(1, -1)).toEqual([
    "changed: recolored.png, 1600 pixels",
    "changed: taller.png, 400 pixels",
    "added: added.png",
    "removed: removed.png",
  ]);
  await page.goto(lines.at(-1) ?? "");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Gallery: 2 changed, 1 added, 1 removed");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["recolored", "taller", "Added: 1", "Removed: 1"]);
  await expect(page.getByRole("img", { name: "Difference: recolored.png" })).toBeVisible();
});

withErrors("without a change nothing is reported", async ({ page }, info) => {
  for (const folder of ["before", "after"]) await picture(page, info.outputPath(folder), "same", "teal");
  expect((await compared(info))[0]).toMatch(/: 0 changed, 0 added, 0 removed$/);
});
