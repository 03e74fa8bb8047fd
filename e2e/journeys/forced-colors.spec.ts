import type { Locator } from "@playwright/test";
import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/sandbox.js";
import { Wizard } from "../support/wizard.js";
import { Scene, two } from "../support/scene.js";

/** What is painted of an element in forced colors, with the line that is drawn after it. */
async function paint(element: Locator): Promise<string> {
  return element.evaluate((it) => {
    const { backgroundColor, color, borderTopColor, borderTopWidth, fontWeight } = getComputedStyle(it);
    const after = getComputedStyle(it, "::after");
    const line = after.content === "none" ? "" : `${after.borderBottomWidth} ${after.borderBottomColor}`;
    return [backgroundColor, color, borderTopColor, borderTopWidth, fontWeight, line].join(" ");
  });
}

test("in forced colors what is on differs from what is off, and the focus is seen", async ({ page, sandbox }) => {
  await sandbox.onlyRun(poller, { drain: "2" });
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  const console = new Console(page);
  await console.openPrograms();

  const nav = page.getByRole("navigation").getByRole("link");
  expect(await paint(nav.and(page.locator('[aria-current="page"]')))).not.toBe(await paint(nav.last()));
  const box = page.getByRole("checkbox", { name: `Select ${poller.app} ${poller.name}`, exact: true });
  const off = await paint(box);
  await box.check();
  expect(await paint(box), "a checked box").not.toBe(off);
  const chips = page.getByRole("search").locator("label");
  const chip = chips.first();
  const open = await paint(chip);
  await chip.click();
  await expect.poll(() => paint(chip), "a filter that is on").not.toBe(open);
  await chip.click();
  await page.getByRole("button", { name: /^Stop 1 program/ }).click();
  const choices = page.getByRole("radiogroup", { name: "Grace period" }).locator("label");
  await console.grace("Custom").check();
  const chosen = await paint(choices.filter({ hasText: "Custom" }));
  expect(chosen, "the chosen grace period").not.toBe(await paint(choices.filter({ hasText: "Now" })));
  await console.grace("Custom").focus();
  await page.keyboard.press("Tab");
  expect(await console.duration.evaluate((it) => getComputedStyle(it).outlineStyle)).not.toBe("none");

  const unavailable = page.getByRole("button", { name: /^Stop 1 run/ });
  await console.duration.fill("not a duration");
  await expect(unavailable).toBeDisabled();
  const disabled = await paint(unavailable);
  await console.duration.fill("30");
  await expect(unavailable).toBeEnabled();
  expect(await paint(unavailable), "a button that can't be pressed").not.toBe(disabled);

  const scene = new Scene(sandbox);
  await scene.copies(two);
  const wizard = new Wizard(page);
  await wizard.open();
  const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  const mark = (step: Locator) => paint(step.locator('[aria-hidden="true"]').first());
  expect(await mark(wizard.step), "the current step").not.toBe(await mark(steps.last()));
});
