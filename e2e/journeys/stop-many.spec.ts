import { Console } from "../support/console.js";
import { customers, invoices, poller, report, service, type Program, type RunRecord } from "../support/cdap.js";
import { noteEnds, shownLate } from "../support/ends.js";
import { expect, test } from "../support/test.js";

const passing: Program = { app: "invoices_passing", type: "workflows", name: "DataPipelineWorkflow" };

test("many programs are stopped in one go and each outcome is told apart", async ({ page, cdap, relay }) => {
  // One with two runs, one with a run of an older version, one worker, one that will have stopped, one that will be gone.
  const two = await cdap.only(report, { wait: "600" }, { wait: "601" });
  const [older] = await cdap.only(customers, { wait: "600" });
  await cdap.upgrade(customers.app);
  const [worker] = await cdap.only(poller, { drain: "2" });
  const [stopped] = await cdap.only(service, {});
  await cdap.quiet(invoices);
  await cdap.copy(invoices.app, passing.app);
  const [gone] = await cdap.only(passing, { wait: "600" });

  const console = new Console(page);
  await console.openPrograms("?state=active");
  for (const program of [report, customers, poller, service, passing]) await console.select(program);
  await page.getByRole("button", { name: "Stop 5 programs…" }).click();
  await expect(page.getByRole("button", { name: "Stop 6 runs", exact: true })).toBeVisible();
  await expect(page.getByText("superseded version").first()).toBeVisible();

  // Meanwhile, elsewhere.
  await cdap.quiet(service);
  await cdap.quiet(passing);
  await cdap.remove(passing.app);

  await noteEnds(page);
  await console.confirm(6);
  const ends = [two[0], two[1], older, worker].map(async (run) => {
    const program = run === worker ? poller : run === older ? customers : report;
    return cdap.firstEnd(program, (run as RunRecord).runid);
  });
  for (const run of two) await expect(console.stopped(run.runid)).toContainText("Killed", { timeout: 60_000 });
  await expect(console.stopped(older?.runid as string)).toContainText("Killed", { timeout: 60_000 });
  await expect(console.stopped(older?.runid as string)).toContainText("superseded version");
  await expect(console.stopped(worker?.runid as string)).toContainText("Ended in time", { timeout: 60_000 });
  await expect(console.stopped(stopped?.runid as string)).toContainText(/before|already|not running/i);
  await expect(console.stopped(gone?.runid as string)).toContainText(/404|not found|gone/i);

  // Each end is shown at most 5 s after the server could tell of it.
  for (const { record, told } of await Promise.all(ends)) {
    const own = Math.max(0, told - (record.end as number) * 1_000);
    expect(await shownLate(page, record), record.runid).toBeLessThanOrEqual(5_000 + own);
  }

  // The stop of each run was requested at most once, and for those of the older version by run.
  const told = relay.stops.filter((it) => it.target.includes(older?.runid as string));
  expect(told).toHaveLength(1);
  for (const run of [...two, worker]) {
    const record = await cdap.run(run === worker ? poller : report, run?.runid as string);
    expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(300);
  }
  expect(await cdap.alive(report)).toEqual([]);
  expect(await cdap.alive(customers)).toEqual([]);
  await expect(page.getByRole("button", { name: /Copy summary/ })).toBeVisible();
});
