//! How long a stop usually takes: [`Forecast`], from past stops of the same program and nothing else.

use crate::verdict::PastStops;

/// How long the past stops of a program took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// How many stops it is from.
    pub stops: usize,
    /// Their median in seconds; of an even number, the longer of the two in the middle.
    pub usual: i64,
    /// The longest, in seconds.
    pub longest: i64,
}

impl Forecast {
    /// How many stops a forecast needs.
    pub const LEAST: usize = 3;

    /// The forecast from these stops. `None`: they are too few. A stop with a negative duration does not count.
    pub fn of(past: &PastStops) -> Option<Self> {
        let mut took: Vec<i64> = past.took.iter().copied().filter(|took| *took >= 0).collect();
        took.sort_unstable();
        if took.len() < Self::LEAST {
            return None;
        }
        Some(Self { stops: took.len(), usual: *took.get(took.len() / 2)?, longest: *took.last()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(took: &[i64]) -> Option<Forecast> {
        Forecast::of(&PastStops { took: took.to_vec() })
    }

    #[test]
    fn a_forecast_needs_three_stops() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[40, 41]), None);
        assert_eq!(of(&[40, 42, 41]), Some(Forecast { stops: 3, usual: 41, longest: 42 }));
    }

    #[test]
    fn the_usual_duration_is_the_median_and_not_the_mean() {
        assert_eq!(of(&[300, 10, 12, 11, 9]).unwrap().usual, 11);
        assert_eq!(of(&[10, 20, 30, 40]).unwrap().usual, 30);
    }

    #[test]
    fn a_stop_that_ended_before_it_began_does_not_count() {
        assert_eq!(of(&[-5, 40, 41]), None);
        assert_eq!(of(&[-5, 0, 40, 41]), Some(Forecast { stops: 3, usual: 40, longest: 41 }));
    }
}
