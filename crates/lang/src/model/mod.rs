//! What data is: exact numbers, money, times, types and values.

mod amount;
mod calendar;
mod composite;
mod currency;
mod instant;
mod json;
mod language;
mod number;
mod pattern;
mod ranges;
mod same;
mod time;
mod time_of_day;
mod titles;
mod types;
mod url;
mod value;
mod version;

pub use amount::{AMOUNT, CURRENCY, is_money_name, money_name};
pub use calendar::{Calendar, CalendarDays, CalendarError};
pub use composite::{List, ListPlace, Record};
pub use currency::Currency;
pub use instant::{NoTime, Time};
pub use json::{Json, NumbersAsText};
pub use language::{is_language_tag, language_tag_help, same_language_tag};
pub use number::{Fraction, Number, NumberError, Rational, Rounding, Total};
pub use number::{is_number, serialize_digits, shares};
pub use pattern::{Pattern, PatternError};
pub use ranges::{Key, Ranges};
pub use same::Same;
pub use time::start_of;
pub use time::{
    Date, Duration, Period, Zone, add_days, add_period, add_period_to_time, end_of_day, is_form,
    nearest_zone, parse_date, parse_date_as, parse_duration, parse_period, parse_time,
    parse_time_as, start_of_day, zone,
};
pub use time_of_day::{TimeOfDay, parse_time_of_day, since_midnight, time_on};
pub use titles::Titles;
pub use types::{EnumType, MemberName, RecordType, Type};
pub use url::{parse_link, parse_url};
pub use value::{Cell, Spot, Store, Value};
pub use version::{
    parse_version, release_before, version_beside, version_between, version_key, version_order,
};
