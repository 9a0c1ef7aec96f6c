//! ISO 4217 currencies.

use std::fmt;
use std::sync::LazyLock;

/// A currency by its ISO 4217 code.
///
/// ```
/// use rulebook_lang::model::Currency;
/// let yuan = Currency::from_code("CNY").unwrap();
/// assert_eq!(yuan.minor_digits(), 2);
/// assert!(Currency::from_code("cny").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// The codes of all currencies in their order: to try all of three letters takes longer than to load a rulebook.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP \
    BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN \
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK \
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK \
    MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN \
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB \
    TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF \
    XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL";

/// All currencies, by their codes.
static ALL: LazyLock<Vec<Currency>> =
    LazyLock::new(|| CODES.split(' ').filter_map(Currency::from_code).collect());

impl Currency {
    /// All currencies in the order of their codes.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The currency at a position among all.
    pub fn at(position: u32) -> Option<Self> {
        ALL.get(position as usize).copied()
    }

    /// The position among all.
    pub fn position(self) -> Option<u32> {
        let at = ALL.binary_search_by_key(&self.code(), |currency| currency.code()).ok()?;
        u32::try_from(at).ok()
    }

    /// The currency with this three-letter code, in capitals.
    pub fn from_code(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).map(Self)
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many digits after the point the minor unit has: 2 for CNY, 0 for JPY.
    pub fn minor_digits(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_currencies_are_there() {
        let letters = || 'A'..='Z';
        let pairs = letters().flat_map(|a| letters().map(move |b| (a, b)));
        let codes = pairs.flat_map(|(a, b)| letters().map(move |c| String::from_iter([a, b, c])));
        let known: Vec<_> = codes.filter_map(|code| Currency::from_code(&code)).collect();
        assert_eq!(Currency::all(), known);
    }
}
