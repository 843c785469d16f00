//! Values that are translated when they are shown.

use super::{mask::Mask, safe_text::SafeText};
use crate::words::Words;

/// A value that the user sees.
pub trait Shown {
    /// In the language of `words`.
    fn shown(&self, words: Words) -> String;

    /// Masks secrets in foreign text.
    fn mask(&mut self, _: &Mask) {}
}

macro_rules! same_in_every_language {
    ($($type:ty),+) => {
        $(impl Shown for $type {
            fn shown(&self, _: Words) -> String {
                self.to_string()
            }
        })+
    };
}

same_in_every_language!(String, &'static str, u16, u32, u64, usize);

impl Shown for SafeText {
    fn shown(&self, _: Words) -> String {
        self.as_str().to_owned()
    }

    fn mask(&mut self, mask: &Mask) {
        *self = mask.apply_safe(self);
    }
}

/// Alternatives: `41 or 42`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOf(pub Vec<String>);

impl Shown for OneOf {
    fn shown(&self, words: Words) -> String {
        match self.0.as_slice() {
            [start @ .., last] if !start.is_empty() => words.parameters().either(start.join(", "), last),
            all => all.join(", "),
        }
    }
}

/// A list of values: `a, b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct All<T>(pub Vec<T>);

impl<T: Shown> Shown for All<T> {
    fn shown(&self, words: Words) -> String {
        self.0.iter().map(|value| value.shown(words)).collect::<Vec<_>>().join(", ")
    }

    fn mask(&mut self, mask: &Mask) {
        self.0.iter_mut().for_each(|value| value.mask(mask));
    }
}

impl<T: Shown + ?Sized> Shown for Box<T> {
    fn shown(&self, words: Words) -> String {
        T::shown(self, words)
    }

    fn mask(&mut self, mask: &Mask) {
        T::mask(self, mask);
    }
}
