//! Ids as the servers make them: UUIDs of version 1 for versions and runs, which carry their time.

use std::sync::Arc;

/// From the start of the UUID calendar (1582-10-15) to the epoch, in 100 ns.
const EPOCH: u64 = 0x01b2_1dd2_1381_4000;

/// Makes ids; none twice.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    made: u64,
}

impl Ids {
    /// The id of something that came to be at a time, in milliseconds since the epoch.
    pub(crate) fn make(&mut self, millis: i64) -> Arc<str> {
        self.made += 1;
        let ticks =
            u64::try_from(millis).unwrap_or(0).wrapping_mul(10_000).wrapping_add(EPOCH) + self.made % 10_000;
        let sequence = 0x8000 | (self.made.wrapping_mul(0x9e37).wrapping_add(self.made >> 14) & 0x3fff);
        format!(
            "{:08x}-{:04x}-1{:03x}-{sequence:04x}-02fc00000001",
            ticks & 0xffff_ffff,
            (ticks >> 32) & 0xffff,
            (ticks >> 48) & 0x0fff,
        )
        .into()
    }
}

/// Whether a word has the form of a UUID, as loosely as the servers read it.
pub(crate) fn is_uuid(word: &str) -> bool {
    let parts: Vec<_> = word.split('-').collect();
    parts.len() == 5
        && parts
            .iter()
            .all(|part| (1..=16).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// A UUID of version 4 from two random numbers: the ID of a deployed real-time pipeline.
pub(crate) fn random_uuid(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_id_carries_its_time_as_recorded_ones_do() {
        // 6.11.0, deploy-app-jar: 7a2612f1-e70e-11f1-a483-02fc00000001 was made in 1795418479014.
        let id = Ids::default().make(1_795_418_479_014);
        assert!(id.ends_with("-02fc00000001") && id.contains("-e70e-11f1-"), "{id}");
        assert!(is_uuid(&id));
    }

    #[test]
    fn no_id_is_made_twice() {
        let mut ids = Ids::default();
        let made: BTreeSet<_> = (0..50_000).map(|_| ids.make(5)).collect();
        assert_eq!(made.len(), 50_000);
    }

    #[test]
    fn a_word_is_no_uuid() {
        assert!(!is_uuid("zzz"));
        assert!(is_uuid(&random_uuid(1, u64::MAX)));
    }
}
