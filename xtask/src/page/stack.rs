//! `cargo xtask stack`: names the functions of the stack that the page shows when it has stopped working.

use crate::paths;
use anyhow::{Context as _, Result};
use std::fs;
use std::io::{Read as _, stdin};
use std::path::PathBuf;

/// Reads a stack from standard input and prints it with names.
pub fn run() -> Result<()> {
    let mut stack = String::new();
    stdin().read_to_string(&mut stack)?;
    let names = |module: &str| {
        let names = fs::read_to_string(names(module));
        names.with_context(|| {
            format!(
                "{module} was not built in this checkout\n  fix: check out the commit of that build, then `cargo xtask dist`"
            )
        })
    };
    print!("{}", named(&stack, names)?);
    Ok(())
}

/// Stores the names of a module's functions, each on a line.
pub fn keep_names(module: &str, functions: &str) -> Result<()> {
    let path = names(module);
    fs::create_dir_all(path.parent().context("no folder of names")?)?;
    Ok(fs::write(path, functions)?)
}

fn names(module: &str) -> PathBuf {
    paths::target().join("page-names").join(module).with_extension("txt")
}

/// The stack with the names of functions for their numbers. Chromium and Firefox both write
/// `quiesce-0123456789abcdef.wasm:wasm-function[12]` for function 12 of a module.
fn named(stack: &str, names: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut text = String::new();
    let mut rest = stack;
    while let Some((before, after)) = rest.split_once(":wasm-function[") {
        let functions = names(before.rsplit('/').next().unwrap_or(before))?;
        let (number, after) = after.split_once(']').unwrap_or((after, ""));
        let name = number.parse().ok().and_then(|number| functions.lines().nth(number));
        text.extend([before, ":", name.unwrap_or(number)]);
        rest = after;
    }
    Ok(text + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    fn names(module: &str) -> Result<String> {
        if module == "quiesce-1.wasm" {
            Ok("imported\nshown\n".to_owned())
        } else {
            bail!("{module} is unknown")
        }
    }

    #[test]
    fn a_function_of_a_module_has_its_name() {
        let stack = "RuntimeError: unreachable\n    at http://[::1]:80/b/quiesce-1.wasm:wasm-function[1]:0x2a\n    at f (a.js:1:2)\n";
        let expected = "RuntimeError: unreachable\n    at http://[::1]:80/b/quiesce-1.wasm:shown:0x2a\n    at f (a.js:1:2)\n";
        assert_eq!(named(stack, names).unwrap(), expected);
    }

    #[test]
    fn a_number_without_a_function_remains() {
        assert_eq!(
            named("@x/quiesce-1.wasm:wasm-function[7]:0x1", names).unwrap(),
            "@x/quiesce-1.wasm:7:0x1"
        );
    }

    #[test]
    fn a_module_of_another_build_is_an_error() {
        let error = named("@x/quiesce-2.wasm:wasm-function[1]:0x1", names).unwrap_err();
        assert_eq!(error.to_string(), "quiesce-2.wasm is unknown");
    }
}
