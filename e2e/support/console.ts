import { expect, type Locator, type Page } from "@playwright/test";
import type { Program } from "./cdap.js";

/** What an operator can do with the console, in the words that are on screen. */
export class Console {
  constructor(readonly page: Page) {}

  readonly namespace = "default";

  async openPrograms(query = "", { rows = true } = {}): Promise<void> {
    await this.page.goto(`/ns/${this.namespace}/programs${query}`);
    await expect(this.page.getByRole("heading", { level: 1, name: "Programs" })).toBeVisible();
    if (rows) await expect(this.programs.getByRole("row").nth(1)).toBeVisible();
  }

  async openProgram({ app, type, name }: Program): Promise<void> {
    await this.page.goto(`/ns/${this.namespace}/apps/${app}/${type}/${name}`);
    await expect(this.page.getByRole("heading", { level: 1 })).toContainText(app);
  }

  get programs(): Locator {
    return this.page.getByRole("table", { name: "Programs" });
  }

  /** The row of a program in the fleet. */
  row({ app, name }: Program): Locator {
    return this.programs.getByRole("row").filter({ has: this.page.getByRole("checkbox", { name: `Select ${app} ${name}`, exact: true }) });
  }

  async select({ app, name }: Program): Promise<void> {
    await this.page.getByRole("checkbox", { name: `Select ${app} ${name}`, exact: true }).check();
  }

  get search(): Locator {
    return this.page.getByRole("searchbox", { name: "Search programs" });
  }

  grace(choice: "Server default" | "Until drained" | "Custom" | "Now"): Locator {
    return this.page.getByRole("radiogroup", { name: "Grace period" }).getByRole("radio", { name: choice });
  }

  get duration(): Locator {
    return this.page.getByRole("textbox", { name: "Grace duration" });
  }

  get request(): Locator {
    return this.page.getByRole("region", { name: "Request", exact: true });
  }

  get runsBeingStopped(): Locator {
    return this.page.getByRole("table", { name: "Runs being stopped" });
  }

  /** The row of a run in the progress of a stop. */
  stopped(runid: string): Locator {
    return this.runsBeingStopped.getByRole("row").filter({ hasText: runid.slice(0, 8) });
  }

  async confirm(count: number): Promise<void> {
    const button = this.page.getByRole("button", { name: count === 1 ? "Stop 1 run" : `Stop ${count} runs`, exact: true });
    await expect(button).toBeEnabled();
    await button.click();
  }

  /** The path of a stop form for single runs. */
  stopForm(...runs: { program: Program; runid: string }[]): string {
    const query = runs.map(({ program, runid }) => `run=${[program.app, program.type, program.name, runid].join("/")}`);
    return `/ns/${this.namespace}/stop?${query.join("&")}`;
  }
}
