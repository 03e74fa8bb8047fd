// What a real CDAP can do, next to what consoles ask of it. Its applications are deployed in the namespaces `bench` and
// `bench_stop`, and stay there: a second measurement deploys only what was upgraded.
import { readFile } from "node:fs/promises";
import { listening } from "../support/demo.mjs";
import { figure, kilobytes, median, ratio, spread, table } from "../support/figures.mjs";
import { requestsOf } from "../support/laps.mjs";
import { NAMES, NAMES_MINUTES, calls, cost, replay } from "../support/router/calls.mjs";
import { connect, processor } from "../support/router/client.mjs";
import * as page from "../support/router/console.mjs";
import { pipelines, workers } from "../support/router/fleet.mjs";
import { ALL_RUNS, APPLICATIONS, reads, start, stops, upgrades } from "../support/router/loops.mjs";

const FLEET = 1_000;
const CONSOLES = 200;
const REPLAY_SECONDS = 20;
const REST_MS = 20_000;
/** What the names of all applications contain: they are upgraded in the wizard. */
const IN_WIZARD = "router_";

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function run({ browser, binary, router: url, application, save, log }) {
  const router = connect(url);
  const version = (await router.ask("GET", "/v3/version")).version;
  const { names, versions, deployed, seconds } = await pipelines(router, FLEET, log);
  const results = { version, fleet: names.length, deployed, deploy: seconds };
  const keep = (more) => save(Object.assign(results, more));
  const cpu = await processor(router);
  await keep({ rest: await cpu.rest(() => pause(REST_MS)) });

  const all = calls(names, versions);
  const costs = [];
  for (const call of all) {
    costs.push(await cost(router, cpu, call));
    const { name, status, median, cpu: used } = costs.at(-1);
    log(`${name}: ${status}, ${figure(median)} ms, ${figure(used)} ms of the processor`);
  }
  await keep({ costs });

  const served = await listening(binary, "serve", "--router", url);
  const states = await page.traffic(browser, served.url, names[0]);
  await keep({ states });
  for (const it of states.filter(({ requests }) => requests)) {
    it.replay = await replay(router, cpu, all, it.api, { consoles: CONSOLES, seconds: REPLAY_SECONDS });
    log(`${CONSOLES} × ${it.state}: ${figure(it.replay.milliseconds / it.replay.elapsed)} processors`);
    await keep({ states });
  }

  await keep({ reads: await reads(router, cpu, names, log) });
  const elements = await workers(router, ALL_RUNS, await readFile(application));
  await keep({ stops: await stops(router, cpu, elements, log) });
  await start(router, elements);
  await keep({ stop: await page.stop(browser, served.url, elements) });

  await keep({ upgrade: await page.upgrade(browser, served.url, IN_WIZARD, log) });
  // The loop upgrades some of them again.
  await pipelines(router, APPLICATIONS, log);
  await keep({ upgrades: await upgrades(router, cpu, names.slice(0, APPLICATIONS), log) });
  served.end();
}

const errorsOf = (number) => (number ? figure(number) : "0");

/** The processor time that requests cost, by what each was measured to cost; in milliseconds. */
function paper(api, costs) {
  const of = (name) => costs.find((it) => it.name === name)?.cpu ?? Number.NaN;
  return Object.entries(api).reduce((sum, [name, times]) => sum + times * of(name), 0);
}

/** What is too rare for the minute that was counted, and what needs more runs than this server can start. */
const OTHERS = [
  {
    state: `list of programs: the names anew, once in ${NAMES_MINUTES} minutes`,
    requests: NAMES.length / NAMES_MINUTES,
    api: Object.fromEntries(NAMES.map((name) => [name, 1 / NAMES_MINUTES])),
  },
  // The requests of the subject `live`.
  { state: "list of programs, 500 runs start every 2 s", requests: 25, api: { "POST /runs": 25 } },
];

const costTable = ({ costs }) =>
  table(
    ["call", "of", "kB", "alone, ms", "processor, ms"],
    costs.map(({ name, about, bytes, took, cpu }) => [`\`${name}\``, about, kilobytes(bytes), spread(took), figure(cpu)]),
    2,
  );

