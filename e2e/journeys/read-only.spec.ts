import type { Route } from "@playwright/test";
import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { Quiesce } from "../support/process.js";
import { expect, test as base } from "../support/sandbox.js";
import { Scene, scheduled, two } from "../support/scene.js";
import { Wizard } from "../support/wizard.js";

const REASON = "This console is read-only.";
const PAUSED = "Paused: this console is read-only.";

/** A test with a console that rejects every change unless `options` are others, and that can be restarted. */
const test = base.extend<{ server: { url: string; restart: (...options: string[]) => Promise<void> } }>({
  options: [["--read-only"], { scope: "test" }],
  server: async ({ relay, options }, use) => {
    const start = (address: string, more: string[]) =>
      Quiesce.start("serve", "--router", relay.url, "--listen", address, ...more);
    let console = await start("127.0.0.1:0", options);
    const { url } = console;
    const restart = async (...more: string[]) => {
      await console.end();
      console = await start(new URL(url).host, more);
    };
    await use({ url, restart });
    await console.end();
  },
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
});

test("every page says that it is read only, and nothing that changes something can be pressed", async ({
  page,
  sandbox,
  relay,
}) => {
  const runid = await sandbox.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await console.openPrograms();
  await expect(page.getByRole("banner").getByText("Read only", { exact: true })).toBeVisible();
  const unavailable = async (name: string | RegExp) => {
    const buttons = page.getByRole("button", { name, exact: typeof name === "string" });
    await expect(buttons.first()).toBeVisible();
    for (const button of await buttons.all()) {
      await expect(button).toHaveAttribute("aria-disabled", "true");
      await expect(button).toHaveAccessibleDescription(REASON);
      await button.click({ force: true });
    }
  };
  await expect(console.row(poller)).toContainText("Running");
  await unavailable(new RegExp(`^Stop.* ${poller.app}`));
  await expect(console.programs.getByRole("link", { name: /^Stop/ })).toHaveCount(0);
  await console.select(poller);
  await unavailable(/^Stop 1 program/);
  await expect(page).toHaveURL(/\/programs/);

  await console.openProgram(poller);
  await expect(page.getByRole("button", { name: "Stop…", exact: true })).toHaveAccessibleDescription(REASON);
  await unavailable("Stop…");
  await unavailable(new RegExp(`^Stop.* ${runid.slice(0, 8)}`));

  await page.goto(console.stopForm({ program: poller, runid }));
  await unavailable("Stop 1 run");
  await expect(page.getByText(REASON).last()).toBeVisible();

  await page.goto("/ns/default/apps/orders_daily/workflows/DataPipelineWorkflow");
  await unavailable("Start…");
  await expect(page.getByRole("region", { name: "Start" })).toHaveCount(0);
  expect(relay.writes, "the server received no change").toEqual([]);
  expect(await sandbox.alive(poller)).toHaveLength(1);
});

test("the wizard reads, but pauses and stops nothing", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  await scene.enable(scheduled.app);
  await sandbox.start(two, { wait: "3600" });
  const wizard = new Wizard(page);
  await wizard.check(two.app, scheduled.app);
  const pause = wizard.button("Pause schedules");
  await expect(pause).toHaveAttribute("aria-disabled", "true");
  await expect(pause).toHaveAccessibleDescription(REASON);
  await pause.click({ force: true });
  await expect(wizard.button("Abort upgrade")).toHaveAccessibleDescription(REASON);
  expect(await scene.schedule(scheduled.app)).toBe("SCHEDULED");

  await page.getByRole("button", { name: /^Exclude.*up_scheduled/ }).first().click();
  await wizard.goOn();
  await wizard.isAt("Stop runs");
  const stop = wizard.button(/^Stop \d+ runs?$/);
  await expect(stop).toHaveAccessibleDescription(REASON);
  await stop.click({ force: true });
  expect(relay.writes, "the server received no change").toEqual([]);
  expect(await sandbox.alive(two)).toHaveLength(1);
});

test("the key for Stop opens nothing and says why", async ({ page, sandbox }) => {
  await sandbox.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  await console.openPrograms("?state=active&q=StockPoller");
  const said = page.getByRole("status").filter({ hasText: REASON });
  await page.keyboard.press("s");
  await expect(said).toHaveText(REASON);
  await said.getByRole("button", { name: "Dismiss" }).click();
  await expect(said).toHaveCount(0);
  await console.select(poller);
  await page.keyboard.press("s");
  await expect(said).toBeVisible();
  await expect(page).toHaveURL(/\/programs/);
});

test.describe("a console that is restarted", () => {
  test.use({ options: [] });

  test("a change that is sent although the page did not know is refused by the server, and then the page pauses", async ({
    page,
    sandbox,
    relay,
    server,
  }) => {
    const runid = await sandbox.onlyRun(poller, { drain: "2" });
    const console = new Console(page);
    await page.goto(console.stopForm({ program: poller, runid }));
    await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
    await server.restart("--read-only");
    await console.confirm(1);
    await expect(page.getByRole("alert").filter({ hasText: PAUSED })).toBeVisible();
    await expect(console.stopped(runid)).toContainText("Running");
    await expect(page.getByRole("banner").getByText("Read only", { exact: true })).toBeVisible();
    expect(relay.writes).toEqual([]);
    expect(await sandbox.alive(poller)).toHaveLength(1);
  });

  test("an upgrade on a console that becomes read-only pauses before it sends more, and continues when that ends", async ({
    page,
    sandbox,
    relay,
    server,
  }) => {
    const scene = new Scene(sandbox);
    await scene.copies(scheduled);
    await scene.enable(scheduled.app);
    const wizard = new Wizard(page);
    await wizard.check(scheduled.app);
    const pauses: string[] = [];
    page.on("response", (answer) => {
      if (answer.url().endsWith("/disable")) pauses.push(`${answer.status()}`);
    });
    await server.restart("--read-only");
    await wizard.press("Pause schedules");
    const notice = page.getByRole("alert").filter({ hasText: PAUSED });
    await expect(notice).toContainText("Then the operation continues automatically.");
    await expect(page.getByRole("banner").getByText("Read only", { exact: true })).toBeVisible();
    // The page asks the console several times whether it is still read-only.
    for (let asked = 0; asked < 2; asked += 1) await page.waitForResponse("**/quiesce/info");
    await expect(notice).toBeVisible();
    expect(pauses, "nothing was sent after the refusal").toEqual(["403"]);
    expect(relay.writes).toEqual([]);

    await server.restart();
    await expect(notice).toHaveCount(0, { timeout: 60_000 });
    await wizard.goOn(60_000);
    expect(pauses).toEqual(["403", "200"]);
    expect(await scene.schedule(scheduled.app)).toBe("SUSPENDED");
  });
});
