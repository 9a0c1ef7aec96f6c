//! What the functions of the language give.

use rulebook_lang::model::Currency;
use rulebook_syntax::ast::{DefinitionKind, Expr, ExprKind, Literal, TypeKind};
use url::Url;

use super::expression::{Env, duration, fault, number};
use super::lists::of_lists;
use super::{Exact, Fault, Reference, Value, decimal};

pub(super) fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) | Value::Member(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

pub(super) fn exact(value: &Value) -> &Exact {
    match value {
        Value::Number(exact) => exact,
        other => panic!("{other:?} is no number"),
    }
}

fn rounded(value: &Value, step: i128, how: &str) -> Result<Value, Fault> {
    number(exact(value).rounded(step, how).map(Exact::of))
}

/// A function that rounds: how, and whether to a step.
fn rounding(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "round" => ("half-even", false),
        "round_half_up" => ("half-up", false),
        "round_up" => ("up", false),
        "round_down" => ("down", false),
        "floor" => ("floor", false),
        "ceil" => ("ceil", false),
        "round_to" => ("half-even", true),
        "round_half_up_to" => ("half-up", true),
        "round_up_to" => ("up", true),
        "round_down_to" => ("down", true),
        _ => return None,
    })
}

pub(super) fn whole(count: impl TryInto<i128>) -> Value {
    Value::Number(Exact::whole(count.try_into().unwrap_or(0)))
}

/// What a cohort is drawn by, as text.
pub(super) fn key(value: &Value) -> String {
    match value {
        Value::Number(exact) => decimal::print(exact.seen()),
        other => text(other).to_string(),
    }
}

pub(super) fn url(value: &Value) -> Url {
    Url::parse(text(value)).unwrap()
}

fn host(url: &Url) -> String {
    url.host_str().unwrap().to_lowercase().trim_end_matches('.').to_string()
}

