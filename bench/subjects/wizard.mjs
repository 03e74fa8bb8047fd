// An upgrade of some 1,000 applications in one operation: two thirds of the fleet can be upgraded, and all of them are.
import { open } from "../support/browser.mjs";
import { demo } from "../support/demo.mjs";
import { figure } from "../support/figures.mjs";
import { backUp, press, selectAndReview, upgradeAll } from "../support/forms.mjs";
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
  await selectAndReview(page, `${between.url}/ns/retail/upgrade`, step);
  await press(page, "Pause schedules");
  await press(page, "Continue");
  await step("schedules are paused");
  await press(page, /^Stop [\d,]+ runs?$/);
  await press(page, "Continue");
  await step("runs have ended");
  await backUp(page, step);
  const count = await upgradeAll(page);
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
