import http from "node:http";
import type { AddressInfo } from "node:net";
import { Console } from "../support/console.js";
import { poller } from "../support/cdap.js";
import { Quiesce } from "../support/process.js";
import { raw, type Answer } from "../support/raw.js";
import { Relay } from "../support/relay.js";
import { expect, test as base } from "../support/test.js";
import { kinds, pageFiles, WebServer, type Kind } from "../support/web-server.js";

/** nginx or Caddy serve the page and forward the API; `serve` is the console's own server, in front of the same router. */
const test = base.extend<{ kind: Kind; own: string; console: string }>({
  kind: ["nginx", { option: true }],
  ignoreHTTPSErrors: true,
  console: async ({ kind, relay }, use) => {
    const server = await WebServer.start(kind, relay.url);
    await use(server.url);
    await server.end();
  },
  baseURL: async ({ console }, use) => {
    await use(console);
  },
  own: async ({ relay }, use) => {
    const serve = await Quiesce.start("serve", "--router", relay.url, "--listen", "127.0.0.1:0");
    await use(serve.url);
    await serve.end();
  },
});

/** The headers that a browser obeys. */
const obeyed = [
  "content-security-policy",
  "x-content-type-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "permissions-policy",
  "cache-control",
  "content-type",
  "www-authenticate",
  "set-cookie",
  "access-control-allow-origin",
];
/** An empty header, which Caddy leaves of one that it must not pass on, means nothing to a browser. */
const pick = ({ headers }: Answer) => obeyed.map((name) => `${name}: ${String(headers[name] || undefined).toLowerCase()}`);

/** Headers with which a router could act on the browser in the name of this origin. */
const forbidden = {
  "access-control-allow-origin": "*",
  "clear-site-data": '"*"',
  "content-security-policy": "default-src *",
  "cross-origin-opener-policy": "unsafe-none",
  link: "</evil.js>; rel=preload",
  refresh: "0; url=https://evil.example/",
  "service-worker-allowed": "/",
  "set-cookie": "a=b",
  "strict-transport-security": "max-age=0",
  "x-quiesce-error": "forged",
  "x-request-id": "forged",
  "quiesce-time": "1",
};

const html = { accept: "text/html" };
const fetched = { "sec-fetch-dest": "empty", "sec-fetch-site": "same-origin" };

