// From the address to the first rows, each time in a fresh browser context.
import { LATENCY, open } from "../support/browser.mjs";
import { kilobytes, median, ratio, spread, table } from "../support/figures.mjs";
import { inOrder, sideBySide, toRows } from "../support/pages.mjs";

/** Processor and line of each comparison: how many times slower, and Mbit/s, 0 for loopback. */
export const CONDITIONS = [
  { slow: 1, megabits: 0 },
  { slow: 4, megabits: 0 },
  { slow: 1, megabits: 10 },
  { slow: 4, megabits: 10 },
];

export const processor = ({ slow }) => (slow > 1 ? `${slow}x slower` : "as is");
export const line = ({ megabits }) => (megabits ? `${megabits} Mbit/s, ${LATENCY} ms` : "loopback");

async function once(browser, of, condition) {
  const opened = await open(browser, condition);
  of.front.reset();
  const rows = await toRows(opened, of);
  const { requests, kinds } = await of.front.counts();
  const start = await opened.page.evaluate(() => {
    const lists = performance.getEntriesByType("resource").filter((it) => it.name.includes("/v3/"));
    const tasks = window.bench.tasks.filter(([began]) => began < window.bench.rows);
    return {
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      request: Math.min(...lists.map((it) => it.startTime)),
      task: Math.max(0, ...tasks.map(([, duration]) => duration)),
    };
  });
  await opened.close();
  const bytes = Object.values(kinds).reduce((sum, kind) => sum + kind.bytes, 0);
  return { ...start, rows, requests, data: kinds.data.bytes, page: bytes - kinds.data.bytes };
}

export async function run({ browser, fleets, runs, save, log, ...builds }) {
  const results = [];
  for (const fleet of fleets) {
    const { pages, end } = await sideBySide(builds, fleet);
    for (const condition of CONDITIONS) {
      const taken = pages.map(() => []);
      // The first run fills the caches of the server and is not counted.
      for (let run = -1; run < runs; run += 1) {
        for (const of of inOrder(pages, run)) {
          const figures = await once(browser, of, condition);
          if (run >= 0) taken[pages.indexOf(of)].push(figures);
        }
      }
      for (const [at, { title }] of pages.entries()) results.push({ fleet, ...condition, title, runs: taken[at] });
      log(`${fleet}, ${processor(condition)}, ${line(condition)}: ${pages.map(({ title }, at) => `${title} ${spread(taken[at].map((it) => it.rows))}`).join(", ")}`);
      await save(results);
    }
    await end();
  }
}

export function tables(results) {
  const heads = ["applications", "processor", "line", "page", "runs", "first paint", "first request", "first rows", "longest task", "requests", "kB of page", "kB of data", "ratio of first rows"];
  return table(
    heads,
    results.map((result, at) => {
      // The console comes first; the pages next to it were measured in the same runs.
      const own = results.slice(0, at + 1).findLast(({ title }) => title === "Quiesce");
      const of = (name) => result.runs.map((it) => it[name]);
      return [
        result.fleet.toLocaleString("en-US"),
        processor(result),
        line(result),
        result.title,
        result.runs.length,
        ...["paint", "request", "rows", "task"].map((name) => spread(of(name))),
        median(of("requests")),
        kilobytes(median(of("page"))),
        kilobytes(median(of("data"))),
        ratio(of("rows"), own.runs.map((it) => it.rows)),
      ];
    }),
    4,
  );
}
