// Trunk puts `integrity` on the preload link of the WebAssembly module. Browsers ignore it on `as="fetch"` and warn at
// each load, so it is removed there. The script that loads the module keeps its own.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = join(process.env.TRUNK_STAGING_DIR, "index.html");
const html = readFileSync(page, "utf8");
const link = /(<link rel="preload"[^>]*?) integrity="[^"]*"([^>]*as="fetch")/g;
writeFileSync(page, html.replace(link, "$1$2"));
