// Stands before a demo, for all pages alike: forwards the requests of one page to it, or serves the files of a peer and
// forwards the rest. It counts requests and the bytes of their responses by kind. Runs in a thread of its own, so that
// the driver of the browser does not delay it.
import { createServer, request } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript" };

/** The kinds of bytes that are counted. */
export const KINDS = ["page", "script", "wasm", "data", "other"];

/** Starts a front before the demo at this address; `folder` has the files of a peer. */
export async function front(upstream, folder) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { upstream, folder } });
  worker.on("error", (error) => {
    throw error;
  });
  const answer = () => new Promise((done) => worker.once("message", done));
  const port = await answer();
  return {
    url: `http://127.0.0.1:${port}`,
    /** The requests and bytes of each kind since the last reset, and the requests of the API by name. */
    counts: () => {
      const counts = answer();
      worker.postMessage("count");
      return counts;
    },
    reset: () => worker.postMessage("reset"),
    end: () => worker.terminate(),
  };
}

const kindOf = (path, type = "") => {
  if (path.startsWith("/v3")) return "data";
  if (type.includes("html")) return "page";
  if (type.includes("javascript")) return "script";
  return type.includes("wasm") ? "wasm" : "other";
};

/** The name of a request of the API: its path without what differs from one program to the next. */
export const nameOf = (path) =>
  path
    .replace(/\?.*/, "")
    .replace(/^\/v3(\/namespaces\/[^/]+)?/, "")
    .replace(/\/apps\/[^/]+(\/versions\/[^/]+)?/, "/apps/{app}")
    .replace(/\{app\}\/(workflows|spark|services|workers|mapreduce)\/[^/]+/, "{app}/{type}/{program}")
    .replace(/\/runs\/[^/]+/, "/runs/{run}");

const zero = () => ({
  requests: 0,
  kinds: Object.fromEntries(KINDS.map((kind) => [kind, { requests: 0, bytes: 0 }])),
  api: {},
});

async function serve({ upstream, folder }) {
  const files = new Map();
  for (const name of folder ? await readdir(folder) : []) {
    const body = await readFile(join(folder, name));
    const packed = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_LGWIN]: 22 } });
    files.set(`/${name}`, { body: packed, type: TYPES[name.split(".").at(-1)] });
  }
  let counts = zero();
  const count = (path, method, type) => {
    const kind = counts.kinds[kindOf(path, type)];
    counts.requests += 1;
    kind.requests += 1;
    if (path.startsWith("/v3")) {
      const name = `${method} ${nameOf(path)}`;
      counts.api[name] = (counts.api[name] ?? 0) + 1;
    }
    return kind;
  };
  const { hostname, port } = new URL(upstream);
  const server = createServer((asked, answer) => {
    const path = asked.url;
    const file = folder && !path.startsWith("/v3") ? (files.get(path) ?? files.get("/index.html")) : undefined;
    if (file) {
      count(path, asked.method, file.type).bytes += file.body.length;
      answer.writeHead(200, { "content-type": file.type, "content-encoding": "br", "content-length": file.body.length });
      answer.end(file.body);
      return;
    }
    const headers = { ...asked.headers, host: `${hostname}:${port}` };
    const forwarded = request({ hostname, port, path, method: asked.method, headers }, (response) => {
      const kind = count(path, asked.method, response.headers["content-type"]);
      answer.writeHead(response.statusCode, response.headers);
      response.on("data", (chunk) => (kind.bytes += chunk.length));
      response.pipe(answer);
    });
    // The browser left, or the demo ended: the other side is told by a broken connection.
    forwarded.on("error", () => answer.destroy());
    answer.on("close", () => forwarded.destroy());
    asked.pipe(forwarded);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  parentPort.on("message", (message) => {
    if (message === "reset") counts = zero();
    else parentPort.postMessage(counts);
  });
  parentPort.postMessage(server.address().port);
}

if (!isMainThread && workerData?.upstream) await serve(workerData);
