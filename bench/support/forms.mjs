// What an operator does in the form of a stop and in the wizard of an upgrade.

/** Waits until a button whose text matches can be pressed. */
export function pressable(page, pattern) {
  return page.waitForFunction(
    (source) => [...document.querySelectorAll("button")].some((it) => new RegExp(source).test(it.textContent.trim()) && it.ariaDisabled !== "true" && !it.disabled),
    pattern.source,
    { polling: 100 },
  );
}

/** Presses the button whose text begins so, once it can be pressed. */
export async function press(page, name) {
  await pressable(page, typeof name === "string" ? new RegExp(`^${name}`) : name);
  await page.getByRole("button", { name, exact: typeof name === "string" }).click();
}

/** Opens the form of a stop for these programs, each as `application/type/program`; `begin` is called before. */
export async function openStop(page, namespace, programs, begin) {
  await page.goto(`${namespace}/about-nothing`);
  const selection = programs.map((program) => `program=${program}`).join("\n");
  await page.evaluate((kept) => sessionStorage.setItem("quiesce.selection", kept), selection);
  const begun = await begin();
  await page.goto(`${namespace}/stop?selection=kept`);
  return begun;
}

/** Until all that can are selected: what is read of more applications makes more of them selectable. */
async function selectAll(page) {
  const all = page.getByRole("checkbox", { name: /^Select all/ });
  while (!(await all.isChecked())) {
    await all.click();
    await page.waitForTimeout(500);
  }
  return all;
}

/** Selects all of a list of applications to upgrade, at this address, and reviews them; `step` notes each phase. */
export async function selectAndReview(page, address, step) {
  await page.goto(address);
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
}

/** Downloads the backup, and continues. */
export async function backUp(page, step) {
  await Promise.all([page.waitForEvent("download"), press(page, "Back up")]);
  await press(page, "Continue");
  await step("backed up");
}

/** Upgrades what was selected, and continues; the number of applications, as the button says it. */
export async function upgradeAll(page) {
  const button = /^Upgrade [\d,]+ applications$/;
  const count = (await page.getByRole("button", { name: button }).textContent()).match(/[\d,]+/)[0];
  await press(page, button);
  await press(page, "Continue");
  return count;
}
