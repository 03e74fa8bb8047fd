import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Scene, two } from "../support/scene.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

test("columns, row height and a filter are kept, and paper has no controls", async ({ page }) => {
  const console = new Console(page);
  await console.openPrograms("?q=stock&page=1");
  const artifact = console.programs.getByRole("columnheader", { name: "Artifact" });
  await expect(artifact).toBeVisible();
  const height = async () => (await console.row(poller).boundingBox())?.height ?? 0;
  const before = await height();

  await page.getByRole("button", { name: "View…" }).click();
  const view = page.getByRole("dialog", { name: "View" });
  await view.getByRole("checkbox", { name: "Artifact" }).uncheck();
  await view.getByRole("radio", { name: "Compact" }).check();
  await view.getByRole("button", { name: "Save filter" }).click();
  await expect(view.getByText("Enter a name for the filter.")).toBeVisible();
  await view.getByRole("textbox", { name: "Name of this filter" }).fill("Stock");
  await view.getByRole("button", { name: "Save filter" }).click();
  await expect(view.getByRole("link", { name: "Stock" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(artifact).toBeHidden();
  expect(await height()).toBeLessThan(before);

  await console.openPrograms();
  await expect(artifact).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("stock");
  await page.getByRole("option", { name: "Stock Saved filter" }).click();
  await expect(page).toHaveURL(/\?q=stock$/);

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(console.search).toBeHidden();
  await expect(console.programs.getByRole("link", { name: poller.app, exact: true }).first()).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("light");
});

test("the tab shows that an upgrade waits, until nobody is needed", async ({ page, cdap }) => {
  const scene = new Scene(cdap);
  await scene.copies(two);
  const wizard = new Wizard(page);
  await wizard.open();
  await wizard.choose(two.app);
  await wizard.goOn();
  await wizard.isAt("Review");
  await wizard.acknowledge();
  await expect(page, "a decision is needed").toHaveTitle(/^\(1\) /);
  await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", /favicon-waiting\.svg$/);

  // No tab is at work on it: it still waits for a person.
  await page.goto("/ns/default/programs");
  await expect(page).toHaveTitle(/^\(1\) Programs/);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  const operation = page.getByRole("dialog", { name: "Search or jump to" }).getByRole("option").first();
  await expect(operation).toContainText("no tab continues it");
  await operation.click();
  await wizard.abort();
  await wizard.isAt("Report");
  await expect(page).toHaveTitle(/^Upgrade/);
  await expect(page.locator("link[rel=icon]")).not.toHaveAttribute("href", /favicon-waiting/);
  await scene.clear([[two, "invoices_monthly"]]);
});
