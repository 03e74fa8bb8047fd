import type { Locator, Page } from "@playwright/test";
import { type Cdap, type RunRecord, poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";

const HOUR = 3_600_000;

/** Shifts the browser's clock by these milliseconds; it keeps running, and `setClock` changes it later. */
async function shiftClock(page: Page, by: number): Promise<void> {
  await page.addInitScript((by: number) => {
    const Real = Date;
    const shift = { by };
    class Shifted extends Real {
      constructor(...args: unknown[]) {
        if (args.length === 0) super(Real.now() + shift.by);
        else super(...(args as [number]));
      }
      static override now(): number {
        return Real.now() + shift.by;
      }
    }
    Object.assign(globalThis, { Date: Shifted, shift });
  }, by);
}

async function setClock(page: Page, by: number): Promise<void> {
  await page.evaluate((by) => Object.assign((globalThis as unknown as { shift: { by: number } }).shift, { by }), by);
}

/** The seconds that a text such as `1 min 12 s ago` stands for. */
function seconds(text: string): number {
  const units: Record<string, number> = { s: 1, min: 60, h: 3_600, d: 86_400 };
  const parts = [...text.matchAll(/(\d+) (min|s|h|d)\b/g)];
  expect(parts.length, `an age: ${text}`).toBeGreaterThan(0);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit as string] as number), 0);
}

/** That the age on screen is the one by the server's record, to the precision of the text, and moves on. */
async function isAge(cell: Locator, run: RunRecord): Promise<void> {
  const shown = async () => {
    const text = await cell.innerText();
    return { text, off: seconds(text) - (Date.now() / 1000 - (run.start ?? run.starting)) };
  };
  // A clock that is 3 h behind shows `0 s ago`, which is right until two seconds have passed.
  await expect.poll(async () => seconds((await shown()).text)).toBeGreaterThan(3);
  const { text, off } = await shown();
  expect(Math.abs(off), `${text} is ${off} s off`).toBeLessThan(4);
}

async function theRun(cdap: Cdap, args: Record<string, string> = {}): Promise<RunRecord> {
  return (await cdap.only(poller, args))[0] as RunRecord;
}

const started = (console: Console) => console.row(poller).locator("time");

for (const [name, by, words] of [
  ["3 h ahead", 3 * HOUR, /^This browser's clock is 3 h ahead of the server's\./],
  ["3 h behind", -3 * HOUR, /^This browser's clock is 3 h behind the server's\./],
] as const) {
  test(`with the browser's clock ${name}, the list and the program page show the server's ages`, async ({ page, cdap }) => {
    await shiftClock(page, by);
    const run = await theRun(cdap);
    const console = new Console(page);
    await console.openPrograms();
    await isAge(started(console), run);
    const hint = page.getByRole("status").getByText(words);
    await expect(hint).toBeVisible();

    // What was read is new, however wrong the clock is.
    await expect(page.getByText(/^Live, (\d|1\d|2\d) s ago$/)).toBeVisible();

    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(hint).toHaveCount(0);
    await console.row(poller).getByRole("link", { name: poller.app, exact: true }).click();
    const row = page.getByRole("table", { name: "Runs" }).getByRole("row").filter({ hasText: run.runid.slice(0, 8) });
    await isAge(row.getByRole("cell").nth(3), run);
    // The time of day is that of the record, in the zone of the browser.
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
    await expect(row.getByText(clock.format((run.start ?? run.starting) * 1000))).toBeVisible();
    await expect(hint, "said once").toHaveCount(0);

    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Server" }).click();
    await expect(page.getByText(words.source.includes("ahead") ? /clock is 3 h ahead/ : /clock is 3 h behind/)).toBeVisible();
  });

  test(`with the browser's clock ${name}, a stop counts by the server's clock`, async ({ page, cdap, relay }) => {
    await shiftClock(page, by);
    const run = await theRun(cdap, { drain: "6" });
    const console = new Console(page);
    await page.goto(console.stopForm({ program: poller, runid: run.runid }));
    const target = page.getByRole("table", { name: /^Runs to stop/ }).getByRole("row").filter({ hasText: run.runid.slice(0, 8) });
    await expect(target).toBeVisible();
    const age = seconds(await target.getByRole("cell").nth(1).innerText());
    expect(Math.abs(age - (Date.now() / 1000 - (run.start as number)))).toBeLessThan(5);
    await console.confirm(1);

    const result = page.getByRole("region", { name: "Result" });
    // The server gives 300 s, and the countdown is by its clock.
    await expect(result.getByText(/^in (5:00|4:5\d)$/)).toBeVisible();
    await expect(result.getByText("Elapsed")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible({ timeout: 60_000 });
    // After the time of its start.
    const took = result.getByRole("definition").nth(1);
    expect(seconds(await took.innerText())).toBeLessThan(60);
    expect(relay.stops).toHaveLength(1);

    // The journal has the times of the browser's clock, and its day and time of day are shown as they were recorded.
    const time = await page.evaluate(() => `${String(new Date().getHours()).padStart(2, "0")}:`);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "History" }).click();
    const operations = page.getByRole("table", { name: "Operations" });
    const row = operations.getByRole("rowgroup", { name: "Today" }).getByRole("row").filter({ hasText: "Stop 1 run" });
    await expect(row).toContainText("1 of 1 run ended");
    await expect(row).toContainText(time);
  });
}

test("a clock that is set while the page is open is right again with the next answer", async ({ page, cdap }) => {
  await shiftClock(page, 0);
  const run = await theRun(cdap);
  const console = new Console(page);
  await console.openPrograms();
  await isAge(started(console), run);
  await expect(page.getByText(/^This browser's clock/), "the clocks agree").toHaveCount(0);

  await setClock(page, 3 * HOUR);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText(/^This browser's clock is 3 h ahead/)).toBeVisible();
  await expect.poll(async () => seconds(await started(console).innerText())).toBeLessThan(HOUR / 1000);
  await isAge(started(console), run);

  await setClock(page, 0);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText(/^This browser's clock/)).toHaveCount(0);
  await isAge(started(console), run);
});

test("behind a gateway that sends a Date, that clock counts", async ({ page, cdap, relay, baseURL }) => {
  relay.sendDate = true;
  await shiftClock(page, 3 * HOUR);
  const run = await theRun(cdap);
  const console = new Console(page);
  await console.openPrograms();
  await isAge(started(console), run);
  const answer = await fetch(`${baseURL}/v3/version`);
  expect([answer.headers.has("date"), answer.headers.has("quiesce-time")]).toEqual([true, false]);
  relay.sendDate = false;
  const bare = await fetch(`${baseURL}/v3/version`);
  expect([bare.headers.has("date"), bare.headers.has("quiesce-time")]).toEqual([false, true]);
});