for (const kind of kinds) {
  test.describe(kind, () => {
    test.use({ kind });

    test("sends the page and the documents as the console's server does", async ({ console, own }) => {
      const documents = ["/docs", "/docs/", "/docs/loss", "/docs/adr/0003-a-server-that-forwards", "/docs/style.css"];
      const routes = ["/", "/ns/default/programs", "/ns/default/apps/a/versions/6.11.0/x"];
      const packed = { ...html, "accept-encoding": "gzip" };
      for (const path of [...routes, ...documents, ...pageFiles().map((file) => `/${file}`)]) {
        for (const headers of [html, packed]) {
          const [theirs, ours] = [await raw(console, path, { headers }), await raw(own, path, { headers })];
          expect([path, theirs.status, ...pick(theirs)]).toEqual([path, ours.status, ...pick(ours)]);
          expect([path, theirs.headers["content-encoding"]]).toEqual([path, ours.headers["content-encoding"]]);
          expect(theirs.body.equals(ours.body), `the content of ${path}`).toBe(true);
        }
      }
    });

    test("sends a missing file and document as such, never as the page", async ({ console, own }) => {
      for (const [path, headers] of [
        ["/missing.js", html],
        ["/ns/default/programs", {}],
        ["/docs/missing", html],
      ] as const) {
        const [theirs, ours] = [await raw(console, path, { headers }), await raw(own, path, { headers })];
        expect([path, theirs.status, theirs.headers["content-type"]]).toEqual([path, 404, ours.headers["content-type"]]);
        expect(theirs.headers["x-quiesce-error"]).toBe(ours.headers["x-quiesce-error"]);
      }
    });

    test("forwards what the console's server forwards, with the same headers", async ({ console, own, relay }) => {
      const list = "/v3/namespaces/default/apps?artifactName=a%2Fb&x=%7B%7D";
      for (const [path, headers] of [
        ["/v3/version", fetched],
        ["/v3/version", html],
        ["/ping", fetched],
        [list, fetched],
        ["/v3/namespaces/default/apps", { ...fetched, "accept-encoding": "gzip" }],
        ["/v3/namespaces/default/apps/Nothing%20here", fetched],
        ["/v3/namespaces/default/apps/100%25", fetched],
        ["/v3/namespaces/default/apps/Nothing", html],
      ] as const) {
        const [theirs, ours] = [await raw(console, path, { headers }), await raw(own, path, { headers })];
        // Go guesses the type of a text that has none.
        const guessed = kind === "caddy" && !ours.headers["content-type"];
        const same = (it: Answer) => pick(it).filter((header) => !guessed || !header.startsWith("content-type"));
        expect([path, theirs.status, ...same(theirs)]).toEqual([path, ours.status, ...same(ours)]);
        expect([path, theirs.headers["content-encoding"]]).toEqual([path, ours.headers["content-encoding"]]);
        const milliseconds = Number(theirs.headers["quiesce-time"]) - Number(ours.headers["quiesce-time"]);
        expect(Math.abs(milliseconds), path).toBeLessThan(10_000);
        expect(theirs.headers["x-request-id"]).toMatch(/^[0-9a-f-]{32,36}$/);
      }
      expect(relay.exchanges.filter((it) => it.target === list), "byte for byte").toHaveLength(2);
    });

    test("keeps what is about the browser from the router", async ({ console, relay }) => {
      const about = { cookie: "session=1", origin: console, referer: `${console}/`, "sec-fetch-mode": "cors" };
      const forged = { "x-request-id": "forged", "x-forwarded-user": "root", "cdap-userid": "root" };
      const headers = { ...fetched, ...about, ...forged, authorization: "Bearer token", "content-type": "application/json" };
      await raw(console, "/v3/namespaces/default/stop", { method: "POST", headers, body: "[]" });
      const [received] = relay.exchanges;
      expect(received).toMatchObject({ method: "POST", target: "/v3/namespaces/default/stop", body: "[]" });
      expect(Object.keys(received?.headers ?? {}).filter((name) => name.startsWith("x-"))).toEqual(["x-request-id"]);
      for (const name of [...Object.keys(about), "cdap-userid", "sec-fetch-site", "sec-fetch-dest"]) {
        expect([name, received?.headers[name]]).toEqual([name, undefined]);
      }
      expect(received?.headers["x-request-id"]).toMatch(/^[0-9a-f-]{32,36}$/);
      expect(received?.headers).toMatchObject({ authorization: "Bearer token", "accept-encoding": "identity", host: new URL(relay.url).host });
    });

    test("passes on no header of the router that concerns this origin", async ({ kind }) => {
      let challenge = "";
      const router = http.createServer((_, response) => {
        const kept = { "content-type": "application/json", digest: "sha-256=AA==" };
        response.writeHead(401, { ...forbidden, ...kept, "www-authenticate": challenge });
        response.end("{}");
      });
      await new Promise<void>((ready) => router.listen(0, "127.0.0.1", ready));
      const url = `http://127.0.0.1:${(router.address() as AddressInfo).port}`;
      const server = await WebServer.start(kind, url);
      const serve = await Quiesce.start("serve", "--router", url, "--listen", "127.0.0.1:0");
      try {
        for (challenge of ['Basic realm="null"', "Negotiate", 'Bearer realm="cdap"', 'Bearer realm="a", Basic realm="b"']) {
          for (const headers of [fetched, html]) {
            const theirs = await raw(server.url, "/v3/version", { headers });
            const ours = await raw(serve.url, "/v3/version", { headers });
            expect([theirs.status, theirs.body.toString(), ...pick(theirs)]).toEqual([401, "{}", ...pick(ours)]);
            expect(theirs.headers["digest"]).toBe("sha-256=AA==");
            for (const [name, value] of Object.entries(forbidden)) {
              expect([name, theirs.headers[name]]).not.toEqual([name, value]);
            }
          }
        }
      } finally {
        await server.end();
        await serve.end();
        await new Promise((closed) => router.close(closed));
      }
    });

    test("refuses what must not reach the router", async ({ console, own, relay }) => {
      const write = (headers: Record<string, string>) => ["POST", "/v3/namespaces/default/stop", headers] as const;
      const paths = ["/status", "/v3Internal/x", "/v3/../status", "/v3/%2e%2e/status", "/v3/%252e%252e/status", "/v3/.%2E/x"];
      const disguised = ["/v3/a%2f..%2fx", "/v3/..;a/x", "/v3/..%5cx", "/x/../v3/version", "/%763/version", "/v3%2fversion", "//v3/version"];
      const escapes = ["%2F", "%3F", "%23", "%5C", "%0d", "%0a", "%7f", "%c0%ae", "%c2%85", "%ff"].flatMap((it) => [it, it.replaceAll("%", "%25")]);
      const encoded = [...escapes, "%25%32%66"].map((it) => `/v3/namespaces/default/apps/a${it}b`);
      const unused = ["/v3", "/v3/", "/v3/namespaces/default/securekeys/key", "/v3/namespaces/default/datasets", "/v3/version/x"];
      for (const [method, path, headers] of [
        ...[...paths, ...disguised, ...encoded, ...unused].map((path) => ["GET", path, {}] as const),
        ["DELETE", "/v3/namespaces/default/apps/Warehouse", {}],
        ["PUT", "/v3/namespaces/default/preferences", {}],
        write({ "sec-fetch-site": "cross-site" }),
        write({ "sec-fetch-site": "same-site", origin: console }),
        write({ origin: "https://evil.example" }),
        write({ origin: "null" }),
        write({ origin: `${console}.evil.example` }),
        ["HEAD", "/v3/version", {}],
        ["HEAD", "/ping", {}],
        ["OPTIONS", "/v3/version", {}],
        ["PROPFIND", "/v3/version", {}],
        ["GET", "/v3/version", { host: "evil.example" }],
        ["POST", "/", {}],
      ] as const) {
        const answer = await raw(console, path, { method, headers });
        expect([method, path, headers, [400, 403, 404, 405].includes(answer.status)]).toEqual([method, path, headers, true]);
        expect(answer.headers["x-quiesce-error"], path).toBeTruthy();
      }
      for (const path of encoded) expect([path, (await raw(own, path)).status]).toEqual([path, 400]);
      expect(relay.exchanges).toEqual([]);
    });

    test("says that a router without a response may have received the request, or has not", async ({ console, relay }) => {
      relay.dieAt(/^POST/);
      const stop = { method: "POST", headers: { ...fetched, "content-type": "application/json" }, body: "[]" };
      const maybe = await raw(console, "/v3/namespaces/default/stop", stop);
      expect([maybe.status, maybe.headers["x-quiesce-error"], JSON.parse(maybe.body.toString())]).toEqual([
        502,
        "router_hung_up",
        expect.objectContaining({ sent: "maybe" }),
      ]);
      const no = await raw(console, "/v3/namespaces/default/stop", stop);
      expect([no.status, no.headers["x-quiesce-error"], JSON.parse(no.body.toString())]).toEqual([
        502,
        "router_unreachable",
        expect.objectContaining({ sent: "no" }),
      ]);
    });

    test("one run is stopped through it", async ({ page, cdap, relay }) => {
      const runid = await cdap.onlyRun(poller, { drain: "2" });
      const console = new Console(page);
      await console.openProgram(poller);
      await page.getByRole("link", { name: `Stop… ${runid.slice(0, 8)}` }).click();
      await console.grace("Custom").check();
      await console.duration.fill("5m");
      await console.confirm(1);
      await expect(console.stopped(runid)).toContainText("Killed");
      expect(relay.stops.map((it) => it.target)).toEqual([
        `/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs/${runid}/stop?graceful=300`,
      ]);
      expect((await cdap.run(poller, runid)).status).toBe("KILLED");
    });
  });
}
