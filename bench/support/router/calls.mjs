// The calls that the console repeats, and what each of them costs a router.
import { performance } from "node:perf_hooks";
import { figure, median } from "../figures.mjs";
import { nameOf } from "../front.mjs";
import { PIPELINES, of } from "./fleet.mjs";

const WORKFLOW = { programType: "Workflow", programId: "DataPipelineWorkflow" };
const SPARK = { programType: "Spark", programId: "phase-1" };
/** How often each is called before it is measured, and then alone. */
const WARM = 2;
const RUNS = 9;
/** For the processor time, whose unit is coarse: the least number of calls, and the time that more may take. */
const LEAST = 3;
const MOST_MS = 4_000;
/** The calls for the names of applications and programs, which a list of programs repeats after `NAMES_MINUTES`. */
export const NAMES = ["GET /apps", "GET /workflows", "GET /spark", "GET /services", "GET /workers", "GET /mapreduce"];
export const NAMES_MINUTES = 5;

/** Each call: its method, its path, its body, and what it is asked for. `versions` are those of the applications. */
export function calls(names, versions) {
  const [first] = names;
  const workflows = names.map((appId) => ({ appId, ...WORKFLOW }));
  const sparks = names.map((appId) => ({ appId, ...SPARK }));
  const program = `apps/${first}/workflows/${WORKFLOW.programId}`;
  const trigger = new URLSearchParams({
    "trigger-namespace-id": PIPELINES,
    "trigger-app-name": first,
    "trigger-program-type": "workflows",
    "trigger-program-name": WORKFLOW.programId,
  });
  const metrics = {
    totals: {
      tags: { app: first, namespace: PIPELINES, workflow: WORKFLOW.programId },
      metrics: ["user.Inbox.records.out"],
      groupBy: ["run"],
      timeRange: { aggregate: "true" },
    },
  };
  const get = (path, about = "") => ({ method: "GET", path: of(PIPELINES, path), about });
  const post = (path, body, about) => ({ method: "POST", path: of(PIPELINES, path), body, about });
  const server = (path, about = "") => ({ method: "GET", path, about });
  const all = [
    get("apps?latestOnly=false", `${figure(names.length)} applications, all versions`),
    get("apps?orderBy=ASC", `${figure(names.length)} applications, latest versions`),
    get("workflows", `${figure(names.length)} programs`),
    get("spark", `${figure(names.length)} programs`),
    get("services", "none"),
    get("workers", "none"),
    get("mapreduce", "none"),
    post("runs", [...workflows, ...sparks].slice(0, 500), "500 programs"),
    post("runs", workflows.slice(0, 250), "250 programs"),
    post("runcount", workflows.slice(0, 100), "100 programs"),
    post("nextruntime", workflows.slice(0, 100), "100 programs"),
    post("status", workflows.slice(0, 100), "100 programs"),
    post("appdetail", names.slice(0, 50).map((appId) => ({ appId, version: versions.get(appId) })), "50 applications"),
    get(`apps/${first}`),
    get(program),
    get(`${program}/runs`),
    get(`${program}/nextruntime`),
    get(`${program}/runtimeargs`),
    get(`${program}/preferences`),
    { method: "POST", path: "/v3/metrics/query", body: metrics, about: "the runs of a program" },
    get(`apps/${first}/schedules`),
    get(`schedules/trigger-type/program-status?${trigger}`),
    get(`apps/${first}/preferences`),
    get("artifacts"),
    server("/v3/version"),
    server("/v3/system/services"),
    server("/v3/system/services/status"),
    server("/v3/config/cdap?format=json"),
    server("/v3/namespaces"),
    server("/ping"),
  ];
  return all.map((call) => ({ ...call, name: `${call.method} ${nameOf(call.path)}` }));
}

/** Measures a call: alone, in milliseconds; its bytes; and the processor time of the router. */
export async function cost(router, cpu, call) {
  const once = async () => {
    const began = performance.now();
    const { status, text } = await router.send(call.method, call.path, call.body);
    return { status, bytes: Buffer.byteLength(text), took: performance.now() - began };
  };
  for (let run = 0; run < WARM; run += 1) await once();
  const alone = [];
  for (let run = 0; run < RUNS; run += 1) alone.push(await once());
  const { result: times, milliseconds } = await cpu.during(async () => {
    const began = performance.now();
    let done = 0;
    for (; done < LEAST || (done < 1_000 && performance.now() - began < MOST_MS); done += 1) await once();
    return done;
  });
  const { status, bytes } = alone.at(-1);
  const { name, about } = call;
  const took = alone.map((it) => it.took);
  return { name, about, status, bytes, took, median: median(took), cpu: milliseconds / times };
}

/** Sends what many open consoles send in a stretch of time, evenly; the processor time, and the times of responses. */
export async function replay(router, cpu, all, api, { consoles, seconds }) {
  const due = Object.entries(api).flatMap(([name, aMinute]) => {
    const call = all.find((it) => it.name === name);
    if (!call) throw new Error(`${name} is not among the calls that are measured`);
    const times = Math.round((aMinute * consoles * seconds) / 60);
    return Array.from({ length: times }, (_, at) => ({ call, at: ((at + 0.5) * seconds * 1_000) / times }));
  });
  due.sort((a, b) => a.at - b.at);
  const took = [];
  let failed = 0;
  const { milliseconds, elapsed } = await cpu.during(async () => {
    const began = performance.now();
    const sent = due.map(async ({ call, at }) => {
      await new Promise((done) => setTimeout(done, at - (performance.now() - began)));
      // From the moment at which it was due.
      const { status } = await router.send(call.method, call.path, call.body).catch(() => ({ status: 0 }));
      if (status === 200) took.push(performance.now() - began - at);
      else failed += 1;
    });
    await Promise.all(sent);
  });
  return { sent: due.length, failed, milliseconds, elapsed, took };
}
