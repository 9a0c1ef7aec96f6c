//! Values whose fields say how they are read.

use super::raw::{Amount, Raw, shortened};
use super::{Filler, InputCode, Path, money};
use crate::program::{Field, Layout};
use rulebook_lang::model::{Cell, Currency, Number, NumberError, Spot, Type, Value};
use rulebook_lang::reading::{Given, Reading, Tells, Unread};
use rulebook_lang::scalar::Kind;

/// What a value is in the words of a field: what it stands for, or that it stands for none.
type Stands<'r> = Option<Option<&'r Value<'static>>>;

fn word<'r>(reading: &'r Reading, raw: &Raw<'_>) -> Stands<'r> {
    if reading.words.is_empty() {
        return None;
    }
    match raw {
        Raw::Text(text) => reading.word(text),
        Raw::Digits(digits, number) => {
            reading.word(digits).or_else(|| reading.word_of_number((*number)?))
        }
        Raw::Number(number) => reading.word_of_number(*number),
        _ => None,
    }
}

/// The currency of a code, in whatever letters where the field takes them.
fn currency_of(code: &str, reading: &Reading) -> Option<Currency> {
    match reading.any_case {
        false => Currency::from_code(code),
        true => {
            let mut letters = [0; 3];
            letters.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
            letters.make_ascii_uppercase();
            Currency::from_code(std::str::from_utf8(&letters).ok()?)
        }
    }
}

/// An amount that cannot be read.
enum Bad {
    /// The number is none.
    Number(Unread),
    /// The amount is no whole number of the smallest unit.
    Part,
}

impl From<Unread> for Bad {
    fn from(unread: Unread) -> Self {
        Self::Number(unread)
    }
}

