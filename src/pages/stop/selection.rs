//! What is to be stopped, as it stands in the address: whole programs and single runs. A selection that is too long
//! for an address is kept in the session of the tab, under a key that stands there instead.

use quiesce_api::{NamespaceId, ProgramRef, ProgramType, RunRef};

/// How many characters of selection an address takes; servers and browsers take more, people do not.
const LONGEST: usize = 6_000;

/// What the operator chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Programs, with all their runs.
    pub programs: Vec<ProgramRef>,
    /// Single runs.
    pub runs: Vec<RunRef>,
}

impl Selection {
    /// Reads the values of `program` and `run`: names with `/` between them, each percent-encoded where it has one.
    pub fn read<'a>(
        namespace: &NamespaceId,
        programs: impl IntoIterator<Item = &'a str>,
        runs: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let programs = programs.into_iter().filter_map(|value| read_program(namespace, value));
        let runs = runs.into_iter().filter_map(|value| {
            let (program, run) = value.rsplit_once('/')?;
            Some(read_program(namespace, program)?.run(unescape(run)))
        });
        let mut selection = Self { programs: programs.collect(), runs: runs.collect() };
        selection.programs.sort_unstable();
        selection.programs.dedup();
        selection.runs.sort_unstable();
        selection.runs.dedup();
        selection
    }

    /// The names and values of its query.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let program = |it: &ProgramRef| {
            let names = [it.application.as_str(), it.program_type.path(), it.program.as_str()];
            names.map(escape).join("/")
        };
        let programs = self.programs.iter().map(|it| ("program", program(it)));
        let runs = self
            .runs
            .iter()
            .map(|it| ("run", format!("{}/{}", program(&it.program), escape(it.run.as_str()))));
        programs.chain(runs).collect()
    }

    /// The query as lines, for the session of the tab.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.query() {
            for part in [name, "=", value.as_str(), "\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// Reads what [`Self::text`] wrote.
    pub fn of_text(namespace: &NamespaceId, text: &str) -> Self {
        Self::read(namespace, values(text, "program"), values(text, "run"))
    }

    /// The programs of what [`Self::text`] wrote, as they stand there.
    pub fn programs_of_text(namespace: &NamespaceId, text: &str) -> impl Iterator<Item = ProgramRef> {
        values(text, "program").filter_map(|value| read_program(namespace, value))
    }

    /// Whether it fits into an address.
    pub fn fits(&self) -> bool {
        self.query().iter().map(|(_, value)| value.len() + 9).sum::<usize>() <= LONGEST
    }

    /// Nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty() && self.runs.is_empty()
    }
}

/// The values of a name in lines of text.
fn values<'a>(text: &'a str, name: &'static str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix('='))
}

fn read_program(namespace: &NamespaceId, value: &str) -> Option<ProgramRef> {
    let mut parts = value.split('/');
    let (application, kind, program) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| {
        let kind = ProgramType::from_path(&unescape(kind));
        ProgramRef::new(namespace.clone(), unescape(application), kind, unescape(program))
    })
}

/// `/` and `%` are the only characters that mean something within a value.
fn escape(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn unescape(name: &str) -> String {
    name.replace("%2F", "/").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_comes_back_from_the_address_with_odd_names_too() {
        let program = ProgramRef::new("default", "a/b%2Fc", ProgramType::Spark, "x y");
        let selection = Selection { programs: vec![program.clone()], runs: vec![program.run("r-1")] };
        let query = selection.query();
        let of = |name| query.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str());
        assert_eq!(Selection::read(&"default".into(), of("program"), of("run")), selection);
        assert_eq!(Selection::of_text(&"default".into(), &selection.text()), selection);
        assert!(Selection::programs_of_text(&"default".into(), &selection.text()).eq(selection.programs));
    }

    #[test]
    fn a_value_that_names_nothing_is_left_out_and_a_name_given_twice_counts_once() {
        let selection =
            Selection::read(&"default".into(), ["x", "a/spark/b", "a/spark/b"], ["a/spark/b", ""]);
        assert_eq!((selection.programs.len(), selection.runs.len()), (1, 0));
    }

    #[test]
    fn a_thousand_programs_do_not_fit_into_an_address() {
        let program =
            |n: usize| ProgramRef::new("default", format!("application_{n}"), ProgramType::Workflow, "Main");
        assert!(Selection { programs: (0..20).map(program).collect(), runs: Vec::new() }.fits());
        assert!(!Selection { programs: (0..1000).map(program).collect(), runs: Vec::new() }.fits());
    }
}
