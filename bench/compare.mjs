// The start of the list and its keys, of several builds of the server side by side.
//
//   node bench/compare.mjs --runs 7 --fleets 1000,10000 --slow 1,4 --line none,10 before/quiesce target/server/quiesce
//
// The runs of the builds alternate, each in a fresh browser context. Printed are medians, the smallest and the largest
// value in milliseconds, and the median of the ratios of each run to that of the first build next to it.
import { parseArgs } from "node:util";
import { browser as launch, demo } from "./support.mjs";

const { values, positionals: binaries } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "7" },
    fleets: { type: "string", default: "1000,10000" },
    slow: { type: "string", default: "1,4" },
    line: { type: "string", default: "none" },
  },
});
const figures = ["paint", "request", "rows", "task", "key", "sort"];
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const numbers = (text) => text.split(",").map(Number);

/** From an action in the page to the frame after the next. */
const toFrame = (page, action, argument) =>
  page.evaluate(
    ([action, argument]) =>
      new Promise((done) => {
        const began = performance.now();
        if (action === "type") {
          document.activeElement.value += argument;
          document.activeElement.dispatchEvent(new InputEvent("input", { bubbles: true, data: argument }));
        } else {
          document.querySelector(argument).click();
        }
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
      }),
    [action, argument],
  );

async function once(browser, url, slow, megabits) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  if (slow > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
  if (megabits) {
    const bytes = (megabits * 1e6) / 8;
    const line = { offline: false, latency: 60, downloadThroughput: bytes, uploadThroughput: bytes };
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", line);
  }
  await page.addInitScript(() => {
    window.__tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.__tasks.push([startTime, duration]);
    }).observe({ type: "longtask", buffered: true });
    const seen = () => {
      if (document.querySelector("table tbody tr th[scope=row]")) window.__rows = performance.now();
      else requestAnimationFrame(seen);
    };
    requestAnimationFrame(seen);
  });
  await page.goto(`${url}/ns/retail/programs`, { waitUntil: "commit" });
  await page.waitForFunction(() => window.__rows, null, { timeout: 120_000 });
  const start = await page.evaluate(() => {
    const lists = performance.getEntriesByType("resource").filter((it) => it.name.includes("/v3/"));
    const tasks = window.__tasks.filter(([began]) => began < window.__rows);
    return {
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      request: Math.min(...lists.map((it) => it.startTime)),
      rows: window.__rows,
      task: Math.max(0, ...tasks.map(([, duration]) => duration)),
    };
  });
  // Without the requests of the start.
  const read = () => !document.querySelector("table.fleet tbody").textContent.includes("Loading");
  await page.waitForFunction(read, null, { timeout: 240_000 });
  await page.getByRole("searchbox", { name: "Search programs" }).focus();
  const keys = [];
  for (const key of ["c", "l", "i"]) keys.push(await toFrame(page, "type", key));
  const sort = await toFrame(page, "click", "table.fleet th:nth-child(2) button");
  await context.close();
  return { ...start, key: Math.max(...keys), sort };
}

const browser = await launch();
console.log(`| applications | processor | line | build | ${figures.join(" | ")} | ratio of rows | of key |`);
console.log(`| ${"--- | ".repeat(figures.length + 6)}`.trim());
for (const fleet of numbers(values.fleets)) {
  const servers = await Promise.all(binaries.map((binary) => demo(fleet, binary)));
  for (const slow of numbers(values.slow)) {
    for (const line of values.line.split(",").map((it) => Number(it) || 0)) {
      const runs = servers.map(() => []);
      for (let run = -1; run < Number(values.runs); run += 1) {
        for (const [build, server] of run % 2 ? [...servers.entries()] : [...servers.entries()].reverse()) {
          const result = await once(browser, server.url, slow, line);
          // The first one fills the caches of the server.
          if (run >= 0) runs[build].push(result);
        }
      }
      for (const [build, results] of runs.entries()) {
        const spread = (name) => {
          const of = results.map((it) => it[name]);
          return `${median(of).toFixed(0)} (${Math.min(...of).toFixed(0)}–${Math.max(...of).toFixed(0)})`;
        };
        const ratio = (name) => median(results.map((it, run) => it[name] / runs[0][run][name])).toFixed(2);
        const where = [fleet, slow > 1 ? `${slow}x slower` : "as it is", line ? `${line} Mbit/s, 60 ms` : "loopback", build + 1];
        console.log(`| ${[...where, ...figures.map(spread), ratio("rows"), ratio("key")].join(" | ")} |`);
      }
    }
  }
  for (const server of servers) server.end();
}
await browser.close();
