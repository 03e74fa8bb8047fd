// Takes pictures of each section of the gallery, and compares them with those taken before: `cargo xtask gallery`.
//   node gallery.mjs --into FOLDER [--binary FILE] [--before FOLDER] [--page FILE]
// With --binary it starts a demo, takes the pictures into the folder and ends the demo; without, it compares what is there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { differences, writePage } from "./support/pictures.mjs";

const { values: options } = parseArgs({
  options: { binary: { type: "string" }, into: { type: "string" }, before: { type: "string" }, page: { type: "string" } },
});
if (!options.into) throw new Error("--into is missing");
const into = resolve(options.into);
const page = resolve(options.page ?? join(dirname(into), "differences.html"));

if (options.binary) await take(options.binary, into);
if (options.before) {
  const before = resolve(options.before);
  const drawn = join(dirname(page), "differences");
  const found = differences(before, into, drawn);
  const counts = writePage(page, { before, after: into, into: drawn, found });
  console.log(`${found.compared} pictures compared with ${before}: ${counts}`);
  for (const { name, pixels } of found.changed) console.log(`  changed: ${name}, ${pixels} pixels`);
  for (const name of found.added) console.log(`  added: ${name}`);
  for (const name of found.removed) console.log(`  removed: ${name}`);
  console.log(pathToFileURL(page).href);
} else {
  console.log("There are no pictures to compare with. `--before` names a folder of pictures.");
}

/** Takes all pictures into an empty folder. */
async function take(binary, into) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const demo = spawn(binary, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(demo.stdout, "data");
  const url = /listening on (\S+?)\/?\s/.exec(line.toString())[1];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Tiles that are drawn in parts and again differ by shades.
    args: ["--disable-partial-raster", "--disable-lcd-text", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    let taken = 0;
    for (const width of [1440, 400]) {
      for (const colorScheme of ["light", "dark"]) taken += await takeAll(browser, url, { width, colorScheme }, into);
    }
    console.log(`${taken} pictures in ${into}`);
  } finally {
    await browser.close();
    demo.kill();
  }
}

/** Takes the pictures of one width and theme. */
async function takeAll(browser, url, { width, colorScheme }, into) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  // A panic, or a request that the example server does not answer.
  const errors = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  // The moment is part of some texts. A server that tells another one would move it.
  await page.clock.setFixedTime(new Date("2026-12-01T10:00:00Z"));
  await context.route("**/quiesce/info", async (route) => {
    const response = await route.fetch();
    const { date: _date, "quiesce-time": _time, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.goto(`${url}/gallery`);
  const links = page.getByRole("navigation", { name: "Sections" }).getByRole("link");
  await links.first().waitFor();
  const ids = await links.evaluateAll((all) => all.map((it) => it.hash.slice(1)));
  let taken = 0;
  const picture = async (target, name) => {
    const take = () => target.screenshot({ animations: "disabled", caret: "hide" });
    // The first one may be taken while something is still drawn: two that are equal show the end.
    let [last, next] = [await take(), await take()];
    for (let attempts = 0; attempts < 5 && !last.equals(next); attempts += 1) [last, next] = [next, await take()];
    writeFileSync(join(into, `${name}-${width}-${colorScheme}.png`), next);
    taken += 1;
  };
  for (const id of ids) {
    await page.goto(`${url}/gallery#${id}`);
    const section = page.locator(`section#${id}`);
    await section.waitFor();
    // Parts and rows that are still loading.
    await page.waitForFunction(() => !document.querySelector("main progress.starting"));
    // What a page reads later than the rest. Some sections show a page that is never answered.
    const read = () => !document.querySelector("main [aria-busy=true]");
    await page.waitForFunction(read, undefined, { timeout: 1_000 }).catch(() => undefined);
    await section.evaluate(
      (section) =>
        new Promise((done) => {
          let timer = setTimeout(done, 150);
          new MutationObserver(() => {
            clearTimeout(timer);
            timer = setTimeout(done, 150);
          }).observe(section, { childList: true, subtree: true, characterData: true });
          // A page that is read again every two seconds changes nothing.
          setTimeout(done, 1_500);
        }),
    );
    await page.evaluate(() => document.fonts.ready);
    await page.mouse.move(0, 0);
    // A bar that stays at the lower edge of the window would lie over the rows of a long page.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(900, height) });
    await picture(section, id);
    await page.setViewportSize({ width, height: 900 });
    if (errors.length > 0) throw new Error(`section ${id}: ${errors.join("\n")}`);
  }
  await page.goto(`${url}/gallery#dialogs`);
  await page.getByRole("button", { name: "Open dialog" }).click();
  await picture(page.getByRole("dialog"), "dialog-open");
  await page.keyboard.press("Escape");
  await page.goto(`${url}/gallery#toasts`);
  await page.getByRole("button", { name: "Show toast" }).click();
  await picture(page.locator(".toast"), "toast-shown");
  await context.close();
  return taken;
}