impl Reference<'_> {
    /// The value of a function of the language.
    pub(super) fn builtin<'r>(
        &'r self,
        name: &str,
        arguments: &'r [Expr],
        env: &Env<'r>,
    ) -> Result<Value, Fault> {
        if name == "try" {
            // Nothing here exhausts the work on a record.
            return Ok(self.present(&arguments[0], env).unwrap_or(Value::Missing));
        }
        if name == "raise" {
            self.present(&arguments[0], env)?;
            return fault("raised");
        }
        if name == "matches" {
            let value = self.present(&arguments[0], env)?;
            let pattern = self.constant(&arguments[1]);
            return Ok(Value::Bool(
                regex::Regex::new(text(&pattern)).unwrap().is_match(text(&value)),
            ));
        }
        if name == "convert" {
            // Between them stands the currency to convert to.
            let [from, _, rate] = arguments else { panic!("{arguments:?} are not converted") };
            let (from, rate) = (self.present(from, env)?, self.present(rate, env)?);
            return number(exact(&from).times(exact(&rate)));
        }
        let values: Result<Vec<_>, _> = arguments.iter().map(|a| self.present(a, env)).collect();
        let values = values?;
        if let Some(result) = self.of_texts(name, &values) {
            return Ok(result);
        }
        if let Some(result) = self.of_calendars(name, &values) {
            return result;
        }
        if let Some(result) = of_lists(name, &values) {
            return result;
        }
        let minor = arguments.first().and_then(|first| self.currency(first));
        let minor = minor.map_or(2, Currency::minor_digits);
        if let Some(result) = self.made(name, &values, minor) {
            return result;
        }
        if let Some(result) = self.of_days(name, &values) {
            return result;
        }
        if let Some((how, to_step)) = rounding(name) {
            return match values.as_slice() {
                [value] => {
                    let digits = self.currency(&arguments[0]).map_or(0, Currency::minor_digits);
                    rounded(value, i128::pow(10, 9 - digits), how)
                }
                [value, step] if to_step => match exact(step).units() {
                    Some(step) if step > 0 => rounded(value, step, how),
                    _ => fault("bad-argument"),
                },
                [value, digits] => {
                    match (0..=9).find(|count| *exact(digits) == Exact::whole(i128::from(*count))) {
                        Some(count) => rounded(value, i128::pow(10, 9 - count), how),
                        None => fault("bad-argument"),
                    }
                }
                other => panic!("{other:?} are not rounded"),
            };
        }
        match (name, values.as_slice()) {
            ("abs", [Value::Duration(nanos)]) => duration(Some(nanos.abs())),
            ("abs", [value]) => {
                let value = exact(value);
                let is_negative = *value < Exact::of(0);
                Ok(Value::Number(if is_negative { value.negative() } else { value.clone() }))
            }
            ("min" | "max", values) => {
                let values = self.alike(values)?;
                let values = values.as_slice();
                Ok(self.extreme(values, name == "max")?.unwrap_or(Value::Missing))
            }
            ("clamp", [value, low, high]) => {
                if self.order(low, high)?.is_gt() {
                    return fault("bad-argument");
                }
                let raised = self.extreme(&[value.clone(), low.clone()], true)?;
                let both = [raised.unwrap_or(Value::Missing), high.clone()];
                Ok(self.extreme(&both, false)?.unwrap_or(Value::Missing))
            }
            ("percent", [value]) => match exact(value).times(&Exact::whole(100)) {
                Some(hundredfold) => {
                    Ok(Value::Text(format!("{}%", decimal::print(hundredfold.seen()))))
                }
                None => fault("overflow"),
            },
            ("bucket", [subject, salt]) => {
                Ok(whole(rulebook_lang::hash::bucket(text(salt), &key(subject))))
            }
            other => panic!("the reference does not know {other:?}"),
        }
    }

    fn of_texts(&self, name: &str, values: &[Value]) -> Option<Value> {
        Some(match (name, values) {
            ("lower", [a]) => Value::Text(text(a).to_lowercase()),
            ("upper", [a]) => Value::Text(text(a).to_uppercase()),
            ("trim", [a]) => Value::Text(text(a).trim().to_string()),
            ("len", [Value::List(items)]) => whole(items.len() as i128),
            ("len", [a]) => whole(text(a).chars().count() as i128),
            ("starts_with", [a, b]) => Value::Bool(text(a).starts_with(text(b))),
            ("ends_with", [a, b]) => Value::Bool(text(a).ends_with(text(b))),
            ("contains", [a, b]) => Value::Bool(text(a).contains(text(b))),
            ("under", [a, b]) => {
                let below = text(a).starts_with(&format!("{}/", text(b)));
                Value::Bool(text(a) == text(b) || below)
            }
            ("host", [a]) => Value::Text(host(&url(a))),
            ("scheme", [a]) => Value::Text(url(a).scheme().to_string()),
            ("path", [a]) => Value::Text(url(a).path().to_string()),
            ("site", [a]) => {
                let url = url(a);
                let host = host(&url);
                let registered = url.domain().and_then(|_| psl::domain_str(&host));
                Value::Text(registered.unwrap_or(&host).to_string())
            }
            _ => return None,
        })
    }
}

impl Reference<'_> {
    /// The currency of an expression, if it is an amount; by the types that are declared.
    fn currency(&self, expr: &Expr) -> Option<Currency> {
        match &expr.kind {
            ExprKind::Group(inner) | ExprKind::Prefix(_, inner) => self.currency(inner),
            ExprKind::Literal(Literal::Money(_, code)) => Currency::from_code(code),
            ExprKind::Path(path) => {
                let name = &path.names.last()?.text;
                let declared =
                    self.definitions.iter().find_map(|definition| match &definition.kind {
                        DefinitionKind::Parameter(node) if node.name.text == *name => {
                            Some(&node.ty)
                        }
                        DefinitionKind::Record(record) => {
                            let field = record.fields.iter().find(|field| field.name.text == *name);
                            field.map(|field| &field.ty)
                        }
                        _ => None,
                    });
                match &declared?.kind {
                    TypeKind::Named(code) => Currency::from_code(code),
                    _ => None,
                }
            }
            ExprKind::Binary(operator, operands) => match operator.symbol {
                "/" if self.currency(&operands[1]).is_some() => None,
                "*" => self.currency(&operands[0]).or_else(|| self.currency(&operands[1])),
                _ => self.currency(&operands[0]),
            },
            ExprKind::Choice(_, otherwise) => self.currency(otherwise),
            ExprKind::Call(name, arguments) if name.text == "convert" => {
                match &arguments.get(1)?.kind {
                    ExprKind::Path(code) => Currency::from_code(code.names.first()?.text),
                    _ => None,
                }
            }
            ExprKind::Call(_, arguments) => self.currency(arguments.first()?),
            ExprKind::Comprehension(inner) => self.currency(inner.body.as_ref()?),
            _ => None,
        }
    }
}
