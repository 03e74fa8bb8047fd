// Compares two folders of pictures pixel by pixel and writes a page for a person to judge.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const pictures = (folder) => new Set(existsSync(folder) ? readdirSync(folder).filter((it) => it.endsWith(".png")) : []);
const read = (folder, name) => PNG.sync.read(readFileSync(join(folder, name)));

/** A part of a picture from its upper left corner on. */
function corner(picture, width, height) {
  const part = new PNG({ width, height });
  PNG.bitblt(picture, part, 0, 0, width, height, 0, 0);
  return part;
}

/** How many pixels differ, and a picture of them: where only one picture has pixels, all of them do. */
export function compare(before, after) {
  const [width, height] = [Math.max(before.width, after.width), Math.max(before.height, after.height)];
  const shared = { width: Math.min(before.width, after.width), height: Math.min(before.height, after.height) };
  const drawn = new PNG(shared);
  const [one, other] = [before, after].map((it) => corner(it, shared.width, shared.height));
  // The same machine draws the same thing with the same pixels: one that differs by a shade is a change.
  const differing = pixelmatch(one.data, other.data, drawn.data, shared.width, shared.height, { threshold: 0, includeAA: true });
  const difference = new PNG({ width, height });
  for (let at = 0; at < difference.data.length; at += 4) difference.data.set([255, 0, 0, 255], at);
  PNG.bitblt(drawn, difference, 0, 0, shared.width, shared.height, 0, 0);
  const pixels = differing + width * height - shared.width * shared.height;
  return { pixels, share: pixels / (width * height), difference };
}

/** What changed between two folders, the largest change first; the pictures of the differences are written into a third. */
export function differences(before, after, into) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const [old, now] = [pictures(before), pictures(after)];
  const changed = [];
  for (const name of [...now].filter((it) => old.has(it))) {
    const { pixels, share, difference } = compare(read(before, name), read(after, name));
    if (pixels === 0) continue;
    writeFileSync(join(into, name), PNG.sync.write(difference));
    changed.push({ name, pixels, share });
  }
  changed.sort((one, other) => other.share - one.share);
  const only = (these, those) => [...these].filter((it) => !those.has(it)).sort();
  return { compared: now.size, changed, added: only(now, old), removed: only(old, now) };
}

const escaped = (text) => text.replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);

/** Writes the page with the pictures before, after and their differences next to each other. */
export function writePage(file, { before, after, into, found }) {
  const path = (folder, name) => relative(dirname(file), join(folder, name)).split(sep).map(encodeURIComponent).join("/");
  const figure = (label, folder, name) =>
    `<figure><figcaption>${label}</figcaption><a href="${path(folder, name)}"><img src="${path(folder, name)}" alt="${label}: ${escaped(name)}" loading="lazy"></a></figure>`;
  const title = (name) => escaped(name.replace(/\.png$/, ""));
  const percent = (share) => (share < 0.0001 ? "less than 0.01" : (share * 100).toFixed(2));
  const changed = found.changed.map(
    ({ name, pixels, share }) =>
      `<section><h2>${title(name)}</h2><p>${pixels} pixels, ${percent(share)} %</p><div>` +
      figure("Before", before, name) + figure("After", after, name) + figure("Difference", into, name) + "</div></section>",
  );
  const list = (heading, folder, names) =>
    names.length === 0
      ? ""
      : `<section><h2>${heading}: ${names.length}</h2><div>${names.map((it) => figure(title(it), folder, it)).join("")}</div></section>`;
  const counts = `${found.changed.length} changed, ${found.added.length} added, ${found.removed.length} removed`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gallery: ${counts}</title>
<style>
  body { font: 14px/1.5 system-ui; margin: 2rem; color-scheme: light dark; }
  section { margin-block: 2rem; border-block-start: 1px solid; }
  section > div { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; align-items: start; }
  figure { margin: 0; }
  img { max-inline-size: 100%; border: 1px solid; }
</style>
<h1>Gallery: ${counts}</h1>
<p>Before: <code>${escaped(before)}</code><br>After: <code>${escaped(after)}</code></p>
${changed.join("\n")}
${list("Added", after, found.added)}
${list("Removed", before, found.removed)}
</html>
`,
  );
  return counts;
}
