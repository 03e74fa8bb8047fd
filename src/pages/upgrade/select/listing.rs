//! The rows that the table shows: those that match the search and the filters, in groups.

use super::group::{Folding, Section};
use super::state::Row;

/// The rows by their places in the list of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Those that match the search and the filters, by rank.
    pub matching: Vec<usize>,
    /// Their groups.
    pub sections: Vec<Section>,
    /// Those of groups that are unfolded.
    pub visible: Vec<usize>,
}

impl Listing {
    /// The rows that match the text of the search and the groups of the filter.
    pub fn of(rows: &[Row], (search, filter): &(String, String), folding: &Folding) -> Self {
        let search = search.trim().to_ascii_lowercase();
        let mut matching = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let found = |text: &str| text.to_ascii_lowercase().contains(&search);
            if (filter.is_empty() || row.group().is_in(filter))
                && (search.is_empty()
                    || found(row.application.name.as_str())
                    || found(&row.application.artifact.to_string()))
            {
                let rank = |place: usize| rows.get(place).map(Row::rank);
                let at = matching.partition_point(|other| rank(*other) <= rank(place));
                matching.insert(at, place);
            }
        }
        let groups = matching.iter().filter_map(|place| rows.get(*place)).map(Row::group);
        let sections = folding.sections(groups, !search.is_empty() || !filter.is_empty());
        let is_visible = |row: &Row| sections.iter().any(|it| it.group == row.group() && !it.folded);
        let mut visible = matching.clone();
        visible.retain(|place| rows.get(*place).is_some_and(is_visible));
        Self { matching, sections, visible }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::application::ApplicationRecord;
    use quiesce_api::artifact::Artifact;
    use quiesce_lifecycle::upgrade::{Eligibility, IneligibleReason};

    fn artifact(name: &str) -> Artifact {
        Artifact { name: name.into(), version: "6.11.0".into(), scope: "SYSTEM".into() }
    }

    fn row(name: &str, of: &str, offer: fn(Artifact) -> Eligibility) -> Row {
        let application = ApplicationRecord {
            name: name.into(),
            version: "v1".into(),
            artifact: artifact(of),
            change: None,
        };
        let offer = offer(artifact(of));
        Row { application, offer, alive: false, mode: None, unread: false, unknown: false }
    }

    fn rows() -> Vec<Row> {
        vec![
            row("Warehouse", "sample-app", |_| Eligibility::Ineligible(IneligibleReason::NotAPipeline)),
            row("a_stream", "cdap-data-streams", Eligibility::Upgrade),
            row("orders", "cdap-data-pipeline", Eligibility::Upgrade),
            row("clicks", "cdap-data-streams", Eligibility::Redeploy),
            row("bills", "cdap-data-pipeline", Eligibility::Upgrade),
        ]
    }

    fn names(search: &str, filter: &str, visible: bool) -> Vec<String> {
        let rows = rows();
        let listing = Listing::of(&rows, &(search.to_owned(), filter.to_owned()), &Folding::default());
        let places = if visible { listing.visible } else { listing.matching };
        places.into_iter().map(|place| rows[place].application.name.to_string()).collect()
    }

    #[test]
    fn rows_are_in_groups_and_by_name_with_real_time_pipelines_last_of_the_upgradable() {
        assert_eq!(names("", "", false), ["bills", "orders", "a_stream", "clicks", "Warehouse"]);
        assert_eq!(names("", "", true), ["bills", "orders", "a_stream", "clicks"]);
    }

    #[test]
    fn a_search_and_a_filter_unfold_what_they_find() {
        assert_eq!(names("SAMPLE", "", true), ["Warehouse"]);
        assert_eq!(names("", "cannot,redeploy", true), ["clicks", "Warehouse"]);
        assert_eq!(names("streams", "can", true), ["a_stream"]);
        assert!(names("nothing", "", true).is_empty());
    }
}
