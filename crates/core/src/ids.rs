//! What stands in a vector is named by its number there, each kind by a type of its own: [`IdVec`] gives
//! numbers out, and takes no other.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

/// The number of something that stands in an [`IdVec`].
pub trait Id: Copy {
    /// The position in its vector.
    fn index(self) -> usize;

    /// The id of a position.
    fn at(position: usize) -> Self;
}

/// Kinds of ids, each with what it names.
#[macro_export]
macro_rules! ids {
    ($($name:ident $doc:literal)*) => {
        $(#[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its vector.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a position in its vector.
            #[inline]
            pub fn at(position: usize) -> Self {
                debug_assert!(u32::try_from(position).is_ok(), "more than can be numbered");
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
        }

        impl $crate::ids::Id for $name {
            #[inline]
            fn index(self) -> usize {
                self.index()
            }

            #[inline]
            fn at(position: usize) -> Self {
                Self::at(position)
            }
        })*
    };
}

ids! {
    RecordId "A record."
    ParameterId "A parameter."
    ListId "A list."
    FunctionId "A function."
    CounterId "A counter."
    TableId "A decision table."
    LetId "A named value."
    LocalId "An argument of a function or the variable of a comprehension."
    PolicyId "A policy that judges records."
    DecisionId "A decision of a policy."
    RuleId "A rule of a policy."
    NodeId "A node of a program."
    PatternId "A regular expression of a program."
    SetId "A set of texts of a program."
    ComprehensionId "A comprehension of a program."
    MadeId "A record that expressions of a program make."
    ScriptId "A function of a script that a program calls."
    OnceId "An expression that is worked out once for a record."
    MembersId "The names of an enum's members that become text."
    CompiledCounterId "A counter of a program, which has one for each date by which a counter counts."
    ProfileId "A record of a program whose profiles are joined."
    InvolvedId "A rule that fired on a record or may have."
    ComputedId "A value that was computed for a record."
}

/// A vector whose items are named by ids of one kind. What an id of this vector names is there; an id of
/// another one is an error of ours, and stops the run instead of reading as something that is missing.
pub struct IdVec<I, T> {
    items: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I: Id, T> IdVec<I, T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { items: Vec::new(), kind: PhantomData }
    }

    /// Nothing yet, with room for so many.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { items: Vec::with_capacity(capacity), kind: PhantomData }
    }

    /// Adds an item, and tells its id.
    #[inline]
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() - 1)
    }

    /// The items, for those who put them together before anybody has an id of one.
    pub fn items_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }

    /// Drops an item and all that came after it.
    pub fn back_to(&mut self, id: I) {
        self.items.truncate(id.index());
    }

    /// The ids of all items, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    /// All items with their ids, in order.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(at, item)| (I::at(at), item))
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I, T> Deref for IdVec<I, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> DerefMut for IdVec<I, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<I, T: Clone> Clone for IdVec<I, T> {
    fn clone(&self) -> Self {
        Self::from(self.items.clone())
    }
}

impl<I, T: fmt::Debug> fmt::Debug for IdVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<I, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, kind: PhantomData }
    }
}

impl<I, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<I, T> IntoIterator for IdVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'v, I, T> IntoIterator for &'v IdVec<I, T> {
    type Item = &'v T;
    type IntoIter = std::slice::Iter<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'v, I, T> IntoIterator for &'v mut IdVec<I, T> {
    type Item = &'v mut T;
    type IntoIter = std::slice::IterMut<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_what_was_pushed() {
        let mut texts: IdVec<RuleId, &str> = IdVec::new();
        let (first, second) = (texts.push("a"), texts.push("b"));
        assert_eq!((texts[first], texts[second]), ("a", "b"));
        assert!(texts.numbered().eq([(first, &"a"), (second, &"b")]));
        texts.back_to(second);
        assert!(texts.ids().eq([first]));
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn an_id_of_another_vector_is_no_missing_item() {
        let texts: IdVec<RuleId, &str> = IdVec::from(vec!["a"]);
        let _ = texts[RuleId::at(1)];
    }
}
