import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What axe finds, and whether the page scrolls sideways. */
export async function findings(page: Page): Promise<string[]> {
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, "the page does not scroll sideways").toBeLessThanOrEqual(0);
  // A control that the bar at the top covers counts as too small.
  await page.evaluate(() => window.scrollTo(0, 0));
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const EVERY_WAY = [
  [400, "dark"],
  [400, "light"],
  [1440, "dark"],
  [1440, "light"],
] as const;

/** The same in both themes, wide and narrow. */
export async function everyWay(page: Page, ways: readonly (readonly [number, "dark" | "light"])[] = EVERY_WAY): Promise<string[]> {
  const found: string[] = [];
  for (const [width, colorScheme] of ways) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colors that are still changing have a contrast of their own.
    await page.evaluate(() => Promise.all(document.getAnimations().map((it) => it.finished.catch(() => null))));
    for (const it of await findings(page)) found.push(`${colorScheme}, ${width} px: ${it}`);
  }
  return found;
}

/** Once in each theme and at each width: for many states of the same widgets. */
export function bothWays(page: Page): Promise<string[]> {
  return everyWay(page, [
    [400, "dark"],
    [1440, "light"],
  ]);
}
