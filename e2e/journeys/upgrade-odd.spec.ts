import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "@playwright/test";
import { Quiesce } from "../support/process.js";
import type { Relay } from "../support/relay.js";
import { NEWER, OLDER, Scene, live, scheduled, tracked, two } from "../support/scene.js";
import { expect, test, type Sandbox } from "../support/sandbox.js";
import { Wizard } from "../support/wizard.js";

// What goes wrong during an upgrade, as no real server can be told to do it.

const upgrades = /^POST .*\/upgrade/;

test("nothing is upgraded before the stop and the backup, and each step says what it waits for", async ({
  page,
  sandbox,
  relay,
}) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  await scene.enable(scheduled.app);
  await sandbox.start(two, { wait: "3600" });
  const wizard = new Wizard(page);
  const waits = async (why: RegExp) => {
    await expect(wizard.button("Continue")).toBeDisabled();
    await expect(wizard.button("Continue")).toHaveAccessibleDescription(why);
    await expect(wizard.upgrade).toHaveCount(0);
  };
  await wizard.open();
  await waits(/Select at least one/);
  await wizard.choose(two.app, scheduled.app);
  await wizard.goOn();
  await wizard.isAt("Review");
  await expect(page.getByText("1 run interrupted")).toBeVisible();
  await waits(/Acknowledge 1 risk/);
  await wizard.acknowledge();
  await wizard.goOn();
  await wizard.isAt("Pause schedules");
  await waits(/1 schedule is not paused/);
  await wizard.pause();
  await waits(/still active/);
  await wizard.stopRuns();
  await wizard.goOn(60_000);
  await wizard.isAt("Back up");
  await waits(/No backup was made/);
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  expect(relay.sent(upgrades)).toEqual([]);
  await wizard.upgrade.click();
  await wizard.goOn(60_000);
  for (const { app } of [two, scheduled]) expect((await scene.detail(app)).artifact.version).toBe(NEWER);
});

test("an abort in the step that stops restores what was paused and stopped", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  await scene.enable(scheduled.app);
  await sandbox.start(two, { wait: "3600", mark: "one" });
  const wizard = new Wizard(page);
  await wizard.check(two.app, scheduled.app);
  await wizard.pause();
  await wizard.stopRuns();
  await expect.poll(async () => (await sandbox.alive(two)).length, { timeout: 30_000 }).toBe(0);
  expect(await scene.schedule(scheduled.app)).toBe("SUSPENDED");
  await wizard.abort();
  await wizard.isAt("Report");
  const { appVersion, artifact } = await scene.detail(two.app);
  expect(artifact.version).toBe(OLDER);
  expect(await scene.running(two)).toEqual([{ status: "RUNNING", version: appVersion, mark: "one" }]);
  expect(await scene.schedule(scheduled.app)).toBe("SCHEDULED");
  expect(relay.sent(upgrades)).toEqual([]);
});

for (const [damage, words] of [
  ["altered", /not what the server sent: its SHA-256 is/],
  ["cut", /the archive ended early/],
] as const) {
  test(`an export that is ${damage} on its way is not accepted as a backup, and can be made again`, async ({ page, sandbox }) => {
    const scene = new Scene(sandbox);
    await scene.copies(scheduled);
    const wizard = new Wizard(page);
    await wizard.check(scheduled.app);
    await wizard.stop();
    await sandbox.fault({ name: damage, path: "/v3/export/apps" });
    await wizard.press("Back up");
    await expect(page.getByRole("alert").filter({ hasText: "There is no verified backup" })).toBeVisible();
    await expect(wizard.button("Continue")).toBeDisabled();
    await expect(wizard.button("Continue")).toHaveAccessibleDescription(words);
    await wizard.backUp();
    await wizard.goOn();
    await wizard.isAt("Upgrade");
  });
}

test("a browser without room for the backup cannot upgrade until there is room", async ({ page, sandbox }) => {
  const scene = new Scene(sandbox);
  await scene.copies(scheduled);
  const wizard = new Wizard(page);
  await wizard.check(scheduled.app);
  await wizard.stop();
  // A full disk ends the transaction that writes; the browser cannot be told to have one.
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
      const request = put.apply(this, given);
      if (this.name === "backups") {
        IDBObjectStore.prototype.put = put;
        this.transaction.abort();
      }
      return request;
    };
  });
  await wizard.press("Back up");
  await expect(page.getByRole("alert").filter({ hasText: /could not be saved/ })).toBeVisible();
  await expect(wizard.button("Continue")).toBeDisabled();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
});

test("what another user starts before the upgrade is left alone, and the others continue", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  const wizard = new Wizard(page);
  await wizard.check(two.app, scheduled.app);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  const run = await sandbox.start(two, { wait: "3600", mark: "theirs" });
  await wizard.upgrade.click();
  await expect(wizard.row(two.app)).toContainText(new RegExp(`${run.runid}.*started since the review`), { timeout: 60_000 });
  await expect.poll(async () => (await scene.detail(scheduled.app)).artifact.version).toBe(NEWER);
  expect((await scene.detail(two.app)).artifact.version).toBe(OLDER);
  expect(relay.sent(/\/apps\/up_two\/upgrade/)).toEqual([]);
  await wizard.goOn(60_000);
  await wizard.isAt("Restore");
  expect(await scene.running(two), "theirs continues").toHaveLength(1);
});

test("a lost answer of an upgrade is settled by reading, and nothing is sent twice", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  const wizard = new Wizard(page);
  await wizard.check(two.app, scheduled.app);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  await sandbox.fault({ name: "drop-after", method: "POST", path: "/upgrade" });
  await wizard.upgrade.click();
  await wizard.goOn(120_000);
  for (const { app } of [two, scheduled]) {
    expect((await scene.detail(app)).artifact.version).toBe(NEWER);
    expect(relay.sent(new RegExp(`/apps/${app}/upgrade`)), app).toHaveLength(1);
  }
});

