// Loads the parts by the list of their files, which is read with the first of them. The build puts this before the script
// of the main module, and the file and the integrity of the list into it.
let list;

/** The list: the file and the integrity of each part. Read again if that failed. */
function readList() {
  if (!list) {
    list = fetch(new URL("LIST_FILE", import.meta.url), { integrity: "LIST_INTEGRITY" }).then((read) => read.json());
    list.catch(() => (list = undefined));
  }
  return list;
}

/** The response with a part. */
async function fetchPart(part) {
  const [file, integrity] = (await readList())[part];
  return fetch(new URL(`./${file}`, import.meta.url), { integrity });
}

/**
 * Loads the parts into the browser's cache when the page has had time to show its first rows, so that a page opens at
 * once, and after an update of the server too. Not where the operator saves data.
 */
export function loadInAdvance(without) {
  if (navigator.connection?.saveData) return;
  const ignore = () => {};
  const load = (list) => {
    for (const [part, [file]] of Object.entries(list)) {
      if (part !== without) fetch(new URL(`./${file}`, import.meta.url), { priority: "low" }).catch(ignore);
    }
  };
  // What fails here is loaded, and reported, when it is needed.
  setTimeout(() => readList().then(load).catch(ignore), 4000);
}
