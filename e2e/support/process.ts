import { spawn, type ChildProcess } from "node:child_process";

/** The binary under test, built by `cargo xtask test` with the optimised page in it. */
const binary = process.env.QUIESCE_BIN ?? new URL("../../target/server/quiesce", import.meta.url).pathname;

/** A `quiesce` process and the address that it listens on. */
export class Quiesce {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(...args: string[]): Promise<Quiesce> {
    const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const url = await new Promise<string>((ready, failed) => {
      const read = (chunk: Buffer) => {
        said += chunk.toString();
        const match = /listening on (http:\/\/\S+)/.exec(said);
        if (match?.[1]) ready(match[1].replace(/\/$/, ""));
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.once("exit", (code) => failed(new Error(`quiesce ${args.join(" ")} ended with ${code}:\n${said}`)));
      child.once("error", failed);
    });
    return new Quiesce(child, url);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise<void>((done) => this.child.once("exit", () => done()));
    this.child.kill("SIGTERM");
    await ended;
  }
}
