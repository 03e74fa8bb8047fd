//! A map of a few entries, searched from the first: a tree or a hash table would be more code in the first load.

use std::borrow::Borrow;

/// Values by key, each key once.
pub(super) struct ShortMap<K, V>(Vec<(K, V)>);

impl<K: PartialEq, V> ShortMap<K, V> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a key.
    pub fn get<Q: PartialEq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.iter().find(|(of, _)| of.borrow() == key).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        self.retain(|of| *of != key);
        self.0.push((key, value));
    }

    /// Removes all other keys than these.
    pub fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.0.retain(|(key, _)| keep(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_value_that_was_set_last_until_it_is_removed() {
        let mut map = ShortMap::new();
        for (key, value) in [("a", 1), ("b", 2), ("a", 3)] {
            map.insert(key.to_owned(), value);
        }
        assert_eq!((map.get("a"), map.get("b"), map.get("c")), (Some(&3), Some(&2), None));
        map.retain(|key| key != "a");
        assert_eq!((map.get("a"), map.get("b")), (None, Some(&2)));
    }
}
