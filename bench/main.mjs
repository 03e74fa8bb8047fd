// Measures the console, and other pages next to it: `cargo xtask bench` builds what it needs and starts it.
//
// Each subject stores its results as JSON as it proceeds, and replaces its tables in docs/performance.md at its end.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./support/browser.mjs";
import { circumstances, replace } from "./support/document.mjs";
import * as entry from "./subjects/entry.mjs";
import * as followers from "./subjects/followers.mjs";
import * as interaction from "./subjects/interaction.mjs";
import * as live from "./subjects/live.mjs";
import * as router from "./subjects/router.mjs";
import * as start from "./subjects/start.mjs";
import * as stop from "./subjects/stop.mjs";
import * as targets from "./subjects/targets.mjs";
import * as traffic from "./subjects/traffic.mjs";
import * as wizard from "./subjects/wizard.mjs";

const SUBJECTS = { entry, start, interaction, live, traffic, followers, stop, wizard, router };
const QUICK = { fleets: [1_000], runs: 3 };
const FULL = { fleets: [100, 1_000, 10_000, 50_000], runs: 7 };

const { values } = parseArgs({
  options: {
    binary: { type: "string" },
    before: { type: "string" },
    peer: { type: "string" },
    cache: { type: "string" },
    router: { type: "string" },
    application: { type: "string" },
    results: { type: "string" },
    document: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    fleets: { type: "string" },
    runs: { type: "string" },
  },
});
const size = values.quick ? QUICK : FULL;
const fleets = values.fleets?.split(",").map(Number) ?? size.fleets;
const runs = Number(values.runs ?? size.runs);
const { binary, before, peer, cache, application } = values;

/** Results of other fleets are kept, so that the largest can be measured with fewer runs. */
const kept = ({ results }) => (Array.isArray(results) ? results.filter(({ fleet }) => fleet && !fleets.includes(fleet)) : []);
const byFleet = (results) => (Array.isArray(results) ? results.toSorted((a, b) => a.fleet - b.fleet) : results);

const file = (name) => join(values.results, `${name}.json`);
const stored = async (name) => JSON.parse(await readFile(file(name), "utf8").catch(() => "{}"));

/** Writes the tables of a subject to the document; those of a quick run only to the terminal. */
async function publish(name, text) {
  console.log(`\n${text}\n`);
  if (!values.quick) await replace(values.document, name, text);
}

async function measure(browser, name, subject) {
  const others = kept(await stored(name));
  const save = (results) => {
    const all = others.length ? byFleet([...others, ...results]) : results;
    return writeFile(file(name), JSON.stringify({ at: new Date(), results: all }, undefined, 1));
  };
  const log = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${name}: ${text}`);
  await subject.run({ browser, binary, before, peer, cache, router: values.router, application, fleets, slows: [1, 4], runs, save, log });
  const { results } = await stored(name);
  await publish(name, `${circumstances(browser)}\n\n${subject.tables(results)}`);
}

await mkdir(values.results, { recursive: true });
const browser = await launch();
for (const name of values.only.length ? values.only : Object.keys(SUBJECTS)) {
  if (name === "router" && !values.router) {
    console.log("router: skipped, because it needs a real CDAP: --router URL");
    continue;
  }
  await measure(browser, name, SUBJECTS[name]);
  if (name === "start" || name === "interaction") {
    const [rows, keys] = await Promise.all([stored("start"), stored("interaction")]);
    await publish("targets", targets.tables({ start: rows.results, interaction: keys.results }));
  }
}
await browser.close();
