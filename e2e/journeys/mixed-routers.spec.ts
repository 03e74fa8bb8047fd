import { invoices, poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Quiesce } from "../support/process.js";
import { Relay } from "../support/relay.js";
import { AUTH_HOSTS, SecuredCdap } from "../support/secured.js";
import { alice, SignIn } from "../support/sign-in.js";
import { expect, test as base } from "../support/test.js";

/** A test with one console in front of a sandbox and a real CDAP, both with security. */
const test = base.extend<{ sandbox: Relay; real: Relay; cdap: SecuredCdap }>({
  sandbox: async ({}, use) => {
    const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0", "--profile", "secured");
    const relay = await Relay.to(demo.url);
    await use(relay);
    await relay.down();
    await demo.end();
  },
  cdap: async ({}, use) => {
    await use(await SecuredCdap.at(process.env.CDAP_SECURED_URL as string));
  },
  real: async ({ cdap }, use) => {
    const relay = await Relay.to(cdap.url);
    await use(relay);
    await relay.down();
  },
  baseURL: async ({ sandbox, real }, use) => {
    const routers = ["--router", `sandbox=${sandbox.url}`, "--router", `cdap=${real.url}`];
    const console = await Quiesce.start("serve", ...routers, ...AUTH_HOSTS, "--listen", "127.0.0.1:0");
    await use(console.url);
    await console.end();
  },
});

test("a sandbox and a real CDAP share a console, and neither receives a token or an operation of the other", async ({
  page,
  sandbox,
  real,
  cdap,
}) => {
  const onlyReal = { ...invoices, app: "only_on_the_real_server" };
  await cdap.copy(invoices.app, onlyReal.app);
  const runid = await cdap.onlyRun(poller, { drain: "15" });
  const console = new Console(page);
  const signIn = new SignIn(page);
  const router = page.getByRole("combobox", { name: "Router" });

  await page.goto("/r/sandbox/ns/default/programs");
  await signIn.as(alice);
  await expect(console.row(poller)).toBeVisible();
  await expect(console.row(onlyReal)).toHaveCount(0);
  expect(real.exchanges).toEqual([]);

  await router.selectOption("cdap");
  await expect(page).toHaveURL(/\/r\/cdap\/ns\/default\/programs$/);
  await signIn.as(alice);
  await expect(console.row(onlyReal)).toBeVisible();

  await page.goto(`/r/cdap${console.stopForm({ program: poller, runid })}`);
  await signIn.as(alice);
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Stopping");
  const operation = new URL(page.url()).pathname;
  expect(operation).toMatch(/^\/r\/cdap\/ns\/default\/stop\//);
  const strip = page.getByRole("status").getByRole("link", { name: "Watch" });
  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  await expect(strip).toHaveAttribute("href", operation);

  await router.selectOption("sandbox");
  await signIn.as(alice);
  await expect(console.row(onlyReal)).toHaveCount(0);
  await expect(console.row(poller)).toBeVisible();
  await expect(strip).toHaveCount(0);
  await page.goto(operation.replace("/r/cdap/", "/r/sandbox/"));
  await expect(page.getByText("the operation belongs to cdap, but this page is connected to sandbox")).toBeVisible();

  expect(sandbox.writes).toEqual([]);
  expect(sandbox.exchanges.filter((it) => `${it.target}${it.body}`.includes(runid))).toEqual([]);
  expect(real.stops.map((it) => it.status)).toEqual([200]);
  expect(sandbox.tokens).not.toHaveLength(0);
  expect(real.tokens).not.toHaveLength(0);
  expect(sandbox.tokens.filter((token) => real.tokens.includes(token))).toEqual([]);
  await cdap.firstEnd(poller, runid);
  await cdap.remove(onlyReal.app);
});
