import { readFile } from "node:fs/promises";
import { poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";
import { Wizard } from "../support/wizard.js";

test("a stop is found in the history, exported, deleted after one confirmation and imported", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(poller, { drain: "1" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible({ timeout: 60_000 });
  const address = new URL(page.url()).pathname;

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "History" }).click();
  const operations = page.getByRole("table", { name: "Operations" });
  const row = operations.getByRole("row").filter({ hasText: "Stop 1 run" });
  await expect(row).toContainText("1 of 1 run ended");
  const search = page.getByRole("searchbox", { name: "Search operations" });
  await search.fill("nothing is called so");
  await expect(operations.getByText("No operation matches.")).toBeVisible();
  await search.fill(address.split("/").at(-1) as string);
  await expect(row).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent("download"), row.getByRole("button", { name: "Download journal Stop 1 run" }).click()]);
  const file = await download.path();
  const journal = JSON.parse(await readFile(file, "utf8"));
  expect(journal.operations[0].header.title).toBe("Stop 1 run");
  expect(journal.operations[0].entries.length).toBeGreaterThan(2);
  const changes = journal.operations[0].entries.slice(1).map((entry: { body: { stop: object } }) => Object.values(entry.body.stop)[0].at);
  const took = Math.floor((Math.max(...changes) - journal.operations[0].header.created) / 1000);
  await expect(row.getByRole("cell").nth(3), "from the confirmation to the last change").toHaveText(took < 60 ? `${took} s` : /^\d+ min/);

  await row.getByRole("button", { name: "Delete Stop 1 run" }).click();
  const question = page.getByRole("dialog", { name: "Delete this operation?" });
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No operations in this browser yet")).toBeVisible();

  await page.getByLabel("Journal file").setInputFiles({
    name: "broken.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"quiesce":1,"operations":[{"header":{}}]}'),
  });
  await expect(page.getByText(/^Import failed: this is not a journal file/)).toBeVisible();
  const sent = relay.writes.length;
  await page.getByLabel("Journal file").setInputFiles(file);
  await expect(page.getByText("1 operation imported.")).toBeVisible();
  await row.getByRole("link", { name: "Open Stop 1 run" }).click();
  await expect(page).toHaveURL(new RegExp(`${address}$`));
  await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible();
  expect(relay.writes.length, "nothing is sent by looking").toBe(sent);
});

