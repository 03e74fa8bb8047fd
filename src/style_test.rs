//! Recomputes the contrast of every pair of colours that the style uses, from the tokens themselves.
//! OKLCH to linear sRGB by the matrices of CSS Color 4; contrast by WCAG 2.2.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const TOKENS: &str = include_str!("../style/tokens.css");
const SURFACES: [&str; 5] = ["surface", "canvas", "sunken", "hover", "selected"];
const FAMILIES: [&str; 6] = ["ok", "busy", "warn", "bad", "ghost", "idle"];
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

/// Each colour as it is in light and in dark, as relative luminance.
fn luminances() -> BTreeMap<String, [f64; 2]> {
    let mut found = BTreeMap::new();
    for declaration in TOKENS.split(';') {
        let Some((name, value)) = declaration.rsplit_once("--").and_then(|(_, rest)| rest.split_once(':'))
        else {
            continue;
        };
        let value = value.trim();
        let colours = value.split("oklch(").skip(1).filter_map(|rest| rest.split_once(')'));
        let luminances =
            colours.filter(|(colour, _)| !colour.contains('/')).map(|(colour, _)| luminance(colour));
        let luminances = luminances.collect::<Vec<_>>();
        let luminances = match (value.starts_with("light-dark("), luminances.as_slice()) {
            (true, [light, dark]) => [*light, *dark],
            (false, [both]) if value.starts_with("oklch(") => [*both, *both],
            _ => continue,
        };
        // The first is the colour; later ones are for people who ask for more contrast.
        found.entry(name.trim().to_owned()).or_insert(luminances);
    }
    // The one that is another's name.
    assert!(TOKENS.contains("--idle-ink: var(--ink-2);"));
    found.insert("idle-ink".to_owned(), found["ink-2"]);
    found
}

fn luminance(oklch: &str) -> f64 {
    let parts = oklch.split_whitespace().map(|part| part.parse::<f64>().unwrap()).collect::<Vec<_>>();
    let [lightness, chroma, hue] = parts.as_slice() else { panic!("not three numbers: {oklch}") };
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let middle = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short;
    let green = -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short;
    // What a screen cannot show is cut, as browsers do.
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The pairs that fail, as text.
fn failures(pairs: impl IntoIterator<Item = (String, String, f64)>) -> Vec<String> {
    let colours = luminances();
    let of = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("no colour --{name}"));
    let mut failures = Vec::new();
    for (front, behind, need) in pairs {
        for (theme, (one, other)) in ["light", "dark"].iter().zip(of(&front).into_iter().zip(of(&behind))) {
            let ratio = contrast(one, other);
            if ratio < need {
                failures.push(format!("--{front} on --{behind}, {theme}: {ratio:.2}, needs {need}"));
            }
        }
    }
    failures
}

fn on_surfaces(front: &str, need: f64) -> impl Iterator<Item = (String, String, f64)> {
    SURFACES.map(|behind| (front.to_owned(), behind.to_owned(), need)).into_iter()
}

/// The text of all files of a folder with this extension, and of those in it.
fn texts(folder: &Path, extension: &str) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&texts(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension)
            && path.file_name() != Path::new(file!()).file_name()
        {
            all.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
    all
}

/// The classes that the style draws.
pub(crate) fn classes() -> BTreeSet<String> {
    let is_class = |text: &char| text.is_ascii_lowercase() || text.is_ascii_digit() || *text == '-';
    let class = |text: &str| text.chars().take_while(is_class).collect::<String>();
    let style = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("style"), "css");
    // Without comments.
    let style = style.split("*/").filter_map(|rest| rest.split("/*").next()).collect::<String>();
    let drawn = style.split('.').skip(1).map(class);
    drawn.filter(|name| name.starts_with(|first: char| first.is_ascii_lowercase())).collect()
}

#[test]
fn the_style_draws_every_class_of_the_page_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let drawn = classes();
    let page = texts(&root.join("src"), "rs") + include_str!("../index.html");
    // A class is given in the attribute, or by a literal that is put into one.
    let given = |attribute: &str| {
        let values = page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
        values.flat_map(str::split_whitespace).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let undrawn = given("class=\"").difference(&drawn).cloned().collect::<Vec<_>>();
    assert_eq!(undrawn, Vec::<String>::new(), "given, and not drawn");
    let literals = given("\"");
    let unused = drawn.difference(&literals).cloned().collect::<Vec<_>>();
    assert_eq!(unused, Vec::<String>::new(), "drawn, and not given");
}

fn pair(front: &str, behind: &str, need: f64) -> (String, String, f64) {
    (front.to_owned(), behind.to_owned(), need)
}

#[test]
fn contrast_is_computed_as_wcag_does() {
    assert!((contrast(luminance("1 0 0"), luminance("0 0 0")) - 21.0).abs() < 0.01);
    // #767676, the lightest grey that passes on white: 4.54.
    assert!((contrast(luminance("1 0 0"), luminance("0.565 0 0")) - 4.54).abs() < 0.05);
}

#[test]
fn text_can_be_read_on_every_surface() {
    let pairs = ["ink", "ink-2", "ink-3"].into_iter().flat_map(|ink| on_surfaces(ink, TEXT));
    assert_eq!(failures(pairs), Vec::<String>::new());
}

#[test]
fn words_of_a_tone_can_be_read_on_every_surface_and_on_its_tint() {
    let pairs = FAMILIES.into_iter().flat_map(|tone| {
        let (ink, tint) = (format!("{tone}-ink"), format!("{tone}-tint"));
        on_surfaces(&ink, TEXT)
            .chain([pair(&ink, &tint, TEXT), pair("ink", &tint, TEXT), pair("ink-2", &tint, TEXT)])
            .collect::<Vec<_>>()
    });
    assert_eq!(failures(pairs), Vec::<String>::new());
}

#[test]
fn marks_edges_and_the_focus_can_be_seen_on_every_surface() {
    let marks = FAMILIES.map(|tone| format!("{tone}-mark"));
    let fronts = marks.iter().map(String::as_str).chain(["line-control", "focus"]);
    let pairs = fronts.flat_map(|front| on_surfaces(front, SHAPE).collect::<Vec<_>>());
    assert_eq!(failures(pairs), Vec::<String>::new());
}

#[test]
fn filled_controls_can_be_read() {
    let pairs = [
        pair("on-ink", "ink", TEXT),
        pair("on-danger", "danger", TEXT),
        pair("on-danger", "danger-hover", TEXT),
        pair("danger", "surface", SHAPE),
        pair("danger", "canvas", SHAPE),
        pair("on-inverse", "inverse", TEXT),
        pair("on-inverse-2", "inverse", TEXT),
    ];
    assert_eq!(failures(pairs), Vec::<String>::new());
}
