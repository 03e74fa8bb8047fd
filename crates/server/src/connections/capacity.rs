//! Counts open connections.

use crate::config::Network;
use crate::peer::host;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Admits connections up to a number in all and of each address.
#[derive(Clone, Debug)]
pub struct Capacity {
    counts: Arc<Mutex<Counts>>,
    in_all: usize,
    per_address: usize,
    exempt: Arc<[Network]>,
}

#[derive(Debug, Default)]
struct Counts {
    open: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// An open connection; it is counted until this is dropped.
#[derive(Debug)]
pub struct Ticket {
    counts: Arc<Mutex<Counts>>,
    address: Option<IpAddr>,
}

/// The reason why a connection is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    InAll,
    OfThisAddress,
}

impl Capacity {
    /// `exempt` are addresses of which there may be any number up to the limit in all.
    pub fn new(in_all: usize, per_address: usize, exempt: &[Network]) -> Self {
        Self { counts: Arc::default(), in_all, per_address, exempt: exempt.into() }
    }

    /// Counts one more connection from this address.
    pub fn admit(&self, from: IpAddr) -> Result<Ticket, Full> {
        let address = (!self.exempt.iter().any(|network| network.contains(from))).then(|| host(from));
        let mut counts = lock(&self.counts);
        if counts.open >= self.in_all {
            return Err(Full::InAll);
        }
        if let Some(address) = address {
            let open = counts.by_address.entry(address).or_default();
            if *open >= self.per_address {
                return Err(Full::OfThisAddress);
            }
            *open += 1;
        }
        counts.open += 1;
        Ok(Ticket { counts: Arc::clone(&self.counts), address })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.open = counts.open.saturating_sub(1);
        if let Some(address) = self.address
            && let Some(open) = counts.by_address.get_mut(&address)
        {
            *open -= 1;
            if *open == 0 {
                counts.by_address.remove(&address);
            }
        }
    }
}

/// A count is right after each statement, so a panic elsewhere does not make it wrong.
fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn admits_as_many_in_all_and_of_each_address_as_it_may() {
        let capacity = Capacity::new(3, 2, &["10.0.0.1".parse().unwrap()]);
        let [first, _second] = [(); 2].map(|()| capacity.admit(ip("127.0.0.1")).unwrap());
        assert_eq!(capacity.admit(ip("::ffff:127.0.0.1")).unwrap_err(), Full::OfThisAddress);
        let _third = capacity.admit(ip("127.0.0.2")).unwrap();
        assert_eq!(capacity.admit(ip("127.0.0.3")).unwrap_err(), Full::InAll);
        drop(first);
        assert_eq!(lock(&capacity.counts).open, 2);
        let _again = capacity.admit(ip("127.0.0.1")).unwrap();
        assert_eq!(capacity.admit(ip("10.0.0.1")).unwrap_err(), Full::InAll);
    }

    #[test]
    fn a_trusted_proxy_is_limited_only_by_the_number_in_all() {
        let capacity = Capacity::new(3, 1, &["10.0.0.0/8".parse().unwrap()]);
        let _tickets = [(); 3].map(|()| capacity.admit(ip("10.0.0.1")).unwrap());
        assert_eq!(capacity.admit(ip("10.0.0.1")).unwrap_err(), Full::InAll);
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_count_together() {
        let capacity = Capacity::new(9, 1, &[]);
        let _ticket = capacity.admit(ip("2001:db8:0:1::1")).unwrap();
        assert_eq!(capacity.admit(ip("2001:db8:0:1:ffff::2")).unwrap_err(), Full::OfThisAddress);
        assert!(capacity.admit(ip("2001:db8:0:2::1")).is_ok());
    }

    #[test]
    fn forgets_an_address_without_connections() {
        let capacity = Capacity::new(9, 9, &[]);
        drop(capacity.admit(ip("127.0.0.1")).unwrap());
        assert!(lock(&capacity.counts).by_address.is_empty());
    }
}