test("operations are grouped by day, and old ones of this server that have finished are deleted together", async ({ page, cdap }) => {
  const runid = await cdap.onlyRun(poller, { drain: "1" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "History" }).click();
  const operations = page.getByRole("table", { name: "Operations" });
  const day = (name: string) => operations.getByRole("rowgroup", { name, exact: true });
  await expect(day("Today").getByRole("row").filter({ hasText: "Stop 1 run" })).toContainText("1 of 1 run ended");
  await expect(operations.getByRole("progressbar")).toHaveCount(0);

  // The same journal as that of other days, with other IDs.
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download journal Stop 1 run" }).click()]);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  const [recorded] = file.operations;
  const days = await page.evaluate(() =>
    [1, 100].map((ago) => {
      // By the calendar: a day can have 23 or 25 hours.
      const at = new Date();
      at.setDate(at.getDate() - ago);
      at.setHours(ago === 1 ? 23 : 0, ago === 1 ? 59 : 0, 0, 0);
      const year = at.getFullYear() === new Date().getFullYear() ? "" : ` ${at.getFullYear()}`;
      const month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[at.getMonth()];
      return { at: at.getTime(), name: `${at.getDate()} ${month}${year}` };
    }),
  );
  const [yesterday, old] = days as [{ at: number; name: string }, { at: number; name: string }];
  const operation = (id: string, header: object) => ({
    header: { ...recorded.header, id, title: `Stop ${id}`, ...header },
    entries: recorded.entries.map((entry: object) => ({ ...entry, operation: id })),
  });
  file.operations = [
    operation("late", { created: yesterday.at }),
    operation("old", { created: old.at }),
    operation("unfinished", { created: old.at, finished: false }),
    operation("elsewhere", { created: old.at, server: "http://elsewhere.example" }),
  ];
  await page.getByLabel("Journal file").setInputFiles({ name: "days.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(file)) });
  await expect(page.getByText("4 operations imported.")).toBeVisible();
  await expect(day("Today").getByRole("row").filter({ hasText: "1 of 1 run ended" })).toHaveCount(1);
  await expect(day("Yesterday").getByRole("row").filter({ hasText: "23:59" })).toContainText("Stop late");
  await expect(day(old.name).getByRole("row").filter({ hasText: "Stop" })).toHaveCount(3);
  await expect(operations.getByRole("progressbar")).toHaveCount(1);
  await expect(operations.getByRole("progressbar", { name: "Progress of Stop unfinished" })).toHaveAttribute("value", "1");
  await expect(page.getByText(`5 operations in this browser since ${old.name}.`)).toBeVisible();

  const remove = page.getByRole("button", { name: "Delete old operations…" });
  await remove.click();
  const question = page.getByRole("dialog", { name: "Delete old operations?" });
  const age = question.getByRole("textbox", { name: "Older than (days)" });
  await expect(question.getByRole("status")).toHaveText("1 finished operation older than 90 days is deleted, with its report and its backup.");
  await age.fill("100");
  await expect(question.getByRole("status")).toHaveText("No finished operation of this server is older than 100 days.");
  await expect(question.getByRole("button", { name: "Delete 0 operations" })).toBeDisabled();
  await age.fill("99");
  await question.getByRole("button", { name: "Keep" }).click();
  await expect(remove).toBeFocused();
  await expect(day(old.name).getByRole("row").filter({ hasText: "Stop" })).toHaveCount(3);
  await remove.click();
  await question.getByRole("button", { name: "Delete 1 operation" }).click();
  await expect(page.getByText("Deleted: 1 finished operation.")).toBeVisible();
  await expect(operations.getByText("Stop old", { exact: true })).toHaveCount(0);
  for (const kept of ["Stop 1 run", "Stop late", "Stop unfinished", "Stop elsewhere"]) {
    await expect(operations.getByText(kept, { exact: true })).toBeVisible();
  }
  await page.reload();
  await expect(page.getByText(`4 operations in this browser since ${old.name}.`)).toBeVisible();
});

test("chips count operations, and one finds those with problems by what their journals tell", async ({ page, cdap }) => {
  const runid = await cdap.onlyRun(poller, { drain: "1" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid }));
  await console.confirm(1);
  await expect(page.getByRole("status").filter({ hasText: /1 of 1/ })).toBeVisible({ timeout: 60_000 });
  await page.goto("/history");
  const operations = page.getByRole("table", { name: "Operations" });
  const rows = operations.getByRole("row").filter({ hasText: "Stop" });
  const chip = (name: string) => page.getByRole("search", { name: "Filter operations" }).getByRole("checkbox", { name, exact: true });
  await expect(rows).toHaveText([/1 of 1 run ended/]);
  for (const name of ["Stop 1", "Upgrade 0", "Not finished 0", "With problems 0"]) await expect(chip(name)).toBeVisible();

  // A stop that finished with an active run, and one that is under way: as in the journal of this one, cut off.
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download journal Stop 1 run" }).click()]);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  const [recorded] = file.operations;
  const cut = (id: string, finished: boolean) => ({
    header: { ...recorded.header, id, title: `Stop ${id}`, finished },
    entries: recorded.entries.slice(0, 1).map((entry: object) => ({ ...entry, operation: id })),
  });
  file.operations = [cut("left", true), cut("open", false)];
  await page.getByLabel("Journal file").setInputFiles({ name: "cut.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(file)) });
  await expect(page.getByText("2 operations imported.")).toBeVisible();
  for (const name of ["Stop 3", "Upgrade 0", "Not finished 1", "With problems 1"]) await expect(chip(name)).toBeVisible();
  const open = operations.getByRole("row").filter({ hasText: "Stop open" });
  const bar = open.getByRole("progressbar", { name: "Progress of Stop open" });
  await expect(bar).toHaveAttribute("value", "0");
  await expect(bar).toHaveAttribute("max", "1");
  const since = (await open.getByRole("cell").nth(3).textContent()) as string;
  expect(since).toMatch(/^\d+ (s|min)/);
  await expect(open.getByRole("cell").nth(3), "it takes longer as long as it is under way").not.toHaveText(since);

  await chip("With problems 1").check();
  await expect(rows).toHaveText([/Stop left.*0 of 1 run ended/s]);
  await expect(page).toHaveURL(/\/history\?show=problems$/);
  await page.reload();
  await expect(rows).toHaveText([/Stop left/]);
  await expect(chip("With problems 1")).toBeChecked();
  // The words of no result contain it.
  await page.goto("/history?q=problem");
  await expect(operations.getByText("No operation matches.")).toBeVisible();
  await expect(chip("With problems 0")).toBeVisible();
  // An address from before there was this chip.
  await page.goto("/history?show=stop%2Copen");
  await expect(rows).toHaveText([/Stop open/]);
  await expect(chip("With problems 1")).not.toBeChecked();
});

test("the history follows an upgrade in another tab, and the row keeps the focus", async ({ page, cdap }) => {
  await cdap.copy("invoices_monthly", "history_followed");
  const wizard = new Wizard(page);
  await wizard.open("?q=history_followed");
  await wizard.choose("history_followed");
  await wizard.goOn();
  await wizard.isAt("Review");
  const other = await page.context().newPage();
  await other.goto("/history");
  const row = other.getByRole("rowgroup", { name: "Today" }).getByRole("row").filter({ hasText: "Upgrade 1 application" });
  const bar = row.getByRole("progressbar", { name: "Progress of Upgrade 1 application" });
  await expect(row).toContainText("Step 2 of 8: Review");
  await expect(bar).toHaveAttribute("value", "1");
  await expect(bar).toHaveAttribute("max", "8");
  await expect(row.getByRole("cell").nth(3)).toHaveText(/^\d+ (s|min)/);
  const resume = row.getByRole("link", { name: "Resume Upgrade 1 application" });
  await resume.focus();

  await page.bringToFront();
  await wizard.acknowledge();
  await wizard.goOn();
  await wizard.isAt("Pause schedules");
  await other.bringToFront();
  await expect(row).toContainText("Step 3 of 8: Pause schedules");
  await expect(bar).toHaveAttribute("value", "2");
  await expect(resume).toBeFocused();
  await other.close();
  await cdap.remove("history_followed");
});

test("a journal downloaded in the middle of an upgrade is imported in another browser, and the upgrade continues there", async ({
  page,
  cdap,
  browser,
  baseURL,
}) => {
  await cdap.copy("invoices_monthly", "history_carried");
  const wizard = new Wizard(page);
  await wizard.check("history_carried");
  await expect(page.getByText(/^This browser may delete the journal when space is short/)).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), wizard.press("Download now")]);
  await expect(page.getByText(/^This browser may delete the journal/)).toBeHidden();
  const file = await download.path();
  await page.close();

  const other = await browser.newContext({ baseURL });
  const there = await other.newPage();
  await there.goto("/history");
  await there.getByLabel("Journal file").setInputFiles(file);
  await expect(there.getByText("1 operation imported.")).toBeVisible();
  await there.getByRole("table", { name: "Operations" }).getByRole("link", { name: "Resume Upgrade 1 application" }).click();
  const continued = new Wizard(there);
  await continued.isAt("Pause schedules");
  await continued.pause();
  await expect(there.getByRole("button", { name: "Download journal" })).toBeVisible();
  await other.close();
  await cdap.remove("history_carried");
});

