//! A decision as data: the one shape that JSON lines, JSON and embedders see. It is told without
//! asking for memory, part by part.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::decision::{Applied, Decision, Overridden, Verdict};
use super::element::Element;
use super::fault::Fault;
use super::obligation::Obligation;
use super::render::Rendered;
use crate::program::Citation;
use rulebook_lang::model::{Currency, Json, Number, Time, Type, Value, Zone};

/// A value with its type, as data.
pub(super) struct Typed<'d>(pub(super) &'d Value<'d>, pub(super) &'d Type, pub(super) &'d Zone);

/// An instant as the clocks of a zone show it, with their offset.
pub fn time_text(time: Time, zone: &Zone) -> String {
    Instant(time, zone).to_string()
}

struct Instant<'z>(Time, &'z Zone);

impl fmt::Display for Instant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time, zone) = self;
        time.told(zone).fmt(f)
    }
}

/// What prints itself, as a text.
struct Printed<T>(T);

impl<T: fmt::Display> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What an iterator yields, as a list.
struct Each<F>(F);

impl<F: Fn() -> I, I: IntoIterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

/// An amount with its currency, as data.
#[derive(serde::Serialize)]
pub(super) struct Money {
    amount: String,
    currency: &'static str,
}

impl Money {
    pub(super) fn new(amount: Number, currency: Currency) -> Self {
        Self { amount: amount.to_fixed(currency.minor_digits()), currency: currency.code() }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, ty, zone) = self;
        match (value, ty.required()) {
            (Value::Number(amount), Type::Money(currency)) => {
                Money::new(*amount, *currency).serialize(serializer)
            }
            (Value::Fraction(fraction), _) => {
                Typed(&Value::Number(fraction.rounded()), self.1, zone).serialize(serializer)
            }
            (Value::Bool(value), _) => serializer.serialize_bool(*value),
            (Value::Number(number), _) => number.serialize(serializer),
            (Value::Text(text), _) => serializer.serialize_str(text),
            (Value::Member(position), Type::Enum(members)) => {
                serializer.serialize_str(members.member(*position).unwrap_or_default())
            }
            (Value::List(list), Type::List(element)) => {
                let items: Vec<_> = list.iter().collect();
                serializer.collect_seq(items.iter().map(|item| Typed(item, element, zone)))
            }
            (Value::Record(record), ty) if ty.is_money() => match record.money() {
                Some((amount, currency)) => Money::new(amount, currency).serialize(serializer),
                None => serializer.serialize_none(),
            },
            (Value::Record(record), Type::Record(fields)) => {
                let fields =
                    fields.fields().map(|(slot, name, ty)| (name, record.get(slot, ty), ty));
                let there = fields.filter(|(_, value, _)| !value.is_missing());
                let there: Vec<_> = there.collect();
                serializer.collect_map(
                    there.iter().map(|(name, value, ty)| (name, Typed(value, ty, zone))),
                )
            }
            (Value::Missing | Value::List(_) | Value::Record(_) | Value::Pattern(_), _) => {
                serializer.serialize_none()
            }
            (value, ty) => serializer.collect_str(&ty.written(value, Some(zone))),
        }
    }
}

/// A value as decisions write it, in JSON.
pub fn json_of(value: &Value<'_>, ty: &Type, zone: &Zone) -> Json {
    Json::of(&Typed(value, ty, zone)).unwrap_or_default()
}

struct Values<'d>(&'d [Value<'d>], &'d Type, &'d Zone);

/// A verdict as data: nothing for a decision that was not made, and for a fault.
pub(super) struct Outcome<'d>(pub(super) &'d Verdict<'d>, pub(super) &'d Zone);

impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(verdict, zone) = self;
        match verdict {
            Verdict::Undecided | Verdict::Fault => serializer.serialize_none(),
            Verdict::Value(value, ty) => Typed(value, ty, zone).serialize(serializer),
            Verdict::Values(values, ty) => Values(values, ty, zone).serialize(serializer),
        }
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|value| Typed(value, self.1, self.2)))
    }
}

struct Verdicts<'d>(&'d Decision);

impl Serialize for Verdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let zone = &self.0.program.zone;
        let mut map = serializer.serialize_map(None)?;
        for (name, verdict) in self.0.verdicts() {
            map.serialize_entry(name, &Outcome(&verdict, zone))?;
        }
        map.end()
    }
}

/// On whose authority something stands, in a language, with its address.
pub(crate) struct Cited<'d>(pub(crate) &'d Citation, pub(crate) &'d str);

impl fmt::Display for Cited<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.in_language(self.1))?;
        match &self.0.url {
            Some(url) => write!(f, " <{url}>"),
            None => Ok(()),
        }
    }
}

struct RuleReport<'d>(Applied<'d>, &'d Zone);

