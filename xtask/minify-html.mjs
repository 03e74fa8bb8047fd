// Prints the HTML file that is its argument, minified. Styles are left alone: it drops a semicolon before nested rules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { minify } = require("@minify-html/node");

const options = { allow_optimal_entities: true };
process.stdout.write(minify(readFileSync(process.argv[2]), options));
