// What a browser loads before it can show anything: the console and the page in React as they are loaded, the consoles of
// other products as they are published.
import { published } from "../peers/published.mjs";
import { open } from "../support/browser.mjs";
import { figure, table } from "../support/figures.mjs";
import { sideBySide, toRows } from "../support/pages.mjs";

export async function run({ browser, binary, peer, cache, save }) {
  const rows = [];
  const { pages, end } = await sideBySide({ binary, peer }, 0);
  for (const of of pages) {
    const opened = await open(browser);
    of.front.reset();
    await toRows(opened, of);
    const { page, script, wasm } = (await of.front.counts()).kinds;
    const files = page.requests + script.requests + wasm.requests;
    rows.push({ title: of.title, files, html: page.bytes, style: 0, script: script.bytes, wasm: wasm.bytes, later: 0 });
    await opened.close();
  }
  await end();
  await save([...rows, ...(await published(browser, cache))]);
}

export function tables(rows) {
  const all = (row) => row.html + row.style + row.script + row.wasm;
  const cells = (row) => [row.html, row.style, row.script, row.wasm, all(row), row.later].map(figure);
  return table(
    ["page", "files", "HTML", "style", "script", "WebAssembly", "entry", "loaded at once by its scripts", "ratio of all to Quiesce"],
    rows.map((row) => [row.title, row.files, ...cells(row), ((all(row) + row.later) / all(rows[0])).toFixed(2)]),
  );
}