impl Serialize for RuleReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(rule, zone) = self;
        let mut out = serializer.serialize_struct("Rule", 7)?;
        out.serialize_field("rule", rule.name())?;
        out.serialize_field("title", &rule.title_text())?;
        out.serialize_field("reason", &rule.reason_text())?;
        let cited = |source| Printed(Cited(source, rule.language()));
        out.serialize_field("sources", &Each(|| rule.sources().iter().map(cited)))?;
        out.serialize_field("phase", &rule.phase().map(|time| Printed(DayOrTime(time, zone))))?;
        out.serialize_field("sets", &Sets(rule, zone))?;
        match rule.own_date() {
            Some(date) => out.serialize_field("dated", &Printed(Instant(date, zone)))?,
            None => out.skip_field("dated")?,
        }
        out.end()
    }
}

/// The day on which a phase began, or the time where it did not begin with a day.
pub(crate) fn day_or_time(time: Time, zone: &Zone) -> String {
    DayOrTime(time, zone).to_string()
}

struct DayOrTime<'z>(Time, &'z Zone);

impl fmt::Display for DayOrTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time, zone) = self;
        match time.local(zone).filter(|local| local.time() == jiff::civil::Time::midnight()) {
            Some(local) => local.date().fmt(f),
            None => Instant(*time, zone).fmt(f),
        }
    }
}

struct Sets<'d>(&'d Applied<'d>, &'d Zone);

impl Serialize for Sets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (decision, value) in self.0.sets() {
            match &value {
                Some(value) => {
                    let ty = decision.given_type();
                    map.serialize_entry(&decision.name, &Typed(value, &ty, self.1))?;
                }
                None => map.serialize_entry(&decision.name, &None::<()>)?,
            }
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct OverriddenReport<'d> {
    rule: &'d str,
    by: &'d str,
}

impl<'d> From<Overridden<'d>> for OverriddenReport<'d> {
    fn from(pair: Overridden<'d>) -> Self {
        Self { rule: pair.rule.name(), by: pair.by.name() }
    }
}

#[derive(serde::Serialize)]
struct ObligationReport<'d> {
    name: &'d str,
    rule: &'d str,
    due: Option<Printed<Instant<'d>>>,
}

impl<'d> ObligationReport<'d> {
    fn new(Obligation { name, rule, due }: Obligation<'d>, zone: &'d Zone) -> Self {
        Self { name, rule, due: due.map(|time| Printed(Instant(time, zone))) }
    }
}

#[derive(serde::Serialize)]
struct FaultReport<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    among: Vec<&'d str>,
    code: &'static str,
    message: String,
}

impl<'d> From<Fault<'d>> for FaultReport<'d> {
    fn from(fault: Fault<'d>) -> Self {
        let Fault { rule, decision, among, code, message } = fault;
        Self { rule, decision, among, code, message }
    }
}

#[derive(serde::Serialize)]
struct DefaultReport<'d> {
    decision: &'d str,
    reason: Rendered<'d>,
}

struct Id<'d>(&'d Decision);

impl Serialize for Id<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.id_value() {
            Some(Value::Text(text)) => serializer.serialize_str(&text),
            Some(Value::Number(number)) => serializer.collect_str(&number),
            _ => serializer.serialize_none(),
        }
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 16)?;
        self.serialize_fields(&mut out)?;
        out.end()
    }
}

impl Decision {
    /// Writes the fields of a decision into a larger object, so that a record's number may stand
    /// before them.
    #[doc(hidden)]
    pub fn serialize_fields<O: SerializeStruct>(&self, out: &mut O) -> Result<(), O::Error> {
        let zone = &self.program.zone;
        let report = |rule| RuleReport(rule, zone);
        let default = |(decision, reason)| DefaultReport { decision, reason };
        let obligation = |owed| ObligationReport::new(owed, zone);
        out.serialize_field("id", &Id(self))?;
        match self.element() {
            Some(Element { position, id, .. }) => {
                out.serialize_field("element", &id)?;
                out.serialize_field("position", &position)?;
            }
            None => {
                out.skip_field("element")?;
                out.skip_field("position")?;
            }
        }
        out.serialize_field("policy", self.policy_name())?;
        out.serialize_field("now", &Printed(Instant(self.now(), zone)))?;
        out.serialize_field("dated", &Printed(Instant(self.dated(), zone)))?;
        match self.in_force() {
            Some(time) => out.serialize_field("in_force", &Printed(Instant(time, zone)))?,
            None => out.skip_field("in_force")?,
        }
        out.serialize_field("decisions", &Verdicts(self))?;
        out.serialize_field("rules", &Each(|| self.rules().map(report)))?;
        out.serialize_field("defaults", &Each(|| self.default_texts().map(default)))?;
        out.serialize_field("outweighed", &Each(|| self.outweighed().map(report)))?;
        out.serialize_field("overridden", &Each(|| self.overridden().map(OverriddenReport::from)))?;
        out.serialize_field("shadow", &Each(|| self.shadow().map(report)))?;
        out.serialize_field("warn", &Each(|| self.warnings().map(report)))?;
        out.serialize_field(
            "obligations",
            &Each(|| self.obligations().into_iter().map(obligation)),
        )?;
        out.serialize_field("faults", &Each(|| self.faults().into_iter().map(FaultReport::from)))?;
        out.serialize_field("rulebook", self.rulebook.as_ref())
    }
}
