//! Draws that depend on nothing but the seed and what they are drawn for.

/// A stream of numbers from a seed and some words.
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The same seed and words give the same draws.
    pub(crate) fn new(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ 0xcbf2_9ce4_8422_2325;
        for word in words {
            for byte in word.bytes().chain([0xff]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self(state)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.next() % span)
    }

    /// Whether something that happens in `of` cases `hits` times happens.
    pub(crate) fn happens(&mut self, hits: u64, of: u64) -> bool {
        self.next() % of.max(1) < hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_words_give_the_same_draws() {
        let draws = |seed, words| {
            let mut draw = Draw::new(seed, words);
            [draw.next(), draw.next()]
        };
        assert_eq!(draws(7, &["a", "b"]), draws(7, &["a", "b"]));
        assert_ne!(draws(7, &["a", "b"]), draws(8, &["a", "b"]));
        assert_ne!(draws(7, &["a", "b"]), draws(7, &["ab"]));
    }

    #[test]
    fn a_draw_stays_in_its_range() {
        let mut draw = Draw::new(1, &["x"]);
        assert!((0..1_000).map(|_| draw.between(-3, 4)).all(|it| (-3..=4).contains(&it)));
    }
}
