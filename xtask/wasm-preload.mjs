// Trunk puts `integrity` on the preload link of the WebAssembly module. Browsers ignore it on `as="fetch"` and warn at
// each load, so it is removed there. The script that loads the module keeps its own.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = join(process.env.TRUNK_STAGING_DIR, "index.html");
const html = readFileSync(page, "utf8");
const links = html.replace(/<link\b[^>]*>/g, (link) =>
  /\bas="?fetch\b/.test(link) ? link.replace(/ integrity=("[^"]*"|[^\s>]+)/, "") : link,
);
writeFileSync(page, links);
