//! Limits failed sign-ins, so that nobody can try many passwords. A sign-in counts from its start, so that many at the
//! same time are limited, too; it is forgotten unless the authentication server rejects it.

use crate::limits::Limits;
use crate::peer::host;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a failed sign-in counts.
pub const WINDOW: Duration = Duration::from_mins(1);
/// How many addresses are distinguished; all others together are limited as one.
const MAX_ADDRESSES: usize = 10_000;

/// The sign-ins of the last minute.
#[derive(Clone, Debug)]
pub struct Attempts {
    by_address: Arc<Mutex<HashMap<IpAddr, Vec<Instant>>>>,
    limit: usize,
}

/// A sign-in that counts as failed until it is forgotten.
#[derive(Debug)]
pub struct Attempt {
    attempts: Attempts,
    address: IpAddr,
    began: Instant,
}

impl Default for Attempts {
    fn default() -> Self {
        Self::new(Limits::default().failed_sign_ins)
    }
}

impl Attempts {
    /// At most `limit` failed sign-ins of one address in a minute.
    pub fn new(limit: usize) -> Self {
        Self { by_address: Arc::default(), limit }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Counts a sign-in, or returns the time after which the next one is accepted.
    pub fn begin(&self, from: IpAddr, now: Instant) -> Result<Attempt, Duration> {
        let mut address = host(from);
        let mut by_address = self.lock();
        if by_address.len() >= MAX_ADDRESSES && !by_address.contains_key(&address) {
            by_address.retain(|_, times| times.iter().any(|time| age(*time, now) < WINDOW));
            if by_address.len() >= MAX_ADDRESSES {
                address = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            }
        }
        let times = by_address.entry(address).or_default();
        times.retain(|time| age(*time, now) < WINDOW);
        if let (Some(oldest), true) = (times.first(), times.len() >= self.limit) {
            return Err(WINDOW.saturating_sub(age(*oldest, now)));
        }
        times.push(now);
        Ok(Attempt { attempts: self.clone(), address, began: now })
    }

    /// The times are right after each statement, so a panic elsewhere does not make them wrong.
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Vec<Instant>>> {
        self.by_address.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// The sign-in did not fail because of its name or its password.
    pub fn forget(self) {
        let mut by_address = self.attempts.lock();
        let Some(times) = by_address.get_mut(&self.address) else { return };
        if let Some(at) = times.iter().position(|time| *time == self.began) {
            times.remove(at);
        }
        if times.is_empty() {
            by_address.remove(&self.address);
        }
    }
}

fn age(time: Instant, now: Instant) -> Duration {
    now.saturating_duration_since(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number))
    }

    #[test]
    fn failed_sign_ins_of_an_address_are_limited_within_each_minute() {
        let (attempts, start) = (Attempts::new(2), Instant::now());
        let at = |second| start + Duration::from_secs(second);
        let begin = |address, second| attempts.begin(ip(address), at(second)).map(drop);
        assert_eq!([begin(1, 0), begin(1, 20)], [Ok(()), Ok(())]);
        assert_eq!(begin(1, 45), Err(Duration::from_secs(15)));
        assert_eq!(begin(2, 45), Ok(()), "another address");
        assert_eq!([begin(1, 60), begin(1, 61)], [Ok(()), Err(Duration::from_secs(19))]);
    }

    #[test]
    fn a_sign_in_that_is_forgotten_does_not_count_when_it_is_over() {
        let (attempts, now) = (Attempts::new(1), Instant::now());
        let attempt = attempts.begin(ip(1), now).unwrap();
        assert_eq!(attempts.begin(ip(1), now).unwrap_err(), WINDOW, "one is in progress");
        attempt.forget();
        assert!(attempts.lock().is_empty());
        assert!(attempts.begin(ip(1), now).is_ok());
    }

    #[test]
    fn addresses_above_their_number_are_limited_as_one_until_others_are_old() {
        let (attempts, start) = (Attempts::new(1), Instant::now());
        let many = u32::try_from(MAX_ADDRESSES).unwrap();
        for address in 1..=many {
            attempts.begin(ip(address), start).unwrap();
        }
        assert!(attempts.begin(ip(many + 1), start).is_ok());
        assert!(attempts.begin(ip(many + 2), start).is_err());
        assert!(attempts.begin(ip(many + 2), start + WINDOW).is_ok());
        assert_eq!(attempts.lock().len(), 1);
    }
}
