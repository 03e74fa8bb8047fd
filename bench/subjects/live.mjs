// 500 rows that change every 2 s: what it costs the page, and whether it stays responsive.
import { open, worked } from "../support/browser.mjs";
import { pipelines } from "../support/demo.mjs";
import { median, most, ratio, spread, table } from "../support/figures.mjs";
import { inOrder, settled, sideBySide } from "../support/pages.mjs";
import { processor } from "./start.mjs";

const FLEET = 1_000;
const ROWS = 500;
const EVERY_MS = 2_000;
/** How long a page is watched in a run. */
const WATCHED_MS = 12_000;

/** Starts a run of each of these pipelines again and again, so that each has a new latest run; returns what ends it. */
function changing(server, elements) {
  let ended = false;
  const loop = (async () => {
    while (!ended) {
      const next = new Promise((done) => setTimeout(done, EVERY_MS));
      await server.ask("POST", "start", elements);
      await next;
    }
  })();
  return () => {
    ended = true;
    return loop;
  };
}

async function once(opened, of) {
  const { page } = opened;
  await page.evaluate(() => window.bench.hide(false));
  await page.waitForResponse(/\/v3\/namespaces\/retail\/runs$/);
  of.front.reset();
  await page.evaluate(() => Object.assign(window.bench, { tasks: [], keys: [] }));
  const before = await worked(opened);
  await page.waitForTimeout(WATCHED_MS);
  const after = await worked(opened);
  const { tasks, keys } = await page.evaluate(() => window.bench);
  const reads = (await of.front.counts()).api["POST /runs"] ?? 0;
  await page.evaluate(() => window.bench.hide(true));
  const seconds = WATCHED_MS / 1_000;
  return {
    busy: (after - before) / seconds / 10,
    task: most(tasks.map(([, duration]) => duration)),
    key: most(keys),
    reads: (reads * 60) / seconds,
  };
}

export async function run({ browser, slows, runs, save, log, ...builds }) {
  const { pages, server, end } = await sideBySide({ binary: builds.binary, peer: builds.peer }, FLEET);
  const elements = (await pipelines(server)).slice(0, ROWS);
  const results = [];
  const all = [];
  for (const of of pages) {
    const opened = await open(browser);
    await settled(opened, of);
    await opened.page.evaluate(() => {
      window.bench.pressKeys();
      window.bench.hide(true);
    });
    all.push({ of, opened });
  }
  const stop = changing(server, elements);
  for (const slow of slows) {
    const taken = new Map(all.map(({ of }) => [of, []]));
    for (const { opened } of all) await opened.devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
    for (let run = 0; run < runs; run += 1) {
      for (const { of, opened } of inOrder(all, run)) taken.get(of).push(await once(opened, of));
    }
    for (const { of } of all) results.push({ slow, title: of.title, runs: taken.get(of) });
    log(`${processor({ slow })}: ${all.map(({ of }) => `${of.title} busy ${spread(taken.get(of).map((it) => it.busy))} %`).join(", ")}`);
    await save(results);
  }
  await stop();
  for (const { opened } of all) await opened.close();
  await end();
}

export function tables(results) {
  return table(
    ["processor", "page", "runs", "main thread busy, %", "longest task", "longest key to frame", "reads a minute", "ratio of busy"],
    results.map((result, at) => {
      const own = results.slice(0, at + 1).findLast(({ title }) => title === "Quiesce");
      const of = (name) => result.runs.map((it) => it[name]);
      const figures = ["busy", "task", "key"].map((name) => spread(of(name)));
      return [processor(result), result.title, result.runs.length, ...figures, median(of("reads")).toFixed(0), ratio(of("busy"), own.runs.map((it) => it.busy))];
    }),
    2,
  );
}
