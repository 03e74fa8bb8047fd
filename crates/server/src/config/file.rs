//! Reads the configuration file.

use super::error::ConfigError;
use super::key::{self, Key, Kind, Place};
use super::source::{Given, Source};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The values of a table, by the name of their key in the file.
pub type Values = BTreeMap<&'static str, Vec<Given>>;

/// A file whose keys are known, with its values as text.
#[derive(Default)]
pub struct ConfigFile {
    /// Of the top and of `[limits]`.
    pub values: Values,
    /// Of each `[[router]]`, with the place where it starts.
    pub routers: Vec<(Source, Values)>,
}

impl ConfigFile {
    /// Reads a file. Unknown keys and values of the wrong type are errors.
    pub fn read(path: &Path) -> Result<Self, Vec<ConfigError>> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let source = Source::File { path: path.to_owned(), line: 1 };
            vec![file_error(source, format!("cannot read the file: {error}"))]
        })?;
        Parser { path: path.to_owned(), text: &text, errors: Vec::new() }.parse()
    }
}

fn file_error(source: Source, advice: String) -> ConfigError {
    ConfigError { key: "config".to_owned(), value: None, source, advice }
}

struct Parser<'a> {
    path: PathBuf,
    text: &'a str,
    errors: Vec<ConfigError>,
}

impl Parser<'_> {
    fn parse(mut self) -> Result<ConfigFile, Vec<ConfigError>> {
        let document = match DeTable::parse(self.text) {
            Ok(document) => document,
            Err(error) => {
                // Without the line itself, which may contain a secret.
                let source = self.source(error.span().map_or(0, |span| span.start));
                return Err(vec![file_error(source, format!("not valid TOML: {}", error.message()))]);
            }
        };
        let mut file = ConfigFile::default();
        for (name, value) in document.get_ref() {
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("limits", DeValue::Table(table)) => self.table(table, Place::Limits, &mut file.values),
                ("router", DeValue::Array(tables)) if tables.iter().all(|it| it.get_ref().is_table()) => {
                    for table in tables {
                        let mut values = Values::new();
                        if let DeValue::Table(entries) = table.get_ref() {
                            self.table(entries, Place::Router(""), &mut values);
                        }
                        file.routers.push((self.source(table.span().start), values));
                    }
                }
                ("limits" | "router", _) => {
                    let advice = if name.get_ref() == "limits" {
                        "use a table: [limits]"
                    } else {
                        "use tables: [[router]]"
                    };
                    self.error(name.get_ref(), name.span().start, advice.to_owned());
                }
                _ => self.entry(name, value, Place::Top, &mut file.values),
            }
        }
        if self.errors.is_empty() { Ok(file) } else { Err(self.errors) }
    }

    fn table(&mut self, table: &DeTable<'_>, place: Place, into: &mut Values) {
        for (name, value) in table {
            self.entry(name, value, place, into);
        }
    }

    fn entry(
        &mut self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        place: Place,
        into: &mut Values,
    ) {
        let at = name.span().start;
        let Some(key) = keys(place).find(|key| key.name_in_file() == name.get_ref()) else {
            self.error(name.get_ref(), at, unknown(name.get_ref(), place));
            return;
        };
        let source = self.source(at);
        let values: Vec<&DeValue<'_>> = match (value.get_ref(), key.kind) {
            (DeValue::Array(values), Kind::Many(_)) => values.iter().map(Spanned::get_ref).collect(),
            (value, _) => vec![value],
        };
        let mut given = Vec::new();
        for value in values {
            if let Some(text) = text(value) {
                given.push(Given { text, source: source.clone() });
                continue;
            }
            let expected = match key.kind {
                Kind::Many(_) => "a string or a list of strings",
                Kind::Switch => "true or false",
                Kind::One => "one string or number",
            };
            let advice = format!("use {expected}, not {}", with_article(value.type_str()));
            self.error(key.name_in_file(), at, advice);
        }
        into.insert(key.name_in_file(), given);
    }

    fn error(&mut self, key: &str, at: usize, advice: String) {
        let source = self.source(at);
        self.errors.push(ConfigError { key: key.to_owned(), value: None, source, advice });
    }

    fn source(&self, at: usize) -> Source {
        let line = self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        Source::File { path: self.path.clone(), line }
    }
}

/// The keys of a table.
fn keys(place: Place) -> impl Iterator<Item = &'static Key> {
    let own: &[&Key] = if matches!(place, Place::Router(_)) { &key::ROUTER_ADDRESS } else { &[] };
    let same = move |key: &&'static Key| std::mem::discriminant(&key.place) == std::mem::discriminant(&place);
    own.iter().copied().chain(key::all().filter(same))
}

fn unknown(name: &str, place: Place) -> String {
    let elsewhere =
        [(Place::Top, "the top of the file"), (Place::Limits, "[limits]"), (Place::Router(""), "[[router]]")]
            .into_iter()
            .find(|(other, _)| *other != place && keys(*other).any(|key| key.name_in_file() == name));
    if let Some((_, place)) = elsewhere {
        return format!("this key belongs to {place}");
    }
    let known: Vec<&str> = keys(place).map(Key::name_in_file).collect();
    let tables = if place == Place::Top { ", [limits], [[router]]" } else { "" };
    format!("unknown key; known are {}{tables}", known.join(", "))
}

fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn with_article(kind: &str) -> String {
    format!("{} {kind}", if kind.starts_with('a') { "an" } else { "a" })
}
