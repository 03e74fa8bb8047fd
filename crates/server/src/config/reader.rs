//! Reads the value of a key from the source with the highest precedence.

use super::error::ConfigError;
use super::file::Values;
use super::key::{Key, Kind};
use super::source::{Given, Source, Sourced};
use clap::ArgMatches;
use clap::parser::ValueSource;

/// Reads keys and collects all errors.
pub struct Reader<'a> {
    matches: &'a ArgMatches,
    pub errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub fn new(matches: &'a ArgMatches) -> Self {
        Self { matches, errors: Vec::new() }
    }

    /// The texts given by flag or, without one, by variable. A variable without a text counts as not set.
    pub fn given(&self, key: &Key) -> Option<Vec<Given>> {
        let texts = self.matches.try_get_many::<String>(key.name).ok()??;
        let given =
            |text: &str, source: &Source| Given { text: text.trim().to_owned(), source: source.clone() };
        if self.matches.value_source(key.name) == Some(ValueSource::EnvVariable) {
            let source = Source::Variable(key.variable());
            let separator = if let Kind::Many(separator) = key.kind { separator } else { '\0' };
            let texts = texts.flat_map(|text| text.split(separator)).filter(|text| !text.trim().is_empty());
            let given: Vec<Given> = texts.map(|text| given(text, &source)).collect();
            return (!given.is_empty()).then_some(given);
        }
        Some(texts.map(|text| given(text, &Source::Flag(key.name))).collect())
    }

    /// The value of a key with a default.
    pub fn required<T: Default>(
        &mut self,
        key: &Key,
        file: &Values,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        let default = key.default.and_then(|text| parse(text).ok());
        self.one(key, file, parse).map(|it| it.value).or(default).unwrap_or_default()
    }

    /// The value of a key that may be missing.
    pub fn one<T>(
        &mut self,
        key: &Key,
        file: &Values,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Sourced<T>> {
        self.many(key, file, parse).pop()
    }

    /// The values of a key.
    pub fn many<T>(
        &mut self,
        key: &Key,
        file: &Values,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<Sourced<T>> {
        let given = self.given(key).or_else(|| file.get(key.name_in_file()).cloned()).unwrap_or_default();
        self.parse(key, given, parse)
    }

    /// Parses the texts that were given for a key.
    pub fn parse<T>(
        &mut self,
        key: &Key,
        given: Vec<Given>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<Sourced<T>> {
        let mut parsed = Vec::new();
        for Given { text, source } in given {
            match parse(&text) {
                Ok(value) => parsed.push(Sourced { value, source }),
                Err(advice) => self.reject(key, Some(&text), source, advice),
            }
        }
        parsed
    }

    pub fn reject(&mut self, key: &Key, text: Option<&str>, source: Source, advice: impl Into<String>) {
        let key_name = if matches!(source, Source::File { .. }) { key.name_in_file() } else { key.name };
        let value = text.map(|text| if key.secret { "(hidden)".to_owned() } else { shown(text) });
        self.errors.push(ConfigError { key: key_name.to_owned(), value, source, advice: advice.into() });
    }
}

/// A value in quotes, without the credentials of a URL and without anything that a terminal would interpret.
fn shown(text: &str) -> String {
    let text = match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://(hidden){}", &text[..scheme], &text[at..])
        }
        (None, Some(at)) => format!("(hidden){}", &text[at..]),
        _ => text.to_owned(),
    };
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_without_the_credentials_of_a_url() {
        for (text, expected) in [
            ("127.0.0.1:x", "\"127.0.0.1:x\""),
            ("http://u:secret@a/b", "\"http://(hidden)@a/b\""),
            ("prod=https://u:se@cret@a", "\"prod=https://(hidden)@a\""),
            ("u:secret@a", "\"(hidden)@a\""),
            ("a\u{1b}[2J", "\"a\\u{1b}[2J\""),
        ] {
            assert_eq!(shown(text), expected);
        }
    }
}
