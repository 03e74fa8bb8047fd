import { expect, test, type APIRequestContext } from "@playwright/test";
import { Quiesce } from "../support/process.js";

const stock = "/v3/namespaces/default/apps/Warehouse/services/Stock";

async function status(request: APIRequestContext, url: string): Promise<unknown> {
  return (await (await request.get(`${url}${stock}/status`)).json()).status;
}

test.describe("the demo", () => {
  test("the sandbox is brought back to its start from the server page", async ({ page, request }) => {
    const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
    await request.post(`${demo.url}${stock}/stop`);
    await request.post(`${demo.url}/sandbox/clock`, { data: { advance_seconds: 60 } });
    expect(await status(request, demo.url)).toBe("STOPPED");

    await page.goto(`${demo.url}/server`);
    await page.getByRole("button", { name: "Reset the sandbox" }).click();
    await expect(page.getByText("The sandbox was reset.")).toBeVisible();
    expect(await status(request, demo.url)).toBe("RUNNING");
    await demo.end();
  });

  test("an address with a fault opens the page, and the fault strikes what the page asks", async ({ page, request }) => {
    const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
    await page.goto(`${demo.url}/server?fault=503&path=/v3/system/services`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const struck = async () => {
      const asked = await request.get(`${demo.url}/sandbox/requests?path=/v3/system/services`);
      return (await asked.json()).map((it: { status: number }) => it.status);
    };
    await expect.poll(struck).toContain(503);
    await expect.poll(struck).toContain(200);
    await demo.end();
  });
});

test("the stages of a batch pipeline count records on the demo, too", async ({ page }) => {
  const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
  await page.goto(`${demo.url}/ns/retail/apps/customer_360_hourly/workflows/DataPipelineWorkflow`);
  const table = page.getByRole("table", { name: "Records per stage" });
  await expect(table.getByRole("rowheader")).toHaveText(["Extract", "Clean", "Load"]);
  const counts = async () => (await table.getByRole("cell").allInnerTexts()).map((it) => Number(it.replace(/\D/g, "")));
  const first = await counts();
  const records = first[0] ?? 0;
  expect(records).toBeGreaterThan(0);
  expect(first, "in, out, and none with an error").toEqual([0, 1, 2].flatMap(() => [records, records, 0]));
  await expect.poll(async () => (await counts())[0], { timeout: 60_000 }).toBeGreaterThan(records);
  await demo.end();
});

test.describe("the console before a server", () => {
  test("has nothing to reset, although the server is a sandbox", async ({ page }) => {
    const server = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
    const console = await Quiesce.start("serve", "--router", server.url, "--listen", "127.0.0.1:0");
    await page.goto(`${console.url}/server`);
    await expect(page.getByText("appfabric", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Reset the sandbox" })).toHaveCount(0);
    await console.end();
    await server.end();
  });
});
