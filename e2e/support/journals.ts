import type { Page, TestInfo } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Keeps the operations that a journey left in its browser as a file of *Download journal*, if QUIESCE_JOURNALS names a
 * folder: the journals of `crates/lifecycle/tests/journals` are recorded so.
 */
export async function keepJournals(page: Page, info: TestInfo): Promise<void> {
  const folder = process.env.QUIESCE_JOURNALS;
  if (!folder || page.isClosed() || !page.url().startsWith("http")) return;
  const kept = await page.evaluate(async () => {
    const promised = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    // A journey may take the storage away.
    const known = await indexedDB.databases().catch(() => []);
    if (!known.some((it) => it.name === "quiesce")) return null;
    const database = await promised(indexedDB.open("quiesce"));
    const all = (store: string) => promised(database.transaction(store).objectStore(store).getAll()) as Promise<string[]>;
    const [headers, entries] = [await all("operations"), await all("entries")];
    database.close();
    const parsed = entries.map((text) => JSON.parse(text) as { operation: string; seq: number });
    const operations = headers.map((text) => {
      const header = JSON.parse(text) as { id: string };
      return { header, entries: parsed.filter((it) => it.operation === header.id).sort((a, b) => a.seq - b.seq) };
    });
    return operations.length > 0 ? { quiesce: 1, operations } : null;
  });
  if (!kept) return;
  const spec = info.file.replace(/^.*\//, "").replace(/\.spec\.ts$/, "");
  const name = `${info.project.name}-${spec}-${info.title}`.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 100);
  await writeFile(join(folder, `${name}.json`), JSON.stringify(kept));
}
