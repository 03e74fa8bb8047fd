import { NEWER, PLUGINS, Scene, live, plain, scheduled, two } from "../support/scene.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

// The first step of an upgrade: groups that fold, details on demand, and what is selected by which box.

test("groups fold by mouse and keyboard, and keep the selection, also after a reload", async ({ page, cdap, relay }) => {
  const scene = new Scene(cdap);
  await scene.copies(two, scheduled, live);
  const wizard = new Wizard(page);
  try {
    await wizard.open();
    const upgradable = wizard.group("Upgradable");
    const others = wizard.group("Not upgradable");
    await expect(upgradable).toHaveAttribute("aria-expanded", "true");
    await expect(others).toHaveAttribute("aria-expanded", "false");
    await expect(wizard.row(plain)).toHaveCount(0);
    await wizard.unfold("Not upgradable");
    await expect(wizard.row(plain)).toContainText("Not a pipeline");

    await wizard.choose(two.app, scheduled.app);
    await expect(upgradable).toContainText(/\d+ applications, 2 selected$/);
    await upgradable.click();
    await expect(wizard.row(two.app)).toHaveCount(0);
    const isAsLeft = async () => {
      await expect(upgradable).toHaveAttribute("aria-expanded", "false");
      await expect(upgradable).toContainText("2 selected");
      await expect(others).toHaveAttribute("aria-expanded", "true");
      await expect(page.getByText(/^2 selected\. Nothing has been changed yet/)).toBeVisible();
    };
    await isAsLeft();
    await page.reload();
    await isAsLeft();

    await upgradable.focus();
    await page.keyboard.press("Enter");
    await expect(upgradable).toHaveAttribute("aria-expanded", "true");
    await expect(upgradable).toBeFocused();
    await expect(page.getByRole("checkbox", { name: `Select ${two.app}`, exact: true })).toBeChecked();
    expect(relay.writes).toEqual([]);
  } finally {
    await scene.clear();
  }
});

test("“Select all” selects only what can be upgraded, and a redeploy is selected by its own box", async ({
  page,
  cdap,
  relay,
}) => {
  const scene = new Scene(cdap);
  await scene.copies(two, live);
  const wizard = new Wizard(page);
  try {
    await wizard.open("?q=up_");
    const redeploys = wizard.group("Needs redeploy");
    await expect(redeploys).toContainText(/1 application$/);
    const all = page.getByRole("checkbox", { name: /^Select all upgradable applications/ });
    const box = (app: string) => page.getByRole("checkbox", { name: `Select ${app}`, exact: true });
    await all.check();
    await expect(box(two.app)).toBeChecked();
    await expect(box(live.app)).not.toBeChecked();

    await expect(box(live.app)).toHaveAccessibleDescription(`Redeploy on ${NEWER}`);
    await box(live.app).check();
    await expect(redeploys).toContainText("1 application, 1 selected");
    await all.uncheck();
    await expect(box(two.app)).not.toBeChecked();
    await expect(box(live.app)).toBeChecked();

    const details = await wizard.details(live.app);
    await expect(details).toContainText("The server can't upgrade this pipeline (501).");
    await expect(details).toContainText("Spark checkpoints");
    await expect(details.getByRole("link", { name: /^Why\?/ })).toHaveAttribute("href", /\/docs\/upgrade#/);
    const button = page.getByRole("button", { name: `Details of ${live.app}`, exact: true });
    await button.focus();
    await page.keyboard.press("Space");
    await expect(details).toHaveCount(0);
    await expect(button).toBeFocused();

    await wizard.goOn();
    await wizard.isAt("Review");
    await expect(wizard.row(live.app)).toBeVisible();
    await expect(wizard.row(two.app)).toHaveCount(0);
    expect(relay.writes).toEqual([]);
  } finally {
    await scene.clear();
  }
});

test("the summary names the plugins that move, with the number of applications", async ({ page, cdap, relay }) => {
  const scene = new Scene(cdap);
  await scene.copies(two, scheduled);
  await scene.newerPlugins();
  const wizard = new Wizard(page);
  try {
    await wizard.open("?q=up_");
    await expect(wizard.row(two.app)).toContainText("1 plugin moves");
    await page.getByText(/^\d+ plugins? moves? in the upgradable applications$/).click();
    const move = page.getByRole("list", { name: "Plugin moves" }).getByRole("listitem").filter({ hasText: "Wait" });
    await expect(move).toContainText(new RegExp(`^sample-plugins 1\\.0\\.0 → ${PLUGINS} in \\d+ applications `));

    await wizard.choose(two.app);
    await expect(page.getByText("1 plugin moves in the selected applications", { exact: true })).toBeVisible();
    await expect(move).toContainText(`sample-plugins 1.0.0 → ${PLUGINS} in 1 application `);
    await expect(await wizard.details(two.app)).toContainText(`Wait: sample-plugins 1.0.0 → ${PLUGINS}`);
    expect(relay.writes).toEqual([]);
  } finally {
    await scene.clear();
  }
});

test("each filter shows its group, unfolded, and is in the address", async ({ page, cdap }) => {
  const scene = new Scene(cdap);
  await scene.copies(two, live);
  const wizard = new Wizard(page);
  try {
    await wizard.open("?show=cannot");
    await expect(wizard.row(plain)).toBeVisible();
    await expect(wizard.row(two.app)).toHaveCount(0);
    await page.getByRole("checkbox", { name: /^Not upgradable/ }).uncheck();
    await page.getByRole("checkbox", { name: /^Needs redeploy/ }).check();
    await expect(page).toHaveURL(/\?show=redeploy$/);
    await expect(wizard.row(live.app)).toBeVisible();
    await expect(wizard.row(plain)).toHaveCount(0);
  } finally {
    await scene.clear();
  }
});
