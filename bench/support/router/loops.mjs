// What a router can do: the calls of an upgrade and of a stop from a plain loop, with more and more of them at once.
import { performance } from "node:perf_hooks";
import { median } from "../figures.mjs";
import { pool } from "./client.mjs";
import { PIPELINES, WORKERS, of } from "./fleet.mjs";

/** Calls at once for one application or program a call, and for a list of 20. */
const AT_ONCE = [1, 2, 4, 5, 8, 16];
const LISTS_AT_ONCE = [1, 2];
const LIST = 20;
/** The ways take turns, since other work on the machine comes and goes; and `SINGLE` is what each upgrades in a round. */
const ROUNDS = 3;
const SINGLE = 14;
const PROGRAMS = ["workflows/DataPipelineWorkflow", "spark/phase-1"];

/** The runs that are stopped in each way, and those that are stopped in lists, as the console does it. */
export const RUNS = 40;
export const ALL_RUNS = 1_000;
const STARTED_AT_ONCE = 50;

const chunks = (items, size) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** Each plan: how many calls at once, with how many of what each. */
const plans = () => [
  ...AT_ONCE.map((workers) => ({ workers, per: 1, count: SINGLE })),
  { workers: 1, per: 1, count: SINGLE, reads: true },
  ...LISTS_AT_ONCE.map((workers) => ({ workers, per: LIST, count: LIST * workers })),
];

/** The applications that are upgraded, each once: those of the older version. */
export const APPLICATIONS = ROUNDS * plans().reduce((sum, { count }) => sum + count, 0);

const timed = async (work) => {
  const began = performance.now();
  const result = await work();
  return { result, took: performance.now() - began };
};

/** Upgrades some applications in one way. */
async function turn(router, cpu, apps, { workers, per, reads }) {
  const took = [];
  let errors = 0;
  // As src/client/upgrade reads an application before its upgrade, and its version after it.
  const before = async (app) => {
    await router.ask("GET", of(PIPELINES, `apps/${app}`));
    for (const program of PROGRAMS) await router.ask("GET", of(PIPELINES, `apps/${app}/${program}/runs`));
  };
  const one = async ([app]) => {
    if (reads) await before(app);
    const { result, took: time } = await timed(() => router.send("POST", of(PIPELINES, `apps/${app}/upgrade`)));
    if (reads) await router.ask("GET", of(PIPELINES, `apps/${app}`));
    took.push(time);
    errors += result.status === 200 ? 0 : 1;
  };
  const list = async (some) => {
    const body = some.map((name) => ({ name }));
    const { result, took: time } = await timed(() => router.send("POST", of(PIPELINES, "upgrade"), body));
    took.push(time);
    const elements = result.status === 200 ? JSON.parse(result.text) : [];
    errors += some.length - elements.filter((it) => it.statusCode === 200).length;
  };
  const work = () => pool(workers, chunks(apps, per), per === 1 ? one : list);
  const { result: seconds, milliseconds } = await cpu.during(work);
  return { took, errors, seconds, cpu: milliseconds, rate: apps.length / seconds };
}

/** Upgrades applications of the older version, a share of them in each way. */
export async function upgrades(router, cpu, names, log) {
  const left = names.slice();
  const rows = plans().map((plan) => ({ ...plan, turns: [] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const row of round % 2 ? rows.toReversed() : rows) {
      row.turns.push(await turn(router, cpu, left.splice(0, row.count), row));
      log(`upgrade, ${row.workers} at once, ${row.per} a call${row.reads ? ", with reads" : ""}: ${row.turns.at(-1).rate.toFixed(1)} a second`);
    }
  }
  return rows;
}

/** Reads applications as the review of an upgrade does: what no batch answers, of each. */
export async function reads(router, cpu, names, log) {
  const rows = [];
  for (const workers of AT_ONCE) {
    const paths = names.flatMap((app) => [`apps/${app}/schedules`, ...PROGRAMS.map((it) => `apps/${app}/${it}/runs`)]);
    const took = [];
    const { result: seconds, milliseconds } = await cpu.during(() =>
      pool(workers, paths, async (path) => {
        const { took: time } = await timed(() => router.ask("GET", of(PIPELINES, path)));
        took.push(time);
      }),
    );
    rows.push({ workers, count: paths.length, seconds, median: median(took), cpu: milliseconds / paths.length });
    log(`reads, ${workers} at once: ${(paths.length / seconds).toFixed(0)} a second`);
  }
  return rows;
}

/** Until the statuses of all programs satisfy a test. */
async function until(router, elements, test) {
  for (const began = performance.now(); performance.now() - began < 180_000; ) {
    const statuses = await router.ask("POST", of(WORKERS, "status"), elements);
    if (statuses.every(({ status }) => test(status))) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the workers did not change in 180 s");
}

/** Starts all workers, and waits until they run. */
export async function start(router, elements) {
  // The first alone: a server that gets the first starts of a type together can lose them (cdap/README.md).
  const [first, ...others] = elements;
  await router.ask("POST", of(WORKERS, "start"), [first]);
  await until(router, [first], (status) => status === "RUNNING");
  for (const some of chunks(others, STARTED_AT_ONCE)) await router.ask("POST", of(WORKERS, "start"), some);
  await until(router, elements, (status) => status === "RUNNING");
}

/** Each way to stop some runs, and those in lists to stop all. */
const stopPlans = () => [
  ...plans()
    .filter((it) => !it.reads && it.per * it.workers <= RUNS)
    .map((it) => ({ ...it, runs: RUNS })),
  ...LISTS_AT_ONCE.map((workers) => ({ workers, per: LIST, runs: ALL_RUNS })),
];

/** Stops active runs, in each way after they were started again. */
export async function stops(router, cpu, all, log) {
  const rows = [];
  for (const { workers, per, runs } of stopPlans()) {
    const elements = all.slice(0, runs);
    await start(router, elements);
    const took = [];
    let errors = 0;
    const stop = async (some) => {
      const { result, took: time } = await timed(() => router.send("POST", of(WORKERS, "stop"), some));
      took.push(time);
      const stopped = result.status === 200 ? JSON.parse(result.text) : [];
      errors += some.length - stopped.filter((it) => it.statusCode === 200).length;
    };
    const began = performance.now();
    const { result: seconds, milliseconds } = await cpu.during(() => pool(workers, chunks(elements, per), stop));
    await until(router, elements, (status) => status === "STOPPED");
    const ended = (performance.now() - began) / 1_000;
    rows.push({ workers, per, count: elements.length, seconds, ended, errors, median: median(took), cpu: milliseconds / elements.length });
    log(`stop of ${runs} runs, ${workers} at once, ${per} a call: ${(elements.length / seconds).toFixed(1)} a second, all ended after ${ended.toFixed(1)} s`);
  }
  return rows;
}
