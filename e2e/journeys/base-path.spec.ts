import { clicksNoWal, poller } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";

const path = "/console";

// A console that serves everything below a path.
test.use({ options: ["--base", `${path}/`] });

test("below a path the list leads to a program, and a run is stopped there and found again after a reload", async ({
  page,
  cdap,
  relay,
}) => {
  const outside: string[] = [];
  page.on("request", (request) => {
    const asked = new URL(request.url()).pathname;
    if (!asked.startsWith(`${path}/`)) outside.push(asked);
  });
  const runid = await cdap.onlyRun(poller, { drain: "4" });
  const console = new Console(page);
  await page.goto(`${path}/`);
  await expect(page).toHaveURL(/\/console\/ns\/default\/programs$/);
  await console.row(poller).getByRole("link", { name: poller.app, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/console/ns/default/apps/${poller.app}/${poller.type}/${poller.name}$`));
  await page.getByRole("link", { name: `Stop… ${runid.slice(0, 8)}` }).click();
  await expect(page).toHaveURL(/\/console\/ns\/default\/stop\?run=/);
  await expect(console.request, "the router has no such path").toContainText("POST /v3/namespaces/default/apps/");
  await console.confirm(1);

  await expect(console.stopped(runid)).toContainText("Stopping");
  await expect(page).toHaveURL(/\/console\/ns\/default\/stop\/[^/?]+$/);
  const operation = page.url();
  await page.reload();
  await expect(page).toHaveURL(operation);
  await expect(console.stopped(runid)).toContainText("Killed");
  expect(relay.stops).toHaveLength(1);
  await page.getByRole("link", { name: "History", exact: true }).click();
  await expect(page).toHaveURL(/\/console\/history/);
  await expect(page.getByRole("table").getByRole("link").first()).toHaveAttribute("href", new URL(operation).pathname);
  expect(outside, "every request is below the path").toEqual([]);
});

test("below a path the page links to the documents there, and they to each other", async ({ page, cdap }) => {
  const runid = await cdap.onlyRun(clicksNoWal, {});
  await page.goto(`${path}${new Console(page).stopForm({ program: clicksNoWal, runid })}`);
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: /^Why\? / }).first().click();
  const document = await opened;
  await expect(document).toHaveURL(/\/console\/docs\/loss#/);
  const documents = document.getByRole("navigation", { name: "Documents" });
  await documents.getByRole("link", { name: "Deployment", exact: true }).click();
  await expect(document.getByRole("heading", { level: 1, name: "Deployment" })).toBeVisible();
  await expect(document).toHaveURL(/\/console\/docs\/deployment$/);
  await document.goto(`${path}/docs`);
  await document.getByRole("link", { name: "Security", exact: true }).first().click();
  await expect(document).toHaveURL(/\/console\/docs\/security$/);
});
