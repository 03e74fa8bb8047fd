import { checkByKey, pressByKey, recordAnnouncements, tabTo } from "../support/keyboard.js";
import { NEWER, Scene, scheduled, two } from "../support/scene.js";
import { expect, test } from "../support/sandbox.js";
import { Wizard } from "../support/wizard.js";

test("applications are upgraded from the list to the report without a mouse", async ({ page, sandbox, relay }) => {
  const scene = new Scene(sandbox);
  await scene.copies(two, scheduled);
  await scene.enable(scheduled.app);
  await sandbox.start(two, { wait: "3600" });
  const wizard = new Wizard(page);
  const press = (name: string | RegExp, timeout = 60_000) => pressByKey(page, wizard.button(name), timeout);
  const arrives = async (step: string) => {
    await wizard.isAt(step);
    const heading = page.getByRole("heading", { level: 2, name: new RegExp(step) });
    await expect(heading.first(), "a new step has the focus at its heading").toBeFocused();
  };

  await wizard.open();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search applications" })).toBeFocused();
  await page.keyboard.type("up_");
  await expect(wizard.row(two.app)).toBeVisible();
  for (const { app } of [scheduled, two]) {
    await checkByKey(page, page.getByRole("checkbox", { name: `Select ${app}`, exact: true }));
  }
  await press("Continue");
  await wizard.isAt("Review");
  const announced = await recordAnnouncements(page);

  // Each risk is acknowledged; only then is the step done.
  const risks = page.getByRole("checkbox", { name: /^\d+ (run|application|schedule)s? / });
  await expect(risks.first()).toBeVisible();
  for (const risk of await risks.all()) await checkByKey(page, risk);
  await press("Continue");
  await arrives("Pause schedules");
  await press("Pause schedules");
  await press("Continue");
  await arrives("Stop runs");
  await press("Stop 1 run");
  await press("Continue");
  await arrives("Back up");
  const download = page.waitForEvent("download");
  await press("Back up");
  await download;
  await press("Continue");
  await arrives("Upgrade");
  await press("Upgrade 2 applications");
  await press("Continue");
  await arrives("Restore");
  await press("Restore");
  await press("Continue");
  await arrives("Report");
  await tabTo(page, page.getByRole("link", { name: "Download report" }));

  for (const { app } of [two, scheduled]) expect((await scene.detail(app)).artifact.version, app).toBe(NEWER);
  expect(await scene.schedule(scheduled.app)).toBe("SCHEDULED");
  expect(await scene.running(two)).toHaveLength(1);
  expect(relay.stops).toHaveLength(1);
  const said = await announced();
  expect(said.length, said.join("; ")).toBeLessThanOrEqual(14);
  for (const step of ["Pause schedules", "Stop runs", "Back up", "Upgrade", "Restore", "Report"]) {
    expect(said.filter((it) => it.includes(step)).length, `${step} is said`).toBeGreaterThan(0);
  }
});
