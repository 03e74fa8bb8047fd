//! The size of the page on the wire and its limit.

use crate::fingerprint;
use crate::paths;
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The target size of all files of the page together, compressed with brotli at its best, in bytes. The page exceeds
/// it: see docs/adr/0006-size-of-the-page.md. The documents below `/docs` are part of the server's binary and not counted.
pub const BUDGET: u64 = 220_000;

/// The enforced limit until the target is met. It is raised only for a new part of the console, whose size is then
/// added to that document.
pub const LIMIT: u64 = 727_000;

/// One file of the page.
struct Weight {
    name: String,
    plain: u64,
    brotli: u64,
}

/// Prints the table; fails if the page exceeds its limit.
pub fn check() -> Result<()> {
    let dist = paths::dist();
    let files = fingerprint::files(std::slice::from_ref(&dist))?;
    if files.is_empty() {
        bail!("no page in {}\n  fix: cargo xtask dist", dist.display());
    }
    let weights = files.iter().map(|file| weigh(&dist, file)).collect::<Result<Vec<_>>>()?;
    let all: u64 = weights.iter().map(|weight| weight.brotli).sum();
    println!("{}", table(&weights));
    if all > LIMIT {
        bail!(
            "the page has {all} bytes compressed, {} more than its limit of {LIMIT}\n  fix: check the \
             latest dependencies and features with `cargo tree -e features -p quiesce-console`",
            all - LIMIT
        );
    }
    if all > BUDGET {
        println!("\nover target: the page exceeds its target of {BUDGET} bytes by {}", all - BUDGET);
    }
    Ok(())
}

fn weigh(dist: &Path, file: &PathBuf) -> Result<Weight> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut content.as_slice(), &mut packed, &best)?;
    Ok(Weight {
        name: file.strip_prefix(dist).unwrap_or(file).display().to_string(),
        plain: u64::try_from(content.len())?,
        brotli: u64::try_from(packed.len())?,
    })
}

fn table(weights: &[Weight]) -> String {
    let mut table = format!("{:<56} {:>10} {:>10}\n", "file of the page", "bytes", "brotli");
    for Weight { name, plain, brotli } in weights {
        let _ = writeln!(table, "{name:<56} {plain:>10} {brotli:>10}");
    }
    let (plain, brotli) =
        weights.iter().fold((0, 0), |(plain, brotli), weight| (plain + weight.plain, brotli + weight.brotli));
    let _ = writeln!(table, "{:<56} {plain:>10} {brotli:>10}", "all");
    let _ = writeln!(table, "{:<56} {:>10} {LIMIT:>10}", "limit", "");
    let _ = write!(table, "{:<56} {:>10} {BUDGET:>10}", "budget", "");
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ends_with_total_limit_and_target() {
        let weight = |name: &str, plain, brotli| Weight { name: name.to_owned(), plain, brotli };
        let table = table(&[weight("a.wasm", 1000, 300), weight("index.html", 200, 90)]);
        let words: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[3], ["all", "1200", "390"]);
        assert_eq!(words[4], ["limit".to_owned(), LIMIT.to_string()]);
        assert_eq!(words[5], ["budget".to_owned(), BUDGET.to_string()]);
    }
}
