//! A set of texts that are numbered in the order in which they come: many of them in little memory.

use std::fmt;
use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

/// Texts, each once, one behind the other.
#[derive(Clone, Default)]
pub struct TextSet {
    text: String,
    /// Where each of them ends.
    ends: Vec<u32>,
    /// The hash of each, and its number counted from 1, in the first free place from the one that the hash
    /// says; 0 is free. Their count is a power of two, and a quarter of them is free.
    places: Vec<Place>,
}

/// Four bytes of a hash and four of a number: of two texts, few that differ are compared.
type Place = u64;

impl TextSet {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text with a number, counted from 0.
    pub fn get(&self, number: usize) -> Option<&str> {
        let (start, end) = self.range(number)?;
        self.text.get(start..end)
    }

    #[inline]
    fn range(&self, number: usize) -> Option<(usize, usize)> {
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(number)?;
        Some((start.map_or(0, |start| *start as usize), *end as usize))
    }

    /// The texts in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).filter_map(|number| self.get(number))
    }

    /// The number of a text, counted from 0, if it is there.
    #[inline]
    pub fn find(&self, text: &str) -> Option<usize> {
        self.search(hash(text), text).ok()
    }

    /// Whether a text is there.
    #[inline]
    pub fn contains(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Adds a text; its number, and whether it is new.
    pub fn add(&mut self, text: &str) -> (usize, bool) {
        if (self.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let hash = hash(text);
        match self.search(hash, text) {
            Ok(known) => (known, false),
            Err(free) => {
                let number = self.len();
                self.text.push_str(text);
                self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
                if let Some(place) = self.places.get_mut(free) {
                    *place = Place::from(hash) << 32 | (number as Place + 1);
                }
                (number, true)
            }
        }
    }

    fn grow(&mut self) {
        let count = (self.places.len() * 2).max(8);
        let places = std::mem::replace(&mut self.places, vec![0; count]);
        for taken in places.into_iter().filter(|place| *place != 0) {
            let mut at = self.first(high(taken));
            while self.places.get(at).is_some_and(|place| *place != 0) {
                at = self.next(at);
            }
            if let Some(place) = self.places.get_mut(at) {
                *place = taken;
            }
        }
    }

    /// The number of a text, or the free place that it would have.
    #[inline]
    fn search(&self, hash: u32, text: &str) -> Result<usize, usize> {
        let mut at = self.first(hash);
        while let Some(place) = self.places.get(at).filter(|place| **place != 0) {
            let number = (*place as u32 as usize) - 1;
            if high(*place) == hash && self.is(number, text) {
                return Ok(number);
            }
            at = self.next(at);
        }
        Err(at)
    }

    #[inline]
    fn is(&self, number: usize, text: &str) -> bool {
        let range = self.range(number);
        range.and_then(|(start, end)| self.text.as_bytes().get(start..end)) == Some(text.as_bytes())
    }

    /// The place that a hash says.
    #[inline]
    fn first(&self, hash: u32) -> usize {
        hash as usize & self.places.len().wrapping_sub(1)
    }

    #[inline]
    fn next(&self, place: usize) -> usize {
        (place + 1) & self.places.len().wrapping_sub(1)
    }
}

#[inline]
fn hash(text: &str) -> u32 {
    let hash = FxBuildHasher.hash_one(text);
    high(hash ^ hash << 32)
}

/// The upper half.
#[inline]
fn high(place: u64) -> u32 {
    (place >> 32) as u32
}

impl fmt::Debug for TextSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<'t> FromIterator<&'t str> for TextSet {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let mut set = Self::default();
        for text in texts {
            set.add(text);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::TextSet;

    #[test]
    fn texts_are_found_by_what_they_say() {
        let texts: Vec<String> = (0..10_000).map(|number| format!("buyer {number}")).collect();
        let mut set = TextSet::default();
        assert!(!set.contains("") && set.get(0).is_none() && set.is_empty());
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(set.add(text), (number, true));
            assert_eq!(set.add(text), (number, false));
        }
        assert_eq!(set.len(), texts.len());
        assert!(set.iter().eq(texts.iter().map(String::as_str)));
        assert!(texts.iter().enumerate().all(|(number, text)| set.find(text) == Some(number)));
        assert!(set.find("buyer 10000").is_none() && set.get(10_000).is_none());
        assert_eq!(set.add(""), (10_000, true));
        assert_eq!(set.find(""), Some(10_000));
    }
}
