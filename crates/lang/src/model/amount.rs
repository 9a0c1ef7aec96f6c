//! Money of any currency: a record of an amount and its currency, which the language has by itself. Where the
//! currency is known, the amount is one of a fixed currency, and all that holds of these holds of it.

use std::sync::{Arc, LazyLock};

use super::{Currency, EnumType, Number, Record, RecordType, Type, Value};

/// The position of the amount among the fields.
pub const AMOUNT: u32 = 0;
/// The position of the currency among the fields.
pub const CURRENCY: u32 = 1;

/// The name of the record, told from that of a rulebook's own record `money` by where it lies.
static MONEY: LazyLock<Arc<str>> = LazyLock::new(|| "money".into());

static MONEY_TYPE: LazyLock<Arc<RecordType>> = LazyLock::new(|| {
    let record = RecordType::of_language(money_name());
    record.set_fields([("amount".into(), Type::Number), ("currency".into(), Type::currency())]);
    Arc::new(record)
});

static CURRENCIES: LazyLock<Arc<EnumType>> = LazyLock::new(|| {
    let codes = Currency::all().iter().map(|currency| currency.code().to_string());
    let mut members = EnumType::new(codes.collect(), false, false);
    members.name = Some("currency".to_string());
    Arc::new(members)
});

/// The name of the record that money of any currency is.
pub fn money_name() -> Arc<str> {
    MONEY.clone()
}

/// Whether the record of this name is money of any currency.
pub fn is_money_name(name: &Arc<str>) -> bool {
    Arc::ptr_eq(name, &MONEY)
}

impl EnumType {
    /// Whether the members are the codes of all currencies.
    pub fn is_currency(&self) -> bool {
        std::ptr::eq(self, &**CURRENCIES)
    }
}

impl Type {
    /// Money of any currency.
    pub fn money() -> Self {
        Self::Record(MONEY_TYPE.clone())
    }

    /// A currency, by its code.
    pub fn currency() -> Self {
        Self::Enum(CURRENCIES.clone())
    }

    /// The type with this name, which a rulebook may give to a type of its own instead.
    pub fn unreserved(name: &str) -> Option<Self> {
        [Self::money(), Self::currency()].into_iter().find(|ty| ty.to_string() == name)
    }

    /// Whether values are money of any currency.
    pub fn is_money(&self) -> bool {
        matches!(self, Self::Record(record) if is_money_name(record.name()))
    }
}

impl Record<'_> {
    /// The amount and the currency of one that is money of any currency.
    pub fn money(&self) -> Option<(Number, Currency)> {
        match (self.field(AMOUNT), self.field(CURRENCY)) {
            (Value::Number(amount), Value::Member(position)) => {
                Some((amount, Currency::at(position)?))
            }
            _ => None,
        }
    }
}
