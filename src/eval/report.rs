//! A decision as data: the one shape that JSON lines, JSON and embedders see.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::decision::{Applied, Decision, Fault, Obligation, Overridden, Verdict};
use crate::model::{Currency, Number, Time, Type, Value, Zone};
use crate::program::Citation;

/// A value with its type, as data.
struct Typed<'d>(&'d Value<'d>, &'d Type, &'d Zone);

/// An instant as the clocks of a zone show it, with their offset.
pub(crate) fn told_time(time: Time, zone: &Zone) -> String {
    time.display_with_offset(zone.to_offset(time)).to_string()
}

#[derive(serde::Serialize)]
struct Money {
    amount: String,
    currency: &'static str,
}

impl Money {
    fn new(amount: Number, currency: Currency) -> Self {
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
            (Value::Bool(value), _) => serializer.serialize_bool(*value),
            (Value::Number(number), _) => number.serialize(serializer),
            (Value::Text(text), _) => serializer.serialize_str(text),
            (Value::Date(date), _) => serializer.collect_str(date),
            (Value::Time(time), _) => serializer.serialize_str(&told_time(*time, zone)),
            (Value::Duration(duration), _) => serializer.collect_str(duration),
            (Value::Period(period), _) => {
                serializer.collect_str(&format_args!("P{}M", period.months))
            }
            (Value::Member(position), Type::Enum(members)) => {
                serializer.serialize_str(members.member(*position).unwrap_or_default())
            }
            (Value::List(list), Type::List(element)) => {
                let items: Vec<_> = list.iter().collect();
                serializer.collect_seq(items.iter().map(|item| Typed(item, element, zone)))
            }
            _ => serializer.serialize_none(),
        }
    }
}

struct Values<'d>(&'d [Value<'d>], &'d Type, &'d Zone);

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
            match verdict {
                Verdict::Undecided | Verdict::Fault => map.serialize_entry(name, &None::<()>)?,
                Verdict::Value(value, ty) => map.serialize_entry(name, &Typed(&value, ty, zone))?,
                Verdict::Values(values, ty) => {
                    map.serialize_entry(name, &Values(&values, ty, zone))?;
                }
            }
        }
        map.end()
    }
}

fn cited(citation: &Citation) -> String {
    match &citation.url {
        Some(url) => format!("{} <{url}>", citation.text),
        None => citation.text.clone(),
    }
}

struct RuleReport<'d>(Applied<'d>, &'d Zone);

impl Serialize for RuleReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(rule, zone) = self;
        let mut out = serializer.serialize_struct("Rule", 7)?;
        out.serialize_field("rule", rule.name())?;
        out.serialize_field("title", &rule.title())?;
        out.serialize_field("reason", &rule.reason())?;
        out.serialize_field("sources", &rule.sources().iter().map(cited).collect::<Vec<_>>())?;
        out.serialize_field("phase", &rule.phase().map(|time| day_or_time(time, zone)))?;
        out.serialize_field("sets", &Sets(rule, zone))?;
        match rule.own_date() {
            Some(date) => out.serialize_field("dated", &told_time(date, zone))?,
            None => out.skip_field("dated")?,
        }
        out.end()
    }
}

/// The day on which a phase began, or the time where it did not begin with a day.
pub(crate) fn day_or_time(time: Time, zone: &Zone) -> String {
    let local = zone.to_datetime(time);
    match local.time() == jiff::civil::Time::midnight() {
        true => local.date().to_string(),
        false => told_time(time, zone),
    }
}

struct Sets<'d>(&'d Applied<'d>, &'d Zone);

impl Serialize for Sets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (decision, value) in self.0.sets() {
            match &value {
                Some(value) => {
                    map.serialize_entry(&decision.name, &Typed(value, &decision.ty, self.1))?;
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
    due: Option<String>,
}

#[derive(serde::Serialize)]
struct FaultReport<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'d str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    among: &'d [&'d str],
    code: &'static str,
    message: &'d str,
}

#[derive(serde::Serialize)]
struct DefaultReport<'d> {
    decision: &'d str,
    reason: String,
}

struct Faults<'d>(&'d [Fault<'d>]);

impl Serialize for Faults<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for fault in self.0 {
            list.serialize_element(&FaultReport {
                rule: fault.rule,
                decision: fault.decision,
                among: &fault.among,
                code: fault.code,
                message: &fault.message,
            })?;
        }
        list.end()
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 14)?;
        self.serialize_fields(&mut out)?;
        out.end()
    }
}

impl Decision {
    /// Writes the fields of a decision into a larger object, so that a record's number may stand
    /// before them.
    pub(crate) fn serialize_fields<O: SerializeStruct>(&self, out: &mut O) -> Result<(), O::Error> {
        let zone = &self.program.zone;
        let obligations = self.obligations();
        let obligations: Vec<_> = obligations
            .iter()
            .map(|Obligation { name, rule, due }| ObligationReport {
                name,
                rule,
                due: due.map(|time| told_time(time, zone)),
            })
            .collect();
        let defaults: Vec<_> = self
            .default_reasons()
            .map(|(decision, reason)| DefaultReport { decision, reason })
            .collect();
        let overridden: Vec<_> = self.overridden().map(OverriddenReport::from).collect();
        out.serialize_field("id", &self.id())?;
        out.serialize_field("policy", self.policy_name())?;
        out.serialize_field("now", &told_time(self.now(), zone))?;
        out.serialize_field("dated", &told_time(self.dated(), zone))?;
        out.serialize_field("decisions", &Verdicts(self))?;
        out.serialize_field("rules", &reports(self.rules(), zone))?;
        out.serialize_field("defaults", &defaults)?;
        out.serialize_field("outweighed", &reports(self.outweighed(), zone))?;
        out.serialize_field("overridden", &overridden)?;
        out.serialize_field("shadow", &reports(self.shadow(), zone))?;
        out.serialize_field("warn", &reports(self.warnings(), zone))?;
        out.serialize_field("obligations", &obligations)?;
        out.serialize_field("faults", &Faults(&self.faults()))?;
        out.serialize_field("rulebook", self.rulebook.as_ref())
    }
}

fn reports<'d>(rules: impl Iterator<Item = Applied<'d>>, zone: &'d Zone) -> Vec<RuleReport<'d>> {
    rules.map(|rule| RuleReport(rule, zone)).collect()
}