impl Filler<'_> {
    /// Puts a value where it goes, or reports that it is none; false where it is to be taken as missing.
    pub(super) fn read(
        &mut self,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) -> bool {
        if let Some(stands) = word(reading, raw) {
            return match stands {
                Some(value) => {
                    let cell = self.row.import(value);
                    self.row.put(spot, cell);
                    true
                }
                None => false,
            };
        }
        self.leniently(reading, |filler| filler.read_by((ty, reading), raw, spot, path))
    }

    /// Reads a value; whether it is there, which one of the wrong kind is not where the field says so.
    fn leniently(&mut self, reading: &Reading, read: impl FnOnce(&mut Self)) -> bool {
        if !reading.lenient {
            read(self);
            return true;
        }
        let before = std::mem::take(&mut self.errors);
        read(self);
        let is_read = self.errors.is_empty();
        self.errors = before;
        is_read
    }

    fn read_by(
        &mut self,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        match (ty, raw) {
            (
                Type::Date | Type::Time | Type::TimeOfDay,
                Raw::Text(_) | Raw::Digits(..) | Raw::Number(_),
            ) => {
                self.moment((ty, reading), raw, spot, path);
            }
            (Type::Number, Raw::Text(_) | Raw::Digits(..) | Raw::Number(_)) => {
                match number(reading, raw) {
                    Ok(number) => self.row.put(spot, Cell::Number(number)),
                    Err(unread) => self.bad_figures((ty, reading), raw, unread, path),
                }
            }
            (Type::Money(currency), Raw::Text(_) | Raw::Digits(..) | Raw::Number(_)) => {
                match &reading.beside {
                    Some(_) => self.keep(raw, spot),
                    None => self.amount_in(*currency, (ty, reading), raw, spot, path),
                }
            }
            (Type::Money(currency), Raw::Money(amount, code)) => {
                match currency_of(code, reading) == Some(*currency) {
                    true => self.amount_in(*currency, (ty, reading), &amount.raw(), spot, path),
                    false => self.other_currency(*currency, code, path),
                }
            }
            (Type::Enum(members), Raw::Text(text)) if reading.any_case => {
                match members.position_alike(text) {
                    Some(position) => self.row.put(spot, Cell::Member(position)),
                    None => self.convert((ty, None), raw, spot, path),
                }
            }
            (Type::Text, Raw::Digits(digits, _)) if reading.any_kind => {
                let cell = self.row.add_text(digits);
                self.row.put(spot, cell);
            }
            (Type::Text, Raw::Number(number)) if reading.any_kind => {
                let cell = self.row.add_text(&number.to_string());
                self.row.put(spot, cell);
            }
            (Type::Text, Raw::Bool(value)) if reading.any_kind => {
                let cell = self.row.add_text(if *value { "true" } else { "false" });
                self.row.put(spot, cell);
            }
            _ => self.convert((ty, reading.digits), raw, spot, path),
        }
    }

    /// A day, a time or a time of day.
    #[inline]
    fn moment(
        &mut self,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        if reading.beside.is_some() {
            return self.keep(raw, spot);
        }
        let zone = &self.program.zone;
        let cell = match (ty.kind(), raw) {
            (Some(kind), Raw::Text(text)) => reading.moment(kind, Given::Text(text), zone),
            (Some(kind), Raw::Digits(_, Some(number)) | Raw::Number(number)) => {
                reading.moment(kind, Given::Number(*number), zone)
            }
            (Some(kind), Raw::Digits(digits, None)) => {
                reading.moment(kind, Given::Text(digits), zone)
            }
            _ => None,
        };
        match cell {
            Some(cell) => self.row.put(spot, cell),
            None => self.bad_moment((ty, reading), raw, spot, path),
        }
    }

    #[cold]
    fn bad_moment(
        &mut self,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        match ty.scalar().filter(|_| !reading.forms.is_empty()) {
            Some(scalar) => {
                let wanted = format!("{} {}", scalar.described, reading.wanted());
                self.bad_text(scalar, (&wanted, None), raw, path);
            }
            // It is written as always.
            None => self.convert((ty, None), raw, spot, path),
        }
    }

    /// Keeps what was found until the field is read that tells more of it.
    fn keep(&mut self, raw: &Raw<'_>, spot: Spot) {
        let cell = match raw {
            Raw::Text(text) | Raw::Digits(text, _) => self.row.add_text(text),
            Raw::Number(number) => self.row.add_text(&number.to_string()),
            _ => Cell::Missing,
        };
        self.row.put(spot, cell);
    }

    /// An amount in a currency that is known.
    fn amount_in(
        &mut self,
        currency: Currency,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        match amount(reading, raw, currency) {
            Ok(number) => self.row.put(spot, Cell::Number(number)),
            Err(Bad::Number(Unread::Malformed)) if reading.minor && reading.figures.is_plain() => {
                self.no_unit(currency, raw, path);
            }
            Err(Bad::Number(unread)) => self.bad_figures((ty, reading), raw, unread, path),
            Err(Bad::Part) => self.no_unit(currency, raw, path),
        }
    }

    #[cold]
    fn no_unit(&mut self, currency: Currency, raw: &Raw<'_>, path: &Path<'_>) {
        let found = raw.described();
        let message =
            format!("expected a whole number of the smallest unit of {currency}, found {found}");
        self.error(path, InputCode::BadNumber, message);
    }

    #[cold]
    fn other_currency(&mut self, currency: Currency, found: &str, path: &Path<'_>) {
        let instead = money::instead_of_currency(currency, found);
        let found = shortened(found);
        let message = format!("expected an amount in {currency}, found one in {found}{instead}");
        self.error(path, InputCode::WrongCurrency, message);
    }

    #[cold]
    fn bad_figures(
        &mut self,
        (ty, reading): (&Type, &Reading),
        raw: &Raw<'_>,
        unread: Unread,
        path: &Path<'_>,
    ) {
        match unread {
            Unread::Number(error) => self.bad_number(ty, raw, error, path),
            Unread::Malformed if reading.figures.is_plain() => {
                self.bad_number(ty, raw, NumberError::Malformed, path);
            }
            Unread::Malformed => {
                let (wanted, found) = (reading.figures.wanted(), raw.described());
                let message = format!("expected {} {wanted}, found {found}", ty.described());
                self.error(path, InputCode::WrongType, message);
            }
        }
    }

    /// Money of any currency, with its fields from a slot on; false where it is to be taken as missing.
    pub(super) fn read_money(
        &mut self,
        (layout, reading): (&Layout, &Reading),
        base: u32,
        raw: &Raw<'_>,
        path: &Path<'_>,
    ) -> bool {
        match word(reading, raw) {
            Some(_) => false,
            None => self.leniently(reading, |filler| {
                filler.read_any((layout, reading), base, raw, path);
            }),
        }
    }

    fn read_any(
        &mut self,
        (layout, reading): (&Layout, &Reading),
        base: u32,
        raw: &Raw<'_>,
        path: &Path<'_>,
    ) {
        let parts = match raw {
            Raw::Money(amount, code) => Some((amount.raw(), *code)),
            Raw::Text(text) => money::coded(text).map(|(amount, code)| (Raw::Text(amount), code)),
            _ => None,
        };
        match (parts, raw, layout.money_fields()) {
            (Some((amount, code)), ..) => {
                self.amount_of_any((layout, reading), base, &amount, code, path);
            }
            (None, Raw::Text(_) | Raw::Digits(..) | Raw::Number(_), Some((amount, _)))
                if reading.beside.is_some() =>
            {
                self.keep(raw, Spot::Slot(base + amount.slot));
            }
            _ => self.no_money(raw, path),
        }
    }

    /// An amount and the code of its currency.
    pub(super) fn amount_of_any(
        &mut self,
        (layout, reading): (&Layout, &Reading),
        base: u32,
        raw: &Raw<'_>,
        code: &str,
        path: &Path<'_>,
    ) {
        let Some((amount_field, code_field)) = layout.money_fields() else { return };
        let found = currency_of(code, reading);
        let Some((currency, position)) = found.zip(found.and_then(Currency::position)) else {
            return self.no_currency(code, path);
        };
        self.row.set(base + code_field.slot, Cell::Member(position));
        let spot = Spot::Slot(base + amount_field.slot);
        self.amount_in(currency, (&Type::Money(currency), reading), raw, spot, path);
    }

    /// Takes a field as missing because of what it holds.
    #[cold]
    pub(super) fn read_as_missing(
        &mut self,
        field: &Field,
        base: u32,
        raw: &Raw<'_>,
        path: &Path<'_>,
    ) {
        if field.optional || field.default.is_some() || field.join.is_some() {
            return self.absent(field, base, path);
        }
        let found = raw.described();
        let message = format!("`{}` is missing: {found} is read as missing", field.name);
        self.error(path, InputCode::MissingField, message);
        self.row.set(base + field.slot, Cell::Missing);
    }

    /// Whether a value of the wrong kind in the place of a record or a list is missing.
    #[cold]
    pub(super) fn is_missing(reading: Option<&Reading>, raw: &Raw<'_>) -> bool {
        reading.is_some_and(|reading| reading.lenient || matches!(word(reading, raw), Some(None)))
    }

    /// Reads what was kept for a field by what another one tells.
    pub(super) fn settle_kept(
        &mut self,
        (ty, reading): (&Type, &Reading),
        kept: &str,
        told: (Tells, &str),
        (spot, path): (Spot, &Path<'_>),
    ) {
        let raw = Raw::Text(kept);
        match (ty, told) {
            (Type::Money(currency), (Tells::Currency, code)) => {
                match currency_of(code, reading) == Some(*currency) {
                    true => self.amount_in(*currency, (ty, reading), &raw, spot, path),
                    false => self.other_currency(*currency, code, path),
                }
            }
            (ty, (Tells::Zone, name)) => {
                let Some(zone) = rulebook_lang::model::zone(name) else {
                    return self.no_zone(name, path);
                };
                let kind = ty.kind().unwrap_or(Kind::Time);
                match reading.moment(kind, Given::Text(kept), &zone) {
                    Some(cell) => self.row.put(spot, cell),
                    None => self.bad_moment((ty, reading), &raw, spot, path),
                }
            }
            _ => {}
        }
    }

    #[cold]
    fn no_zone(&mut self, name: &str, path: &Path<'_>) {
        let near = rulebook_lang::model::nearest_zone(name);
        let help = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        let message = format!("there is no time zone \"{}\"{help}", shortened(name));
        self.error(path, InputCode::BadTime, message);
    }
}

