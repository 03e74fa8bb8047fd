// A stop of many runs, on the optimised page and the sandbox: how long it takes, how many requests it sends, how late
// the page shows each end, whether it stays responsive.
//
//   node bench/stop.mjs [--runs N]
//
// Needs what `cargo xtask test` builds. The server records ends in whole seconds, so an end can seem to be shown up to
// a second later than it is. The longest task is the browser's own measure (`longtask`: from 50 ms on); an interaction
// is a press of a key in the page until the next frame, tried twice a second all the time.
import { parseArgs } from "node:util";
import { browser as launch, demo, most, taken, watched } from "./support.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "1000" } } });
const count = Number(values.runs);
const programs = ["workflows/DataPipelineWorkflow", "spark/DataStreamsSparkStreaming"];
const types = { workflows: "Workflow", spark: "Spark" };

async function ask(server, method, path, body) {
  const answer = await fetch(`${server.url}/v3/namespaces/retail/${path}`, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** One active run of each of so many programs of the fleet; of the real-time ones all that run already. */
async function running(server) {
  const elements = [];
  for (const kind of ["spark", "workflows"]) {
    for (const { app, name } of await ask(server, "GET", kind)) {
      if (/_\d{5}$/.test(app) && programs.includes(`${kind}/${name}`)) {
        elements.push({ appId: app, programType: types[kind], programId: name });
      }
    }
  }
  const status = await ask(server, "POST", "status", elements);
  const active = status.filter((it) => it.status === "RUNNING").slice(0, count);
  const idle = status.filter((it) => it.status !== "RUNNING" && it.programType === "Workflow").slice(0, count - active.length);
  const begun = idle.map(({ appId, programType, programId }) => ({ appId, programType, programId }));
  await ask(server, "POST", "start", begun);
  return [...active, ...begun].map(({ appId, programType, programId }) => ({ appId, programType, programId }));
}

// In the page, from its first moment on: when each number of ended runs was painted.
function paintedEnds() {
  window.__ended = [];
  const frame = () => {
    const figure = document.querySelector(".summary .figure")?.textContent ?? "";
    const ended = Number(figure.split(" ")[0].replaceAll(/\D/g, ""));
    if (figure && ended !== window.__ended.at(-1)?.[1]) window.__ended.push([Date.now(), ended]);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const browser = await launch();
const server = await demo(Math.ceil(count * 1.2));
const chosen = await running(server);
const page = await watched(browser);
page.setDefaultTimeout(600_000);
await page.addInitScript(paintedEnds);
const requests = new Map();
page.on("request", (request) => {
  const { pathname } = new URL(request.url());
  if (!pathname.startsWith("/v3")) return;
  const name = pathname
    .replace(/^\/v3(\/namespaces\/[^/]+)?/, "")
    .replace(/\/apps\/[^/]+(\/versions\/[^/]+)?/, "/apps/{app}")
    .replace(/\/(workflows|spark)\/[^/]+/, "/{type}/{program}")
    .replace(/\/runs\/[^/]+/, "/runs/{run}");
  const key = `${request.method()} ${name}`;
  requests.set(key, (requests.get(key) ?? 0) + 1);
});

const rows = [];
const byPhase = [];
let since = performance.now();
async function lap(name) {
  const { tasks, keys } = await taken(page);
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const now = performance.now();
  const sent = [...requests.values()].reduce((sum, it) => sum + it, 0);
  rows.push([name, ((now - since) / 1_000).toFixed(1), sent, most(tasks), most(keys), elements]);
  byPhase.push([name, [...requests].sort((a, b) => b[1] - a[1])]);
  requests.clear();
  since = now;
}

const kinds = { Workflow: "workflows", Spark: "spark" };
const path = (it) => `${it.appId}/${kinds[it.programType]}/${it.programId}`;
await page.goto(`${server.url}/about-nothing`);
const selection = chosen.map((it) => `program=${path(it)}`).join("\n");
await page.evaluate((kept) => sessionStorage.setItem("quiesce.selection", kept), selection);
requests.clear();
since = performance.now();
await page.goto(`${server.url}/ns/retail/stop?selection=kept`);
const stop = page.getByRole("button", { name: /^Stop [\d,]+ runs$/ });
await stop.waitFor();
await page.waitForFunction(() =>
  [...document.querySelectorAll("button")].some((it) => /^Stop [\d,]+ runs$/.test(it.textContent.trim()) && it.ariaDisabled !== "true"),
);
await lap("the form is ready");
await stop.click();
const ended = page.locator(".summary .figure");
await ended.waitFor();
const target = (await ended.textContent()).split(" of ")[1];
await page.waitForFunction((text) => document.querySelector(".summary .figure")?.textContent === text, `${target} of ${target}`);
await lap("all ends are shown");
await page.getByRole("link", { name: "Done", exact: true }).waitFor();
await lap("all logs are read");

const shown = await page.evaluate(() => window.__ended);
const latest = [];
for (let from = 0; from < chosen.length; from += 100) latest.push(...(await ask(server, "POST", "runs", chosen.slice(from, from + 100))));
const records = latest.flatMap((it) => it.runs);
const ends = records.map((it) => it.end * 1_000).sort((a, b) => a - b);
const late = ends.map((end, place) => (shown.find(([, it]) => it > place)?.[0] ?? Number.POSITIVE_INFINITY) - end);
late.sort((a, b) => a - b);

console.log("| until | s | requests | longest task ms | longest key to frame ms | elements |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
for (const [name, sent] of byPhase) console.log(`\n${name}: ${sent.map(([key, times]) => `${times} ${key}`).join(", ") || "none"}`);
const seconds = (milliseconds) => (milliseconds / 1_000).toFixed(1);
console.log(`\n${ends.length} ends, shown at most ${seconds(late.at(-1))} s late, 95 % at most ${seconds(late[Math.floor(late.length * 0.95)])} s late.`);
server.end();
await browser.close();
