import { everyWay } from "../support/axe.js";
import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Quiesce } from "../support/process.js";
import { expect, test } from "../support/sandbox.js";

test("axe finds nothing in an outage, a history with operations, the list of keys and a notice", async ({
  page,
  sandbox,
  relay,
}) => {
  const runid = await sandbox.onlyRun(poller, { drain: "20" });
  const console = new Console(page);
  await console.openPrograms();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  expect(await everyWay(page), "keys").toEqual([]);
  await page.keyboard.press("Escape");

  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Stopping");
  await relay.down();
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toBeVisible();
  expect(await everyWay(page), "a stop in an outage").toEqual([]);
  await page.goto("/history");
  await expect(page.getByRole("table", { name: "Operations" }).getByRole("row").nth(1)).toBeVisible();
  await page.getByLabel("Backup file").setInputFiles({
    name: "broken.zip",
    mimeType: "application/zip",
    buffer: Buffer.from("not an archive"),
  });
  await expect(page.getByText(/^broken\.zip/)).toBeVisible();
  expect(await everyWay(page), "history with an operation and a damaged backup").toEqual([]);
  await relay.up();
});

test("axe finds nothing in a document", async ({ page, baseURL }) => {
  for (const path of ["/docs", "/docs/guide"]) {
    await page.goto(`${baseURL}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await everyWay(page), path).toEqual([]);
  }
});

test.describe("of a read-only console", () => {
  test.use({ options: ["--read-only"] });
  test("axe finds nothing in the list and a program", async ({ page, sandbox }) => {
    await sandbox.onlyRun(poller, { drain: "2" });
    const console = new Console(page);
    await console.openPrograms();
    expect(await everyWay(page), "programs").toEqual([]);
    await console.openProgram(poller);
    await expect(page.getByRole("button", { name: "Stop…", exact: true })).toBeVisible();
    expect(await everyWay(page), "program").toEqual([]);
  });
});

const routers = test.extend({
  baseURL: async ({ relay }, use) => {
    const names = ["--router", `a=${relay.url}`, "--router", `b=${relay.url}`];
    const console = await Quiesce.start("serve", ...names, "--listen", "127.0.0.1:0");
    await use(console.url);
    await console.end();
  },
});
routers("axe finds nothing in the choice of a router", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "b", exact: true })).toBeVisible();
  expect(await everyWay(page)).toEqual([]);
});
