//! The programs that are selected in the list.

use quiesce_api::ProgramRef;
use std::cmp::Ordering;
use std::sync::Arc;

/// Programs of a namespace, ordered by name: a list in this order is selected as it is, and a hash table of 100,000 programs
/// would take longer than a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelectedPrograms(Vec<Arc<ProgramRef>>);

impl SelectedPrograms {
    /// All programs of a list, which is ordered by name.
    pub fn all(list: Vec<Arc<ProgramRef>>) -> Self {
        debug_assert!(list.is_sorted_by(|a, b| by_name(a, b).is_lt()));
        Self(list)
    }

    /// How many programs are selected.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no program is selected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The programs, by name.
    pub fn to_vec(&self) -> Vec<ProgramRef> {
        self.0.iter().map(|program| (**program).clone()).collect()
    }

    /// Whether a program is selected.
    pub fn contains(&self, program: &ProgramRef) -> bool {
        self.place(program).is_ok()
    }

    /// Selects a program, or deselects it.
    pub fn select(&mut self, program: Arc<ProgramRef>, on: bool) {
        match self.place(&program) {
            Ok(place) if !on => drop(self.0.remove(place)),
            Err(place) if on => self.0.insert(place, program),
            _ => {}
        }
    }

    /// Those of the selected programs that are among these.
    pub fn only<'a>(&self, these: impl Iterator<Item = &'a ProgramRef>) -> Self {
        let mut is_left = vec![false; self.len()];
        for place in these.filter_map(|program| self.place(program).ok()) {
            if let Some(is_left) = is_left.get_mut(place) {
                *is_left = true;
            }
        }
        let left = self.0.iter().zip(is_left).filter(|(_, is_left)| *is_left);
        Self(left.map(|(program, _)| program.clone()).collect())
    }

    /// The place of a program, or where it would be.
    fn place(&self, program: &ProgramRef) -> Result<usize, usize> {
        self.0.binary_search_by(|it| by_name(it, program))
    }
}

impl FromIterator<ProgramRef> for SelectedPrograms {
    fn from_iter<I: IntoIterator<Item = ProgramRef>>(programs: I) -> Self {
        let mut selected = Self::default();
        for program in programs {
            selected.select(Arc::new(program), true);
        }
        selected
    }
}

/// Orders programs of a namespace by name. No two are equal.
pub fn by_name(a: &ProgramRef, b: &ProgramRef) -> Ordering {
    let by_name = a.application.cmp(&b.application).then_with(|| a.program.cmp(&b.program));
    by_name.then_with(|| a.program_type.cmp(&b.program_type))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::ProgramType::{self, Spark, Worker};

    fn program(application: &str, program_type: ProgramType, name: &str) -> Arc<ProgramRef> {
        Arc::new(ProgramRef::new("default", application, program_type, name))
    }

    /// Ordered by application, then by name, then by type.
    fn programs() -> [Arc<ProgramRef>; 5] {
        [("a", Spark, "x"), ("a", Worker, "x"), ("a", Spark, "y"), ("b", Spark, "a"), ("b", Worker, "a")]
            .map(|(application, program_type, name)| program(application, program_type, name))
    }

    fn of<'a>(programs: impl IntoIterator<Item = &'a Arc<ProgramRef>>) -> SelectedPrograms {
        programs.into_iter().map(|program| (**program).clone()).collect()
    }

    #[test]
    fn programs_are_selected_and_deselected_in_any_order() {
        let all = programs();
        for start in 0..all.len() {
            for step in 1..all.len() {
                let mut order = all.clone();
                order.rotate_left(start);
                let order = (0..all.len()).map(|place| &order[place * step % order.len()]);
                let mut selected = SelectedPrograms::default();
                for program in order.clone() {
                    assert!(!selected.contains(program));
                    selected.select(program.clone(), true);
                    selected.select(program.clone(), true);
                    assert!(selected.contains(program));
                }
                assert_eq!(selected, SelectedPrograms::all(all.to_vec()));
                for (place, program) in order.enumerate() {
                    selected.select(program.clone(), false);
                    selected.select(program.clone(), false);
                    assert!(!selected.contains(program));
                    assert_eq!(selected.len(), all.len() - place - 1);
                }
                assert!(selected.is_empty());
            }
        }
    }

    #[test]
    fn programs_that_no_longer_exist_drop_out_of_the_selection() {
        let all = programs();
        let selected = of(&all[1..4]);
        let there = [&all[4], &all[3], &all[1], &all[0]].map(|program| &**program);
        assert_eq!(selected.only(there.into_iter()), of([&all[1], &all[3]]));
        assert!(selected.only(std::iter::empty()).is_empty());
        assert!(SelectedPrograms::default().only(there.into_iter()).is_empty());
    }

    #[test]
    fn what_was_stored_in_any_order_and_twice_is_selected_once() {
        let all = programs();
        let twice = all.iter().rev().chain(&all);
        assert_eq!(of(twice), SelectedPrograms::all(all.to_vec()));
    }
}
