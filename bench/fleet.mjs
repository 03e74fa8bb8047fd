// Times of the fleet page against the budgets, on the optimised page and the sandbox.
//
//   node bench/fleet.mjs [--runs N] [--fleets 1000,10000]
//
// Needs what `cargo xtask test` builds. Each figure is the median of N fresh browser contexts; times are in
// milliseconds from the start of the navigation, on this machine, over loopback.
import { parseArgs } from "node:util";
import { browser as launch, demo } from "./support.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, fleets: { type: "string", default: "1000,10000" } },
});
const runs = Number(values.runs);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function once(browser, url, slowdown) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  if (slowdown > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  let requests = 0;
  let counted = 0;
  page.on("request", (request) => (requests += /\/v3\//.test(request.url()) ? 1 : 0));
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiate(...given);
      window.__memory = made.instance.exports.memory;
      return made;
    };
    const seen = () => {
      if (document.querySelector("table tbody tr th[scope=row]")) window.__rows = performance.now();
      else requestAnimationFrame(seen);
    };
    requestAnimationFrame(seen);
  });
  await page.goto(`${url}/ns/retail/programs`, { waitUntil: "commit" });
  await page.waitForFunction(() => window.__rows, null, { timeout: 60_000 });
  counted = requests;
  const rows = await page.evaluate(() => window.__rows);
  const paint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  // From a key in the search box to the next frame that shows its result.
  const search = page.getByRole("searchbox", { name: "Search programs" });
  await search.focus();
  const typed = [];
  for (const key of ["c", "l", "i"]) {
    typed.push(
      await page.evaluate(
        (key) =>
          new Promise((done) => {
            const field = document.activeElement;
            const began = performance.now();
            field.value += key;
            field.dispatchEvent(new InputEvent("input", { bubbles: true, data: key }));
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
          }),
        key,
      ),
    );
  }
  await devtools.send("HeapProfiler.collectGarbage");
  // The page's own data is in the memory of its WebAssembly, which the browser's figure leaves out.
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize + window.__memory.buffer.byteLength);
  await context.close();
  return { paint, rows, requests: counted, interaction: Math.max(...typed), heap: heap / 1e6 };
}

const browser = await launch(["--enable-precise-memory-info"]);
console.log("| applications | processor | first paint ms | first rows ms | requests to them | key to paint ms | heap MB |");
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const fleet of values.fleets.split(",").map(Number)) {
  const server = await demo(fleet);
  for (const slowdown of [1, 4]) {
    await once(browser, server.url, slowdown);
    const figures = [];
    for (let run = 0; run < runs; run += 1) figures.push(await once(browser, server.url, slowdown));
    const of = (name) => median(figures.map((it) => it[name]));
    const row = [fleet, slowdown === 1 ? "as it is" : `${slowdown}x slower`, of("paint").toFixed(0), of("rows").toFixed(0)];
    console.log(`| ${[...row, of("requests"), of("interaction").toFixed(0), of("heap").toFixed(1)].join(" | ")} |`);
  }
  server.end();
}
await browser.close();
