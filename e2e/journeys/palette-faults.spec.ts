import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, withErrors as test } from "../support/sandbox.js";

test("without the server the palette says what could not be read, and opens what needs no server", async ({ page, relay }) => {
  const console = new Console(page);
  await console.openPrograms();
  await expect(console.row(poller)).toBeVisible();
  await page.goto("/history");
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
  await relay.down();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  const palette = page.getByRole("dialog", { name: "Search or jump to" });
  await expect(palette.getByText(/^The programs of default could not be read/)).toBeVisible();
  await expect(palette.getByText(/^The namespaces could not be read/)).toBeVisible();
  await page.keyboard.type("server");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/server$/);
});

test.describe("on a read-only console", () => {
  test.use({ options: ["--read-only"] });

  test("the palette says why a program can't be stopped or upgraded", async ({ page, sandbox }) => {
    await sandbox.onlyRun(poller, { drain: "2" });
    const console = new Console(page);
    await console.openPrograms();
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
    const palette = page.getByRole("dialog", { name: "Search or jump to" });
    await expect(palette.getByRole("combobox")).toBeFocused();
    await page.keyboard.type("stop wh poller");
    await expect(palette.getByRole("option", { selected: true })).toContainText("This console is read-only.");
  });
});