const stateTable = ({ states, costs }) =>
  table(
    ["state", "requests a minute", "one console: processor, ms a minute", `${CONSOLES} on paper: processor, s a minute`, `${CONSOLES} sent: processor, s a minute`, "sent requests", "failed", "median, ms", "95 %, ms"],
    [...states, ...OTHERS].map(({ state, requests, api, replay: sent }) => {
      const cost = paper(api, costs);
      const took = sent?.took.toSorted((a, b) => a - b) ?? [];
      return [
        state,
        figure(requests),
        figure(cost),
        figure((cost * CONSOLES) / 1_000),
        sent ? figure((sent.milliseconds * 60) / sent.elapsed) : "–",
        sent ? figure(sent.sent) : "–",
        sent ? errorsOf(sent.failed) : "–",
        took.length ? figure(median(took)) : "–",
        took.length ? figure(took[Math.floor(took.length * 0.95)]) : "–",
      ];
    }),
  );

const readTable = ({ reads }) =>
  table(
    ["reads at once", "reads", "s", "reads a second", "median of a read, ms", "processor of a read, ms"],
    reads.map(({ workers, count, seconds, median, cpu }) => [
      workers,
      figure(count),
      figure(seconds),
      figure(count / seconds),
      figure(median),
      figure(cpu),
    ]),
  );

const upgradeTable = ({ upgrades, upgrade }) => {
  const [first] = upgrades;
  const sum = (turns, of) => turns.reduce((all, it) => all + of(it), 0);
  const rows = upgrades.map(({ workers, per, reads, count, turns }) => [
    per > 1 ? `a plain loop, ${per} applications a call` : `a plain loop${reads ? ", with the reads of the console" : ""}`,
    workers,
    count * turns.length,
    spread(turns.map((it) => it.rate)),
    ratio(turns.map((it) => it.rate), first.turns.map((it) => it.rate)),
    errorsOf(sum(turns, (it) => it.errors)),
    figure(median(turns.flatMap((it) => it.took))),
    figure(sum(turns, (it) => it.cpu) / count / turns.length),
    (sum(turns, (it) => it.cpu) / 1_000 / sum(turns, (it) => it.seconds)).toFixed(2),
  ]);
  if (upgrade) {
    const { seconds } = upgrade.rows.at(-1);
    rows.push(["the console, one application a call", 1, figure(upgrade.count), figure(upgrade.count / seconds), "–", "–", "–", "–", "–"]);
  }
  return table(
    ["upgrade by", "calls at once", "applications", "applications a second", "ratio to the first", "errors", "median of a call, ms", "processor of an application, ms", "processors"],
    rows,
  );
};

const stopTable = ({ stops, stop }) =>
  table(
    ["stop by", "calls at once", "runs", "until all are requested, ms", "runs a second", "until all have ended, s", "errors", "median of a call, ms"],
    [
      ...stops.map(({ workers, per, count, seconds, ended, errors, median }) => [
        `a plain loop, ${per > 1 ? `${per} programs` : "one program"} a call`,
        workers,
        figure(count),
        figure(seconds * 1_000),
        figure(count / seconds),
        figure(ended),
        errorsOf(errors),
        figure(median),
      ]),
      ...(stop ? [["the console, 20 programs a call", 1, figure(stop.count), "–", "–", figure(stop.rows.at(-1).seconds), "–", "–"]] : []),
    ],
  );

const phasesOf = ({ rows }) => `In the wizard: ${rows.map(({ phase, seconds }) => `${phase} (${figure(seconds)} s)`).join(", ")}.`;

export function tables(results) {
  const { version, fleet, deployed, deploy, rest, costs, states, reads, upgrades, upgrade, stops } = results;
  const rate = deployed ? `${figure(deployed)} of ${figure(fleet)} applications were deployed in ${figure(deploy)} s. ` : "";
  return [
    `CDAP ${version}. ${rate}At rest it uses ${figure(rest * 100)} % of a processor.`,
    costs && costTable(results),
    states && stateTable(results),
    states && requestsOf(states.map(({ state, api }) => ({ phase: state, api }))),
    reads && readTable(results),
    upgrades && upgradeTable(results),
    upgrade && phasesOf(upgrade),
    stops && stopTable(results),
  ]
    .filter(Boolean)
    .join("\n\n");
}
