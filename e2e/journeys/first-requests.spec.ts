import type { Page } from "@playwright/test";
import type { Relay } from "../support/relay.js";
import { expect, withErrors as test } from "../support/sandbox.js";

// The requests that are sent while the application loads. The relay is in front of the console, and holds the
// application.

const lists = ["apps?latestOnly=false", "mapreduce", "services", "spark", "workers", "workflows"];
const first = ["GET /quiesce/info", ...lists.map((list) => `GET /v3/namespaces/default/${list}`)].sort();

/** The requests for the console and the API. */
function received(relay: Relay): string[] {
  const requests = relay.exchanges.map((it) => `${it.method} ${it.target}`);
  return requests.filter((it) => /^\S+ \/(v3|quiesce)\//.test(it)).sort();
}

/** The same, without those for states and for single applications. */
function firstReceived(relay: Relay): string[] {
  return received(relay).filter((it) => it.startsWith("GET ") && !it.includes("/apps/"));
}

async function openHeld(page: Page, relay: Relay, path: string): Promise<void> {
  relay.hold(/\.wasm$/);
  await page.goto(relay.url + path, { waitUntil: "commit" });
}

const rows = (page: Page) => page.getByRole("table", { name: "Programs" }).getByRole("link");

for (const path of ["/", "/ns/default", "/ns/default/programs?q=stock"]) {
  test(`the list at ${path} is requested once, while the application loads`, async ({ page, relay }) => {
    await openHeld(page, relay, path);
    await expect.poll(() => received(relay)).toEqual(first);
    relay.release();
    await expect(rows(page).first()).toBeVisible();
    // The states are read after the names: these have been read.
    await expect.poll(() => received(relay)).toContain("POST /v3/namespaces/default/runs");
    expect(firstReceived(relay)).toEqual(first);
  });
}

test("the list is requested once, too, when the application loads before the server describes itself", async ({ page, relay }) => {
  relay.hold(/\/quiesce\/info$/);
  await page.goto(`${relay.url}/ns/default/programs`);
  await expect.poll(() => relay.held).toBe(1);
  await expect.poll(() => relay.exchanges.find((it) => it.target.endsWith(".wasm"))?.status).toBe(200);
  relay.release();
  await expect(rows(page).first()).toBeVisible();
  await expect.poll(() => received(relay)).toContain("POST /v3/namespaces/default/runs");
  expect(firstReceived(relay)).toEqual(first);
});

test("a page that needs no list requests only what describes the server", async ({ page, relay }) => {
  await openHeld(page, relay, "/history");
  await expect.poll(() => received(relay)).toEqual(["GET /quiesce/info"]);
  relay.release();
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
  expect(received(relay)).toEqual(["GET /quiesce/info"]);
});

test("a first request that fails is retried as any other", async ({ page, relay, sandbox }) => {
  await sandbox.fault({ name: "503", path: "/default/apps", times: 1 });
  await openHeld(page, relay, "/ns/default/programs");
  await expect.poll(() => received(relay)).toEqual(first);
  relay.release();
  await expect(rows(page).first()).toBeVisible();
  const applications = relay.exchanges.filter((it) => it.target.includes("/default/apps?"));
  expect(applications.map((it) => it.status)).toEqual([503, 200]);
});

test.describe("on a server with security", () => {
  test.use({ profile: "secured" });

  test("the first requests have the token that the tab kept", async ({ page, relay, sandbox }) => {
    const issued = await fetch(`${sandbox.url}/token`, {
      headers: { Authorization: `Basic ${Buffer.from("alice:secret").toString("base64")}` },
    });
    const { access_token: token } = (await issued.json()) as { access_token: string };
    await page.addInitScript((token) => {
      sessionStorage.setItem("quiesce.session ", JSON.stringify({ token }));
    }, token);
    await openHeld(page, relay, "/ns/default/programs");
    await expect.poll(() => received(relay)).toEqual(first);
    relay.release();
    await expect(rows(page).first()).toBeVisible();
    expect(firstReceived(relay)).toEqual(first);
    const tokens = relay.exchanges.filter((it) => it.target.startsWith("/v3/")).map((it) => it.headers.authorization);
    expect(new Set(tokens)).toEqual(new Set([`Bearer ${token}`]));
  });

  test("without a token the list is requested once", async ({ page, relay }) => {
    await openHeld(page, relay, "/ns/default/programs");
    await expect.poll(() => received(relay)).toEqual(first);
    relay.release();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    expect(received(relay)).toEqual(first);
  });
});
