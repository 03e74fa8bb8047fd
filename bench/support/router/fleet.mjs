// The applications that are deployed on a real router, in namespaces of their own.
import { pool } from "./client.mjs";

/** The namespace of the pipelines, and that of the workers. */
export const PIPELINES = "bench";
export const WORKERS = "bench_stop";
const OLDER = "6.10.0";
const ARTIFACT = { name: "sample-app", version: "1.0.0", scope: "USER" };
const AT_ONCE = 4;

const resources = { memoryMB: 512, virtualCores: 1 };
const plugin = (type, properties) => {
  const artifact = { name: "core-plugins", version: "2.13.0", scope: "SYSTEM" };
  return { name: "KVTable", type, artifact, properties };
};
const fields = ["key", "value"].map((name) => ({ name, type: "bytes" }));
const schema = JSON.stringify({ type: "record", name: "pair", fields });

/** A batch pipeline of an older artifact, of plugins that each CDAP has: it can be upgraded. */
const PIPELINE = {
  artifact: { name: "cdap-data-pipeline", version: OLDER, scope: "SYSTEM" },
  config: {
    description: "Copies a table",
    engine: "spark",
    schedule: "0 3 * * *",
    maxConcurrentRuns: 1,
    resources,
    driverResources: resources,
    properties: {},
    comments: [],
    postActions: [],
    connections: [{ from: "Inbox", to: "Table" }],
    stages: [
      { name: "Inbox", plugin: plugin("batchsource", { name: "inbox" }), outputSchema: schema },
      {
        name: "Table",
        plugin: plugin("batchsink", { name: "table", "key.field": "key", "value.field": "value" }),
        inputSchema: [{ name: "Inbox", schema }],
      },
    ],
  },
};

export const of = (namespace, path) => `/v3/namespaces/${namespace}/${path}`;

async function applications(router, namespace) {
  const { status, text } = await router.send("PUT", `/v3/namespaces/${namespace}`, {});
  if (status !== 200) throw new Error(`namespace ${namespace}: ${status} ${text}`);
  return router.ask("GET", of(namespace, "apps"));
}

/** Deploys what is missing of this number of applications, all of the older version; their names, and how it went. */
export async function pipelines(router, fleet, log) {
  const there = await applications(router, PIPELINES);
  const names = Array.from({ length: fleet }, (_, at) => `router_${String(at + 1).padStart(4, "0")}`);
  const older = new Set(there.filter((it) => it.artifact.version === OLDER).map((it) => it.name));
  const missing = names.filter((it) => !older.has(it));
  let deployed = 0;
  const deploy = async (name) => {
    await router.ask("PUT", of(PIPELINES, `apps/${name}`), PIPELINE);
    deployed += 1;
    if (deployed % 100 === 0) log(`${deployed} of ${missing.length} applications deployed`);
  };
  // The first alone: it creates the datasets, which others at the same time would find only half there.
  const seconds = (await pool(1, missing.slice(0, 1), deploy)) + (await pool(AT_ONCE, missing.slice(1), deploy));
  const all = await router.ask("GET", of(PIPELINES, "apps"));
  return { names, versions: new Map(all.map((it) => [it.name, it.version])), deployed, seconds };
}

/** Deploys applications with a worker that ends when its stop is requested; the elements of batch requests for them. */
export async function workers(router, count, jar) {
  const there = new Set((await applications(router, WORKERS)).map((it) => it.name));
  await router.send("POST", of(WORKERS, `artifacts/${ARTIFACT.name}`), jar, { "Artifact-Version": ARTIFACT.version });
  const names = Array.from({ length: count }, (_, at) => `stock_${String(at + 1).padStart(4, "0")}`);
  const missing = names.filter((it) => !there.has(it));
  await pool(AT_ONCE, missing, (name) => router.ask("PUT", of(WORKERS, `apps/${name}`), { artifact: ARTIFACT, config: {} }));
  return names.map((appId) => ({ appId, programType: "Worker", programId: "StockPoller" }));
}
