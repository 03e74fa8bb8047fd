import { expect, type Locator, type Page } from "@playwright/test";

/** Presses Tab until a control has the focus; each control on the way shows that it has it. */
export async function tabTo(page: Page, control: Locator, most = 60): Promise<void> {
  await expect(control).toHaveCount(1);
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    // Of what is drawn by its label, such as a radio button, the label shows the focus.
    const shown = await focused.evaluate((element) => {
      const drawn = [element, element.closest("label")].filter((it) => it !== null);
      return drawn.some((it) => getComputedStyle(it).outlineStyle !== "none");
    });
    expect(shown, `the focus is seen on ${await focused.evaluate((it) => it.outerHTML.slice(0, 120))}`).toBe(true);
    if (await control.evaluate((it) => it === document.activeElement)) return;
  }
  throw new Error(`${control} is not within ${most} presses of Tab`);
}

/** Reaches a button or link by Tab once it can be pressed, and presses it. */
export async function pressByKey(page: Page, control: Locator, timeout = 20_000): Promise<void> {
  await expect(control).toBeEnabled({ timeout });
  await tabTo(page, control);
  await page.keyboard.press("Enter");
}

/** Reaches a checkbox by Tab and checks it. */
export async function checkByKey(page: Page, box: Locator): Promise<void> {
  await tabTo(page, box);
  await page.keyboard.press("Space");
  await expect(box).toBeChecked();
}

/** Records what a screen reader is told without moving the focus: each text of the page's live region. */
export async function recordAnnouncements(page: Page): Promise<() => Promise<string[]>> {
  const region = page.locator('p[aria-live="polite"]').last();
  const said = await region.evaluateHandle((element) => {
    const said: string[] = [];
    new MutationObserver(() => said.push(element.textContent ?? "")).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return said;
  });
  return () => said.jsonValue();
}
