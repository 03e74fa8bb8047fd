//! The filter of the history, stored in its address: a text, kinds, and results.

use super::summary::OperationSummary;
use crate::client::Client;
use crate::pages::list_state::List;
use crate::routes::RouterName;
use crate::text::history as text;
use crate::ui::{Glyph, Tone};
use quiesce_lifecycle::journal::{Header, OperationKind};
use std::collections::BTreeMap;

/// The summaries of operations by their IDs.
pub(super) type Summaries = BTreeMap<String, OperationSummary>;

/// A chip of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterChip {
    Stop,
    Upgrade,
    Unfinished,
    Problems,
}

impl FilterChip {
    pub(super) const ALL: [Self; 4] = [Self::Stop, Self::Upgrade, Self::Unfinished, Self::Problems];
    /// Those of a kind, and those of a result. An operation has to match one that is on in each group that has any.
    pub(super) const GROUPS: [(&str, [Self; 2]); 2] = [
        (crate::text::common::KIND, [Self::Stop, Self::Upgrade]),
        (text::RESULT, [Self::Unfinished, Self::Problems]),
    ];

    /// Its name in the address.
    fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Upgrade => "upgrade",
            Self::Unfinished => "open",
            Self::Problems => "problems",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Stop => text::FILTER_STOP,
            Self::Upgrade => text::FILTER_UPGRADE,
            Self::Unfinished => text::FILTER_UNFINISHED,
            Self::Problems => text::FILTER_PROBLEMS,
        }
    }

    /// The tone and the shape of a result.
    pub(super) fn mark(self) -> Option<(Tone, Glyph)> {
        match self {
            Self::Stop | Self::Upgrade => None,
            Self::Unfinished => Some((Tone::Busy, Glyph::Stopping)),
            Self::Problems => Some((Tone::Bad, Glyph::Failed)),
        }
    }

    fn matches(self, header: &Header, summary: Option<&OperationSummary>) -> bool {
        match self {
            Self::Stop => header.kind == OperationKind::Stop,
            Self::Upgrade => header.kind == OperationKind::Upgrade,
            Self::Unfinished => !header.finished,
            Self::Problems => summary.is_some_and(|summary| summary.has_problems),
        }
    }
}

/// The filter of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// A text that an operation must contain.
    pub text: String,
    /// Which of [`FilterChip::ALL`] are on.
    pub on: [bool; FilterChip::ALL.len()],
}

