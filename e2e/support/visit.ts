import { expect, type Page } from "@playwright/test";
import { poller, report } from "./cdap.js";
import { Console } from "./console.js";
import type { Sandbox } from "./sandbox.js";
import { Scene, live, scheduled, two } from "./scene.js";
import { Wizard } from "./wizard.js";

/** Goes through every page and every step of an upgrade, and has each looked at. */
export async function visitPages(page: Page, sandbox: Sandbox, look: (name: string) => Promise<void>): Promise<void> {
  const runid = await sandbox.onlyRun(poller, { drain: "2" });
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled, live);
  await scene.enable(scheduled.app);
  await sandbox.start(two, { wait: "3600" });
  const console = new Console(page);
  const wizard = new Wizard(page);

  await console.openPrograms();
  await console.select(poller);
  await look("programs");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("palette");
  await page.keyboard.press("Escape");
  await console.openProgram(report);
  await page.getByRole("button", { name: "Start…", exact: true }).click();
  await page.getByRole("button", { name: "Add an argument" }).click();
  await look("start");
  await console.openProgram(poller);
  await expect(page.getByRole("table").first()).toContainText(runid.slice(0, 8));
  await look("program");
  await page.goto(console.stopForm({ program: poller, runid }));
  await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
  await look("stop form");
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Ended in time");
  await look("stop");
  await page.goto("/server");
  await expect(page.getByText(/ignores the grace period/)).toBeVisible();
  await look("server");

  await wizard.open();
  await wizard.choose(two.app, scheduled.app);
  await look("selection");
  await wizard.goOn();
  await wizard.isAt("Review");
  await wizard.acknowledge();
  await look("review");
  await wizard.goOn(60_000);
  await wizard.isAt("Pause schedules");
  await look("pause schedules");
  await wizard.pause();
  await look("stop runs");
  await wizard.stopRuns();
  await wizard.goOn(120_000);
  await wizard.backUp();
  await look("back up");
  await wizard.goOn();
  await wizard.upgrade.click();
  await expect(wizard.row(two.app)).toContainText(/verified as version/i, { timeout: 60_000 });
  await look("upgrade");
  await page.goto("/history");
  await expect(page.getByRole("table").getByRole("row").nth(2)).toBeVisible();
  await look("history");
}