impl<'a> Amount<'a> {
    fn raw(self) -> Raw<'a> {
        match self {
            Self::Number(number) => Raw::Number(number),
            Self::Digits(digits) => Raw::Text(digits),
        }
    }
}

/// A number as the field says that it is written.
fn number(reading: &Reading, raw: &Raw<'_>) -> Result<Number, Unread> {
    let digits = reading.digits.filter(|_| !reading.minor);
    let figures = &reading.figures;
    match raw {
        Raw::Text(text) => figures.read(text, digits),
        Raw::Number(number) | Raw::Digits(_, Some(number)) => figures.of_number(*number, digits),
        Raw::Digits(written, None) => figures.of_digits(written, digits),
        _ => Err(Unread::Malformed),
    }
}

/// An amount in a currency, whose smallest unit may be what is counted.
fn amount(reading: &Reading, raw: &Raw<'_>, currency: Currency) -> Result<Number, Bad> {
    let number = number(reading, raw)?;
    if !reading.minor {
        return Ok(number);
    }
    let number = number.to_i64().ok_or(Bad::Part)?;
    let number = Number::from_scaled(number.into(), currency.minor_digits()).ok_or(Bad::Part)?;
    match reading.digits {
        None => Ok(number),
        Some(digits) => {
            number.checked_round(digits).ok_or(Bad::Number(Unread::Number(NumberError::TooLarge)))
        }
    }
}