impl Filter {
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let shown = get("show").unwrap_or_default();
        let on = FilterChip::ALL.map(|chip| shown.split(',').any(|it| it == chip.name()));
        Self { text: get("q").unwrap_or_default(), on }
    }

    pub(super) fn href(&self, client: Client) -> String {
        self.href_in(&client.router())
    }

    fn href_in(&self, router: &RouterName) -> String {
        let mut shown = String::new();
        for chip in FilterChip::ALL.into_iter().filter(|chip| self.is_on(*chip)) {
            shown.push_str(if shown.is_empty() { "" } else { "," });
            shown.push_str(chip.name());
        }
        let query = [("q", self.text.as_str()), ("show", shown.as_str())];
        List::Operations.address(router).href_with(query.into_iter().filter(|(_, value)| !value.is_empty()))
    }

    pub(super) fn is_on(&self, chip: FilterChip) -> bool {
        self.on.get(chip as usize).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, chip: FilterChip, on: bool) {
        if let Some(it) = self.on.get_mut(chip as usize) {
            *it = on;
        }
    }

    /// Whether it depends on summaries which operations are shown.
    pub(super) fn needs_summaries(&self) -> bool {
        self.is_on(FilterChip::Problems) || !self.text.trim().is_empty()
    }

    /// Whether an operation is shown.
    pub(super) fn shows(&self, header: &Header, summaries: &Summaries) -> bool {
        let summary = summaries.get(&header.id.0);
        let chips = FilterChip::GROUPS.iter().all(|(_, group)| self.passes(group, header, summary));
        chips && self.contains(header, summary)
    }

    /// How many operations each chip would show, with the text and the chips of the other group as they are. `None`:
    /// it depends on summaries that have not been read.
    pub(super) fn counts(
        &self,
        headers: &[Header],
        summaries: &Summaries,
    ) -> [Option<usize>; FilterChip::ALL.len()] {
        let mut counts = [0_usize; FilterChip::ALL.len()];
        let mut is_read = true;
        for header in headers {
            let summary = summaries.get(&header.id.0);
            is_read &= summary.is_some();
            if !self.contains(header, summary) {
                continue;
            }
            let [kinds, results] = FilterChip::GROUPS.map(|(_, group)| group);
            for (group, others) in [(kinds, results), (results, kinds)] {
                if self.passes(&others, header, summary) {
                    for chip in group.into_iter().filter(|chip| chip.matches(header, summary)) {
                        if let Some(count) = counts.get_mut(chip as usize) {
                            *count += 1;
                        }
                    }
                }
            }
        }
        FilterChip::ALL.map(|chip| {
            let count = counts.get(chip as usize).copied();
            count.filter(|_| is_read || chip != FilterChip::Problems && !self.is_on(FilterChip::Problems))
        })
    }

    fn passes(&self, group: &[FilterChip], header: &Header, summary: Option<&OperationSummary>) -> bool {
        let mut on = group.iter().filter(|chip| self.is_on(**chip)).peekable();
        on.peek().is_none() || on.any(|chip| chip.matches(header, summary))
    }

    fn contains(&self, header: &Header, summary: Option<&OperationSummary>) -> bool {
        let words = self.text.trim().to_ascii_lowercase();
        if words.is_empty() {
            return true;
        }
        let text = format!("{} {} {} {}", header.title, header.namespace, header.server, header.id);
        let result = |it: &OperationSummary| it.words.to_ascii_lowercase().contains(&words);
        text.to_ascii_lowercase().contains(&words) || summary.is_some_and(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(q: &str, show: &str) -> Filter {
        Filter::read(|name| Some(if name == "q" { q } else { show }.to_owned()))
    }

    fn header(id: &str, kind: &str, finished: bool) -> Header {
        let text = format!(
            r#"{{"id":"{id}","version":1,"kind":"{kind}","namespace":"retail","server":"s","created":1,"title":"{kind} {id}","finished":{finished}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn summary(words: &str, has_problems: bool) -> OperationSummary {
        OperationSummary {
            words: words.to_owned(),
            tone: Tone::Ok,
            progress: None,
            has_problems,
            last: None,
            is_final: true,
        }
    }

    fn operations() -> (Vec<Header>, Summaries) {
        let headers = vec![
            header("a", "Stop", true),
            header("b", "Stop", true),
            header("c", "Stop", false),
            header("d", "Upgrade", true),
            header("e", "Upgrade", false),
        ];
        let told = [("a", false), ("b", true), ("c", true), ("d", true), ("e", false)];
        // The words do not say it: the fact does.
        let summaries = told.map(|(id, problems)| (id.to_owned(), summary("1 of 1 run ended", problems)));
        (headers, summaries.into())
    }

    fn shown(q: &str, show: &str) -> Vec<String> {
        let (headers, summaries) = operations();
        let filter = filter(q, show);
        headers.into_iter().filter(|it| filter.shows(it, &summaries)).map(|it| it.id.0).collect()
    }

    #[test]
    fn a_filter_of_the_history_comes_back_from_the_address() {
        let filter = filter("retail", "stop,open,problems,other");
        assert_eq!(filter.on, [true, false, true, true]);
        assert_eq!(filter.href_in(&RouterName::default()), "/history?q=retail&show=stop%2Copen%2Cproblems");
        assert_eq!(Filter::default().href_in(&RouterName::new("prod").unwrap()), "/r/prod/history");
    }

    #[test]
    fn an_address_from_before_problems_could_be_filtered_shows_the_same() {
        assert_eq!(
            filter("retail", "stop,open").href_in(&RouterName::default()),
            "/history?q=retail&show=stop%2Copen"
        );
        assert_eq!(shown("", "stop,open"), ["c"]);
        assert_eq!(shown("", "stop,upgrade"), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn an_operation_matches_one_chip_of_each_group() {
        assert_eq!(shown("", "problems"), ["b", "c", "d"]);
        assert_eq!(shown("", "stop,problems"), ["b", "c"]);
        assert_eq!(shown("", "open,problems"), ["b", "c", "d", "e"]);
        assert_eq!(shown("problem", ""), [""; 0]);
        assert_eq!(shown("RUN ENDED", "upgrade"), ["d", "e"]);
    }

    #[test]
    fn a_chip_counts_what_it_would_show_with_the_other_group_and_the_text() {
        let (headers, summaries) = operations();
        let counts = |q, show| filter(q, show).counts(&headers, &summaries);
        assert_eq!(counts("", ""), [Some(3), Some(2), Some(2), Some(3)]);
        assert_eq!(counts("", "stop"), [Some(3), Some(2), Some(1), Some(2)]);
        assert_eq!(counts("", "problems"), [Some(2), Some(1), Some(2), Some(3)]);
        assert_eq!(counts("upgrade d", ""), [Some(0), Some(1), Some(0), Some(1)]);
    }

    #[test]
    fn a_count_that_depends_on_unread_journals_is_not_stated() {
        let (headers, mut summaries) = operations();
        summaries.remove("e");
        let counts = |show| filter("", show).counts(&headers, &summaries);
        assert_eq!(counts(""), [Some(3), Some(2), Some(2), None]);
        assert_eq!(counts("problems"), [None; 4]);
    }
}
