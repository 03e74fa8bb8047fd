// Optimizes the WebAssembly modules that are its arguments for size, each into a file of its own next to it, and lists the
// names of its functions in another. All in one process: binaryen needs seconds to start, most modules less.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { default: binaryen } = await import(pathToFileURL(require.resolve("binaryen")));

// The features of WebAssembly that the page uses. All supported browsers have them.
const { BulkMemory, NontrappingFPToInt, SignExt, MutableGlobals, ReferenceTypes, Multivalue } = binaryen.Features;
const features = BulkMemory | NontrappingFPToInt | SignExt | MutableGlobals | ReferenceTypes | Multivalue;

binaryen.setOptimizeLevel(2);
// 2 makes the code shorter, but the compressed module longer.
binaryen.setShrinkLevel(1);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);
// The linker puts the stack below all data: a load of an address below 1,024 is the null pointer's.
binaryen.setLowMemoryUnused(true);
// A large function that is inlined into its only caller compresses worse than alone.
binaryen.setOneCallerInlineMaxSize(200);

for (const path of process.argv.slice(2)) {
  const module = binaryen.readBinary(readFileSync(path), features);
  module.optimize();
  // What was compiled for several types has similar names and similar code, which compresses better side by side.
  module.runPasses(["reorder-functions-by-name"]);
  writeFileSync(path.replace(/\.wasm$/, ".optimized"), module.emitBinary());
  writeFileSync(path.replace(/\.wasm$/, ".names"), names(module).join("\n"));
  module.dispose();
}

// In the order of their numbers: those that are imported are first.
function names(module) {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, at) => module.getFunctionByIndex(at));
  const infos = functions.map((it) => binaryen.getFunctionInfo(it));
  const imported = infos.filter((it) => it.module);
  return [...imported, ...infos.filter((it) => !it.module)].map((it) => it.name);
}
