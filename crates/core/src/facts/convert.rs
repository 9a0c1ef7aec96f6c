//! A single value of the input to a cell of its declared type.

use super::hint;
use super::money;
use super::raw::{Amount, Raw, shortened};
use super::{Filler, InputCode, Path};
use crate::program::Layout;
use rulebook_lang::model::{
    Cell, Currency, EnumType, Number, NumberError, Spot, Type, start_of_day,
};
use rulebook_lang::scalar::{Kind, Reads, Scalar};

impl Filler<'_> {
    /// Puts a value of a type where it goes, or reports that it does not fit; numbers are rounded to so
    /// many digits, if the field says so.
    ///
    /// Each cell goes straight to its spot: one that is returned is copied through memory.
    #[inline]
    pub(super) fn convert(
        &mut self,
        (ty, rounding): (&Type, Option<u32>),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        match (ty, raw) {
            (Type::Bool, Raw::Bool(value)) => self.row.put(spot, Cell::Bool(*value)),
            (Type::Number | Type::Money(_), Raw::Number(number) | Raw::Digits(_, Some(number))) => {
                match rounding {
                    None => self.row.put(spot, Cell::Number(*number)),
                    Some(digits) => self.rounded((*number, digits), (ty, raw), spot, path),
                }
            }
            (Type::Number | Type::Money(_), Raw::Digits(digits, None) | Raw::Text(digits)) => {
                self.number((ty, rounding), raw, digits, spot, path);
            }
            (Type::Text, Raw::Text(text)) => {
                let cell = self.row.add_text(text);
                self.row.put(spot, cell);
            }
            (Type::Enum(members), Raw::Text(text)) => self.member(members, text, spot, path),
            _ => self.rare((ty, rounding), raw, spot, path),
        }
    }

    fn rare(
        &mut self,
        (ty, rounding): (&Type, Option<u32>),
        raw: &Raw<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        if let (Type::Money(currency), Raw::Money(amount, code)) = (ty, raw) {
            return self.money(*currency, (ty, rounding), raw, (*amount, code), spot, path);
        }
        let Some(scalar) = ty.scalar().filter(|_| raw.physical().is_some_and(|raw| ty.takes(raw)))
        else {
            return self.wrong_type(ty, raw, path);
        };
        let (cell, wanted) = match (raw, scalar.kind) {
            (Raw::Text(text), _) => {
                let cell = match scalar.reads {
                    Reads::Cell(read) => read(text, &self.program.zone),
                    Reads::Text(is_one) => is_one(text).then(|| self.row.add_text(text)),
                    Reads::Form(read) => read(text).map(|form| self.row.add_text(&form)),
                };
                (cell, scalar.wanted)
            }
            (Raw::Date(date), Kind::Time) => {
                let time = start_of_day(*date, &self.program.zone);
                (time.map(Cell::Time), "a day of the calendar")
            }
            (raw, _) => (raw.cell(), scalar.wanted),
        };
        match cell {
            Some(cell) => self.row.put(spot, cell),
            None => self.bad_text(scalar, (wanted, hint::declared(ty, raw)), raw, path),
        }
    }

    #[cold]
    pub(super) fn bad_text(
        &mut self,
        scalar: &Scalar,
        (wanted, hint): (&str, Option<String>),
        raw: &Raw<'_>,
        path: &Path<'_>,
    ) {
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let message = format!("expected {wanted}, found {}{hint}", raw.described());
        let mut codes = InputCode::ALL.iter();
        let code = codes.find(|code| code.code() == scalar.error).copied();
        self.error(path, code.unwrap_or(InputCode::WrongType), message);
    }

    #[cold]
    fn wrong_type(&mut self, ty: &Type, raw: &Raw<'_>, path: &Path<'_>) {
        let message = format!("expected {}, found {}", ty.described(), raw.described());
        let instead = match (ty, raw) {
            (Type::Money(currency), Raw::Object(keys)) => {
                Some(money::instead_of_object(Some(*currency), *keys))
            }
            (Type::Money(currency), Raw::Money(Amount::Digits(text), _) | Raw::Text(text)) => {
                money::instead_of_text(Some(*currency), text)
            }
            (Type::Number, Raw::Text(text)) => money::instead_of_number(text),
            _ => None,
        };
        let instead = instead.or_else(|| hint::declared(ty, raw));
        let message = match instead {
            Some(instead) => format!("{message}; {instead}"),
            None => message,
        };
        self.error(path, InputCode::WrongType, message);
    }

    #[inline]
    fn number(
        &mut self,
        (ty, rounding): (&Type, Option<u32>),
        raw: &Raw<'_>,
        digits: &str,
        spot: Spot,
        path: &Path<'_>,
    ) {
        let read = match rounding {
            None => digits.parse(),
            Some(kept) => Number::read_rounded(digits, kept),
        };
        match read {
            Ok(number) => self.row.put(spot, Cell::Number(number)),
            Err(error) => self.bad_number(ty, raw, error, path),
        }
    }

    fn rounded(
        &mut self,
        (number, digits): (Number, u32),
        (ty, raw): (&Type, &Raw<'_>),
        spot: Spot,
        path: &Path<'_>,
    ) {
        match number.checked_round(digits) {
            Some(number) => self.row.put(spot, Cell::Number(number)),
            None => self.bad_number(ty, raw, NumberError::TooLarge, path),
        }
    }

    #[cold]
    pub(super) fn bad_number(
        &mut self,
        ty: &Type,
        raw: &Raw<'_>,
        error: NumberError,
        path: &Path<'_>,
    ) {
        match error {
            NumberError::Malformed => self.wrong_type(ty, raw, path),
            NumberError::TooManyDecimals => {
                let found = raw.described();
                let help = "a field that is declared `rounded to 9` takes it";
                self.error(path, InputCode::BadNumber, format!("{error}: {found}; {help}"));
            }
            _ => self.error(path, InputCode::BadNumber, format!("{error}: {}", raw.described())),
        }
    }

    fn money(
        &mut self,
        currency: Currency,
        (ty, rounding): (&Type, Option<u32>),
        raw: &Raw<'_>,
        (amount, code): (Amount<'_>, &str),
        spot: Spot,
        path: &Path<'_>,
    ) {
        if code != currency.code() {
            let found = shortened(code);
            let instead = money::instead_of_currency(currency, code);
            let message =
                format!("expected an amount in {currency}, found one in {found}{instead}");
            return self.error(path, InputCode::WrongCurrency, message);
        }
        self.amount((ty, rounding), raw, amount, spot, path);
    }

    /// Money of any currency, with its fields from a slot on.
    pub(super) fn money_of_any(
        &mut self,
        layout: &Layout,
        base: u32,
        raw: &Raw<'_>,
        path: &Path<'_>,
    ) {
        let Some((field, code_field)) = layout.money_fields() else { return };
        let parts = match raw {
            Raw::Money(amount, code) => Some((*amount, *code)),
            Raw::Text(text) => money::written(text),
            _ => None,
        };
        let Some((amount, code)) = parts else { return self.no_money(raw, path) };
        let Some(position) = Currency::from_code(code).and_then(Currency::position) else {
            return self.no_currency(code, path);
        };
        self.row.set(base + code_field.slot, Cell::Member(position));
        self.amount(
            (&Type::Number, field.digits),
            raw,
            amount,
            Spot::Slot(base + field.slot),
            path,
        );
    }

    #[cold]
    pub(super) fn no_currency(&mut self, code: &str, path: &Path<'_>) {
        let (found, help) = (shortened(code), money::code_help(code));
        let message = format!("expected an amount in any currency, found one in {found}; {help}");
        self.error(path, InputCode::WrongCurrency, message);
    }

    #[cold]
    pub(super) fn no_money(&mut self, raw: &Raw<'_>, path: &Path<'_>) {
        let instead = match raw {
            Raw::Object(keys) => money::instead_of_object(None, *keys),
            Raw::Number(_) | Raw::Digits(..) => money::without_currency(),
            Raw::Text(text) if text.parse::<Number>().is_ok() => money::without_currency(),
            Raw::Text(text) => {
                money::instead_of_text(None, text).unwrap_or_else(money::forms_of_any)
            }
            _ => money::forms_of_any(),
        };
        let found = raw.described();
        let message = format!("expected an amount in any currency, found {found}; {instead}");
        self.error(path, InputCode::WrongType, message);
    }

    fn amount(
        &mut self,
        (ty, rounding): (&Type, Option<u32>),
        raw: &Raw<'_>,
        amount: Amount<'_>,
        spot: Spot,
        path: &Path<'_>,
    ) {
        match amount {
            Amount::Number(number) => match rounding {
                None => self.row.put(spot, Cell::Number(number)),
                Some(digits) => self.rounded((number, digits), (ty, raw), spot, path),
            },
            Amount::Digits(digits) => self.number((ty, rounding), raw, digits, spot, path),
        }
    }

    fn member(&mut self, members: &EnumType, text: &str, spot: Spot, path: &Path<'_>) {
        match members.position(text) {
            Some(position) => self.row.put(spot, Cell::Member(position)),
            None if members.open => {
                let cell = self.row.add_text(text);
                self.row.put(spot, cell);
            }
            None => self.unknown_member(members, text, path),
        }
    }

    #[cold]
    fn unknown_member(&mut self, members: &EnumType, text: &str, path: &Path<'_>) {
        let near =
            rulebook_base::diagnostic::nearest(text, members.members.iter().map(String::as_str));
        let help = match near {
            _ if members.is_currency() => money::code_help(text),
            _ if members.position_alike(text).is_some() => {
                "it is a member in other letters; declare the field `read any case`".to_string()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it takes {}", members.members.join(", ")),
        };
        let message = format!("\"{}\" is not allowed here; {help}", shortened(text));
        self.error(path, InputCode::UnknownMember, message);
    }
}
