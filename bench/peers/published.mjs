// Weighs the entry of consoles as their packages contain them: the HTML with the scripts and style sheets that it names,
// and those that the scripts load on their own at once. Each file is compressed with brotli at its best. There is no
// server behind: what a page loads after a response of its API, images and fonts are not counted.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const PINNED = fileURLToPath(new URL("published.txt", import.meta.url));
const ORIGIN = "http://127.0.0.1:9";
const TYPES = { ".js": "text/javascript", ".css": "text/css" };

/** Where the entry is in a package, and how its server completes it. */
const CONSOLES = [
  {
    title: "Airflow",
    distribution: "apache_airflow_core",
    folder: "airflow/ui/dist",
    complete: (html) => html.replace("{{ backend_server_base_url }}", "/"),
    prefix: "/static/",
  },
  {
    title: "Dagster",
    distribution: "dagster_webserver",
    folder: "dagster_webserver/webapp/build",
    complete: (html) => html.replaceAll(/BUILDTIME_ASSETPREFIX_REPLACE_ME|__PATH_PREFIX__/g, ""),
    prefix: "/",
  },
  {
    title: "Prefect",
    distribution: "prefect",
    folder: "prefect/server/ui-v2",
    complete: (html) => html.replaceAll("/PREFECT_UI_SERVE_BASE_REPLACE_PLACEHOLDER", ""),
    prefix: "/",
  },
];

/** The paths of the scripts and style sheets that an entry names. Today's browsers don't load those with `nomodule`. */
function named(html) {
  const paths = new Set();
  for (const [tag] of html.matchAll(/<(script|link)\b[^>]*>/g)) {
    const value = (attribute) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1];
    const loads = tag.startsWith("<script") ? !/\bnomodule\b/i.test(tag) : /^(modulepreload|stylesheet)$/.test(value("rel"));
    const path = value("src") ?? value("href");
    if (loads && path) paths.add(new URL(path, ORIGIN).pathname);
  }
  return paths;
}

/** Opens an entry from its files, and returns the paths of the scripts and style sheets that are loaded until it is quiet. */
async function loaded(browser, html, file) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const paths = new Set();
  await page.route("**", async (route) => {
    const { pathname, origin } = new URL(route.request().url());
    const type = TYPES[extname(pathname)];
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: html });
    if (origin !== ORIGIN || !type || !existsSync(file(pathname))) return route.fulfill({ status: 404, body: "" });
    paths.add(pathname);
    return route.fulfill({ contentType: type, path: file(pathname) });
  });
  await page.goto(ORIGIN, { waitUntil: "networkidle" });
  await context.close();
  return paths;
}

/** The entries of all consoles, in bytes. Packages are downloaded into the folder once, with their pinned hashes. */
export async function published(browser, folder) {
  await mkdir(folder, { recursive: true });
  const python = (...args) => execFileSync("python3", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const pinned = await readFile(PINNED, "utf8");
  const rows = [];
  for (const { title, distribution, folder: within, complete, prefix } of CONSOLES) {
    const version = new RegExp(`^${distribution.replaceAll("_", "-")}==(\\S+)`, "m").exec(pinned)[1];
    const unpacked = join(folder, `${distribution}-${version}`);
    if (!existsSync(unpacked)) {
      python("-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", PINNED);
      const wheel = (await readdir(folder)).find((it) => it.startsWith(`${distribution}-${version}-`) && it.endsWith(".whl"));
      python("-m", "zipfile", "-e", wheel, unpacked);
    }
    const file = (path) => join(unpacked, within, path.startsWith(prefix) ? path.slice(prefix.length) : path);
    const html = await readFile(file("index.html"), "utf8");
    const atFirst = named(complete(html));
    const later = [...(await loaded(browser, complete(html), file))].filter((it) => !atFirst.has(it));
    rows.push({ title: `${title} ${version}`, html, atFirst, later, file });
  }
  return Promise.all(rows.map(weighed));
}

async function weighed({ title, html, atFirst, later, file }) {
  const sum = async (paths, extension) => {
    const sizes = [...paths].filter((it) => extname(it) === extension).map(async (it) => brotliCompressSync(await readFile(file(it))).length);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  return {
    title,
    files: 1 + atFirst.size,
    html: brotliCompressSync(html).length,
    style: await sum(atFirst, ".css"),
    script: await sum(atFirst, ".js"),
    wasm: 0,
    later: (await sum(later, ".css")) + (await sum(later, ".js")),
  };
}
