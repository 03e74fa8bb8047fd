// The phases of an operation: how long each takes, what it requests, and whether the page stays responsive meanwhile.
import { figure, most, table } from "./figures.mjs";

/** Begins to measure a page before a front; `lap` ends a phase and begins the next. */
export async function laps({ page }, front) {
  const rows = [];
  let since = performance.now();
  front.reset();
  // An empty page has none.
  await page.evaluate(() => window.bench && Object.assign(window.bench, { tasks: [], keys: [] }));
  return {
    rows,
    lap: async (phase) => {
      const { requests, kinds, api } = await front.counts();
      const now = performance.now();
      front.reset();
      const { tasks, keys, elements } = await page.evaluate(() => ({
        tasks: window.bench.tasks.splice(0),
        keys: window.bench.keys.splice(0),
        elements: document.querySelectorAll("*").length,
      }));
      rows.push({
        phase,
        seconds: (now - since) / 1_000,
        requests,
        bytes: Object.values(kinds).reduce((sum, kind) => sum + kind.bytes, 0),
        task: most(tasks.map(([, duration]) => duration)),
        key: most(keys),
        elements,
        api,
      });
      since = now;
    },
  };
}

const HEADS = ["until", "s", "requests", "kB", "requests a minute", "longest task", "longest key to frame", "elements"];

export function phases(rows) {
  return table(
    HEADS,
    rows.map(({ phase, seconds, requests, bytes, task, key, elements }) => [
      phase,
      figure(seconds),
      figure(requests),
      figure(bytes / 1_000),
      figure((requests * 60) / seconds),
      figure(task),
      figure(key),
      figure(elements),
    ]),
  );
}

/** The requests of each phase by name, as a list. */
export const requestsOf = (rows) =>
  rows
    .map(({ phase, api }) => {
      const names = Object.entries(api).sort(([, a], [, b]) => b - a);
      return `* ${phase}: ${names.map(([name, times]) => `${times} \`${name}\``).join(", ") || "none"}`;
    })
    .join("\n");
