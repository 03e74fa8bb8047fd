import { readFile } from "node:fs/promises";
import { report } from "../support/cdap.js";
import { NEWER, OLDER, PLUGINS, Scene, live, older, plain, scheduled, tracked, two } from "../support/scene.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

const upgradeOf = (app: string) => new RegExp(`^POST .*/apps/${app}/upgrade`);

test("six applications: five on the newest version with what ran before, one left alone, one brought back", async ({
  page,
  cdap,
  relay,
}) => {
  // A real-time run without a word in its log is looked at for a minute, and a recovery takes half a minute.
  test.setTimeout(600_000);
  const scene = new Scene(cdap);
  const was = await scene.six();
  const after = await scene.waitsFor(two);
  await scene.newerPlugins();
  const wizard = new Wizard(page);

  await test.step("1 choose", async () => {
    await wizard.open();
    await expect(wizard.row(plain), "folded").toHaveCount(0);
    await wizard.unfold("Not upgradable");
    await expect(wizard.row(plain)).toContainText("Not a pipeline");
    await expect(wizard.row(plain).getByRole("checkbox")).toBeDisabled();
    await expect(wizard.row(live.app)).toContainText(`Redeploy on ${NEWER}`);
    const refused = await wizard.details(live.app);
    await expect(refused).toContainText("501");
    await expect(refused, "the same configuration again").not.toContainText("sample-plugins");
    await expect(wizard.row(two.app)).toContainText("1 plugin moves");
    await expect(await wizard.details(two.app)).toContainText(`Wait: sample-plugins 1.0.0 → ${PLUGINS}`);
    await wizard.choose(two.app, scheduled.app, older.app, tracked.app, live.app);
    await wizard.goOn();
  });

  await test.step("2 check", async () => {
    await wizard.isAt("Review");
    await wizard.acknowledge();
    await expect(wizard.row(two.app)).toContainText(`Triggers ${after} of ${plain}, which is not in this upgrade`);
    await expect(page.getByRole("checkbox", { name: /^1 schedule outside this upgrade/ })).toBeChecked();
    expect(relay.writes, "nothing was changed yet").toEqual([]);
    await wizard.goOn(60_000);
  });

  await test.step("3 pause schedules", async () => {
    await wizard.isAt("Pause schedules");
    await wizard.press("Pause schedules");
    await wizard.goOn();
    expect(await scene.schedule(scheduled.app)).toBe("SUSPENDED");
    expect(relay.sent(/\/schedules\//)).toHaveLength(1);
  });

  await test.step("4 stop, with a reload", async () => {
    await wizard.isAt("Stop runs");
    await expect(wizard.button("Continue")).toBeDisabled();
    await wizard.press("Stop 5 runs");
    await expect.poll(() => relay.stops.length).toBe(2);
    await page.reload();
    await wizard.isThere();
    await wizard.isAt("Stop runs");
    await wizard.goOn(240_000);
    for (const program of [two, older, tracked, live]) expect(await cdap.alive(program), program.app).toEqual([]);
    expect(relay.stops, "a batch, and the run of the older version").toHaveLength(2);
  });

  await test.step("5 back up, with a reload", async () => {
    await wizard.isAt("Back up");
    expect(await wizard.backUp()).toMatch(/^quiesce-backup-default-.*\.zip$/);
    await page.reload();
    await wizard.isThere();
    await wizard.isAt("Back up");
    await page.getByText("Upgrade timeline", { exact: true }).click();
    const steps = page.getByRole("table", { name: "Upgrade timeline" });
    await expect(steps.getByRole("rowheader")).toHaveText(["Review", "Pause schedules", "Stop runs", "Back up"]);
    const stopped = steps.getByRole("row").filter({ hasText: "Stop runs" });
    await expect(stopped.getByRole("cell").nth(3)).toHaveText(/Runs \d+ (s|min)/);
    await expect(stopped.getByRole("cell").nth(4)).toHaveText(/^\d+ runs ended$/);
    await wizard.goOn();
  });

  await test.step("6 upgrade, while the server dies and the page is left", async () => {
    await wizard.isAt("Upgrade");
    expect(relay.sent(/\/upgrade/)).toEqual([]);
    relay.dieAt(upgradeOf(older.app));
    await wizard.press(/^Upgrade \d+ applications$/);
    await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toBeVisible();
    expect(relay.isDown).toBe(true);
    // A sandbox that is killed forgets everything; there only the connection to it is lost.
    if (process.env.CDAP_PROCESS && test.info().project.name === "cdap") {
      await cdap.crash();
      // Several first starts at once can be too much for a server that was just started (cdap/README.md).
      await cdap.start(report, { wait: "20" });
    }
    await relay.up();
    // Whichever comes next is under way when the page is left.
    await expect.poll(() => relay.sent(/\/upgrade/).length, { timeout: 120_000 }).toBeGreaterThan(1);
    await page.reload();
    await wizard.isThere();
    // A call whose intent was written and which never left is looked at for a minute, and then asked about.
    await expect(async () => {
      const again = wizard.button(/^Retry /);
      if ((await again.count()) > 0) await again.first().click();
      for (const { app } of [older, scheduled, tracked, two]) {
        expect((await scene.detail(app)).artifact.version, app).toBe(NEWER);
      }
    }).toPass({ timeout: 240_000 });
    expect((await scene.detail(live.app)).artifact.version, "what the server refuses waits").toBe(OLDER);
  });

  await test.step("6 recover and redeploy what the server refuses", async () => {
    await expect(wizard.button("Continue")).toBeDisabled();
    const before = (await cdap.runs(live)).length;
    await wizard.recover(live.app);
    await expect.poll(async () => (await cdap.runs(live)).length, { timeout: 60_000 }).toBe(before + 1);
    const [recovering] = await cdap.runs(live);
    expect(recovering?.version, "the same version again").toBe(was.details[live.app]?.appVersion);
    await expect.poll(() => cdap.alive(live).then((it) => it.length), { timeout: 240_000 }).toBe(0);
    // A stand-alone server never tells that all was processed (docs/loss.md, after 5 and 6).
    await expect(wizard.row(live.app)).toContainText(/May have unprocessed data/, { timeout: 120_000 });
    await wizard.redeployAnyway(live.app);
    await expect.poll(async () => (await scene.detail(live.app)).artifact.version, { timeout: 60_000 }).toBe(NEWER);
    await wizard.goOn(60_000);
  });

  await test.step("7 restore", async () => {
    await wizard.isAt("Restore");
    await wizard.press("Restore");
    await wizard.goOn(240_000);
    await wizard.isAt("Report");
    const version = async (app: string) => (await scene.detail(app)).appVersion;
    const running = async (mark: string, app: string) => ({ status: "RUNNING", version: await version(app), mark });
    const marks = (it: { mark: string | undefined }[]) => it.map(({ mark }) => mark).sort();
    const both = await scene.running(two);
    expect(marks(both)).toEqual(["one", "other"]);
    for (const run of both) expect(run).toEqual(await running(run.mark as string, two.app));
    expect(await scene.running(older)).toEqual([await running("old", older.app)]);
    expect(await scene.running(tracked)).toEqual([await running("kept", tracked.app)]);
    expect(await scene.running(live)).toEqual([await running("refused", live.app)]);
    expect(await scene.schedule(scheduled.app)).toBe("SCHEDULED");
    expect(await scene.schedule(older.app), "was off before").toBe("SUSPENDED");
  });

  await test.step("8 report, and one is brought back", async () => {
    for (const { app } of [two, scheduled, older, tracked, live]) {
      const [now, before] = [await scene.detail(app), was.details[app]];
      expect(now.artifact.version, app).toBe(NEWER);
      expect(now.appVersion, app).not.toBe(before?.appVersion);
      expect(await scene.versions(app), `${app}: one new version`).toBe((was.versions[app] ?? 0) + 1);
    }
    for (const { app } of [two, scheduled, older, tracked]) expect(await scene.plugin(app), app).toBe(PLUGINS);
    expect(await scene.plugin(live.app), "redeployed as it was").toBe("1.0.0");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download report" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    const names = ["Review", "Pause schedules", "Stop runs", "Back up", "Upgrade", "Restore"];
    const file = JSON.parse(await readFile(await download.path(), "utf8"));
    expect(file.steps.map((it: { step: string }) => it.step)).toEqual(names);
    const times = (spans: { from: number; until: number }[]) => spans.flatMap(({ from, until }) => [from, until]);
    for (const { spans } of [...file.steps, ...file.applications]) {
      expect(times(spans), "one after the other").toEqual(times(spans).sort((a, b) => a - b));
    }
    const run = file.runs.find((it: { run: string }) => it.run.includes(`/${two.app}/`));
    expect(run.times.ended, "the end of its record").toBeGreaterThanOrEqual(run.times.spans.at(-1).from);

    const summary = page.getByText("Upgrade timeline", { exact: true });
    await summary.click();
    await expect(page.getByRole("table", { name: "Upgrade timeline" }).getByRole("rowheader")).toHaveText(names);
    const courses = page.getByRole("table", { name: "Course by application" });
    const course = courses.getByRole("row").filter({ has: page.getByText(live.app, { exact: true }) });
    await expect(course.getByRole("cell").nth(2), "it was drained, and redeployed").toHaveText(/Draining .+/);
    await summary.click();
    await expect(courses).toBeHidden();

    const row = page.getByRole("row").filter({ has: page.getByText(scheduled.app, { exact: true }) });
    const id = (await scene.detail(scheduled.app)).appVersion;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await row.getByRole("button", { name: `Copy version ID ${id.slice(0, 8)}` }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), "the whole ID").toBe(id);
    await row.getByRole("button", { name: /^Roll back/ }).click();
    await expect.poll(async () => (await scene.detail(scheduled.app)).artifact.version, { timeout: 60_000 }).toBe(OLDER);
    const now = await scene.detail(scheduled.app);
    expect(JSON.parse(now.configuration)).toEqual(JSON.parse(was.details[scheduled.app]?.configuration ?? ""));
    expect(await scene.schedule(scheduled.app), "stays on").toBe("SCHEDULED");
  });

  await test.step("nothing was sent twice, and nothing else", async () => {
    for (const { app } of [two, scheduled, tracked]) expect(relay.sent(upgradeOf(app)), app).toHaveLength(1);
    // The call that the server died of was sent again only if it had done nothing, and only when that was pressed.
    const answered = relay.sent(upgradeOf(older.app)).filter((it) => it.status !== undefined);
    expect(answered.length, older.app).toBeLessThanOrEqual(1);
    expect(relay.sent(upgradeOf(live.app))).toEqual([]);
    expect(relay.sent(new RegExp(`^PUT .*/apps/${live.app}$`))).toHaveLength(1);
    expect(relay.sent(new RegExp(`^PUT .*/apps/${scheduled.app}$`))).toHaveLength(1);
    expect(relay.sent(/\/schedules\/.*\/(suspend|disable)$/)).toHaveLength(1);
    expect(relay.sent(/\/schedules\/.*\/(resume|enable)$/)).toHaveLength(1);
    // Five runs that were stopped, and one to recover.
    expect(relay.sent(/\/start$/)).toHaveLength(6);
    expect(relay.writes.filter((it) => it.target.includes(plain))).toEqual([]);
    expect((await scene.detail(plain)).appVersion).toBe(was.details[plain]?.appVersion);
  });

  await scene.clear();
});
