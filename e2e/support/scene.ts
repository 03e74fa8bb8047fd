import { expect } from "@playwright/test";
import type { Cdap, Program, RunRecord } from "./cdap.js";

export const OLDER = "6.10.0";
export const NEWER = "6.11.0";
/** The version of the fixtures' plugins that [Scene.newerPlugins] adds. */
export const PLUGINS = "1.1.0";

const batch = (app: string): Program => ({ app, type: "workflows", name: "DataPipelineWorkflow" });
const stream = (app: string): Program => ({ app, type: "spark", name: "DataStreamsSparkStreaming" });

/** Copies of the fixtures, so that what is done to them is nobody else's matter. */
export const two = batch("up_two");
export const scheduled = batch("up_scheduled");
export const older = batch("up_older");
export const tracked = stream("up_tracked");
export const live = stream("up_live");
/** No pipeline: it stays as it is. */
export const plain = "Warehouse";

const COPIED: [Program, string][] = [
  [two, "invoices_monthly"],
  [scheduled, "orders_daily"],
  [older, "orders_daily"],
  [tracked, "clicks_tracked"],
  [live, "clicks_live"],
];

/** An application as the server has it. */
export interface Detail {
  appVersion: string;
  artifact: { name: string; version: string };
  configuration: string;
}

interface Stage {
  plugin: { name: string; artifact: { name: string; version: string; scope: string } };
}

/** What a server is told before an upgrade and read after it. */
export class Scene {
  constructor(readonly cdap: Cdap) {}

  async detail(app: string): Promise<Detail> {
    const answer = await this.cdap.call("GET", `/apps/${app}`);
    expect(answer.status, app).toBe(200);
    return (await answer.json()) as Detail;
  }

  /** How many versions of an application there are. */
  async versions(app: string): Promise<number> {
    const answer = await this.cdap.call("GET", `/apps/${app}/versions`);
    return ((await answer.json()) as unknown[]).length;
  }

  /** A copy of an application on the older version of its artifact; one more version if it is there. */
  async deploy(from: string, name: string, version = OLDER): Promise<void> {
    const { artifact, configuration } = await this.detail(from);
    const spec = { artifact: { ...artifact, version }, config: JSON.parse(configuration) };
    const answer = await this.cdap.call("PUT", `/apps/${name}`, spec);
    expect(answer.status, await answer.text()).toBe(200);
  }

  /** Whether the schedule of a pipeline is on. */
  async schedule(app: string): Promise<string> {
    const answer = await this.cdap.call("GET", `/apps/${app}/schedules`);
    const schedules = (await answer.json()) as { name: string; status: string }[];
    return schedules.find((it) => it.name === "dataPipelineSchedule")?.status ?? "none";
  }

  async enable(app: string): Promise<void> {
    const answer = await this.cdap.call("POST", `/apps/${app}/schedules/dataPipelineSchedule/enable`);
    expect([200, 409], await answer.text()).toContain(answer.status);
  }

  /** An enabled schedule of the application that is not a pipeline, which waits for a program to fail. */
  async waitsFor(program: Program): Promise<string> {
    const name = `after-${program.app}`;
    const programId = {
      namespace: this.cdap.namespace,
      application: program.app,
      version: "-SNAPSHOT",
      type: "WORKFLOW",
      program: program.name,
      entity: "PROGRAM",
    };
    const trigger = { type: "PROGRAM_STATUS", programId, programStatuses: ["FAILED"] };
    const starts = { programName: "StockReport", programType: "WORKFLOW" };
    const schedule = `/apps/${plain}/schedules/${name}`;
    const added = await this.cdap.call("PUT", schedule, { name, program: starts, trigger });
    expect(added.status, await added.text()).toBe(200);
    const on = await this.cdap.call("POST", `${schedule}/enable`);
    expect(on.status, await on.text()).toBe(200);
    return name;
  }

  /** The plugins of the fixtures once more, as a newer version. */
  async newerPlugins(): Promise<void> {
    await this.addPlugins("sample-plugins", PLUGINS);
  }

