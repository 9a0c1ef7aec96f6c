//! Operators and functions of the policy language for scripts, from the tables that policies use: an
//! operation has one meaning in both.

use std::any::TypeId;
use std::collections::HashSet;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};
use smallvec::SmallVec;

use super::exact::{Exact, exact_types, shown, single, value_of};
use super::meter::charge;
use rulebook_lang::function;
use rulebook_lang::kernel::{self, Context, Problem};
use rulebook_lang::model::{self, Currency, Duration, Number, Period, Rational, Type, Value, Zone};
use rulebook_lang::operator::{Meaning, OPERATORS, Operands, PREFIXES};
use rulebook_lang::scalar::Kind;
use rulebook_lang::signature::{Shape, Signature, select, select_read};

pub(super) type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// An operation by its name and its signatures, a row of a table.
#[derive(Clone, Copy)]
struct Operation {
    name: &'static str,
    signatures: &'static [Signature],
}

/// Gives an engine the operators, functions and literals of the policy language.
pub(super) fn register(engine: &mut Engine, zone: &Zone) {
    // Comparisons take all values there are: see `comparison`.
    for operator in OPERATORS.iter().filter(|operator| operator.operands == Operands::Own) {
        let Meaning::Kernel(signatures) = operator.meaning else { continue };
        let operation = Operation { name: operator.symbol, signatures };
        operation.register(engine, zone);
        if matches!(operation.name, "+" | "-" | "*" | "/") {
            operation.register_assignment(engine, zone);
        }
    }
    for prefix in PREFIXES {
        Operation { name: prefix.symbol, signatures: prefix.signatures }.register(engine, zone);
    }
    for function in function::all() {
        Operation { name: function.name, signatures: function.signatures }.register(engine, zone);
    }
    register_literals(engine, zone);
    register_texts(engine);
}

/// The types of Rhai that an argument of a shape may come in.
fn types(shape: Shape) -> Vec<TypeId> {
    let text = TypeId::of::<ImmutableString>();
    let exact = || exact_types().into_iter();
    match shape {
        Shape::Money | Shape::Any => exact().collect(),
        Shape::Key => exact().chain([text]).collect(),
        // Lists are searched by functions of their own, enums are texts, and a pattern is compiled once.
        Shape::Ordered
        | Shape::ListOfAny
        | Shape::ListOf(_)
        | Shape::Maybe(_)
        | Shape::Format
        // Versions arrive as texts, and those have no order.
        | Shape::Version
        | Shape::Pattern => Vec::new(),
        shape => match shape.ty().and_then(Type::scalar) {
            None => Vec::new(),
            Some(row) if row.kind == Kind::Bool => vec![TypeId::of::<bool>()],
            Some(row) if row.kind == Kind::Text => vec![text],
            Some(row) => exact().chain(row.quoted.then_some(text)).collect(),
        },
    }
}

/// How much an item weighs that is put into a list.
const ITEM: u64 = 12;

/// Every way to take one of each.
fn product(choices: &[Vec<TypeId>]) -> Vec<Vec<TypeId>> {
    choices.iter().fold(vec![Vec::new()], |rows, choice| {
        let longer = |row: Vec<TypeId>| choice.iter().map(move |ty| [&row[..], &[*ty]].concat());
        rows.into_iter().flat_map(longer).collect()
    })
}

impl Operation {
    /// The types of arguments with which it is called.
    fn overloads(&self) -> HashSet<Vec<TypeId>> {
        let signatures = self.signatures.iter();
        let all = signatures.flat_map(|signature| {
            let choices: Vec<_> = signature.parameters.iter().map(|shape| types(*shape)).collect();
            product(&choices)
        });
        all.collect()
    }

    fn register(self, engine: &mut Engine, zone: &Zone) {
        for types in self.overloads() {
            let zone = zone.clone();
            engine.register_raw_fn(self.name, types, move |_, args| self.apply(args, &zone));
        }
    }

    /// `x += y`, which may need another type for `x`.
    fn register_assignment(self, engine: &mut Engine, zone: &Zone) {
        for types in self.overloads() {
            let zone = zone.clone();
            engine.register_raw_fn(format!("{}=", self.name), types, move |_, args| {
                let result = self.apply(args, &zone)?;
                if let Some(target) = args.first_mut() {
                    **target = result;
                }
                Ok(())
            });
        }
    }

