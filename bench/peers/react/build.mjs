// Builds the page into the folder that the only argument names.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const [to] = process.argv.slice(2);

await mkdir(to, { recursive: true });
const shared = { bundle: true, minify: true, target: "es2022", absWorkingDir: here, legalComments: "none" };
await build({
  ...shared,
  entryPoints: ["src/main.jsx"],
  outfile: join(to, "page.js"),
  format: "esm",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
});
const style = await build({ ...shared, entryPoints: ["src/style.css"], write: false });
const index = await readFile(join(here, "index.html"), "utf8");
await writeFile(join(to, "index.html"), index.replace("/* style */", () => style.outputFiles[0].text.trim()));