test("a failure that the server answers is shown in its words within seconds, and the others continue", async ({
  page,
  sandbox,
  relay,
}) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled, tracked);
  const wizard = new Wizard(page);
  await wizard.check(two.app, scheduled.app, tracked.app);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  await sandbox.fault({ name: "500", method: "POST", path: `/apps/${scheduled.app}/upgrade` });
  await wizard.upgrade.click();
  const row = wizard.row(scheduled.app);
  await expect(row).toContainText("Failed to write the entity.", { timeout: 10_000 });
  await expect(row).toContainText("Not upgraded", { timeout: 10_000 });
  for (const { app } of [two, tracked]) await expect(wizard.row(app)).toContainText("Upgraded");
  expect((await scene.detail(scheduled.app)).artifact.version).toBe(OLDER);
  expect(relay.sent(upgrades)).toHaveLength(3);
  await wizard.goOn();
  await wizard.isAt("Restore");
  await wizard.press("Restore");
  await wizard.goOn();
  await wizard.isAt("Report");
  await expect(page.getByRole("table", { name: "Applications" })).toContainText("Failed to write the entity.");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download report" }).click(),
  ]);
  const report = JSON.parse(readFileSync((await download.path()) as string, "utf8")) as {
    applications: { name: string; result: string }[];
  };
  const result = report.applications.find((it) => it.name === scheduled.app)?.result;
  expect(result).toContain("The server answered 500: Failed to write the entity.");
});

test("several applications go in one call where that is chosen", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled, tracked);
  const wizard = new Wizard(page);
  await wizard.open();
  await page.getByText("Upgrade options").click();
  await page.getByRole("checkbox", { name: /per request/ }).check();
  await wizard.choose(two.app, scheduled.app, tracked.app);
  await wizard.goOn();
  await wizard.isAt("Review");
  await wizard.acknowledge();
  await wizard.goOn(60_000);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  await wizard.upgrade.click();
  await wizard.goOn(60_000);
  const [call, ...more] = relay.sent(upgrades);
  expect(more).toEqual([]);
  expect(call?.target).toMatch(/^\/v3\/namespaces\/default\/upgrade/);
  expect((JSON.parse(call?.body ?? "[]") as { name: string }[]).map((it) => it.name)).toEqual([
    scheduled.app,
    tracked.app,
    two.app,
  ]);
  for (const { app } of [two, scheduled, tracked]) expect((await scene.detail(app)).artifact.version).toBe(NEWER);
});

/** Two tabs on an upgrade, of which the one that acts is closed. */
async function takenOver(page: Page, context: BrowserContext, sandbox: Sandbox, relay: Relay): Promise<void> {
  const scene = new Scene(sandbox);
  await scene.copies(scheduled);
  await scene.enable(scheduled.app);
  const acts = new Wizard(page);
  await acts.check(scheduled.app);
  const watches = new Wizard(await context.newPage());
  await watches.page.goto(page.url());
  await watches.isAt("Pause schedules");
  await expect(watches.page.getByText("You can monitor it here")).toBeVisible();
  await acts.press("Pause schedules");
  await acts.goOn();
  await watches.isAt("Stop runs");

  await page.close();
  await watches.press("Take over");
  await watches.goOn(60_000);
  await watches.backUp();
  await watches.goOn();
  await watches.isAt("Upgrade");
  await watches.upgrade.click();
  await watches.goOn(60_000);
  expect((await scene.detail(scheduled.app)).artifact.version).toBe(NEWER);
  expect(relay.sent(upgrades)).toHaveLength(1);
  expect(relay.sent(/\/schedules\//)).toHaveLength(1);
}

test("one tab acts and another watches; when the first is gone, the second asks before it continues", async ({
  page,
  context,
  sandbox,
  relay,
}) => {
  await takenOver(page, context, sandbox, relay);
});

test.describe("without a secure context", () => {
  // By a name that is not localhost's there are no locks of the browser.
  test.use({
    baseURL: async ({ relay }, use) => {
      const there = ["--listen", "127.0.0.1:0", "--allow-host", "quiesce.test"];
      const console = await Quiesce.start("serve", "--router", relay.url, ...there);
      await use(console.url.replace("127.0.0.1", "quiesce.test"));
      await console.end();
    },
  });

  test("one tab acts and another watches all the same", async ({ page, context, sandbox, relay }) => {
    await page.goto("/");
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await takenOver(page, context, sandbox, relay);
  });
});

test("a browser that keeps nothing for the page is told so before anything is sent", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(scheduled);
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined });
  });
  const wizard = new Wizard(page);
  await wizard.open();
  await wizard.choose(scheduled.app);
  const goOn = wizard.button("Continue");
  if (await goOn.isEnabled()) await goOn.click();
  await expect(page.getByText(/stores no data for this page/)).toBeVisible();
  await expect(page).toHaveURL(/\/upgrade$/);
  expect(relay.writes).toEqual([]);
});

test("real-time pipelines that the server refuses are redeployed only where that is chosen", async ({
  page,
  sandbox,
  relay,
}) => {
  const scene = new Scene(sandbox);
  await scene.copies(live, scheduled);
  const wizard = new Wizard(page);
  await wizard.open();
  const all = page.getByRole("checkbox", { name: /^Select all/ });
  await all.check();
  await expect(wizard.row(scheduled.app).getByRole("checkbox").first()).toBeChecked();
  await expect(wizard.row(live.app).getByRole("checkbox").first()).not.toBeChecked();
  await expect(wizard.row(live.app)).toContainText(`Redeploy on ${NEWER}`);
  expect(relay.writes).toEqual([]);
});
