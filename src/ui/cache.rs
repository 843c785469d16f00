//! Caches layouts between frames.

use std::cell::{RefCell, RefMut};

/// Keeps one value for as long as its key stays the same: laying out a long page costs more than drawing what is visible.
#[derive(Debug)]
pub struct Cache<K, V>(RefCell<Option<(K, V)>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<K: PartialEq, V> Cache<K, V> {
    /// The value of `key`, created if the key has changed.
    pub fn get(&self, key: K, make: impl FnOnce(&K) -> V) -> RefMut<'_, V> {
        let mut slot = self.0.borrow_mut();
        if slot.as_ref().is_some_and(|(last, _)| *last != key) {
            *slot = None;
        }
        RefMut::map(slot, |slot| {
            &mut slot
                .get_or_insert_with(|| {
                    let value = make(&key);
                    (key, value)
                })
                .1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_again_only_if_its_key_changes() {
        let (cache, made) = (Cache::default(), std::cell::Cell::new(0));
        let get = |key: u8| {
            *cache.get(key, |key| {
                made.set(made.get() + 1);
                key * 2
            })
        };
        assert_eq!([get(1), get(1), get(2), get(1)], [2, 2, 4, 2]);
        assert_eq!(made.get(), 3);
    }
}
