// A console in front of a router: `quiesce serve`.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { CONNECTIONS } from "./demo.mjs";

/** Ticks of the processor time in /proc, per second. */
const TICKS = 100;

/** Starts a console with these options in front of the router at this address. */
export async function serve(binary, router, options = []) {
  const fixed = ["serve", "--router", router, "--listen", "127.0.0.1:0", ...CONNECTIONS];
  const child = spawn(binary, [...fixed, ...options], {
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
    child.once("exit", () => failed(new Error(said || "the console ended")));
  });
  return {
    url,
    /** The processor time that it has used, in seconds. */
    worked: async () => {
      const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
      const [user, system] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14);
      return (Number(user) + Number(system)) / TICKS;
    },
    end: () => child.kill("SIGTERM"),
  };
}
