//! Where the profiles of joined fields come from: a trait for whoever keeps them.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::InputError;
use rulebook_lang::model::{Cell, Number, Time};

/// Keeps the profiles of records, such as merchants or buyers, and looks them up for fields that are
/// joined: `merchant: Merchant by order.merchant_id`.
///
/// It is asked only where the record does not bring the profile itself, for each such field of each
/// record, from any thread; one that asks a remote service keeps answers. `Profiles` keeps
/// them in memory.
///
/// ```
/// use rulebook::{Profile, ProfileKey, ProfileStore, Rulebook, StoreError};
/// use std::sync::Arc;
///
/// struct Shops;
///
/// impl ProfileStore for Shops {
///     fn profile(&self, record: &str, key: ProfileKey<'_>) -> Result<Option<Profile<'_>>, StoreError> {
///         assert_eq!(record, "Shop");
///         match key {
///             ProfileKey::Text("s1") => Ok(Some(Profile::json(r#"{"id": "s1", "score": 4.9}"#))),
///             ProfileKey::Text("s2") => Err("the database does not answer".into()),
///             _ => Ok(None),
///         }
///     }
/// }
///
/// let rulebook = Rulebook::from_sources([("a.policy", "
///     record Shop { id: text  score: number }
///     record Order { id: text  shop_id: text  shop: Shop by shop_id }
///     policy trust for Order {
///       decide trusted: bool by first otherwise false
///       rule high_score { when shop.score >= 4.8 then true }
///     }")])?;
/// let policy = rulebook.policy("trust")?.with_profiles(Arc::new(Shops));
///
/// let decision = policy.decide_json(r#"{"id": "o1", "shop_id": "s1"}"#)?;
/// assert_eq!(decision.truth("trusted"), Ok(true));
///
/// let nested = policy.decide_json(r#"{"id": "o2", "shop_id": "s1", "shop": {"id": "s1", "score": 4}}"#)?;
/// assert_eq!(nested.truth("trusted"), Ok(false));
///
/// let errors = |json: &str| policy.decide_json(json).unwrap_err().errors;
/// assert_eq!(errors(r#"{"id": "o3", "shop_id": "s2"}"#)[0].code, "failed-profile");
/// assert_eq!(errors(r#"{"id": "o4", "shop_id": "s3"}"#)[0].code, "missing-profile");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ProfileStore: Send + Sync {
    /// The profile of a record with this key, or `None` where there is none.
    ///
    /// # Errors
    /// When the store cannot say whether there is one. The record that needs it is then rejected,
    /// with the words of the error, also where the field is optional.
    fn profile(&self, record: &str, key: ProfileKey<'_>)
    -> Result<Option<Profile<'_>>, StoreError>;

    /// The profile of a record with this key as of a time, or `None` where none held then. It is asked for
    /// records that say between which of their fields one holds (`record Shop valid from since { … }`).
    ///
    /// # Errors
    /// As [`Self::profile`]; also where the store does not keep what held before.
    fn profile_as_of(
        &self,
        _record: &str,
        _key: ProfileKey<'_>,
        _time: Time,
    ) -> Result<Option<Profile<'_>>, StoreError> {
        Err("the store does not say what held when (`ProfileStore::profile_as_of`)".into())
    }
}

/// Why a store cannot answer, in words.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// The key of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKey<'k> {
    /// A text, or the name of an enum's member.
    Text(&'k str),
    /// A number, by its value.
    Number(Number),
}

impl fmt::Display for ProfileKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl ProfileKey<'_> {
    /// The key in a sentence.
    pub fn told(self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A profile as a [`ProfileStore`] hands it out.
#[derive(Debug, Clone)]
pub struct Profile<'s>(pub(super) Form<'s>);

/// What is handed out.
#[derive(Debug, Clone)]
pub(super) enum Form<'s> {
    /// A JSON object, read each time.
    Json(Cow<'s, [u8]>),
    /// Cells that were read before, for a record of this form.
    Cells { form: &'s Arc<str>, cells: &'s [Cell], text: &'s str },
    /// One that was read before and is not as its record is declared.
    Bad { errors: &'s [InputError], place: String },
}

impl<'s> Profile<'s> {
    /// A JSON object with the fields of the profile. What is wrong with it rejects the record.
    pub fn json(json: impl Into<Cow<'s, str>>) -> Self {
        Self(Form::Json(match json.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }))
    }

    /// The same from bytes that are not known to be UTF-8.
    pub fn json_bytes(json: impl Into<Cow<'s, [u8]>>) -> Self {
        Self(Form::Json(json.into()))
    }

    /// A profile that was read before for a record of this form; joining it copies it.
    #[doc(hidden)]
    pub fn read(form: &'s Arc<str>, cells: &'s [Cell], text: &'s str) -> Self {
        Self(Form::Cells { form, cells, text })
    }

    /// A profile that could not be read, and where it stands.
    #[doc(hidden)]
    pub fn bad(errors: &'s [InputError], place: String) -> Self {
        Self(Form::Bad { errors, place })
    }
}

/// What tells as of when profiles are joined that hold for a time.
#[derive(Debug, Clone, Copy)]
pub enum AsOf {
    /// The date that the record has in this slot.
    Slot(u32),
    /// The time of the evaluation.
    Time(Time),
}

/// Where joined fields that the input lacks are looked up.
#[derive(Clone, Copy)]
pub enum Joins<'p> {
    /// Nowhere: the input has to bring them.
    Nowhere,
    /// In a store; as of when, where a profile of the record holds for a time.
    From(&'p dyn ProfileStore, Option<AsOf>),
    /// Not now: what is read is itself a profile, to be joined from later.
    Later,
}
