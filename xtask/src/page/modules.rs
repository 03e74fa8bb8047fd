//! The WebAssembly modules of the page: compiled as one, split into a main module and parts, bound to JavaScript and
//! optimized.

use super::short_names::ShortNames;
use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The name of the main module and of its JavaScript.
const MAIN: &str = "quiesce";
/// How the classes begin that wasm-streams exports, which `server_fn`, a dependency of leptos, uses. The page makes none.
const UNUSED_CLASSES: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];
/// The features of WebAssembly that the page uses. All supported browsers have them.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The optimized modules and the JavaScript that loads them.
pub struct Modules {
    /// One minified script. It loads each part by the name of its file.
    pub script: String,
    pub main: Vec<u8>,
    pub parts: Vec<Part>,
}

/// A module that is loaded when it is first needed.
pub struct Part {
    /// The name of its file in the script, such as `split_stop.wasm`.
    pub file: String,
    pub bytes: Vec<u8>,
}

/// Compiles the page with cargo's target folder `target` and makes its modules in `work`, which is replaced.
pub fn build(target: &Path, work: &Path) -> Result<Modules> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    compile(target)?;
    println!("    split, bind and optimize the modules");
    let compiled = target.join("wasm32-unknown-unknown/release/quiesce-console.wasm");
    let parts = split(&compiled, work)?;
    let bound = bind(work)?;
    let script = bundle(work)?;
    let mut optimized = optimize_all(&[vec![bound], parts.clone()].concat())?.into_iter();
    let main = optimized.next().context("no main module")?;
    let parts = parts.iter().zip(optimized).map(|(file, bytes)| {
        let name = file.file_name().and_then(|name| name.to_str()).context("a part has no name")?;
        Ok(Part { file: name.to_owned(), bytes })
    });
    Ok(Modules { parts: parts.collect::<Result<_>>()?, script, main })
}

/// The linker's relocations tell the splitter which function uses which.
fn compile(target: &Path) -> Result<()> {
    Tool::new("cargo")
        .args(["rustc", "--locked", "--release", "--package", "quiesce-console", "--features", "split"])
        .args(["--target", "wasm32-unknown-unknown", "--", "-Clink-arg=--emit-relocs"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(paths::root())
        .hint("see above; then `cargo xtask dist`")
        .run()
}

fn split(compiled: &Path, work: &Path) -> Result<Vec<PathBuf>> {
    let compiled = fs::read(compiled).with_context(|| compiled.display().to_string())?;
    let (main, main_script) = (work.join(MAIN).with_extension("wasm"), format!("./{MAIN}.js"));
    let mut options = wasm_split_cli_support::Options::new(&compiled);
    options.output_dir = work;
    options.main_out_path = &main;
    options.main_module = &main_script;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|problem| anyhow!("the page can't be split: {problem:#}"))?;
    let mut parts = split.split_modules;
    parts.sort();
    Ok(parts)
}

/// Writes the JavaScript of the main module next to the loader of the parts, and returns the path of the bound module.
fn bind(work: &Path) -> Result<PathBuf> {
    let mut output = Bindgen::new()
        .input_path(work.join(MAIN).with_extension("wasm"))
        .out_name(MAIN)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        // The parts import what the linker exports.
        .keep_lld_exports(true)
        .generate_output()?;
    remove_unused_classes(&mut output)?;
    let mut names = ShortNames::default();
    let module = output.wasm_mut();
    for import in module.imports.iter_mut() {
        names.shorten(&mut import.name);
    }
    for export in module.exports.iter_mut() {
        names.shorten(&mut export.name);
    }
    output.emit(work)?;
    let script = work.join(MAIN).with_extension("js");
    fs::write(&script, names.within(&fs::read_to_string(&script)?)?)?;
    Ok(work.join(format!("{MAIN}_bg.wasm")))
}

/// Removes the exports of classes of which no function of the page makes an object, with all that only they use.
fn remove_unused_classes(output: &mut Output) -> Result<()> {
    let module = output.wasm_mut();
    let of_unused_class = |name: &str| UNUSED_CLASSES.iter().any(|class| name.starts_with(class));
    if let Some(used) = module.imports.iter().find(|import| of_unused_class(&import.name)) {
        bail!("the page uses {}: adapt UNUSED_CLASSES", used.name);
    }
    let exports = module.exports.iter().map(|export| export.name.clone());
    let unused: Vec<String> = exports.filter(|name| of_unused_class(name)).collect();
    unused.iter().try_for_each(|name| module.exports.remove(name))
}

/// The JavaScript of the main module and the loader of the parts import each other, so they become one file: then the
/// hash in its name can be that of its content.
fn bundle(work: &Path) -> Result<String> {
    let entry = work.join("start.js");
    fs::write(&entry, format!("export {{ default }} from \"./{MAIN}.js\";\n"))?;
    Tool::new(paths::e2e().join("node_modules/.bin/esbuild"))
        .arg(entry)
        .args(["--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"])
        .hint("npm ci --prefix e2e")
        .output()
}

/// Optimizes modules, as many at a time as there are processors.
fn optimize_all(modules: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let places = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let modules = places.map_while(|place| Some((place, modules.get(place)?)));
        modules.map(|(place, module)| Ok((place, optimize(module)?))).collect::<Result<Vec<_>>>()
    };
    let mut optimized = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let ends =
            workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("wasm-opt did not run"))?);
        ends.collect::<Result<Vec<_>>>()
    })?
    .concat();
    optimized.sort_unstable_by_key(|(place, _)| *place);
    Ok(optimized.into_iter().map(|(_, module)| module).collect())
}

fn optimize(module: &Path) -> Result<Vec<u8>> {
    let optimized = module.with_extension("optimized");
    Tool::new(paths::e2e().join("node_modules/.bin/wasm-opt"))
        // The linker puts the stack below all data: a load of an address below 1,024 is the null pointer's.
        .args(["-Oz", "--low-memory-unused", "--quiet"])
        .args(FEATURES)
        .arg(module)
        .arg("--output")
        .arg(&optimized)
        .hint("npm ci --prefix e2e")
        .run()?;
    fs::read(&optimized).with_context(|| optimized.display().to_string())
}
