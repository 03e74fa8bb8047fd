import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";

export type ProgramType = "workflows" | "spark" | "services" | "workers" | "mapreduce";

/** A program of the fixtures. */
export interface Program {
  app: string;
  type: ProgramType;
  name: string;
}

/** A run record as the server has it; times in seconds. */
export interface RunRecord {
  runid: string;
  status: string;
  starting: number;
  start?: number;
  end?: number;
  stopping?: number;
  terminate?: number;
  version?: string;
  properties: Record<string, string>;
}

export const poller: Program = { app: "Warehouse", type: "workers", name: "StockPoller" };
export const service: Program = { app: "Warehouse", type: "services", name: "Stock" };
export const report: Program = { app: "Warehouse", type: "workflows", name: "StockReport" };
export const orders: Program = { app: "orders_daily", type: "workflows", name: "DataPipelineWorkflow" };
export const invoices: Program = { app: "invoices_monthly", type: "workflows", name: "DataPipelineWorkflow" };
export const customers: Program = { app: "customers_sync", type: "workflows", name: "DataPipelineWorkflow" };
/** Tells the console that the source of the fixtures has a receiver, as an operator tells it of a source of their own. */
const RECEIVER = { "quiesce.receiver.ReceivedClicks": "true" };

export const clicks: Program = { app: "clicks_live", type: "spark", name: "DataStreamsSparkStreaming" };
export const clicksNoWal: Program = { app: "clicks_no_wal", type: "spark", name: "DataStreamsSparkStreaming" };

const END = ["COMPLETED", "FAILED", "KILLED", "REJECTED"];

/** The server itself, spoken to directly: what a journey needs to be so before it begins, and what it left. */
export class Cdap {
  readonly namespace = "default";

  /** `authorization`: what a server with security requires of each request. */
  constructor(
    readonly url: string,
    private readonly authorization?: string,
  ) {}

  async call(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/v3/namespaces/${this.namespace}${path}`, {
      method,
      headers: this.authorization ? { Authorization: this.authorization } : {},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  path({ app, type, name }: Program): string {
    return `/apps/${app}/${type}/${name}`;
  }

  async runs(program: Program): Promise<RunRecord[]> {
    const answer = await this.call("GET", `${this.path(program)}/runs`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return (await answer.json()) as RunRecord[];
  }

  async run(program: Program, id: string): Promise<RunRecord> {
    const answer = await this.call("GET", `${this.path(program)}/runs/${id}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as RunRecord;
  }

  /** The record of a run once it has ended, and when a reading first had it, in milliseconds. */
  async firstEnd(program: Program, id: string): Promise<{ record: RunRecord; told: number }> {
    let record = await this.run(program, id);
    const ended = async () => {
      record = await this.run(program, id);
      return END.includes(record.status);
    };
    await expect.poll(ended, { message: `${id} ends`, timeout: 120_000, intervals: [250] }).toBe(true);
    return { record, told: Date.now() };
  }

  async alive(program: Program): Promise<RunRecord[]> {
    return (await this.runs(program)).filter((run) => !END.includes(run.status));
  }

  /**
   * Starts one more run and waits until it is RUNNING; a real-time one until it has read records. A stop in the first
   * seconds of a Spark program leaves no line of its drain, and can end a stand-alone server (cdap/README.md).
   */
  async start(program: Program, args: Record<string, string> = {}): Promise<RunRecord> {
    const before = new Set((await this.runs(program)).map((run) => run.runid));
    const body = program.type === "spark" ? { ...RECEIVER, ...args } : args;
    const answer = await this.call("POST", `${this.path(program)}/start`, body);
    expect(answer.status, await answer.text()).toBe(200);
    let started: RunRecord | undefined;
    await expect
      .poll(
        async () => {
          started = (await this.runs(program)).find((run) => !before.has(run.runid));
          return started?.status;
        },
        { message: `${program.app} ${program.name} starts`, timeout: 120_000 },
      )
      .toBe("RUNNING");
    const run = started as RunRecord;
    if (program.type === "spark") {
      await expect
        .poll(() => this.recordsRead(program, run.runid), { message: `${program.app} reads`, timeout: 120_000 })
        .toBeGreaterThan(0);
    }
    return run;
  }

  /** How many records a real-time run of the fixtures has read. */
  async recordsRead(program: Program, runid: string): Promise<number> {
    const tags = { namespace: this.namespace, app: program.app, spark: program.name, run: runid };
    const query = new URLSearchParams(Object.entries(tags).map(([name, value]) => ["tag", `${name}:${value}`]));
    query.set("metric", "user.Clicks.records.out");
    query.set("aggregate", "true");
    const answer = await fetch(`${this.url}/v3/metrics/query?${query}`, { method: "POST" });
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { series } = (await answer.json()) as { series: { data: { value: number }[] }[] };
    return series[0]?.data[0]?.value ?? 0;
  }

  /** Leaves no run of the program alive. */
  async quiet(program: Program): Promise<void> {
    for (const run of await this.alive(program)) {
      if (run.status !== "STOPPING") await this.call("POST", `${this.path(program)}/runs/${run.runid}/stop`);
    }
    await expect
      .poll(async () => (await this.alive(program)).length, {
        message: `${program.app} ${program.name} is quiet`,
        timeout: 180_000,
      })
      .toBe(0);
  }

  /** Exactly this number of runs, freshly started. */
  async only(program: Program, ...args: Record<string, string>[]): Promise<RunRecord[]> {
    await this.quiet(program);
    const runs: RunRecord[] = [];
    for (const each of args) runs.push(await this.start(program, each));
    return runs;
  }

  /** The same with one run; its ID. */
  async onlyRun(program: Program, args: Record<string, string>): Promise<string> {
    const [run] = await this.only(program, args);
    return run?.runid as string;
  }

  /** Makes the running version of an application an older one, as an upgrade by another user does. */
  async upgrade(app: string): Promise<void> {
    const answer = await this.call("POST", `/apps/${app}/upgrade`);
    expect(answer.status, await answer.text()).toBe(200);
  }

  /** A copy of an application under another name. */
  async copy(app: string, name: string): Promise<void> {
    const detail = await (await this.call("GET", `/apps/${app}`)).json();
    const spec = { artifact: detail.artifact, config: JSON.parse(detail.configuration) };
    const answer = await this.call("PUT", `/apps/${name}`, spec);
    expect(answer.status, await answer.text()).toBe(200);
  }

  /** Kills the server as a power cut does. What started it starts it again; it is back when it answers as before. */
  async crash(): Promise<void> {
    const { process: pid } = JSON.parse(readFileSync(process.env.CDAP_PROCESS as string, "utf8")) as { process: number };
    const before = (await (await this.call("GET", "/artifacts")).json()) as unknown[];
    process.kill(pid, "SIGKILL");
    const answered = async () => {
      const answer = await this.call("GET", "/artifacts").catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as unknown[]).length : 0;
    };
    await expect.poll(answered, { message: "the server is gone" }).toBe(0);
    await expect.poll(answered, { message: "the server is back", timeout: 180_000 }).toBe(before.length);
  }

  async remove(app: string): Promise<void> {
    const answer = await this.call("DELETE", `/apps/${app}`);
    expect([200, 404]).toContain(answer.status);
  }
}
