import type { Page } from "@playwright/test";
import { Quiesce } from "../support/process.js";
import { Relay } from "../support/relay.js";
import { expect, withErrors } from "../support/sandbox.js";

// The pages but the list are in parts that are loaded later. The relay is in front of a console before a sandbox: a demo
// loads its tour as well.
const test = withErrors.extend({
  relay: async ({ sandbox }, use) => {
    const console = await Quiesce.start("serve", "--router", sandbox.url, "--listen", "127.0.0.1:0");
    const relay = await Relay.to(console.url);
    await use(relay);
    await relay.down();
    await console.end();
  },
});

/** The files of parts that the page has loaded. */
function loaded(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((it) => new URL(it.name).pathname)
      .filter((it) => /^\/(part|shared)-/.test(it)),
  );
}

async function openPrograms(page: Page, relay: Relay): Promise<void> {
  await page.goto(`${relay.url}/ns/default/programs`);
  await expect(page.getByRole("table", { name: "Programs" }).getByRole("link").first()).toBeVisible();
}

async function loadNothingInAdvance(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
}

/** Presses the keys that open the palette, whose part stays on its way. */
async function openPalette(page: Page, relay: Relay): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect.poll(() => relay.held).toBeGreaterThan(0);
}

test("a page that did not load says so, and opens once the server is available", async ({ page, relay }) => {
  await loadNothingInAdvance(page);
  await openPrograms(page, relay);
  expect(await loaded(page)).toEqual([]);
  relay.dieAt(/^GET \/part-records-/);
  await page.getByRole("link", { name: "History" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "This page did not load." });
  await expect(notice).toBeVisible();
  await expect(notice.getByRole("button", { name: "Reload the console" })).toBeVisible();

  await relay.up();
  await notice.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
  await expect(notice).toBeHidden();
});

test("a server that is unavailable while the list of parts is read stops nothing, and the list is read again", async ({
  page,
  relay,
}) => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  relay.dieAt(/^GET \/parts-/);
  await openPrograms(page, relay);
  await expect.poll(() => relay.isDown, "the list is read in advance").toBe(true);
  await page.getByRole("link", { name: "History" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "This page did not load." });
  await expect(notice).toBeVisible();

  await relay.up();
  await notice.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
  expect(errors).toEqual([]);
});

test("the parts are loaded in advance, so that a page opens without the server", async ({ page, relay }) => {
  await openPrograms(page, relay);
  await expect.poll(() => loaded(page)).toContainEqual(expect.stringMatching(/^\/part-records-[0-9a-f]{16}\.wasm$/));
  await expect.poll(async () => (await loaded(page)).filter((it) => it.startsWith("/part-")).length).toBe(5);
  await relay.down();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
});

test("what is typed while the palette is loaded becomes its query, and triggers no shortcut", async ({ page, relay }) => {
  await loadNothingInAdvance(page);
  await openPrograms(page, relay);
  const search = page.getByRole("searchbox").first();
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  relay.hold(/^GET \/part-palette-/);
  await openPalette(page, relay);
  await page.keyboard.type("wx");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await expect(search, "the field that had the focus stays as it was").toHaveValue("");
  await search.blur();
  // Without the palette these keys lead to the page Server.
  await page.keyboard.type("gv");
  relay.release();
  const field = page.getByRole("dialog", { name: "Search or jump to" }).getByRole("combobox");
  await expect(field).toHaveValue("wgv");
  await expect(field).toBeFocused();
  await page.keyboard.type("1");
  await expect(field, "the cursor is at the end").toHaveValue("wgv1");
  await expect(page).toHaveURL(/\/ns\/default\/programs$/);
});

test("Escape cancels a palette that is loaded, and the keys are those of the page again", async ({ page, relay }) => {
  await loadNothingInAdvance(page);
  await openPrograms(page, relay);
  relay.hold(/^GET \/part-palette-/);
  await openPalette(page, relay);
  await page.keyboard.type("stop");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox").first()).toBeFocused();
  await page.keyboard.type("abc");
  await expect(page.getByRole("searchbox").first()).toHaveValue("abc");
  relay.release();
  await expect.poll(() => loaded(page)).toContainEqual(expect.stringMatching(/^\/part-palette-/));
  const palette = page.getByRole("dialog", { name: "Search or jump to" });
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(palette.getByRole("combobox"), "what was typed is forgotten").toHaveValue("");
});
