import { Console } from "../support/console.js";
import { poller } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

test("the server dies during a stop and comes back, and nothing is sent twice", async ({ page, cdap, relay }) => {
  const runid = await cdap.onlyRun(poller, { drain: "15" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Stopping");

  await relay.down();
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toBeVisible();
  await expect(console.stopped(runid)).not.toContainText("Ended");
  await relay.up();

  await expect(console.stopped(runid)).toContainText("Ended in time", { timeout: 60_000 });
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toHaveCount(0);
  expect(relay.stops).toHaveLength(1);
});

test("a stop is watched from where it was after a reload, and nothing is sent twice", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(poller, { drain: "15" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(page).toHaveURL(/\/ns\/default\/stop\/[\w-]+$/);
  await expect(console.stopped(runid)).toContainText("Stopping");
  const close = page.getByText("You can close this page and return");
  await expect(close).toBeVisible();
  await page.reload();
  await expect(console.stopped(runid)).toContainText("Stopping");
  await expect(console.stopped(runid)).toContainText("300 s");

  // Another place, and back by the strip under the top bar.
  await page.getByRole("link", { name: "Programs" }).first().click();
  await page.getByRole("link", { name: "Watch" }).first().click();
  await expect(console.stopped(runid)).toContainText("Ended in time", { timeout: 60_000 });
  await expect(close, "nothing is left to return for").toBeHidden();
  expect(relay.stops).toHaveLength(1);
  const record = await cdap.run(poller, runid);
  expect(record.status).toBe("KILLED");
});

test("an unavailable server is reported with what to do, and the page continues automatically", async ({
  page,
  relay,
}) => {
  const console = new Console(page);
  await console.openPrograms();
  await relay.down();
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Try now" })).toBeVisible();
  await expect(console.row(poller), "what was known stays").toBeVisible();
  await relay.up();
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toHaveCount(0);
});
