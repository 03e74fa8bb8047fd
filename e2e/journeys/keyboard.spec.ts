import type { Page } from "@playwright/test";
import { Console } from "../support/console.js";
import { poller } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

/** Presses Tab until the control with this name has the focus; each control on the way shows that it has it. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    // Of what is drawn by its label, such as a radio button, the label shows the focus.
    const shown = await focused.evaluate((element) => {
      const drawn = [element, element.closest("label")].filter((it) => it !== null);
      return drawn.some((it) => getComputedStyle(it).outlineStyle !== "none");
    });
    expect(shown, `the focus is seen on ${await focused.evaluate((it) => it.outerHTML.slice(0, 120))}`).toBe(true);
    const words = await focused.evaluate((it) => it.getAttribute("aria-label") ?? (it.textContent || it.id));
    if (words.trim() === name) return;
  }
  throw new Error(`no control ${name} within 60 presses of Tab`);
}

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
  await tabTo(page, "Stop 1 run");
  await page.keyboard.press("Enter");

  await expect(console.stopped(runid)).toContainText("Stopping");
  await expect(heading).toBeFocused();
  await expect(console.stopped(runid)).toContainText("Ended in time");
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
