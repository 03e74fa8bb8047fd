import { expect, type Locator, type Page } from "@playwright/test";

/** The upgrade wizard as an operator sees it. */
export class Wizard {
  readonly namespace: string;

  constructor(
    readonly page: Page,
    namespace = "default",
  ) {
    this.namespace = namespace;
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(`/ns/${this.namespace}/upgrade${query}`);
    await this.isThere();
    await expect(this.applications.getByRole("row").nth(1)).toBeVisible();
  }

  async isThere(): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: "Upgrade applications" })).toBeVisible();
  }

  get applications(): Locator {
    return this.page.getByRole("table", { name: "Applications" });
  }

  /** The row of an application in the list. */
  row(app: string): Locator {
    return this.applications.getByRole("row").filter({ has: this.page.getByText(app, { exact: true }) });
  }

  async choose(...apps: string[]): Promise<void> {
    for (const app of apps) await this.page.getByRole("checkbox", { name: `Select ${app}`, exact: true }).check();
  }

  /** The heading of a group of the list, which folds it. */
  group(name: string): Locator {
    return this.applications.getByRole("rowgroup", { name, exact: true }).getByRole("button", { name: new RegExp(`^${name} `) });
  }

  async unfold(name: string): Promise<void> {
    const group = this.group(name);
    await expect(group).toBeVisible();
    if ((await group.getAttribute("aria-expanded")) === "false") await group.click();
    await expect(group).toHaveAttribute("aria-expanded", "true");
  }

  /** Opens the details of an application in the list. */
  async details(app: string): Promise<Locator> {
    const button = this.page.getByRole("button", { name: `Details of ${app}`, exact: true });
    await expect(button).toBeVisible();
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    return this.page.getByRole("group", { name: `Details of ${app}`, exact: true });
  }

  get step(): Locator {
    return this.page.getByRole("list", { name: "Steps" }).locator('[aria-current="step"]');
  }

  async isAt(step: string): Promise<void> {
    await expect(this.step).toContainText(step, { timeout: 60_000 });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  async press(name: string | RegExp, timeout = 20_000): Promise<void> {
    const button = this.button(name);
    await expect(button).toBeEnabled({ timeout });
    await button.click();
  }

  async goOn(timeout = 20_000): Promise<void> {
    await this.press("Continue", timeout);
  }

  /** Waits until every application is read, and ticks every risk that is named. */
  async acknowledge(): Promise<void> {
    const goOn = this.button("Continue");
    await expect
      .poll(async () => (await goOn.isEnabled()) || /Acknowledge/.test((await goOn.getAttribute("title")) ?? ""), {
        timeout: 60_000,
      })
      .toBe(true);
    const risks = this.page.getByRole("checkbox", { name: /^\d+ (run|application|schedule)s? / });
    for (const risk of await risks.all()) await risk.check();
  }

  /** From the list to the end of the check. */
  async check(...apps: string[]): Promise<void> {
    await this.open();
    await this.review(...apps);
  }

  /** From the selection, which is open, to the end of the check. */
  async review(...apps: string[]): Promise<void> {
    await this.choose(...apps);
    await this.goOn();
    await this.isAt("Review");
    await this.acknowledge();
    await this.goOn(60_000);
    await this.isAt("Pause schedules");
  }

  /** From the check on, through the pause and the stop of what runs. */
  async stop(): Promise<void> {
    await this.pause();
    await this.stopRuns();
    await this.goOn(120_000);
    await this.isAt("Back up");
  }

  async pause(): Promise<void> {
    const pause = this.button("Pause schedules");
    const goOn = this.button("Continue");
    await expect(pause.or(goOn).first()).toBeVisible();
    if ((await pause.count()) > 0 && (await pause.isEnabled())) await pause.click();
    await this.goOn();
    await this.isAt("Stop runs");
  }

  /** Stops what runs, if anything does. */
  async stopRuns(): Promise<void> {
    const stop = this.button(/^Stop \d+ runs?$/);
    const goOn = this.button("Continue");
    await expect
      .poll(async () => ((await stop.count()) > 0 && (await stop.isEnabled())) || (await goOn.isEnabled()), {
        timeout: 60_000,
      })
      .toBe(true);
    if ((await stop.count()) > 0) await stop.click();
  }

  /** Makes the backup; what the browser was given. */
  async backUp(): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), this.press("Back up")]);
    await expect(this.button("Continue")).toBeEnabled({ timeout: 60_000 });
    return download.suggestedFilename();
  }

  /** Has an application started again on its version, so that it reads what is left. */
  async recover(app: string): Promise<void> {
    await this.row(app).getByRole("button", { name: /^Drain and retry/ }).click();
  }

  /** Redeploys although something may be left. */
  async redeployAnyway(app: string): Promise<void> {
    await this.row(app).getByRole("checkbox", { name: /without draining/ }).check();
    const redeploy = this.row(app).getByRole("button", { name: /^Redeploy on/ });
    if ((await redeploy.count()) > 0) await redeploy.click();
  }

  get upgrade(): Locator {
    return this.button(/^Upgrade \d+ applications?$/);
  }

  async abort(): Promise<void> {
    await this.press("Abort upgrade");
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("button", { name: /abort/i }).click();
  }
}