  /** Adds an artifact with the plugins of the fixtures. */
  private async addPlugins(name: string, version: string): Promise<void> {
    const artifacts = `namespaces/${this.cdap.namespace}/artifacts`;
    const jar = await fetch(`${this.cdap.url}/v3Internal/${artifacts}/sample-plugins/versions/1.0.0/download`);
    // The sandbox has no such path, and does not look into jars.
    const body = jar.ok ? await jar.arrayBuffer() : "";
    const extended = ["cdap-data-streams", "cdap-data-pipeline"].map((name) => `system:${name}[6.0.0,7.0.0)`);
    const headers = { "Artifact-Version": version, "Artifact-Extends": extended.join("/") };
    const answer = await fetch(`${this.cdap.url}/v3/${artifacts}/${name}`, { method: "POST", headers, body });
    expect(answer.status, await answer.text()).toBe(200);
  }

  /** Deploys pipelines with a plugin whose artifact is deleted afterwards. */
  async ghosts(...names: string[]): Promise<void> {
    await this.addPlugins("ghost-plugins", "1.0.0");
    const { artifact, configuration } = await this.detail("invoices_monthly");
    const config = JSON.parse(configuration) as { stages: Stage[] };
    for (const { plugin } of config.stages) {
      if (plugin.name === "Wait") plugin.artifact = { name: "ghost-plugins", version: "1.0.0", scope: "USER" };
    }
    for (const name of names) {
      const answer = await this.cdap.call("PUT", `/apps/${name}`, { artifact: { ...artifact, version: OLDER }, config });
      expect(answer.status, await answer.text()).toBe(200);
    }
    const deleted = await this.cdap.call("DELETE", "/artifacts/ghost-plugins/versions/1.0.0");
    expect(deleted.status, await deleted.text()).toBe(200);
  }

  /** The version of the plugin that all copies of batch pipelines wait with. */
  async plugin(app: string): Promise<string | undefined> {
    const { configuration } = await this.detail(app);
    const { stages } = JSON.parse(configuration) as { stages: Stage[] };
    return stages.find((it) => it.plugin.artifact.name === "sample-plugins")?.plugin.artifact.version;
  }

  /** Takes the copies away, with what runs of them and what was made for them. */
  async clear(copied = COPIED): Promise<void> {
    for (const [program] of copied) await this.cdap.call("DELETE", `/apps/${plain}/schedules/after-${program.app}`);
    for (const [program] of copied) {
      if ((await this.cdap.call("GET", `/apps/${program.app}`)).status === 404) continue;
      await this.cdap.quiet(program);
      await this.cdap.remove(program.app);
    }
    await this.cdap.call("DELETE", `/artifacts/sample-plugins/versions/${PLUGINS}`);
  }

  /** Exactly these copies, and nothing of them runs. */
  async copies(...programs: Program[]): Promise<void> {
    const copied = COPIED.filter(([program]) => programs.includes(program));
    await this.clear();
    for (const [program, from] of copied) await this.deploy(from, program.app);
  }

  /**
   * Six applications: a batch pipeline with two runs, a scheduled one, one with a run of an older version, a
   * real-time one that the server upgrades, a real-time one that it does not, and one that is not a pipeline.
   */
  async six(): Promise<Six> {
    await this.copies(two, scheduled, older, tracked, live);
    await this.enable(scheduled.app);
    const one = await this.cdap.start(two, { wait: "3600", mark: "one" });
    const other = await this.cdap.start(two, { wait: "7200", mark: "other" });
    const old = await this.cdap.start(older, { wait: "3600", mark: "old" });
    await this.deploy(older.app, older.app);
    expect((await this.detail(older.app)).appVersion).not.toBe(old.version);
    const kept = await this.cdap.start(tracked, { mark: "kept" });
    const refused = await this.cdap.start(live, { mark: "refused" });
    const details: Record<string, Detail> = {};
    for (const app of [...COPIED.map(([program]) => program.app), plain]) details[app] = await this.detail(app);
    const versions: Record<string, number> = {};
    for (const [{ app }] of COPIED) versions[app] = await this.versions(app);
    return { runs: { one, other, old, kept, refused }, details, versions };
  }

  /** The runs of a program that are alive: of which version, and whose mark they carry. */
  async running(program: Program): Promise<{ status: string; version: string | undefined; mark: string | undefined }[]> {
    return (await this.cdap.alive(program)).map((run) => ({
      status: run.status,
      version: run.version,
      mark: (JSON.parse(run.properties.runtimeArgs ?? "{}") as Record<string, string>).mark,
    }));
  }
}

/** What six applications were before the upgrade. */
export interface Six {
  runs: Record<"one" | "other" | "old" | "kept" | "refused", RunRecord>;
  details: Record<string, Detail>;
  /** How many versions each copy had. */
  versions: Record<string, number>;
}
