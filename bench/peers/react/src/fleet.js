// Reads the programs of a namespace as the console does: the names by seven requests, then the latest runs of 500
// programs a call, then the runs of superseded versions. See src/pages/programs/fleet.rs.

const CHUNK = 500;
const ACTIVE_MS = 2_000;
const IDLE_MS = 15_000;
const NAMES_MS = 300_000;
const BACK_OFF_MS = 30_000;
const TYPES = { workflows: "Workflow", spark: "Spark", services: "Service", workers: "Worker", mapreduce: "Mapreduce" };
const PATHS = Object.fromEntries(Object.entries(TYPES).map(([path, type]) => [type, path]));
const ENDED = new Set(["COMPLETED", "FAILED", "KILLED", "REJECTED"]);

async function json(target, body) {
  const first = body ? undefined : window.firstRequests.get(target);
  window.firstRequests.delete(target);
  const options = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const response = await (first ?? fetch(target, { cache: "no-store", ...options }));
  if (!response.ok) throw new Error(`${target}: ${response.status}`);
  return response.json();
}

function kind(type, name, artifact) {
  const batch = artifact?.name === "cdap-data-pipeline";
  if (type === "Workflow") return name === "DataPipelineWorkflow" && batch ? "Batch" : "Workflow";
  if (type === "Spark" && artifact?.name === "cdap-data-streams") return "Real-time";
  if ((type === "Spark" || type === "Mapreduce") && batch) return "Pipeline step";
  return type;
}

export const isActive = (row) => row.status !== undefined && !ENDED.has(row.status);

const isChanging = ({ status }) => status === "PENDING" || status === "STARTING" || status === "STOPPING";

/** The text that a search looks in. */
const searched = (row) =>
  [row.app, row.name, row.type, row.run ?? "", row.artifact?.name ?? "", row.artifact?.version ?? ""].join("\n").toLowerCase();

/** A row with its run, and what is derived from both. */
function withRun(row, run, older = row.older) {
  const shown = run && !ENDED.has(run.status) ? run : (older[0] ?? run);
  const next = { ...row, read: true, latest: run, older };
  next.status = shown?.status;
  next.run = shown?.runid;
  next.started = shown && (shown.start ?? shown.starting);
  next.searched = searched(next);
  return next;
}

async function names(namespace) {
  const list = (path) => json(`/v3/namespaces/${namespace}/${path}`);
  const [applications, ...programs] = await Promise.all([list("apps?latestOnly=false"), ...Object.keys(TYPES).map(list)]);
  const latest = new Map();
  const several = new Set();
  for (const { name, version, artifact, change } of applications) {
    if (latest.has(name)) several.add(name);
    if (change?.latest || !latest.has(name)) latest.set(name, { version, artifact });
  }
  const rows = programs.flatMap((list, at) =>
    list.map(({ app, name }) => {
      const type = Object.values(TYPES)[at];
      const artifact = latest.get(app)?.artifact;
      const row = { key: `${app}/${type}/${name}`, app, name, type, artifact, kind: kind(type, name, artifact), older: [] };
      return { ...row, read: false, searched: searched(row) };
    }),
  );
  return { rows, latest, several, applications: latest.size };
}

/** Reads as long as the page is open, and calls `show` with the whole after each step. */
export async function follow(namespace, show) {
  let fleet;
  let namedAt = 0;
  let searchedOlder = false;
  let turn = 0;
  const indices = new Map();

  async function step() {
    if (!fleet || Date.now() - namedAt > NAMES_MS) {
      const known = new Map(fleet?.rows.map((row) => [row.key, row]));
      fleet = await names(namespace);
      fleet.rows = fleet.rows.map((row) => (known.has(row.key) ? withRun(row, known.get(row.key).latest, known.get(row.key).older) : row));
      namedAt = Date.now();
      searchedOlder = false;
      indices.clear();
      for (const [index, row] of fleet.rows.entries()) indices.set(row.key, index);
      if (fleet.rows.length > CHUNK) return;
    }
    let ask = fleet.rows.filter((row) => !row.read).slice(0, CHUNK);
    if (!ask.length) {
      const [active, rest] = [fleet.rows.filter(isActive).slice(0, CHUNK), fleet.rows.filter((row) => !isActive(row))];
      if (turn >= rest.length) turn = 0;
      const room = Math.min(CHUNK - active.length, rest.length);
      ask = [...active, ...[...rest, ...rest].slice(turn, turn + room)];
      turn += room;
    }
    const rows = [...fleet.rows];
    const elements = ask.map(({ app, type, name }) => ({ appId: app, programType: type, programId: name }));
    for (const { appId, programType, programId, runs } of await json(`/v3/namespaces/${namespace}/runs`, elements)) {
      const index = indices.get(`${appId}/${programType}/${programId}`);
      if (index !== undefined) rows[index] = withRun(rows[index], runs?.[0]);
    }
    if (rows.every((row) => row.read)) {
      const suspects = rows.filter((row) =>
        searchedOlder ? row.older.length : fleet.several.has(row.app) && row.kind !== "Pipeline step",
      );
      searchedOlder = true;
      for (const { key, app, type, name } of suspects) {
        const runs = await json(`/v3/namespaces/${namespace}/apps/${app}/${PATHS[type]}/${name}/runs?limit=20`);
        const current = fleet.latest.get(app)?.version;
        const index = indices.get(key);
        const older = runs.filter((run) => !ENDED.has(run.status) && run.version !== current);
        rows[index] = withRun(rows[index], rows[index].latest, older);
      }
    }
    fleet = { ...fleet, rows };
  }

  for (;;) {
    while (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
    let wait;
    try {
      await step();
      show(fleet);
      wait = fleet.rows.some((row) => !row.read) ? 1 : fleet.rows.some(isChanging) ? ACTIVE_MS : IDLE_MS;
    } catch (error) {
      console.error(error);
      wait = BACK_OFF_MS;
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}

export const namespaces = () => json("/v3/namespaces");
