// A console in front of a router: `quiesce serve`.
import { readFile } from "node:fs/promises";
import { listening } from "./demo.mjs";

/** Ticks of the processor time in /proc, per second. */
const TICKS = 100;

/** Starts a console with these options in front of the router at this address. */
export async function serve(binary, router, options = []) {
  const { url, process, end } = await listening(binary, "serve", "--router", router, ...options);
  return {
    url,
    /** The processor time that it has used, in seconds. */
    worked: async () => {
      const stat = await readFile(`/proc/${process}/stat`, "utf8");
      const [user, system] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14);
      return (Number(user) + Number(system)) / TICKS;
    },
    end,
  };
}
