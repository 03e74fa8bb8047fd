import { invoices, poller } from "../support/cdap.js";
import { expect, noFirefox, test } from "../support/firefox.js";

test.skip(noFirefox !== undefined, noFirefox);

test("a run is stopped and found in the history, applications are selected for an upgrade, the server is checked", async ({
  firefox,
  cdap,
  relay,
}) => {
  // The sandbox starts it, with a drain of 10 s.
  const [active] = await cdap.alive(poller);
  const runid = active?.runid as string;
  const run = runid.slice(0, 8);

  await test.step("the list", async () => {
    await firefox.open("/ns/default/programs");
    await firefox.showsInRow("Programs", poller.name, "Warehouse", "Worker", "Running", "sample-app 1.0.0", run);
    await firefox.showsInRow("Programs", invoices.app, "Never ran");
    await firefox.fill("searchbox", "Search programs", "stockp");
    await expect.poll(firefox.rows("Programs")).toHaveLength(1);
    await firefox.press("link", poller.app);
  });

  await test.step("the program", async () => {
    await firefox.isVisible("heading", "Warehouse StockPoller");
    await firefox.showsInRow("Runs", run, "Running");
    await firefox.press("link", `Stop… ${run}`);
  });

  await test.step("the stop", async () => {
    const sent = `/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs/${runid}/stop?graceful=300`;
    expect(await firefox.isChecked("radio", "Server default")).toBe(true);
    await firefox.press("radio", "Custom");
    await firefox.fill("textbox", "Grace duration", "5m");
    await firefox.shows("region", "Request", `POST ${sent}`);
    expect(relay.writes, "nothing is sent before it is confirmed").toEqual([]);
    await firefox.press("button", "Stop 1 run");
    await firefox.showsInRow("Runs being stopped", run, "300 s", "Ended in time", "Killed");
    await firefox.shows("region", "Result", "1 of 1");

    expect(relay.stops.map((it) => it.target)).toEqual([sent]);
    const record = await cdap.run(poller, runid);
    expect(record.status).toBe("KILLED");
    expect((record.terminate ?? 0) - (record.stopping ?? 0)).toBe(300);
  });

  await test.step("the history, after a reload", async () => {
    await firefox.press("link", "History");
    await firefox.showsInRow("Operations", "Stop 1 run", "1 of 1 run ended");
    await firefox.page.reload();
    await firefox.showsInRow("Operations", "Stop 1 run", "1 of 1 run ended");
    await firefox.press("link", "Open Stop 1 run");
    await firefox.showsInRow("Runs being stopped", run, "Killed");
  });

  await test.step("the selection of an upgrade", async () => {
    await firefox.press("link", "Upgrade");
    await firefox.isVisible("heading", "Upgrade applications");
    await firefox.open("/ns/default/upgrade?show=can,cannot");
    await firefox.showsInRow("Applications", "Warehouse", "Not a pipeline");
    await firefox.showsInRow("Applications", invoices.app, "6.10.0", "6.11.0");
    await firefox.press("checkbox", `Select ${invoices.app}`);
    await firefox.press("button", "Continue");
    await firefox.shows("list", "Steps", /Review\s+Current step/);
    await firefox.showsInRow("Applications", invoices.app, "6.11.0");
  });

  await test.step("the server", async () => {
    await firefox.press("link", "Server");
    await firefox.showsInRow("Server capabilities", "Grace period", "ignores the grace period", "stop?graceful=-1");
    await firefox.showsInRow("Server capabilities", "Version", "6.11.0");
    await firefox.showsInRow("Services", "appfabric", "OK");
  });
  expect(relay.writes, "nothing but the stop was sent").toEqual(relay.stops);
});

test("the content policy blocks a script and an image of another origin", async ({ firefox }) => {
  await firefox.open("/ns/default/programs");
  await firefox.isVisible("table", "Programs");
  const ran = await firefox.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'ran'";
    const image = new Image();
    image.src = "http://127.0.0.1:1/image.png";
    document.body.append(script, image);
    return document.title === "ran";
  });
  expect(ran).toBe(false);
  await expect.poll(() => firefox.reported.length).toBe(2);
  const [script, image] = firefox.reported.splice(0);
  expect(script).toMatch(/^Content-Security-Policy: .*script-src/);
  expect(image).toMatch(/^Content-Security-Policy: .*img-src/);
});
