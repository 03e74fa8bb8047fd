import { findings } from "../support/axe.js";
import { Console } from "../support/console.js";
import { poller, report } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1440, 400]) {
    test(`axe finds nothing on any page, ${scheme}, ${width} px wide`, async ({ page, cdap }) => {
      const runid = await cdap.onlyRun(poller, { drain: "3" });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      const console = new Console(page);

      await console.openPrograms();
      expect(await findings(page), "programs").toEqual([]);
      await console.select(poller);
      expect(await findings(page), "programs with a selection").toEqual([]);
      await console.openPrograms("?q=nothing+has+this+name", { rows: false });
      await expect(page.getByText(/Nothing matches/)).toBeVisible();
      expect(await findings(page), "programs without a result").toEqual([]);

      await console.openProgram(poller);
      await expect(page.getByRole("table").first()).toContainText(runid.slice(0, 8));
      // A worker of the real server writes nothing before its end.
      await expect(page.getByRole("region", { name: /^Log of run/ })).toContainText(/INFO|No log lines yet/);
      expect(await findings(page), "program").toEqual([]);
      await console.openProgram(report);
      await page.getByRole("button", { name: "Start…", exact: true }).click();
      await page.getByRole("button", { name: "Add an argument" }).click();
      expect(await findings(page), "start with arguments").toEqual([]);

      for (const [path, words] of [
        ["/sign-in", "Access token"],
        ["/history", "Operations started in this browser"],
        ["/nowhere", "No page has this address"],
        ["/ns/default/stop", "Nothing selected"],
        ["/ns/default/stop/none", "Operation not found in this browser"],
        ["/ns/default/apps/none/spark/None", "404: The server can't find this program"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByText(words).first()).toBeVisible();
        expect(await findings(page), path).toEqual([]);
      }

      await page.goto("/server");
      await expect(page.getByText("appfabric", { exact: true })).toBeVisible();
      await expect(page.getByText(/ignores the grace period/)).toBeVisible();
      expect(await findings(page), "server").toEqual([]);

      await page.goto(console.stopForm({ program: poller, runid }));
      await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
      expect(await findings(page), "stop form").toEqual([]);
      await console.confirm(1);
      await expect(console.stopped(runid)).toContainText("Stopping");
      expect(await findings(page), "stop in progress").toEqual([]);
      await expect(console.stopped(runid)).toContainText("Ended in time");
      expect(await findings(page), "stop finished").toEqual([]);

    });
  }
}
