//! The runtime arguments of a program, next to those of one of its runs.

use std::collections::{BTreeMap, BTreeSet};

/// The argument that the server adds to each run: the time for which it was started.
pub const LOGICAL_START: &str = "logical.start.time";

/// Where the value of an argument is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedAt {
    /// For the program itself.
    Program,
    /// For its application, its namespace or the server.
    Above,
}

/// How the saved value of an argument compares with that of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The same, or there is no run to compare with.
    None,
    /// Another value.
    Changed,
    /// Saved, but the run has none.
    NotInRun,
    /// The run has it, but it is not saved.
    NotSaved,
    /// The server added it to the run.
    ByServer,
    /// A macro requires it, and it has no value.
    Missing,
}

/// An argument, as saved and in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its saved value, which the next start uses.
    pub saved: Option<(String, SavedAt)>,
    /// Its value in the run.
    pub run: Option<String>,
    /// How they compare.
    pub difference: Difference,
}

/// The saved arguments of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedArguments {
    /// Those of the program itself.
    pub own: BTreeMap<String, String>,
    /// Those that a start without arguments gets: the program's own before those of the levels above.
    pub resolved: BTreeMap<String, String>,
}

impl SavedArguments {
    fn saved(&self, name: &str) -> Option<(String, SavedAt)> {
        match (self.own.get(name), self.resolved.get(name)) {
            (Some(own), _) => Some((own.clone(), SavedAt::Program)),
            (None, Some(above)) => Some((above.clone(), SavedAt::Above)),
            (None, None) => None,
        }
    }

    /// The values that a start without arguments gets.
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values = self.resolved.clone();
        values.extend(self.own.clone());
        values
    }

    /// All arguments by name: missing ones first, then those that differ from the run. `run` are the arguments of a
    /// run, if they are known; `missing` those that macros require.
    pub fn compare(
        &self,
        run: Option<&BTreeMap<String, String>>,
        missing: &BTreeSet<String>,
    ) -> Vec<Argument> {
        let mut names = BTreeSet::new();
        names.extend(self.own.keys().chain(self.resolved.keys()));
        names.extend(run.iter().flat_map(|run| run.keys()));
        names.extend(missing.iter().filter(|name| *name != LOGICAL_START));
        let mut arguments: Vec<_> = names
            .into_iter()
            .map(|name| {
                let saved = self.saved(name);
                let own = run.and_then(|run| run.get(name)).cloned();
                let difference = match (&saved, &own) {
                    (Some((saved, _)), Some(own)) if saved == own => Difference::None,
                    (Some(_), Some(_)) => Difference::Changed,
                    (Some(_), None) if run.is_some() => Difference::NotInRun,
                    (Some(_), None) => Difference::None,
                    (None, _) if name == LOGICAL_START => Difference::ByServer,
                    (None, _) if missing.contains(name) => Difference::Missing,
                    (None, _) => Difference::NotSaved,
                };
                Argument { name: name.clone(), saved, run: own, difference }
            })
            .collect();
        arguments.sort_by_key(|argument| match argument.difference {
            Difference::Missing => 0,
            Difference::Changed | Difference::NotInRun | Difference::NotSaved => 1,
            Difference::None => 2,
            Difference::ByServer => 3,
        });
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn saved() -> SavedArguments {
        SavedArguments {
            own: map(&[("memory", "6144"), ("topic", "clicks")]),
            resolved: map(&[("memory", "6144"), ("topic", "clicks"), ("region", "emea")]),
        }
    }

    fn differences(run: Option<&BTreeMap<String, String>>, missing: &[&str]) -> Vec<(String, Difference)> {
        let missing = missing.iter().map(|name| (*name).to_owned()).collect();
        saved().compare(run, &missing).into_iter().map(|it| (it.name, it.difference)).collect()
    }

    fn named(pairs: &[(&str, Difference)]) -> Vec<(String, Difference)> {
        pairs.iter().map(|(name, difference)| ((*name).to_owned(), *difference)).collect()
    }

    #[test]
    fn arguments_are_compared_with_those_of_a_run() {
        use Difference as D;
        let run = map(&[
            ("memory", "4096"),
            ("topic", "clicks"),
            ("once", "1"),
            (LOGICAL_START, "17"),
            ("day", "1"),
        ]);
        assert_eq!(
            differences(Some(&run), &["day", "bucket", LOGICAL_START]),
            named(&[
                ("bucket", D::Missing),
                ("day", D::Missing),
                ("memory", D::Changed),
                ("once", D::NotSaved),
                ("region", D::NotInRun),
                ("topic", D::None),
                (LOGICAL_START, D::ByServer),
            ])
        );
    }

    #[test]
    fn without_a_run_only_missing_arguments_differ() {
        use Difference as D;
        let expected =
            named(&[("bucket", D::Missing), ("memory", D::None), ("region", D::None), ("topic", D::None)]);
        assert_eq!(differences(None, &["bucket"]), expected);
    }

    #[test]
    fn the_programs_own_arguments_come_before_those_above() {
        let arguments = SavedArguments {
            own: map(&[("wait", "1")]),
            resolved: map(&[("wait", "20"), ("region", "emea")]),
        };
        let all = arguments.compare(None, &BTreeSet::new());
        assert_eq!(all[0].saved, Some(("emea".to_owned(), SavedAt::Above)));
        assert_eq!(all[1].saved, Some(("1".to_owned(), SavedAt::Program)));
        assert_eq!(arguments.values(), map(&[("wait", "1"), ("region", "emea")]));
    }
}
