// The processor time of a process of this machine.
import { readFile } from "node:fs/promises";

/** Ticks a second in /proc: USER_HZ, which Linux fixes at 100 on all usual processors. */
const TICKS = 100;

/** Seconds of all threads of a process, since its start. */
export async function used(process) {
  const stat = await readFile(`/proc/${process}/stat`, "utf8");
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
  return (user + system) / TICKS;
}
