//! The WebAssembly modules of the page: compiled as one, split into a main module and parts, bound to JavaScript and
//! optimized.

use super::short_names::ShortNames;
use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result, anyhow, bail};
use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The name of the main module and of its JavaScript.
const MAIN: &str = "quiesce";
/// Instead of those in .cargo/config.toml.
const RUST_FLAGS: &str = "--cfg erase_components -Zunstable-options -Cpanic=immediate-abort";
/// How the classes begin that wasm-streams exports, which `server_fn`, a dependency of leptos, uses. The page makes none.
const UNUSED_CLASSES: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// The optimized modules and the JavaScript that loads them.
pub struct Modules {
    /// One minified script. It loads each part by the name of its file.
    pub script: String,
    pub main: Module,
    /// Loaded when they are first needed.
    pub parts: Vec<Module>,
}

/// An optimized module.
pub struct Module {
    /// The name of its file in the script, such as `split_stop.wasm`.
    pub file: String,
    pub bytes: Vec<u8>,
    /// The name of each function, by its number, on a line of its own.
    pub names: String,
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
    optimize_all(&[vec![bound.clone()], parts.clone()].concat())?;
    let parts = parts.iter().map(|part| optimized(part));
    Ok(Modules { script, main: optimized(&bound)?, parts: parts.collect::<Result<_>>()? })
}

/// The linker's relocations tell the splitter which function uses which. The standard library is compiled with the page,
/// so that a panic of either ends in a trap, without code and texts for a message: docs/adr/0006-size-of-the-page.md.
fn compile(target: &Path) -> Result<()> {
    Tool::new("cargo")
        .args(["rustc", "--locked", "--release", "--package", "quiesce-console", "--features", "split"])
        .args(["--target", "wasm32-unknown-unknown", "-Zbuild-std=std,panic_abort"])
        // None of its default features: they symbolize backtraces.
        .arg("-Zbuild-std-features=")
        // The allocator is used by all that is read and shown.
        .args(["--config", "profile.release.package.dlmalloc.opt-level=3"])
        .args(["--", "-Clink-arg=--emit-relocs"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUST_FLAGS)
        // The options for the standard library are those of the pinned toolchain: rust-toolchain.toml.
        .env("RUSTC_BOOTSTRAP", "1")
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

/// Optimizes modules in as many processes as there are processors.
fn optimize_all(modules: &[PathBuf]) -> Result<()> {
    let shares = equal_shares(modules, thread::available_parallelism().map_or(1, usize::from))?;
    thread::scope(|scope| {
        let processes: Vec<_> = shares.iter().map(|share| scope.spawn(|| optimize(share))).collect();
        processes
            .into_iter()
            .try_for_each(|process| process.join().map_err(|_| anyhow!("the optimizer did not run"))?)
    })
}

/// The files in groups of about the same size.
fn equal_shares(files: &[PathBuf], count: usize) -> Result<Vec<Vec<&PathBuf>>> {
    let sized = files.iter().map(|file| Ok((fs::metadata(file)?.len(), file)));
    let mut sized: Vec<(u64, &PathBuf)> = sized.collect::<Result<_>>()?;
    sized.sort_unstable_by_key(|(size, file)| (Reverse(*size), *file));
    let mut shares = vec![(0, Vec::new()); count];
    for (size, file) in sized {
        if let Some((all, share)) = shares.iter_mut().min_by_key(|(all, _)| *all) {
            *all += size;
            share.push(file);
        }
    }
    Ok(shares.into_iter().map(|(_, share)| share).collect())
}

/// Writes the optimized form of each module next to it, and the names of its functions.
fn optimize(modules: &[&PathBuf]) -> Result<()> {
    Tool::new("node")
        .arg(paths::root().join("xtask/optimize-modules.mjs"))
        .args(modules)
        .current_dir(paths::e2e())
        .hint("npm ci --prefix e2e")
        .run()
}

fn optimized(module: &Path) -> Result<Module> {
    let file = module.file_name().and_then(|name| name.to_str()).context("a module has no name")?;
    let (bytes, names) = (module.with_extension("optimized"), module.with_extension("names"));
    Ok(Module {
        file: file.to_owned(),
        bytes: fs::read(&bytes).with_context(|| bytes.display().to_string())?,
        names: fs::read_to_string(&names).with_context(|| names.display().to_string())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_file_is_alone_when_the_others_are_smaller_together() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, size: usize| {
            let path = folder.path().join(name);
            fs::write(&path, vec![0; size]).unwrap();
            path
        };
        let files = [file("a", 1), file("b", 9), file("c", 3), file("d", 4)];
        let [a, b, c, d] = &files;
        assert_eq!(equal_shares(&files, 2).unwrap(), [vec![b], vec![d, c, a]]);
    }
}
