import type { Locator, Page } from "@playwright/test";
import { everyWay } from "../support/axe.js";
import { poller, report } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";

const palette = (page: Page): Locator => page.getByRole("dialog", { name: "Search or jump to" });
const field = (page: Page): Locator => palette(page).getByRole("combobox");
const selected = (page: Page): Locator => palette(page).getByRole("option", { selected: true });

test("a program, a page and a form are found without a mouse", async ({ page, relay }) => {
  const console = new Console(page);
  await console.openPrograms();
  await page.keyboard.press("/");
  await expect(console.search).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await expect(field(page)).toBeFocused();
  await expect(selected(page)).toContainText("Programs");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await expect(console.search, "the focus returns").toBeFocused();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("wh poller");
  await expect(selected(page)).toHaveText(/^Warehouse StockPoller Worker/);
  await expect(palette(page).getByRole("status").last()).toHaveText(/^[2-9] results$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Warehouse StockPoller");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("history");
  await expect(selected(page)).toHaveText("History Page");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/history$/);

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  const first = await selected(page).getAttribute("id");
  await page.keyboard.press("End");
  await expect(selected(page)).not.toHaveId(first ?? "");
  await page.keyboard.press("Home");
  await expect(selected(page)).toHaveId(first ?? "");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await expect(selected(page)).toHaveId(first ?? "");
  expect(relay.writes, "the palette sends nothing that changes something").toEqual([]);
});

test("an action says why it is not available, and opens its form when it is", async ({ page, cdap }) => {
  await cdap.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await console.openPrograms();
  await expect(console.row(poller)).toContainText("Running");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("stop selected");
  await expect(selected(page)).toContainText("No programs are selected");
  await expect(selected(page)).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");
  await expect(palette(page), "nothing happens").toBeVisible();
  await page.keyboard.press("Escape");

  await console.select(poller);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("stop 1 program");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Stop 1 run of Warehouse");
});

test("the form that starts a program has an address", async ({ page }) => {
  const console = new Console(page);
  await console.openProgram(report);
  await page.getByRole("button", { name: "Start…", exact: true }).click();
  await expect(page).toHaveURL(/\?form=start$/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Add an argument" })).toBeVisible();
});

test("a namespace is searched, and one that is not listed can be typed", async ({ page }) => {
  const console = new Console(page);
  await console.openPrograms();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  const switcher = page.getByRole("dialog", { name: "Switch the namespace" });
  await expect(switcher.getByRole("option", { name: /^default Current namespace$/ })).toBeVisible();
  await page.keyboard.type("not_there");
  await expect(switcher.getByRole("option", { selected: true })).toContainText("Open namespace not_there");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/ns\/not_there\/programs$/);
});

test("axe finds nothing in the palette, the view and the notifications", async ({ page }) => {
  const console = new Console(page);
  await console.openPrograms();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("stop");
  await expect(selected(page)).toBeVisible();
  expect(await everyWay(page), "palette").toEqual([]);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("notifications");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Notifications" })).toBeVisible();
  expect(await everyWay(page), "notifications").toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "View…" }).click();
  await expect(page.getByRole("dialog", { name: "View" })).toBeVisible();
  expect(await everyWay(page), "view").toEqual([]);
});
