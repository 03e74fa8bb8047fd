import { Console } from "../support/console.js";
import { poller, report } from "../support/cdap.js";
import { expect, test } from "../support/sandbox.js";

// Servers that the sandbox plays, and faults that it is told to have. No real server can be told so: these journeys
// run on the sandbox only.

test.describe("a server that obeys the grace period", () => {
  test.use({ profile: "graceful" });

  test("gives a run what was asked for, and the console does not say otherwise", async ({ page, sandbox }) => {
    const runid = await sandbox.onlyRun(poller, { drain: "2" });
    const console = new Console(page);
    await page.goto(console.stopForm({ program: poller, runid }));
    await console.grace("Custom").check();
    await console.duration.fill("90");
    await expect(page.getByText(/ignores the grace period/)).toHaveCount(0);
    await console.confirm(1);
    await expect(console.stopped(runid)).toContainText("90 s");
    await expect(console.stopped(runid)).toContainText("Ended in time");
    const record = await sandbox.run(poller, runid);
    expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(90);
  });
});

test.describe("a server of 6.7", () => {
  test.use({ profile: "6.7.2" });

  test("is listed and stopped all the same", async ({ page, sandbox }) => {
    const runid = await sandbox.onlyRun(poller, { drain: "2" });
    const console = new Console(page);
    await console.openPrograms();
    await expect(console.row(poller)).toContainText("Running");
    await page.goto(console.stopForm({ program: poller, runid }));
    await console.confirm(1);
    await expect(console.stopped(runid)).toContainText("300 s");
    await expect(console.stopped(runid)).toContainText("Ended in time");
  });
});

test("what one may not do is refused with the server's own words, and can be sent again", async ({
  page,
  sandbox,
  relay,
}) => {
  const runid = await sandbox.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
  await sandbox.fault({ name: "403", application: "Warehouse", method: "POST", path: "/stop" });
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("403");
  await expect(console.stopped(runid)).toContainText("is not authorized to perform");
  expect(await sandbox.alive(poller)).toHaveLength(1);
  await console.stopped(runid).getByRole("button", { name: "Send again" }).click();
  await expect(console.stopped(runid)).toContainText("Ended in time");
  expect(relay.stops).toHaveLength(2);
});

test("a stop whose answer was lost is not sent again automatically", async ({ page, sandbox, relay }) => {
  const runid = await sandbox.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
  await sandbox.fault({ name: "drop-after", method: "POST", path: "/stop" });
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Ended in time", { timeout: 60_000 });
  expect(relay.stops).toHaveLength(1);
});

test("a record that cannot be read becomes one line, and the rest of the list is there", async ({ page, sandbox }) => {
  await sandbox.only(report, { wait: "600" }, { wait: "601" });
  await sandbox.fault({ name: "undecodable", path: "/StockReport/runs", times: 50 });
  const console = new Console(page);
  await console.openProgram(report);
  const runs = page.getByRole("table", { name: "Runs" });
  await expect(runs.getByRole("row").filter({ hasText: "could not be read" })).toHaveCount(1);
  await expect(runs.getByRole("row").filter({ hasText: "Running" })).toHaveCount(1);

  await page.getByRole("link", { name: "Stop…", exact: true }).click();
  await expect(page.getByText("Not all run records could be read")).toBeVisible();
});

test("programs whose runs are missing from a cut answer are unknown, not inactive, until they are read again", async ({ page, sandbox }) => {
  await sandbox.only(report, { wait: "600" });
  await sandbox.fault({ name: "cut", method: "POST", path: "/default/runs", times: 4 });
  const console = new Console(page);
  await console.openPrograms();
  const head = page.getByRole("main");
  await expect(head).toContainText(/of them active, \d+ unknown/);
  await expect(page.getByText(/The state of \d+ programs? is unknown/)).toBeVisible();
  await expect(page.getByText(/^Incomplete, /)).toBeVisible();

  await page.getByRole("button", { name: "Show active and unknown" }).click();
  await expect(page).toHaveURL(/state=active/);
  await expect(console.row(report)).toBeVisible();

  await expect(page.getByText(/^Live, /)).toBeVisible();
  await expect(page.getByText(/is unknown/)).toHaveCount(0);
});

test("a server that fails is told from an unavailable one, and the page continues automatically", async ({ page, sandbox }) => {
  await sandbox.fault({ name: "500", times: 6, path: "/v3/namespaces/default" });
  const console = new Console(page);
  await page.goto("/ns/default/programs");
  await expect(page.getByRole("alert")).toContainText("500");
  await expect(page.getByText(/does not answer/)).toHaveCount(0);
  await expect(console.row(poller)).toBeVisible({ timeout: 60_000 });
});

test("another namespace is one choice away, and is remembered", async ({ page }) => {
  const console = new Console(page);
  await console.openPrograms();
  await page.getByRole("banner").getByRole("button", { name: /Namespace/ }).click();
  await page.getByRole("dialog", { name: "Switch the namespace" }).getByRole("option", { name: /^retail / }).click();
  await expect(page).toHaveURL(/\/ns\/retail\/programs$/);
  await expect(console.row({ app: "fraud_scoring", type: "spark", name: "DataStreamsSparkStreaming" })).toContainText("Real-time Spark");
  await expect(console.row(poller)).toHaveCount(0);
  await page.goto("/");
  await expect(page).toHaveURL(/\/ns\/retail\/programs$/);
});
