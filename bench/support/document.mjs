// The tables in docs/performance.md, each between two markers.
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";

const begin = (name) => `<!-- bench: ${name} -->`;
const END = "<!-- bench: end -->";

/** The machine, the browser and the time of a measurement, as a sentence. */
export function circumstances(browser) {
  const [load] = os.loadavg();
  const machine = `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}`;
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `${date} UTC; ${machine}; Chromium ${browser.version()}; load average at the end ${load.toFixed(1)}.`;
}

/** Replaces the tables of a subject. */
export async function replace(file, name, text) {
  const document = await readFile(file, "utf8");
  const from = document.indexOf(begin(name));
  const to = document.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`${file} has no markers for ${name}: ${begin(name)} … ${END}`);
  await writeFile(file, `${document.slice(0, from)}${begin(name)}\n${text}\n${document.slice(to)}`);
}
