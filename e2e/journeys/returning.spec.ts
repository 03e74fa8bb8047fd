import type { Page } from "@playwright/test";
import { clicks, invoices, poller, type Program } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

const scroll = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

/** Scrolls down, and says how far. */
async function scrolled(page: Page): Promise<number> {
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, 160);
  await expect.poll(() => scroll(page)).toBeGreaterThan(0);
  // A wheel scrolls in several frames.
  let last = -1;
  await expect.poll(async () => last === (last = await scroll(page))).toBe(true);
  return last;
}

test("Cancel, Escape, the breadcrumb and Back return to the list of programs as it was left", async ({ page, cdap }) => {
  if ((await cdap.alive(poller)).length === 0) await cdap.start(poller);
  // Low, so that a few rows scroll.
  await page.setViewportSize({ width: 1440, height: 420 });
  const console = new Console(page);
  await console.openPrograms("?q=a&sort=-application");
  const selected = page.getByRole("region", { name: "Selection" });
  const programs = page.getByRole("heading", { level: 1, name: "Programs" });
  const box = ({ app, name }: Program) => page.getByRole("checkbox", { name: `Select ${app} ${name}`, exact: true });
  await console.select(poller);
  await console.select(clicks);
  const left = await scrolled(page);
  const isAsLeft = async () => {
    await expect(programs).toBeVisible();
    await expect(page).toHaveURL(/\/programs\?q=a&sort=-application$/);
    await expect(selected).toContainText("2 programs selected");
    await expect(box(clicks)).toBeChecked();
    await expect(box(invoices)).not.toBeChecked();
    await expect.poll(() => scroll(page)).toBe(left);
  };
  const form = page.getByRole("heading", { level: 1, name: /^Stop \d+ runs? of/ });
  const open = async () => {
    await selected.getByRole("button", { name: "Stop 2 programs…" }).click();
    await expect(form).toBeVisible();
  };
  const crumbs = page.getByRole("navigation", { name: "Breadcrumb" });

  await open();
  await page.getByRole("link", { name: "Cancel" }).click();
  await isAsLeft();
  await open();
  await page.keyboard.press("Escape");
  await isAsLeft();
  await open();
  await crumbs.getByRole("link", { name: "Programs" }).click();
  await isAsLeft();
  await open();
  await page.goBack();
  await isAsLeft();
  await page.reload();
  await isAsLeft();

  // The page of a program; the focus returns to its row.
  const link = console.row(poller).getByRole("link", { name: poller.app, exact: true });
  await link.scrollIntoViewIfNeeded();
  const there = await scroll(page);
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: `${poller.app} ${poller.name}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(link).toBeFocused();
  await expect(selected).toContainText("2 programs selected");
  await expect.poll(() => scroll(page)).toBe(there);
});

test("a selected program that is deleted meanwhile drops out of the selection", async ({ page, cdap }) => {
  await cdap.copy(invoices.app, "returning_gone");
  const console = new Console(page);
  await console.openPrograms();
  await console.select({ ...invoices, app: "returning_gone" });
  await console.select(invoices);
  const selected = page.getByRole("region", { name: "Selection" });
  await expect(selected).toContainText("2 programs selected");
  await cdap.remove("returning_gone");
  await page.reload();
  await expect(selected).toContainText("1 program selected");
  await expect(page.getByText("1 program removed from the selection: no longer on the server")).toBeVisible();
});

test("the list of applications keeps selection, options and filter", async ({ page, cdap }) => {
  await cdap.copy(invoices.app, "returning_upgrade");
  const wizard = new Wizard(page);
  await wizard.open("?q=returning");
  const box = page.getByRole("checkbox", { name: "Select returning_upgrade", exact: true });
  const options = page.getByText("Upgrade options", { exact: true });
  const several = page.getByRole("checkbox", { name: /^Several applications per request/ });
  await options.click();
  await several.check();
  await box.check();
  const isAsLeft = async () => {
    await expect(page).toHaveURL(/\/upgrade\?q=returning$/);
    await expect(box).toBeChecked();
    if (!(await several.isVisible())) await options.click();
    await expect(several).toBeChecked();
  };
  await page.reload();
  await isAsLeft();
  await wizard.goOn();
  await wizard.isAt("Review");
  await page.goBack();
  await isAsLeft();
  await page.goForward();
  await wizard.isAt("Review");
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Applications" }).click();
  await isAsLeft();
  await page.goBack();
  await wizard.isAt("Review");
  await page.keyboard.press("Escape");
  await isAsLeft();
  await cdap.remove("returning_upgrade");
});

test("the history keeps its filter, and the focus returns to the entry that was opened", async ({ page, cdap }) => {
  await cdap.copy(invoices.app, "returning_history");
  const wizard = new Wizard(page);
  await wizard.open("?q=returning_history");
  await wizard.choose("returning_history");
  await wizard.goOn();
  await wizard.isAt("Review");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "History" }).click();
  await page.getByRole("searchbox", { name: "Search operations" }).fill("upgrade 1");
  await page.getByRole("checkbox", { name: /^Upgrade \d+$/ }).check();
  const link = page.getByRole("table", { name: "Operations" }).getByRole("link", { name: /Upgrade 1 application$/ });
  for (const back of ["Escape", "breadcrumb", "Back"]) {
    await link.click();
    await wizard.isAt("Review");
    if (back === "Escape") await page.keyboard.press("Escape");
    else if (back === "Back") await page.goBack();
    else await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "History" }).click();
    await expect(page).toHaveURL(/\/history\?q=upgrade%201&show=upgrade$/);
    await expect(link).toBeFocused();
  }
  await cdap.remove("returning_history");
});
