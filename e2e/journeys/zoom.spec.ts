import type { Page } from "@playwright/test";
import { expect, test } from "../support/sandbox.js";
import { visitPages } from "../support/visit.js";
import { WIDE_SPACING, addStyle, cut, removeStyles } from "../support/zoom.js";

/** Half and a quarter of 1280 px, which is what is left of them at 200 % and 400 %, and text with wide spacing. */
async function everyZoom(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [zoom, width, height] of [["200 %", 640, 512], ["400 %", 320, 256]] as const) {
    await page.setViewportSize({ width, height });
    found.push(...(await cut(page)).map((it) => `${zoom}: ${it}`));
  }
  await page.setViewportSize({ width: 1280, height: 1024 });
  await addStyle(page, WIDE_SPACING);
  // Wide text may make the page wider; nothing of it may be lost.
  found.push(...(await cut(page)).filter((it) => !it.startsWith("the page")).map((it) => `wide spacing: ${it}`));
  await removeStyles(page);
  return found;
}

test("nothing is cut or scrolls sideways at 200 and 400 %, and nothing is lost with wide spacing", async ({
  page,
  sandbox,
}) => {
  await visitPages(page, sandbox, async (name) => expect.soft(await everyZoom(page), name).toEqual([]));
});
