import { readFileSync } from "node:fs";
import { poller, report, type Program } from "../support/cdap.js";
import { Console } from "../support/console.js";
import type { Exchange } from "../support/relay.js";
import { NEWER, OLDER, Scene, scheduled, two } from "../support/scene.js";
import { expect, expireHeld, isOf, test } from "../support/secured.js";
import { alice, bob, SignIn } from "../support/sign-in.js";
import { Wizard } from "../support/wizard.js";

interface Journal {
  operations: { header: { user: string; continued: { user: string }[] } }[];
}

interface Stopped {
  program: Program;
  runid: string;
}

const upgradeOf = (app: string) => new RegExp(`^POST .*/apps/${app}/upgrade`);
const bearer = (it: Exchange | undefined) => it?.headers.authorization?.replace("Bearer ", "");

// A session that expires while an operation sends requests. A request that is under way by then reaches the server with
// a token that it rejects: nothing of it is carried out.

test.use({ session: "short" });

test("a session that expires during a stop of many pauses it, and the same user continues it", async ({ page, cdap, relay }) => {
  const runs = await cdap.only(report, { wait: "3600" }, { wait: "3601" }, { wait: "3602" });
  const [first, second, third] = runs.map(({ runid }) => ({ program: report, runid })) as [Stopped, Stopped, Stopped];
  const worker = { program: poller, runid: await cdap.onlyRun(poller, { drain: "2" }) };
  const all = [first, second, third, worker];
  const console = new Console(page);
  const signIn = new SignIn(page);
  await page.goto(console.stopForm(...all));
  await signIn.as(alice);
  await console.grace("Custom").check();
  await console.duration.fill("90");
  await expect(page.getByRole("button", { name: "Stop 4 runs", exact: true })).toBeEnabled();
  relay.hold(new RegExp(`^POST .*(${third.runid}|${worker.runid})/stop`));
  await console.confirm(4);
  for (const { program, runid } of [first, second]) await cdap.firstEnd(program, runid);
  await expireHeld(cdap, relay, 2);
  await expect(signIn.dialog).toContainText("Your sign-in has expired.");
  await expect(signIn.name, "the last user is proposed").toHaveValue("alice");
  await expect(page).toHaveURL(/\/stop\/\w+$/);
  for (const { program, runid } of [third, worker]) expect((await cdap.run(program, runid)).status).toBe("RUNNING");

  await signIn.as(alice);
  for (const { runid } of all) await expect(console.stopped(runid)).toContainText(/Killed|Ended/, { timeout: 120_000 });
  for (const { program, runid } of all) await cdap.firstEnd(program, runid);
  const statuses = ({ runid }: Stopped) => relay.stops.filter((it) => it.target.includes(runid)).map((it) => it.status);
  for (const it of [first, second]) expect(statuses(it), "sent once").toEqual([200]);
  for (const it of [third, worker]) expect(statuses(it), "refused, then carried out once").toEqual([401, 200]);
  await expect(page.getByText(/started this operation/)).toHaveCount(0);
});

test("another user is told who started a stop, and both are recorded", async ({ page, cdap, relay }) => {
  const runid = await cdap.onlyRun(poller, { drain: "2" });
  const console = new Console(page);
  const signIn = new SignIn(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await signIn.as(alice);
  relay.hold(/^POST .*\/stop$/);
  await console.confirm(1);
  await expireHeld(cdap, relay);
  await signIn.as(bob);
  const notice = page.getByRole("alert").filter({ hasText: "alice started this operation." });
  await expect(notice).toContainText("No requests are sent until you continue it as bob.");
  expect(relay.stops.map((it) => it.status), "alice's was refused").toEqual([401]);
  expect((await cdap.run(poller, runid)).status).toBe("RUNNING");

  await notice.getByRole("button", { name: "Continue as bob" }).click();
  await expect(console.stopped(runid)).toContainText(/Ended|Killed/, { timeout: 60_000 });
  await cdap.firstEnd(poller, runid);
  const [refused, carriedOut, ...more] = relay.stops;
  expect([refused?.status, carriedOut?.status, more]).toEqual([401, 200, []]);
  expect(isOf(bearer(refused), alice) && isOf(bearer(carriedOut), bob), "each with a token of its own").toBe(true);

  const [journal] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download journal" }).click(),
  ]);
  const { operations } = JSON.parse(readFileSync((await journal.path()) as string, "utf8")) as Journal;
  const { user, continued } = (operations[0] as Journal["operations"][0]).header;
  expect([user, ...continued.map((it) => it.user)]).toEqual(["alice", "bob"]);
  const users = /by alice, continued by bob at \d/;
  await expect(page.getByRole("region", { name: "Result" })).toContainText(users);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByText(users)).toBeVisible();
});

test("a session that expires during an upgrade pauses it, and the same user continues it", async ({ page, cdap, relay }) => {
  const scene = new Scene(cdap);
  await scene.copies(two, scheduled);
  const wizard = new Wizard(page);
  const signIn = new SignIn(page);
  await page.goto("/ns/default/upgrade");
  // The steps before take longer than a session.
  await signIn.withToken(cdap.token);
  await wizard.isThere();
  await wizard.choose(two.app, scheduled.app);
  await wizard.goOn();
  await wizard.isAt("Review");
  await wizard.acknowledge();
  await wizard.goOn(60_000);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");

  // A token is never kept, so a new page has none, and asks before anything is changed.
  await page.reload();
  await signIn.as(alice);
  await wizard.isAt("Upgrade");
  // They are upgraded one after another, in the order of their names.
  relay.hold(upgradeOf(two.app));
  await wizard.press(/^Upgrade 2 applications$/);
  await expireHeld(cdap, relay);
  await expect(signIn.dialog).toContainText("Your sign-in has expired.");
  expect((await scene.detail(scheduled.app)).artifact.version).toBe(NEWER);
  expect((await scene.detail(two.app)).artifact.version).toBe(OLDER);

  await signIn.as(alice);
  await wizard.goOn(60_000);
  await wizard.isAt("Restore");
  for (const { app } of [two, scheduled]) {
    expect((await scene.detail(app)).artifact.version, app).toBe(NEWER);
    expect(await scene.versions(app), `${app}: one new version`).toBe(2);
    expect(relay.sent(upgradeOf(app)).filter((it) => it.status === 200), app).toHaveLength(1);
  }
  expect(relay.sent(upgradeOf(two.app)).map((it) => it.status), "refused, then carried out once").toEqual([401, 200]);
  await scene.clear();
});
