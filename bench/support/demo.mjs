// A demo of the console with more applications, and requests to it.
import { spawn } from "node:child_process";

/** Limits of connections that no measurement reaches. */
const CONNECTIONS = ["--max-connections", "4096", "--max-connections-per-address", "4096"];

/** Starts a binary on a free port; its address, its process, and what ends it. */
export async function listening(binary, command, ...args) {
  const child = spawn(binary, [command, "--listen", "127.0.0.1:0", ...CONNECTIONS, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, RUST_LOG: "warn" },
  });
  const url = await new Promise((ready, failed) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const match = /listening on (\S+)/.exec(said);
      if (match) ready(match[1].replace(/\/$/, ""));
    });
    child.once("error", failed);
    child.once("exit", () => failed(new Error(said || `${command} ended`)));
  });
  return { url, process: child.pid, end: () => child.kill("SIGTERM") };
}

/** Starts a demo of a binary with this number of additional applications. */
export async function demo(binary, fleet) {
  const { url, end } = await listening(binary, "demo", "--fleet", String(fleet));
  const ask = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    url,
    /** Sends a request about the namespace of the additional applications. */
    ask: (method, path, body) => ask(method, `/v3/namespaces/retail/${path}`, body),
    /** Puts the clock of the sandbox forward. */
    advance: (seconds) => ask("POST", "/sandbox/clock", { advance_seconds: seconds }),
    end,
  };
}

/** The batch pipelines among the additional applications, as elements of a batch request. */
export async function pipelines(server) {
  const workflows = await server.ask("GET", "workflows");
  const added = workflows.filter(({ app, name }) => /_\d{5}$/.test(app) && name === "DataPipelineWorkflow");
  return added.map(({ app, name }) => ({ appId: app, programType: "Workflow", programId: name }));
}

/** Ends the runs that are about to change, such as those that the sandbox begins with. */
export async function quiet(server) {
  for (const [type, programType] of [["workflows", "Workflow"], ["spark", "Spark"]]) {
    const programs = await server.ask("GET", type);
    const elements = programs.map(({ app, name }) => ({ appId: app, programType, programId: name }));
    const runs = await server.ask("POST", "runs", elements);
    for (const { appId, programId, runs: [latest] = [] } of runs) {
      if (!latest || !/PENDING|STARTING/.test(latest.status)) continue;
      await server.ask("POST", `apps/${appId}/${type}/${programId}/runs/${latest.runid}/stop`);
    }
  }
  // Longer than any run takes to stop.
  await server.advance(3_600);
}
