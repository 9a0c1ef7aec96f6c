//! Values back into the texts that a field reads, for those who write records by hand.

use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};

use super::{Form, Reading};
use crate::model::Cell;
use crate::model::{Currency, Date, Duration, Number, Time, Zone};

impl Reading {
    /// A day, a time or a time of day as the first form of the field has it; nothing where it is written as always.
    pub fn write(&self, cell: Cell, zone: &Zone) -> Option<String> {
        let zone = self.zone.as_ref().unwrap_or(zone);
        self.forms.iter().find_map(|form| match cell {
            Cell::Date(date) => form.write_date(date),
            Cell::Time(time) => form.write_time(time, zone),
            Cell::Duration(clock) => form.write_clock(clock),
            _ => None,
        })
    }

    /// An amount by its digits: in the smallest unit where the field says so, and with its sign before decimals.
    pub fn write_amount(&self, amount: Number, currency: Currency) -> Option<String> {
        let amount = match self.minor {
            true => amount.checked_mul(Number::from_scaled(
                10_i128.checked_pow(currency.minor_digits())?,
                0,
            )?)?,
            false => amount,
        };
        let digits = amount.to_string();
        Some(match self.figures.decimal {
            Some(sign) => digits.replace('.', &sign.to_string()),
            None => digits,
        })
    }
}

impl Form {
    fn write_date(&self, date: Date) -> Option<String> {
        match self {
            Self::Stated(form) => strtime::format(form.form(), date).ok(),
            Self::Iso => Some(date.to_string()),
            Self::IsoWeek => strtime::format("%G-W%V-%u", date).ok(),
            _ => None,
        }
    }

    fn write_time(&self, time: Time, zone: &Zone) -> Option<String> {
        let instant = Timestamp::try_from(time).ok()?;
        match self {
            Self::Stated(form) => form.write(instant, zone),
            Self::Iso => Some(time.to_string()),
            Self::Mail => rfc2822::to_string(&instant.to_zoned_datetime(Zone::UTC)).ok(),
            Self::Epoch(per_second, _) => {
                let nanoseconds = instant.as_nanosecond();
                let parts = nanoseconds.checked_mul((*per_second).into())?;
                Number::from_units(parts).map(|number| number.to_string())
            }
            Self::IsoWeek | Self::ExcelDays => None,
        }
    }

    fn write_clock(&self, clock: Duration) -> Option<String> {
        match self {
            Self::Stated(form) => {
                let time = jiff::civil::Time::midnight().checked_add(clock).ok()?;
                strtime::format(form.form(), time).ok()
            }
            Self::Iso => Some(crate::model::TimeOfDay(clock).to_string()),
            _ => None,
        }
    }
}
