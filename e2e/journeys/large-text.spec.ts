import config from "../playwright.config.js";
import { expect, test } from "../support/sandbox.js";
import { visitPages } from "../support/visit.js";
import { cut } from "../support/zoom.js";

// As if the browser's setting for the size of text were twice the usual 16 px.
const launchOptions = config.use?.launchOptions ?? {};
test.use({
  viewport: { width: 1280, height: 1024 },
  launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), "--blink-settings=defaultFontSize=32"] },
});

test("nothing is cut or scrolls sideways with text of twice the size", async ({ page, sandbox }) => {
  await page.goto("/server");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
  await visitPages(page, sandbox, async (name) => expect.soft(await cut(page), name).toEqual([]));
});
