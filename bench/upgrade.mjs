// An upgrade of many applications in one operation, on the optimised page and the sandbox: how long it takes, whether
// the page stays responsive, how large its journal gets.
//
//   node bench/upgrade.mjs [--fleet N]
//
// Two thirds of the fleet can be upgraded; all of them are chosen.
//
// Needs what `cargo xtask test` builds. The longest task is the browser's own measure (`longtask`: from 50 ms on); an
// interaction is a press of a key in the page until the next frame, tried twice a second all the time.
import { parseArgs } from "node:util";
import { browser as launch, demo, most, taken, watched } from "./support.mjs";

const { values } = parseArgs({ options: { fleet: { type: "string", default: "1510" } } });

async function journal(page) {
  return page.evaluate(async () => {
    const open = indexedDB.open("quiesce");
    const database = await new Promise((done, failed) => {
      open.onsuccess = () => done(open.result);
      open.onerror = () => failed(open.error);
    });
    const read = (store) =>
      new Promise((done, failed) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const entries = await read("entries");
    database.close();
    return { entries: entries.length, bytes: entries.reduce((sum, it) => sum + new Blob([it]).size, 0) };
  });
}

const browser = await launch();
const server = await demo(values.fleet);
const page = await watched(browser);
page.setDefaultTimeout(1_800_000);
let requests = 0;
page.on("request", (request) => {
  if (new URL(request.url()).pathname.startsWith("/v3")) requests += 1;
});

console.log("| until | s | requests | tasks over 50 ms | longest task ms | longest key to frame ms |");
console.log("| --- | --- | --- | --- | --- | --- |");
let since = performance.now();
async function lap(name) {
  const { tasks, keys } = await taken(page);
  const now = performance.now();
  const took = ((now - since) / 1_000).toFixed(1);
  console.log(`| ${[name, took, requests, tasks.length, most(tasks), most(keys)].join(" | ")} |`);
  requests = 0;
  since = now;
}
const button = (name) => page.getByRole("button", { name, exact: typeof name === "string" });
const press = async (name) => {
  await page.waitForFunction(
    ([text, flags]) => {
      const wanted = new RegExp(text, flags);
      const all = [...document.querySelectorAll("button")];
      return all.some((it) => wanted.test(it.textContent.trim()) && it.ariaDisabled !== "true" && !it.disabled);
    },
    typeof name === "string" ? [`^${name}`, ""] : [name.source, name.flags],
    { polling: 100 },
  );
  await button(name).click();
};

await page.goto(`${server.url}/ns/retail/upgrade`);
await page.getByRole("table", { name: "Applications" }).getByRole("row").nth(1).waitFor();
await lap("the list is there");
// What is read of more applications makes more of them selectable, so that the box is unchecked again.
const all = page.getByRole("checkbox", { name: /^Select all/ });
while (!(await all.isChecked())) {
  await all.click();
  await page.waitForTimeout(500);
}
await lap("all that can are chosen");
await press("Continue");
// The list is gone before the wizard's own button is looked at: both have the same name.
await all.waitFor({ state: "detached" });
await page.getByRole("button", { name: "Exclude" }).first().waitFor();
await page.waitForFunction(() => {
  const button = [...document.querySelectorAll("button")].find((it) => /^Continue/.test(it.textContent));
  return button && (button.ariaDisabled !== "true" || /Acknowledge/.test(button.title));
});
await lap("all are read");
for (const risk of await page.getByRole("checkbox", { name: /^[\d,]+ (run|application|schedule)s? / }).all()) await risk.check();
await press("Continue");
await press("Pause schedules");
await press("Continue");
await lap("schedules are paused");
await press(/^Stop [\d,]+ runs?$/);
await press("Continue");
await lap("runs have ended");
await Promise.all([page.waitForEvent("download"), press("Back up")]);
await press("Continue");
await lap("backed up");
const upgrade = button(/^Upgrade [\d,]+ applications$/);
const count = (await upgrade.textContent()).match(/[\d,]+/)[0];
await press(/^Upgrade [\d,]+ applications$/);
await press("Continue");
await lap(`${count} applications are upgraded`);
await press("Restore");
await press("Continue");
await lap("all is restored");
await page.getByRole("link", { name: "Download report" }).waitFor();
await lap("the report is there");
const { entries, bytes } = await journal(page);

console.log(`\nThe journal: ${entries} entries, ${(bytes / 1e6).toFixed(2)} MB.`);
server.end();
await browser.close();
