import { readFileSync } from "node:fs";
import { NEWER, OLDER, Scene, two } from "../support/scene.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

// A plugin that the server lacks: seen before the upgrade, forced, refused with the server's message, excluded.

const ghosts = ["up_ghost_one", "up_ghost_two"];
const reason = "Plugin Wait of ghost-plugins 1.0.0 is not on the server";
const message = "Errors were encountered during validation. Plugin named 'Wait' of type 'action' not found.";

test("an application that lacks a plugin is selected only if forced, fails with the message, and is excluded", async ({
  page,
  cdap,
  relay,
}) => {
  const scene = new Scene(cdap);
  await scene.copies(two);
  await scene.ghosts(...ghosts);
  const wizard = new Wizard(page);
  try {
    await wizard.open("?q=up_");
    await expect(page.getByText("2 applications use plugins that the server lacks.")).toBeVisible();
    await page.getByRole("checkbox", { name: /^Select all/ }).check();
    await expect(wizard.row(two.app).getByRole("checkbox").first()).toBeChecked();
    for (const ghost of ghosts) {
      const select = page.getByRole("checkbox", { name: `Select ${ghost}`, exact: true });
      await expect(select).toBeDisabled();
      await expect(select).not.toBeChecked();
      await expect(select).toHaveAccessibleDescription("1 missing plugin");
      await expect(await wizard.details(ghost)).toContainText(reason);
      await page.getByRole("checkbox", { name: `Select despite the missing plugin: ${ghost}`, exact: true }).check();
    }
    await wizard.goOn();

    await wizard.isAt("Review");
    await expect(page.getByRole("checkbox", { name: /^2 applications with a missing plugin/ })).toBeVisible();
    await expect(page.getByRole("list").getByText(reason)).toHaveCount(1);
    await wizard.acknowledge();
    await wizard.goOn();
    await wizard.isAt("Pause schedules");
    await wizard.stop();
    await wizard.backUp();
    await wizard.goOn();

    await wizard.isAt("Upgrade");
    const began = Date.now();
    await wizard.upgrade.click();
    const failures = page.getByRole("list", { name: "Failures" }).getByRole("listitem");
    await expect(failures.filter({ hasText: message }).getByText("2 applications", { exact: true })).toBeVisible();
    await expect(wizard.row(two.app)).toContainText("Upgraded", { timeout: 60_000 });
    const settled = Date.now() - began;
    console.log(`2 refused upgrades and one good one settled in ${settled} ms`);
    expect(settled).toBeLessThanOrEqual(15_000);
    expect((await scene.detail(two.app)).artifact.version).toBe(NEWER);
    for (const ghost of ghosts) expect((await scene.detail(ghost)).artifact.version).toBe(OLDER);
    expect(relay.sent(/\/apps\/up_ghost_.*\/upgrade/)).toHaveLength(2);

    await failures.getByRole("button", { name: /^Exclude/ }).click();
    await expect(failures).toHaveCount(0);
    await wizard.goOn();
    await wizard.isAt("Restore");
    await wizard.press("Restore");
    await wizard.goOn();
    await wizard.isAt("Report");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download report" }).click(),
    ]);
    const report = JSON.parse(readFileSync((await download.path()) as string, "utf8")) as {
      calls: { answer: string }[];
    };
    expect(report.calls.filter((call) => call.answer.includes(message))).toHaveLength(2);
  } finally {
    for (const ghost of ghosts) await cdap.remove(ghost);
    await scene.clear();
  }
});
