// An upgrade of some 1,000 applications in one operation: two thirds of the fleet can be upgraded, and all of them are.
import { open } from "../support/browser.mjs";
import { demo } from "../support/demo.mjs";
import { figure } from "../support/figures.mjs";
import { front } from "../support/front.mjs";
import { laps, phases } from "../support/laps.mjs";

const FLEET = 1_510;

/** The journal of the page's operations: its entries, and their bytes. */
function journal(page) {
  return page.evaluate(async () => {
    const result = (request) =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const database = await result(indexedDB.open("quiesce"));
    const entries = await result(database.transaction("entries").objectStore("entries").getAll());
    database.close();
    return { entries: entries.length, bytes: entries.reduce((sum, it) => sum + new Blob([it]).size, 0) };
  });
}

/** Presses the button whose text begins so, once it can be pressed. */
export async function press(page, name) {
  const pattern = typeof name === "string" ? new RegExp(`^${name}`) : name;
  await page.waitForFunction(
    (source) => [...document.querySelectorAll("button")].some((it) => new RegExp(source).test(it.textContent.trim()) && it.ariaDisabled !== "true" && !it.disabled),
    pattern.source,
    { polling: 100 },
  );
  await page.getByRole("button", { name, exact: typeof name === "string" }).click();
}

/** Until all that can are selected: what is read of more applications makes more of them selectable. */
export async function selectAll(page) {
  const all = page.getByRole("checkbox", { name: /^Select all/ });
  while (!(await all.isChecked())) {
    await all.click();
    await page.waitForTimeout(500);
  }
  return all;
}

export async function run({ browser, binary, save, log }) {
  const server = await demo(binary, FLEET);
  const between = await front(server.url);
  const opened = await open(browser, { timeout: 1_800_000 });
  const { page } = opened;
  const { rows, lap } = await laps(opened, between);
  const step = async (phase) => {
    await lap(phase);
    log(`${phase}: ${figure(rows.at(-1).seconds)} s`);
    await save({ rows });
  };
  await page.goto(`${between.url}/ns/retail/upgrade`);
  await page.evaluate(() => window.bench.pressKeys());
  await page.getByRole("table", { name: "Applications" }).getByRole("row").nth(1).waitFor();
  await step("the list is read");
  const all = await selectAll(page);
  await step("all that can be upgraded are selected");
  await press(page, "Continue");
  // The list is gone before the wizard's own button is used: both have the same name.
  await all.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Exclude" }).first().waitFor();
  await page.waitForFunction(() => {
    const button = [...document.querySelectorAll("button")].find((it) => /^Continue/.test(it.textContent));
    return button && (button.ariaDisabled !== "true" || /Acknowledge/.test(button.title));
  });
  await step("all are reviewed");
  for (const risk of await page.getByRole("checkbox", { name: /^[\d,]+ (run|application|schedule)s? / }).all()) await risk.check();
  await press(page, "Continue");
  await press(page, "Pause schedules");
  await press(page, "Continue");
  await step("schedules are paused");
  await press(page, /^Stop [\d,]+ runs?$/);
  await press(page, "Continue");
  await step("runs have ended");
  await Promise.all([page.waitForEvent("download"), press(page, "Back up")]);
  await press(page, "Continue");
  await step("backed up");
  const upgrade = /^Upgrade [\d,]+ applications$/;
  const count = (await page.getByRole("button", { name: upgrade }).textContent()).match(/[\d,]+/)[0];
  await press(page, upgrade);
  await press(page, "Continue");
  await step(`${count} applications are upgraded`);
  await press(page, "Restore");
  await press(page, "Continue");
  await page.getByRole("link", { name: "Download report" }).waitFor();
  await step("all is restored and reported");
  await save({ rows, journal: await journal(page) });
  await opened.close();
  await between.end();
  server.end();
}

export function tables({ rows, journal }) {
  return [phases(rows), journal && `The journal has ${figure(journal.entries)} entries, ${figure(journal.bytes / 1e6)} MB.`]
    .filter(Boolean)
    .join("\n\n");
}
