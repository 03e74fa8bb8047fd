//! The size of the page on the wire, and its limits.

use crate::fingerprint;
use crate::paths;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The limit of all that the browser loads before the first rows, compressed with brotli at its best, in bytes: see
/// docs/adr/0006-size-of-the-page.md.
const LIMIT: u64 = 220_000;

/// The group of the files that are loaded before the first rows.
const FIRST_LOAD: &str = "first-load";
/// The group of the files that several parts share, and of the list of the parts.
const SHARED: &str = "shared";

/// How far a group may exceed its recorded size, in percent. More is a decision: `cargo xtask size --record`.
const TOLERANCE: u64 = 1;

/// Sizes in bytes by group: `first-load`, each part, and `shared`.
type Sizes = BTreeMap<String, u64>;

/// Prints the sizes; fails if a group exceeds its recorded size, or the first load its limit. With `record` it records
/// them instead.
pub fn check(record: bool) -> Result<()> {
    let dist = paths::dist();
    let files = fingerprint::files(std::slice::from_ref(&dist))?;
    if files.is_empty() {
        bail!("no page in {}\n  fix: cargo xtask dist", dist.display());
    }
    let mut sizes = Sizes::new();
    println!("{:<44} {:>10} {:>10}", "file of the page", "bytes", "brotli");
    for file in &files {
        let (name, plain, brotli) = weigh(&dist, file)?;
        println!("{name:<44} {plain:>10} {brotli:>10}");
        *sizes.entry(group(&name).to_owned()).or_default() += brotli;
    }
    if record {
        return fs::write(recorded_file(), serialize(&sizes)).context("cannot record the sizes");
    }
    let recorded = parse(&fs::read_to_string(recorded_file()).unwrap_or_default())?;
    println!("\n{}", table(&sizes, &recorded));
    if let Some(over) = over_limit(&sizes) {
        bail!(
            "the first load exceeds its limit of {LIMIT} bytes by {over}\n  fix: move what the first rows do not need to a \
             part, see CONTRIBUTING.md"
        );
    }
    let grown = grown(&sizes, &recorded);
    if !grown.is_empty() {
        bail!(
            "larger than recorded: {}\n  fix: check the latest dependencies and features with `cargo tree -e features \
             -p quiesce-console`; if the growth is wanted, `cargo xtask size --record` and say in \
             docs/adr/0006-size-of-the-page.md what it is for",
            grown.join(", ")
        );
    }
    Ok(())
}

fn over_limit(sizes: &Sizes) -> Option<u64> {
    sizes.get(FIRST_LOAD)?.checked_sub(LIMIT).filter(|over| *over > 0)
}

fn recorded_file() -> PathBuf {
    paths::root().join("xtask/page-sizes.tsv")
}

fn weigh(dist: &Path, file: &PathBuf) -> Result<(String, u64, u64)> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut content.as_slice(), &mut packed, &best)?;
    let name = file.strip_prefix(dist).unwrap_or(file).display().to_string();
    Ok((name, u64::try_from(content.len())?, u64::try_from(packed.len())?))
}

/// `part-stop` for `part-stop-0123456789abcdef.wasm`.
fn group(file: &str) -> &str {
    match file.rsplit_once('-') {
        Some((part, _)) if part.starts_with("part-") => part,
        Some((shared, _)) if shared.starts_with("shared-") || shared == "parts" => SHARED,
        _ => FIRST_LOAD,
    }
}

fn table(sizes: &Sizes, recorded: &Sizes) -> String {
    let mut table = format!("{:<24} {:>10} {:>10} {:>8}", "brotli bytes", "recorded", "now", "ratio");
    for (group, size) in sizes {
        let before = recorded.get(group).copied().unwrap_or_default();
        let thousandths = (size * 1000).checked_div(before).unwrap_or_default();
        let _ = write!(
            table,
            "\n{group:<24} {before:>10} {size:>10} {:>4}.{:03}",
            thousandths / 1000,
            thousandths % 1000
        );
    }
    table
}

fn grown<'a>(sizes: &'a Sizes, recorded: &Sizes) -> Vec<&'a str> {
    let exceeds = |(group, size): &(&'a String, &u64)| {
        **size * 100 > recorded.get(*group).copied().unwrap_or_default() * (100 + TOLERANCE)
    };
    sizes.iter().filter(exceeds).map(|(group, _)| group.as_str()).collect()
}

fn serialize(sizes: &Sizes) -> String {
    sizes.iter().fold(String::new(), |text, (group, size)| format!("{text}{group}\t{size}\n"))
}

fn parse(text: &str) -> Result<Sizes> {
    let line = |line: &str| {
        let (group, size) = line.split_once('\t').with_context(|| format!("no size in {line:?}"))?;
        Ok((group.to_owned(), size.parse().with_context(|| format!("no number in {line:?}"))?))
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(of: &[(&str, u64)]) -> Sizes {
        of.iter().map(|(group, size)| ((*group).to_owned(), *size)).collect()
    }

    #[test]
    fn files_belong_to_the_first_load_to_their_part_or_to_what_parts_share() {
        assert_eq!(group("part-sign-in-0123456789abcdef.wasm"), "part-sign-in");
        assert_eq!(group("shared-9-0123456789abcdef.wasm"), SHARED);
        assert_eq!(group("parts-0123456789abcdef.json"), SHARED);
        for file in [
            "index.html",
            "quiesce-0123456789abcdef.js",
            "quiesce-0123456789abcdef.wasm",
            "favicon-0123456789abcdef.svg",
        ] {
            assert_eq!(group(file), FIRST_LOAD, "{file}");
        }
    }

    #[test]
    fn a_group_may_grow_by_a_hundredth_and_a_new_one_must_be_recorded() {
        let recorded = sizes(&[(FIRST_LOAD, 1000), ("part-stop", 1000)]);
        assert!(grown(&sizes(&[(FIRST_LOAD, 1010), ("part-stop", 10)]), &recorded).is_empty());
        let grown = grown(&sizes(&[(FIRST_LOAD, 1011), ("part-new", 1)]), &recorded).join(" ");
        assert_eq!(grown, "first-load part-new");
    }

    #[test]
    fn only_a_first_load_above_the_limit_exceeds_it() {
        let over = |first: u64| over_limit(&sizes(&[(FIRST_LOAD, first), ("part-stop", 500_000)]));
        assert_eq!((over(1), over(LIMIT), over(LIMIT + 1)), (None, None, Some(1)));
    }

    #[test]
    fn recorded_sizes_are_read_as_written() {
        let some = sizes(&[(FIRST_LOAD, 3), (SHARED, 20)]);
        assert_eq!(parse(&serialize(&some)).unwrap(), some);
        assert!(parse("first-load 3").is_err());
    }

    #[test]
    fn the_table_has_the_ratio_to_the_recorded_size() {
        let table = table(&sizes(&[("part-stop", 1005)]), &sizes(&[("part-stop", 1000)]));
        assert_eq!(table.lines().last().unwrap().split_whitespace().last(), Some("1.005"));
    }
}
