// A real router: requests to it, and the processor time of the process that answers them.
import { readFile, readdir, readlink } from "node:fs/promises";
import http from "node:http";
import { performance } from "node:perf_hooks";
import { used } from "../processor.mjs";

const LISTENS = "0A";

export function connect(url) {
  const base = url.replace(/\/$/, "");
  // Not `fetch`: it takes seconds for the 90,000 chunks of three bytes that a list of 1,000 applications consists of.
  const agent = new http.Agent({ keepAlive: true });
  const send = (method, path, body, headers = {}) =>
    new Promise((done, failed) => {
      const request = http.request(`${base}${path}`, { method, headers, agent }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", failed);
        response.on("end", () => done({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      });
      request.on("error", failed);
      if (body === undefined) request.end();
      else request.end(body instanceof Uint8Array ? body : JSON.stringify(body));
    });
  return {
    url: base,
    /** Sends a request and returns the response with any status. */
    send,
    /** Sends a request that must succeed, and returns its JSON. */
    ask: async (method, path, body, headers) => {
      const { status, text } = await send(method, path, body, headers);
      if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
      return /^[[{]/.test(text) ? JSON.parse(text) : text;
    },
  };
}

/** Does the work for each item, with this number of workers; the seconds that it took. */
export async function pool(workers, items, work) {
  const queue = items.values();
  const began = performance.now();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return (performance.now() - began) / 1_000;
}

/** The process of this machine that listens on a port, if it can be seen. */
async function listener(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const tables = await Promise.all(["tcp", "tcp6"].map((it) => readFile(`/proc/net/${it}`, "utf8").catch(() => "")));
  const sockets = tables
    .flatMap((it) => it.split("\n").map((line) => line.trim().split(/\s+/)))
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTENS)
    .map((fields) => `socket:[${fields[9]}]`);
  for (const process of (await readdir("/proc")).filter((it) => /^\d+$/.test(it))) {
    const folder = `/proc/${process}/fd`;
    for (const file of await readdir(folder).catch(() => [])) {
      if (sockets.includes(await readlink(`${folder}/${file}`).catch(() => ""))) return process;
    }
  }
  return undefined;
}

/** Measures the processor time of a router on this machine; without Linux, or of another machine, none is known. */
export async function processor({ url }) {
  const process = await listener(Number(new URL(url).port)).catch(() => undefined);
  /** Milliseconds of all its threads, since its start. */
  const milliseconds = async () => (process ? (await used(process)) * 1_000 : Number.NaN);
  let idle = 0;
  /** What the work uses, without what the process does anyway; in milliseconds. */
  const during = async (work) => {
    const [before, began] = [await milliseconds(), performance.now()];
    const result = await work();
    const elapsed = performance.now() - began;
    return { result, milliseconds: (await milliseconds()) - before - idle * elapsed, elapsed };
  };
  return {
    during,
    /** Takes what the process uses during `work`, which asks it for nothing, as what it does anyway. */
    rest: async (work) => {
      idle = 0;
      const { milliseconds: worked, elapsed } = await during(work);
      idle = worked / elapsed;
      return idle;
    },
  };
}
