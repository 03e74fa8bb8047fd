import type { Page } from "@playwright/test";
import { customers, invoices, poller, report } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/sandbox.js";
import { NEWER, Scene, scheduled, two } from "../support/scene.js";
import { SignIn } from "../support/sign-in.js";
import { Wizard } from "../support/wizard.js";

const STOP = "Principal 'alice' is not authorized to perform actions [EXECUTE] on entity 'application:Warehouse'";

/** A refusal is not a missing sign-in: neither the dialog nor the page in its place is there. */
async function asksNobodyToSignIn(page: Page): Promise<void> {
  await expect(new SignIn(page).dialog).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("button", { name: "Sign in" })).toHaveCount(0);
  await expect(page.getByText("Sign-in required")).toHaveCount(0);
}

test("a refused start is disabled with the server's permission until it is retried, and other programs are not", async ({
  page,
  sandbox,
  relay,
}) => {
  await sandbox.quiet(report);
  const console = new Console(page);
  await console.openProgram(report);
  const start = page.getByRole("button", { name: "Start…", exact: true });
  await start.click();
  await sandbox.fault({ name: "403", application: "Warehouse", method: "POST", path: "/start" });
  await page.getByRole("button", { name: "Start StockReport" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("403: You don't have permission for the start request.");
  await expect(alert).toContainText(STOP);
  await asksNobodyToSignIn(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(start).toHaveAttribute("aria-disabled", "true");
  await expect(start).toHaveAccessibleDescription(`You don't have permission (403): ${STOP}.`);

  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  await console.openProgram({ app: "orders_daily", type: "workflows", name: "DataPipelineWorkflow" });
  await expect(page.getByRole("button", { name: "Start…", exact: true })).not.toHaveAttribute("aria-disabled", "true");
  expect(relay.sent(/start$/)).toHaveLength(1);
});

test("a refused stop is disabled in the list, on the program and in the form, and Refresh allows another attempt", async ({
  page,
  sandbox,
  relay,
}) => {
  const runid = await sandbox.onlyRun(poller, { drain: "2" });
  const reason = `You don't have permission (403): ${STOP}.`;
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
  await sandbox.fault({ name: "403", application: "Warehouse", method: "POST", path: "/stop" });
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("403: You don't have permission for the stop request.");
  await expect(console.stopped(runid)).toContainText(STOP);

  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  const stop = console.row(poller).getByRole("button", { name: /^Stop/ });
  await expect(stop).toHaveAttribute("aria-disabled", "true");
  await expect(stop).toHaveAccessibleDescription(reason);
  await console.row(poller).getByRole("link", { name: poller.app }).click();
  await expect(page.getByRole("button", { name: "Stop…", exact: true })).toHaveAccessibleDescription(reason);
  await expect(page.getByRole("button", { name: new RegExp(`^Stop.* ${runid.slice(0, 8)}`) })).toHaveAccessibleDescription(reason);

  await page.getByRole("button", { name: "Refresh", exact: true }).first().click();
  await page.getByRole("link", { name: "Stop…", exact: true }).click();
  await console.confirm(1);
  await expect(console.stopped(runid)).toContainText("Ended in time");
  expect(relay.stops).toHaveLength(2);
});

test("a list without permission leaves the others, and says which and why", async ({ page, sandbox }) => {
  const console = new Console(page);
  await sandbox.fault({ name: "403", method: "GET", path: "/default/workers", times: 1000 });
  await console.openPrograms();
  await expect(console.row(report)).toBeVisible();
  await expect(console.row(poller)).toHaveCount(0);
  const main = page.getByRole("main");
  await expect(main).toContainText("The list of workers could not be read: ");
  await expect(main).toContainText("is not authorized to perform actions [GET] on entity 'namespace:default'");
  await asksNobodyToSignIn(page);

  await sandbox.noFaults();
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(console.row(poller)).toBeVisible();
});

test("a list whose session ended for one part asks to sign in, and does not call it a permission", async ({
  page,
  sandbox,
}) => {
  await sandbox.fault({ name: "401", path: "/default/workers", times: 1000 });
  await page.goto("/ns/default/programs");
  await expect(page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("401: Sign-in required.").first()).toBeVisible();
  await expect(page.getByText(/permission/)).toHaveCount(0);
});

test("a program that may not be read is refused with the permission, and not with a sign-in", async ({ page, sandbox }) => {
  await sandbox.fault({ name: "403", method: "GET", path: "/apps/Warehouse", times: 1000 });
  await page.goto(`/ns/default/apps/${poller.app}/${poller.type}/${poller.name}`);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("403: You don't have permission to view this program.");
  await expect(alert).toContainText("Signing in again doesn't help.");
  await expect(alert).toContainText(STOP);
  await asksNobodyToSignIn(page);
  await sandbox.noFaults();
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("table", { name: "Runs" })).toBeVisible();
});

test("runs are shown although their application may not be read, with the reason", async ({ page, sandbox }) => {
  await sandbox.only(poller, { drain: "2" });
  await sandbox.fault({ name: "403", method: "GET", path: "/apps/Warehouse$", times: 1000 });
  await new Console(page).openProgram(poller);
  await expect(page.getByRole("table", { name: "Runs" }).getByRole("row").nth(1)).toContainText("Running");
  await expect(page.getByRole("main")).toContainText("403: You don't have permission to view this application.");
  await expect(page.getByRole("main")).toContainText(STOP);
});

test("the open form is the retry of a refused start, and a start that is accepted ends the refusal", async ({
  page,
  sandbox,
}) => {
  await sandbox.quiet(report);
  await sandbox.fault({ name: "403", application: "Warehouse", method: "POST", path: "/StockReport/start" });
  const console = new Console(page);
  await console.openProgram(report);
  await page.getByRole("button", { name: "Start…", exact: true }).click();
  await page.getByRole("button", { name: "Start StockReport" }).click();
  await expect(page.getByRole("alert")).toContainText(STOP);
  await page.getByRole("button", { name: "Start StockReport" }).click();
  await expect(page.getByText(/Start requested/i).first(), "the form itself is the retry").toBeVisible();
  await expect(page.getByRole("button", { name: "Start…", exact: true })).not.toHaveAttribute("aria-disabled", "true");
});

test("a batch that is refused for one program is shown as refused there, and that program alone can't be stopped again", async ({
  page,
  sandbox,
  relay,
}) => {
  const before = await sandbox.onlyRun(poller, { drain: "2" });
  const refused = await sandbox.onlyRun(customers, { wait: "3600" });
  const after = await sandbox.onlyRun(invoices, { wait: "3600" });
  const words = `Principal 'alice' is not authorized to perform actions [EXECUTE] on entity 'application:${customers.app}'`;
  const console = new Console(page);
  await console.openPrograms();
  for (const program of [poller, customers, invoices]) await console.select(program);
  await page.getByRole("button", { name: "Stop 3 programs…" }).click();
  await sandbox.fault({ name: "403", application: customers.app, method: "POST", path: "/stop" });
  await console.confirm(3);
  await expect(console.stopped(refused)).toContainText("403: You don't have permission for the stop request.");
  await expect(console.stopped(refused)).toContainText(words);
  await expect(console.stopped(after)).toContainText("403: The server refused the request for several programs. Checking the run.");
  await expect(console.stopped(before)).toContainText("Ended", { timeout: 60_000 });
  await expect(console.stopped(after)).toContainText("Killed", { timeout: 60_000 });
  expect(await sandbox.alive(customers)).toHaveLength(1);
  const byRun = relay.stops.slice(1);
  expect(byRun.map((it) => it.target.includes(after)), "what the batch did not reach is stopped by run").toEqual([true]);

  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  const stop = console.row(customers).getByRole("button", { name: /^Stop/ });
  await expect(stop).toHaveAttribute("aria-disabled", "true");
  await expect(stop).toHaveAccessibleDescription(`You don't have permission (403): ${words}.`);
});

test("a refused pause names the permission and is sent again only after its retry is enabled", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(scheduled);
  await scene.enable(scheduled.app);
  const wizard = new Wizard(page);
  await wizard.check(scheduled.app);
  await sandbox.fault({ name: "403", application: scheduled.app, method: "POST", path: "/disable" });
  await wizard.press("Pause schedules");
  const retry = page.getByRole("button", { name: /^Retry / });
  const words = `is not authorized to perform actions [EXECUTE] on entity 'application:${scheduled.app}'`;
  await expect(retry).toHaveAttribute("aria-disabled", "true");
  await expect(retry).toHaveAccessibleDescription(`You don't have permission (403): Principal 'alice' ${words}.`);
  await retry.click({ force: true });
  await expect(page.getByText("You don't have permission for some actions.")).toBeVisible();
  await wizard.press("Enable retry");
  await expect(page.getByText("You don't have permission for some actions.")).toHaveCount(0);
  await retry.click();
  await wizard.goOn();
  expect(await scene.schedule(scheduled.app)).toBe("SUSPENDED");
  expect(relay.sent(/\/disable$/)).toHaveLength(2);
});

test("a refused upgrade can't be retried until its retry is enabled", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two);
  const wizard = new Wizard(page);
  await wizard.check(two.app);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  await sandbox.fault({ name: "403", application: two.app, method: "POST", path: "/upgrade" });
  await wizard.upgrade.click();
  await expect(wizard.row(two.app)).toContainText("is not authorized to perform");
  for (const name of [/^Retry up_two/, "Retry failed"]) {
    await expect(wizard.button(name)).toHaveAttribute("aria-disabled", "true");
    await expect(wizard.button(name)).toHaveAccessibleDescription(/^You don't have permission \(403\): Principal 'alice'/);
  }
  expect(relay.sent(/\/upgrade/)).toHaveLength(1);
  await wizard.press("Enable retry");
  await wizard.press("Retry failed");
  await wizard.goOn(60_000);
  expect((await scene.detail(two.app)).artifact.version).toBe(NEWER);
});

test("a refused stop in the wizard can't be sent again until its retry is enabled", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two);
  await sandbox.start(two, { wait: "3600" });
  const wizard = new Wizard(page);
  await wizard.check(two.app);
  await wizard.pause();
  await sandbox.fault({ name: "403", application: two.app, method: "POST", path: "/stop" });
  await wizard.stopRuns();
  const again = page.getByRole("button", { name: "Send again" });
  await expect(again).toHaveAttribute("aria-disabled", "true");
  await expect(again).toHaveAccessibleDescription(/^You don't have permission \(403\): Principal 'alice'/);
  await wizard.press("Enable retry");
  await again.click();
  await wizard.goOn(120_000);
  expect(relay.stops).toHaveLength(2);
});
