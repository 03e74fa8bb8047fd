import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { clicks, report } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";

const log = (page: Page) => page.getByRole("region", { name: /^Log of run/ });
const lines = (page: Page) => page.getByRole("list", { name: "Log lines" }).getByRole("listitem");

test("a log is followed to the end of its run, searched, limited to a level, and downloaded whole", async ({ page, cdap, relay }) => {
  await cdap.quiet(report);
  const console = new Console(page);
  const run = await cdap.start(report, { wait: "5" });
  await console.openProgram(report);
  await expect(lines(page).first()).toBeVisible({ timeout: 60_000 });
  await expect(log(page)).toContainText(/Following, \d+ s ago/);

  await expect(log(page)).toContainText("Run ended", { timeout: 60_000 });

  await log(page).getByRole("searchbox", { name: "Search the log" }).fill("WORKFLOW");
  await expect(log(page)).toContainText(/\d+ match/);
  const found = log(page).locator("mark");
  await expect(found.first()).toHaveText(/workflow/i);
  await log(page).getByRole("button", { name: "Next match" }).click();
  await expect(log(page)).toContainText(/1 of \d+/);
  await log(page).getByRole("button", { name: "Previous match" }).click();
  const all = await found.count();
  await expect(log(page), "from the first to the last").toContainText(`${all} of ${all}`);
  await log(page).getByRole("searchbox", { name: "Search the log" }).fill("no such words");
  await expect(log(page)).toContainText("No match");
  await log(page).getByRole("searchbox", { name: "Search the log" }).fill("");

  const shown = await lines(page).count();
  await log(page).getByRole("radio", { name: "Error" }).check({ force: true });
  await expect(log(page)).toContainText(`0 of ${shown} line`);
  await log(page).getByRole("radio", { name: "All" }).check({ force: true });
  await expect(lines(page)).toHaveCount(shown);

  const downloading = page.waitForEvent("download");
  await log(page).getByRole("button", { name: "Download log" }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe(`Warehouse-StockReport-${run.runid}.log`);
  const text = await readFile(await file.path(), "utf8");
  expect(text).toContain(run.runid);
  expect(text.trim().split("\n").length).toBeGreaterThanOrEqual(shown);
  expect(relay.exchanges.some((it) => it.target.endsWith(`/runs/${run.runid}/logs?escape=false`))).toBe(true);
  await expect(log(page)).toContainText(/Downloaded Warehouse-StockReport-/);
});

test("a log that is paused is not read, and says how old it is", async ({ page, cdap, relay }) => {
  const [run] = await cdap.only(report, { wait: "60" });
  await new Console(page).openProgram(report);
  await expect(lines(page).first()).toBeVisible({ timeout: 60_000 });
  await log(page).getByRole("button", { name: "Pause the log" }).click();
  await expect(log(page)).toContainText(/Paused, \d+ s old/);
  const reads = () => relay.exchanges.filter((it) => it.target.includes(`/runs/${run?.runid}/logs/`)).length;
  const before = reads();
  await expect(log(page)).toContainText(/Paused, ([5-9]|\d\d) s old/);
  expect(reads() - before, "one read may have been under way").toBeLessThanOrEqual(1);
  await log(page).getByRole("button", { name: "Resume the log" }).click();
  await expect(log(page)).toContainText(/Following, \d+ s ago/);
  await expect.poll(reads).toBeGreaterThan(before);
  await cdap.quiet(report);
});

test("the records of each stage are counted while the pipeline runs", async ({ page, cdap, relay }) => {
  const [run] = await cdap.only(clicks, {});
  await new Console(page).openProgram(clicks);
  const table = page.getByRole("table", { name: "Records per stage" });
  const stages = table.getByRole("row").getByRole("rowheader");
  await expect(stages).toHaveText(["Clicks", "Discard"], { timeout: 60_000 });
  const out = async () => Number((await table.getByRole("row").nth(1).getByRole("cell").nth(1).innerText()).replace(/\D/g, ""));
  await expect.poll(out, { timeout: 60_000 }).toBeGreaterThan(0);
  const first = await out();
  await expect.poll(out, { timeout: 60_000 }).toBeGreaterThan(first);
  const asked = relay.exchanges.filter((it) => it.target === "/v3/metrics/query");
  const totals = asked.map((it) => JSON.parse(it.body ?? "{}").totals);
  expect(totals.map((it) => it.tags)).toContainEqual(expect.objectContaining({ app: clicks.app, run: run?.runid }));

  // Those of all runs come by one request, at a slower pace.
  const runs = page.getByRole("table", { name: "Runs" });
  const row = runs.getByRole("row").filter({ hasText: run?.runid.slice(0, 8) ?? "" });
  await expect(row.getByRole("cell").nth(3)).toContainText(/[\d,]+ records?$/, { timeout: 60_000 });
  const ofAll = totals.filter((it) => it.groupBy);
  expect(ofAll.length).toBeGreaterThan(0);
  for (const { groupBy, metrics } of ofAll) {
    expect({ groupBy, metrics }).toEqual({ groupBy: ["run"], metrics: ["user.Clicks.records.out"] });
  }
  await cdap.quiet(clicks);
});