    fn apply(self, args: &[&mut Dynamic], zone: &Zone) -> Outcome<Dynamic> {
        let read: Option<SmallVec<[(Value<'static>, Type); 3]>> =
            args.iter().map(|arg| value_of(arg)).collect();
        let read = read.ok_or_else(|| fault(&Problem::Misfit))?;
        let length: u64 = read.iter().map(|(value, _)| value.text_len()).sum();
        if length > 0 {
            charge(length)?;
        }
        let Some((signature, ty)) = selected(self.signatures, read.iter().map(|(_, ty)| ty)) else {
            let given: Vec<_> = read.iter().map(|(_, ty)| ty.to_string()).collect();
            let message = format!("`{}` does not take ({})", self.name, given.join(", "));
            return Err(error(message));
        };
        let minor = read.first().map(|(_, ty)| ty.clone());
        let mut values: SmallVec<[Value<'static>; 4]> = SmallVec::new();
        for (shape, (value, _)) in signature.parameters.iter().zip(read) {
            values.push(prepared(*shape, value, zone)?);
        }
        if let (true, Some(Type::Money(currency))) = (signature.minor_digits, minor) {
            values.push(Value::Number(Number::from(u64::from(currency.minor_digits()))));
        }
        let result = signature.kernel.run(&values, &Context { zone, calendars: &[] });
        match (result.map_err(|problem| fault(&problem))?, &ty) {
            (Value::List(list), Type::List(item)) => {
                charge((list.len() as u64).saturating_mul(ITEM))?;
                let items = list.iter().map(|value| single(&value, item));
                Ok(Dynamic::from_array(items.collect()))
            }
            (value, ty) => Ok(single(&value, ty)),
        }
    }
}

/// The signature that takes values of these types, and what it gives; texts may stand for others.
pub(super) fn selected<'t>(
    signatures: &'static [Signature],
    types: impl IntoIterator<Item = &'t Type, IntoIter: ExactSizeIterator + Clone>,
) -> Option<(&'static Signature, Type)> {
    let types = types.into_iter();
    select(signatures, types.clone()).or_else(|| {
        let texts = types.map(|ty| (ty, *ty == Type::Text));
        let read = select_read(signatures, texts).filter(|(.., read)| **read != Type::Version);
        read.map(|(signature, ty, _)| (signature, ty))
    })
}

/// A value as a kernel takes it: texts that stand for others are read, and cohorts are drawn by texts.
fn prepared(shape: Shape, value: Value<'static>, zone: &Zone) -> Outcome<Value<'static>> {
    match (shape, value) {
        (Shape::Key, value @ (Value::Number(_) | Value::Fraction(_))) => {
            Ok(Value::Text(Type::Number.written(&value, None).to_string().into()))
        }
        (shape, Value::Text(text)) => match shape.ty().filter(|ty| **ty != Type::Text) {
            Some(ty) => {
                read(&text, ty, zone).map_err(|wanted| error(format!("\"{text}\" is not {wanted}")))
            }
            None => Ok(Value::Text(text)),
        },
        (_, value) => Ok(value),
    }
}

/// A text as a value of a type that has no literals of its own, or what it must be.
pub(super) fn read(text: &str, ty: &Type, zone: &Zone) -> Result<Value<'static>, &'static str> {
    let value = match ty.read(text, zone) {
        Some(Value::Text(text)) => Some(Value::Text(text.into_owned().into())),
        value => value.and_then(|value| value.detached()),
    };
    value.ok_or_else(|| ty.scalar().map_or("", |row| row.wanted))
}

/// A problem of a kernel as an error of the script, which gets its line where it is raised.
pub(super) fn fault(problem: &Problem) -> Box<EvalAltResult> {
    error(problem.to_string())
}

/// An error of the script.
pub(super) fn error(message: String) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorArithmetic(message, Position::NONE))
}

/// Lengths of time by their unit, in seconds.
const LENGTHS: &[(&str, i64)] =
    &[("seconds", 1), ("minutes", 60), ("hours", 3_600), ("days", 86_400), ("weeks", 604_800)];

/// Periods by their unit, in months.
const PERIODS: &[(&str, i64)] = &[("months", 1), ("years", 12)];

/// What a policy writes as a literal, and a script as a call: `days(7)`, `money(200, "CNY")`,
/// `date("2024-09-12")`.
fn register_literals(engine: &mut Engine, zone: &Zone) {
    for ty in exact_types() {
        for (name, seconds) in LENGTHS {
            let unit = Value::Duration(Duration::from_secs(*seconds));
            let zone = zone.clone();
            engine.register_raw_fn(*name, [ty], move |_, args| {
                let values = [unit.clone(), Value::Number(count(args)?)];
                let length = kernel::multiply(&values, &Context { zone: &zone, calendars: &[] });
                length
                    .map(|value| single(&value, &Type::Duration))
                    .map_err(|problem| fault(&problem))
            });
        }
        for (name, months) in PERIODS {
            engine.register_raw_fn(*name, [ty], move |_, args| {
                let months = count(args)?.to_i64().and_then(|number| number.checked_mul(*months));
                let months = months.and_then(|months| i32::try_from(months).ok());
                let whole = || error("months and years are counted whole".into());
                months.map(|months| Exact::Period(Period::of_months(months))).ok_or_else(whole)
            });
        }
        engine.register_raw_fn("money", [ty, TypeId::of::<ImmutableString>()], |_, args| {
            let code = args.get(1).map(ToString::to_string).unwrap_or_default();
            let currency = Currency::from_code(&code)
                .ok_or_else(|| error(format!("`{code}` is not an ISO 4217 currency")))?;
            Ok(Exact::Money(Rational::Number(count(args)?), currency))
        });
    }
    engine.register_fn("number", |text: &str| -> Outcome<Dynamic> {
        let read = text.parse::<Number>().map(super::exact::number);
        read.map_err(|problem| error(format!("\"{text}\": {problem}")))
    });
    engine.register_fn("date", |text: &str| -> Outcome<Exact> {
        let date = model::parse_date(text).map(Exact::Date);
        date.ok_or_else(|| error(format!("\"{text}\" is not a day such as 2024-09-12")))
    });
    let zone = zone.clone();
    engine.register_fn("time", move |text: &str| -> Outcome<Exact> {
        let time = model::parse_time(text, &zone).map(Exact::Time);
        time.ok_or_else(|| error(format!("\"{text}\" is not a time such as 2024-09-12T08:00Z")))
    });
}

/// The first argument, a number.
fn count(args: &[&mut Dynamic]) -> Outcome<Number> {
    match args.first().and_then(|arg| value_of(arg)) {
        Some((Value::Number(number), Type::Number)) => Ok(number),
        _ => Err(error("a number is needed here".into())),
    }
}

/// How exact values become text, alone and beside one.
fn register_texts(engine: &mut Engine) {
    let text = TypeId::of::<ImmutableString>();
    for ty in exact_types() {
        for name in ["to_string", "to_debug", "print", "debug"] {
            engine.register_raw_fn(name, [ty], |_, args| Ok(joined(args)));
        }
        for types in [[text, ty], [ty, text]] {
            engine.register_raw_fn("+", types, |_, args| Ok(joined(args)));
        }
        engine.register_raw_fn("+=", [text, ty], |_, args| {
            let longer = joined(args);
            if let Some(target) = args.first_mut() {
                **target = longer.into();
            }
            Ok(())
        });
    }
    // Rhai would leave out what is missing.
    let nothing = TypeId::of::<()>();
    for types in [[text, nothing], [nothing, text]] {
        for name in ["+", "+="] {
            engine.register_raw_fn(name, types, |_, _| -> Outcome<Dynamic> {
                Err(error(
                    "what is missing is no text; ask first whether it is there: `value != ()`"
                        .into(),
                ))
            });
        }
    }
}

/// The texts of arguments behind one another.
fn joined(args: &[&mut Dynamic]) -> ImmutableString {
    args.iter().map(|arg| shown(arg)).collect::<String>().into()
}
