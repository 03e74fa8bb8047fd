import { Console } from "../support/console.js";
import { poller } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

test("one run is stopped with five minutes, gets the server's 300 s and ends in time", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(poller, { drain: "4" });
  const console = new Console(page);
  await console.openProgram(poller);
  await page.getByRole("link", { name: `Stop… ${runid.slice(0, 8)}` }).click();

  await expect(console.grace("Server default")).toBeChecked();
  await console.grace("Custom").check();
  await console.duration.fill("5m");
  await expect(page.getByText("300 s", { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/This server ignores the grace period/)).toBeVisible();
  await expect(page.getByText("Interrupts work").first()).toBeVisible();

  const sent = `/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs/${runid}/stop?graceful=300`;
  await expect(console.request).toContainText(`POST ${sent}`);
  expect(relay.writes, "nothing is sent before it is confirmed").toEqual([]);
  await console.confirm(1);

  const row = console.stopped(runid);
  await expect(row).toContainText("300 s");
  await expect(row).toContainText(/Ended in time/);
  await expect(row).toContainText("Killed");
  await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible();

  expect(relay.stops.map((it) => it.target)).toEqual([sent]);
  const record = await cdap.run(poller, runid);
  expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(300);
  expect(record.status).toBe("KILLED");
  expect(record.end as number).toBeLessThan(record.terminate as number);
});

test("a stop is forecast from past stops, and its timeline says what the run waited for", async ({ page, cdap }) => {
  for (let stops = 0; stops < 3; stops += 1) {
    await cdap.onlyRun(poller, {});
    await cdap.quiet(poller);
  }
  const runid = await cdap.onlyRun(poller, { drain: "4" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await expect(page.getByText(/Usually ends in .+, at most .+ in the last [345] stops\. The server allows 5 min\./)).toBeVisible();
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText(/Usually ends in/);
  await expect(console.stopped(runid)).toContainText(/Ended in time/);

  await page.getByText("Stop timeline", { exact: true }).click();
  const row = page.getByRole("table", { name: "Stop timeline" }).getByRole("row").filter({ hasText: runid.slice(0, 8) });
  const record = await cdap.run(poller, runid);
  const took = (record.end as number) - (record.stopping as number);
  await expect(row.getByRole("cell").nth(3)).toHaveText(`${took} s`);
  await expect(row.getByRole("cell").nth(5), "a short stop has times with seconds").toHaveText(/\d\d:\d\d:\d\d$/);
  await expect(page.getByText(/\d\d:\d\d:\d\d to .*\d\d:\d\d:\d\d\. Active runs first/)).toBeVisible();
});

test("the request is copied as curl and holds no token", async ({ page, cdap, context, baseURL }) => {
  const runid = await cdap.onlyRun(poller, {});
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.grace("Until drained").check();
  await console.request.getByRole("button", { name: "Copy as curl" }).first().click();
  const curl = await page.evaluate(() => navigator.clipboard.readText());
  expect(curl).toMatch(/^curl .*-X POST .*\/runs\/[0-9a-f-]+\/stop\?graceful'/);
  expect(curl).not.toContain("Bearer ey");
});

test("words that are no duration are refused before anything can be sent", async ({ page, cdap, relay }) => {
  const runid = await cdap.onlyRun(poller, {});
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.grace("Custom").check();
  for (const [written, words] of [
    ["", /Enter a duration/],
    ["-5", /“-5” is not a duration/],
    ["1.5m", /“1.5m” is not a duration/],
    ["soon", /“soon” is not a duration/],
    ["99999999999", /longest|at most|too/i],
  ] as const) {
    await console.duration.fill(written);
    await expect(console.duration).toHaveAttribute("aria-invalid", "true");
    const described = await console.duration.evaluate((field) =>
      (field.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" "),
    );
    expect(described, `what is said of ${JSON.stringify(written)}`).toMatch(words);
  }
  const button = page.getByRole("button", { name: "Stop 1 run" });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.click({ force: true });
  expect(relay.stops).toEqual([]);
});

test("a stop right now says that it gives no time and uses the form that gives none", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.grace("Now").check();
  await expect(console.request).toContainText("/workers/StockPoller/stop");
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("0 s");
  await expect(console.stopped(runid)).toContainText("Killed");
  expect(relay.stops).toHaveLength(1);
  expect(relay.stops[0]?.target).not.toContain("/runs/");
  const record = await cdap.run(poller, runid);
  expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(0);
});