test("a browser that doesn't answer about persistent storage delays nothing, and a private window is named", async ({
  context,
  page,
  cdap,
}) => {
  await page.addInitScript(() => (navigator.storage.persist = () => new Promise(() => {})));
  const app = "history_durable";
  await cdap.copy("invoices_monthly", app);
  const wizard = new Wizard(page);
  await wizard.check(app);
  await expect(page.getByText("closing it deletes the journal")).toBeHidden();
  const address = page.url();
  await page.close();

  const small = await context.newPage();
  await small.addInitScript(() => {
    navigator.storage.persist = async () => false;
    navigator.storage.estimate = async () => ({ quota: 50_000_000, usage: 0 });
  });
  await small.goto(address);
  await expect(small.getByText(/^This looks like a private window: closing it deletes the journal/)).toBeVisible();
  await small.close();
  await cdap.remove(app);
});

test("a valid backup passes the check and a changed one does not", async ({ page }, info) => {
  test.skip(info.project.name === "cdap", "the backup of a real server is made and checked in the upgrade journey");
  const wizard = new Wizard(page, "retail");
  await wizard.check("tax_report_monthly");
  await wizard.stop();
  const [download] = await Promise.all([page.waitForEvent("download"), wizard.press("Back up")]);
  const name = download.suggestedFilename();
  const good = await readFile(await download.path());

  await page.goto("/history?check=");
  const check = page.getByRole("region", { name: "Check a backup" });
  const field = page.getByLabel("Backup file");
  await field.setInputFiles({ name, mimeType: "application/zip", buffer: good });
  await expect(check.getByText(`${name} is a valid backup`)).toBeVisible();
  await expect(check.getByText("tax_report_monthly")).toBeVisible();

  const changed = Buffer.from(good);
  const at = Math.floor(changed.length / 3);
  changed[at] = (changed[at] ?? 0) ^ 1;
  await field.setInputFiles({ name: "changed.zip", mimeType: "application/zip", buffer: changed });
  await expect(check.getByText("changed.zip is not a valid backup")).toBeVisible();
  await field.setInputFiles({ name: "short.zip", mimeType: "application/zip", buffer: good.subarray(0, good.length - 40) });
  await expect(check.getByText("short.zip is not a valid backup")).toBeVisible();
});
