// A stop of 1,000 runs: the form, the stop until all ends are shown, and how late the page shows each of them. The server
// records ends in whole seconds, so an end can seem to be shown up to a second later than it is.
import { open } from "../support/browser.mjs";
import { demo, pipelines } from "../support/demo.mjs";
import { figure } from "../support/figures.mjs";
import { openStop, press, pressable } from "../support/forms.mjs";
import { front } from "../support/front.mjs";
import { laps, phases, requestsOf } from "../support/laps.mjs";

const RUNS = 1_000;
const KINDS = { Workflow: "workflows", Spark: "spark" };
const STOP = /^Stop [\d,]+ runs$/;
/** How many programs one call for their runs may name. */
const MOST = 100;

/** One active run of each of 1,000 programs: the real-time pipelines that run already, and batch pipelines. */
async function running(server) {
  const spark = await server.ask("GET", "spark");
  const added = spark.filter(({ app, name }) => /_\d{5}$/.test(app) && name === "DataStreamsSparkStreaming");
  const live = added.map(({ app, name }) => ({ appId: app, programType: "Spark", programId: name }));
  const status = await server.ask("POST", "status", live);
  const active = live.filter((_, at) => status[at].status === "RUNNING");
  const started = (await pipelines(server)).slice(0, RUNS - active.length);
  await server.ask("POST", "start", started);
  return [...active, ...started];
}

/** In the page: when each number of ended runs was painted. */
function noteEnds() {
  window.ended = [];
  const frame = () => {
    const text = document.querySelector(".summary .figure")?.textContent ?? "";
    const ended = Number(text.split(" ")[0].replaceAll(/\D/g, ""));
    if (text && ended !== window.ended.at(-1)?.[1]) window.ended.push([Date.now(), ended]);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** How much later than its record each end was shown, in milliseconds, in order. */
async function lateness(server, programs, shown) {
  const records = [];
  for (let from = 0; from < programs.length; from += MOST) {
    records.push(...(await server.ask("POST", "runs", programs.slice(from, from + MOST))).flatMap((it) => it.runs));
  }
  const ends = records.map((it) => it.end * 1_000).toSorted((a, b) => a - b);
  const late = ends.map((end, place) => (shown.find(([, ended]) => ended > place)?.[0] ?? Number.POSITIVE_INFINITY) - end);
  return late.toSorted((a, b) => a - b);
}

export async function run({ browser, binary, save, log }) {
  const server = await demo(binary, Math.ceil(RUNS * 1.2));
  const between = await front(server.url);
  const programs = await running(server);
  const opened = await open(browser, { timeout: 600_000 });
  const { page } = opened;
  await page.addInitScript(noteEnds);
  const named = programs.map((it) => `${it.appId}/${KINDS[it.programType]}/${it.programId}`);
  const { rows, lap } = await openStop(page, `${between.url}/ns/retail`, named, () => laps(opened, between));
  await page.evaluate(() => window.bench.pressKeys());
  await pressable(page, STOP);
  await lap("the form is ready");
  await press(page, STOP);
  const ended = page.locator(".summary .figure");
  await ended.waitFor();
  const target = (await ended.textContent()).split(" of ")[1];
  await page.waitForFunction((text) => document.querySelector(".summary .figure")?.textContent === text, `${target} of ${target}`);
  await lap("all ends are shown");
  await page.getByRole("link", { name: "Done", exact: true }).waitFor();
  await lap("all logs are read");
  const late = await lateness(server, programs, await page.evaluate(() => window.ended));
  log(rows.map(({ phase, seconds }) => `${phase} ${figure(seconds)} s`).join(", "));
  await save({ rows, ends: late.length, latest: late.at(-1), usual: late[Math.floor(late.length * 0.95)] });
  await opened.close();
  await between.end();
  server.end();
}

export function tables({ rows, ends, latest, usual }) {
  const seconds = (milliseconds) => figure(milliseconds / 1_000);
  return [
    phases(rows),
    `${ends.toLocaleString("en-US")} ends: shown at most ${seconds(latest)} s late, 95 % of them at most ${seconds(usual)} s late.`,
    requestsOf(rows),
  ].join("\n\n");
}
