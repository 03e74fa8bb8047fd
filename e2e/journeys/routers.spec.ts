import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Quiesce } from "../support/process.js";
import { Relay } from "../support/relay.js";
import { Sandbox } from "../support/sandbox.js";
import { expect, test as base } from "../support/test.js";

/** A server of its own, and what stands in front of it. */
interface Side {
  cdap: Sandbox;
  relay: Relay;
}

async function side(use: (side: Side) => Promise<void>): Promise<void> {
  const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
  const relay = await Relay.to(demo.url);
  await use({ cdap: new Sandbox(demo.url), relay });
  await relay.down();
  await demo.end();
}

/** A test with one console before two servers. */
const test = base.extend<{ a: Side; b: Side }>({
  a: async ({}, use) => side(use),
  b: async ({}, use) => side(use),
  baseURL: async ({ a, b }, use) => {
    const routers = ["--router", `a=${a.relay.url}`, "--router", `b=${b.relay.url}`];
    const console = await Quiesce.start("serve", ...routers, "--listen", "127.0.0.1:0");
    await use(console.url);
    await console.end();
  },
});

/** With a relay in front of the console, which is another origin than the console's own. */
const held = test.extend({
  noSurprises: async ({}, use) => {
    await use();
  },
});

held("the first requests go to the router of the address, and to none without one", async ({ page, a, b, baseURL }) => {
  const front = await Relay.to(baseURL as string);
  front.hold(/\.wasm$/);
  const lists = () => front.exchanges.map((it) => it.target).filter((it) => it.includes("/v3/"));
  for (const path of ["/", "/ns/default/programs", "/r/c/ns/default/programs"]) {
    await page.goto(front.url + path, { waitUntil: "commit" });
    await expect.poll(() => front.exchanges.filter((it) => it.target === "/quiesce/info").length).toBe(1);
    await expect.poll(() => front.held).toBeGreaterThan(0);
    expect(lists(), path).toEqual([]);
    front.exchanges.length = 0;
  }
  await page.goto(`${front.url}/r/b/ns/default/programs`, { waitUntil: "commit" });
  await expect.poll(() => lists().length).toBe(6);
  expect(lists().filter((it) => !it.startsWith("/r/b/v3/namespaces"))).toEqual([]);
  expect(a.relay.exchanges).toEqual([]);
  front.release();
  await expect(new Console(page).row(poller)).toBeVisible();
  expect(b.relay.exchanges.filter((it) => it.target.endsWith("/default/workflows")), "each once").toHaveLength(1);
  await front.down();
});

test("a router is chosen at first, then in the top bar; it is in the address and the title, and the other is not asked", async ({
  page,
  a,
  b,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Choose a router" })).toBeVisible();
  await page.getByRole("list", { name: "Routers" }).getByRole("link", { name: "a", exact: true }).click();
  await expect(page).toHaveURL(/\/r\/a\/ns\/default\/programs$/);
  await expect(page).toHaveTitle("Programs · a · Quiesce");
  const console = new Console(page);
  await expect(console.row(poller)).toBeVisible();
  expect(b.relay.exchanges).toEqual([]);

  const router = page.getByRole("combobox", { name: "Router" });
  await router.selectOption("b");
  await expect(page).toHaveURL(/\/r\/b\/ns\/default\/programs$/);
  await expect(page).toHaveTitle("Programs · b · Quiesce");
  await expect(console.row(poller)).toBeVisible();
  const before = a.relay.exchanges.length;
  const polled = () => b.relay.exchanges.filter((it) => it.target.endsWith("/default/runs")).length;
  const polls = polled();
  await expect.poll(polled, { timeout: 60_000 }).toBeGreaterThan(polls);
  expect(a.relay.exchanges.length, "a router that is not shown is not polled").toBe(before);

  await page.getByRole("link", { name: "Server", exact: true }).click();
  await expect(page).toHaveURL(/\/r\/b\/server$/);
  await router.selectOption("a");
  await expect(page, "the same page of the other router").toHaveURL(/\/r\/a\/server$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/r\/b\/server$/);
  await expect(router).toHaveValue("b");

  await page.goto("/ns/default/programs");
  await expect(page.getByRole("heading", { level: 1, name: "Choose a router" })).toBeVisible();
});

test("an address of an unknown router offers the same page of the known ones, and no router is asked", async ({ page, a, b }) => {
  await page.goto("/r/gone/ns/default/programs");
  await expect(page.getByText("This console has no router gone")).toBeVisible();
  expect([...a.relay.exchanges, ...b.relay.exchanges]).toEqual([]);
  await page.getByRole("list", { name: "Routers" }).getByRole("link", { name: "b", exact: true }).click();
  await expect(page).toHaveURL(/\/r\/b\/ns\/default\/programs$/);
  await expect(new Console(page).row(poller)).toBeVisible();
  const api = await page.request.get("/r/gone/v3/version", { headers: { accept: "text/html" } });
  expect([api.status(), api.headers()["x-quiesce-error"]]).toEqual([404, "unknown_router"]);
});

test("an operation of one router is not shown as one of the other, and nothing of it is sent there", async ({
  page,
  a,
  b,
}) => {
  const runid = await a.cdap.onlyRun(poller, { drain: "30" });
  await b.cdap.only(poller, { drain: "30" });
  const console = new Console(page);
  await page.goto(`/r/a${console.stopForm({ program: poller, runid })}`);
  await console.confirm(1);
  await expect(page).toHaveURL(/\/r\/a\/ns\/default\/stop\/[^/]+$/);
  await expect(console.stopped(runid)).toContainText("Stopping");
  const operation = new URL(page.url()).pathname;

  const strip = page.getByRole("status").getByRole("link", { name: "Watch" });
  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  await expect(console.row(poller)).toContainText("Stopping");
  await expect(strip).toHaveAttribute("href", operation);

  await page.getByRole("combobox", { name: "Router" }).selectOption("b");
  await expect(console.row(poller)).toContainText("Running");
  await expect(strip).toHaveCount(0);
  await page.getByRole("link", { name: "History", exact: true }).click();
  const row = page.getByRole("table").getByRole("row").filter({ hasText: "Stop 1 run" });
  await expect(row, "the history names the router of each operation").toContainText("a");
  await expect(row.getByRole("link").first()).toHaveAttribute("href", operation);

  const asked = b.relay.exchanges.length;
  await page.goto(operation.replace("/r/a/", "/r/b/"));
  await expect(page.getByText("the operation belongs to a, but this page is connected to b")).toBeVisible();
  const ofRun = b.relay.exchanges.slice(asked).filter((it) => `${it.target}${it.body}`.includes(runid));
  expect(ofRun, "the run of one server is not asked of the other").toEqual([]);
  expect(b.relay.writes).toEqual([]);
  expect(a.relay.stops).toHaveLength(1);
  expect(await b.cdap.alive(poller)).toHaveLength(1);
});

test("a 401 of one router asks nobody to sign in to the other", async ({ page, a, b }) => {
  await a.cdap.fault({ name: "401", times: 1000 });
  const console = new Console(page);
  await page.goto("/r/a/ns/default/programs");
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("401: Sign-in required.").first()).toBeVisible();
  await page.getByRole("combobox", { name: "Router" }).selectOption("b");
  await expect(console.row(poller)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Sign-in required")).toHaveCount(0);
  expect(b.relay.exchanges.filter((it) => it.headers.authorization)).toEqual([]);
});
