import { Console } from "../support/console.js";
import { poller } from "../support/cdap.js";
import { pressByKey, recordAnnouncements } from "../support/keyboard.js";
import { expect, test } from "../support/test.js";

test("a run is found, chosen and stopped without a mouse", async ({ page, cdap, relay }) => {
  const runid = await cdap.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await console.openPrograms();

  await page.keyboard.press("/");
  await expect(console.search).toBeFocused();
  await page.keyboard.type("StockPoller");
  await expect(console.programs.getByRole("row")).toHaveCount(2);
  await page.keyboard.press("Tab");
  await page.keyboard.press("x");
  await expect(page.getByRole("checkbox", { name: "Select Warehouse StockPoller" })).toBeChecked();
  await page.keyboard.press("s");

  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Stop 1 run of Warehouse");
  await expect(heading, "a page that one comes to has the focus at its heading").toBeFocused();
  await expect(console.grace("Server default")).toBeChecked();
  await page.keyboard.press("4");
  await expect(console.grace("Now")).toBeChecked();
  await page.keyboard.press("3");
  await expect(console.grace("Custom")).toBeChecked();
  await console.grace("Custom").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(console.grace("Until drained")).toBeChecked();
  await page.keyboard.press("ArrowRight");
  await expect(console.grace("Custom")).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(console.duration).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1m 30s");
  await expect(console.request).toContainText("graceful=90");
  expect(relay.writes, "no key sends anything").toEqual([]);
  const announced = await recordAnnouncements(page);
  await pressByKey(page, page.getByRole("button", { name: "Stop 1 run", exact: true }));

  await expect(console.stopped(runid)).toContainText("Stopping");
  await expect(heading).toBeFocused();
  await expect(console.stopped(runid)).toContainText("Ended in time");
  await expect.poll(announced, "the end is said once").toEqual(["1 of 1 run ended"]);
  expect(relay.stops).toHaveLength(1);
  expect(relay.stops[0]?.target).toContain("graceful=90");
});

test("the keys are listed, and can be turned off for good", async ({ page }) => {
  const console = new Console(page);
  await console.openPrograms();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toContainText("Filter this list");
  await help.getByRole("checkbox", { name: /Single-key shortcuts/ }).uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.reload();
  await expect(console.programs.getByRole("row").nth(1)).toBeVisible();
  await page.keyboard.press("/");
  await expect(console.search).not.toBeFocused();
});
