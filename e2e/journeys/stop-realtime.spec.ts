import { Console } from "../support/console.js";
import { everyWay } from "../support/axe.js";
import { clicks, clicksNoWal } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

// What the driver's log can say after a stop, in the words of the server.
const LINES =
  /Error running job streaming job|Terminate the streaming job immediately|StreamingContext has already been stopped|All receiver blocks are processed|There are unprocessed|Failed to read receiver metadata/;

test("a real-time pipeline is stopped until drained, and the console says what its log says", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(clicks, {});
  const console = new Console(page);
  await page.goto(console.stopForm({ program: clicks, runid }));

  await expect(page.getByText("No loss expected").first()).toBeVisible();
  await expect(page.getByText("Cannot tell").first()).toBeVisible();
  await console.grace("Until drained").check();
  await expect(page.getByText(/each run gets 300 s/)).toBeVisible();
  await expect(console.request).toContainText(`/runs/${runid}/stop?graceful`);
  await console.confirm(1);

  const row = console.stopped(runid);
  await expect(row).toContainText("300 s", { timeout: 30_000 });
  await expect(row).toContainText("Killed", { timeout: 180_000 });
  await expect(row).toContainText(LINES, { timeout: 90_000 });
  await expect(row).toContainText(/start(ed)? (this|the same) version again/i);
  await expect(row).toContainText(/upgrade/i);

  expect(relay.stops).toHaveLength(1);
  const record = await cdap.run(clicks, runid);
  expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(300);
});

test("without a write-ahead log the stop form says that data may be lost, and Why? leads to the rule", async ({
  page,
  cdap,
}) => {
  const runid = await cdap.onlyRun(clicksNoWal, {});
  const console = new Console(page);
  await page.goto(console.stopForm({ program: clicksNoWal, runid }));
  await expect(page.getByText("May lose data").first()).toBeVisible();
  await expect(page.getByText(/writeAheadLog\.enable/).first()).toBeVisible();

  const opened = page.context().waitForEvent("page");
  const reason = "A restart of the same version does not recover unprocessed data.";
  await page.getByRole("link", { name: `Why? ${reason}` }).click();
  const document = await opened;
  await expect(document).toHaveURL(/\/docs\/loss#before-a-stop-2$/);
  await expect(document).toHaveTitle("What a stop may lose · Quiesce");
  await expect(document.getByRole("row", { name: "one of the two off may lose data" })).toBeInViewport();
  expect(await everyWay(document)).toEqual([]);
});
