//! Versions: `8.0.14`, `8.0.14-beta.2`. They are kept as texts in one form, so that those that are the same have
//! the same text: at least three parts and, behind the third, none of zero at the end.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Key;

/// Parts that a version has at least.
const PARTS: usize = 3;

/// A version in its one form, if a text is one: parts of digits, parted by points, and behind `-` what comes
/// before the release, as semantic versioning has it. What stands behind `+` tells builds apart, not versions.
///
/// ```
/// use rulebook_lang::model::parse_version;
/// assert_eq!(parse_version("8.0").as_deref(), Some("8.0.0"));
/// assert_eq!(parse_version("2024.05.01+b7").as_deref(), Some("2024.5.1"));
/// assert_eq!(parse_version("v8"), None);
/// ```
pub fn parse_version(text: &str) -> Option<Cow<'_, str>> {
    if is_usual(text) {
        return Some(Cow::Borrowed(text));
    }
    let (version, build) =
        text.split_once('+').map_or((text, None), |(version, build)| (version, Some(build)));
    if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
        return None;
    }
    let (release, before) = halves(version);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !release.split('.').all(digits)
        || before.is_some_and(|before| !before.split('.').all(is_identifier))
    {
        return None;
    }
    let mut parts: Vec<&str> = release.split('.').map(plain).collect();
    while parts.len() > PARTS && parts.last() == Some(&"0") {
        parts.pop();
    }
    parts.resize(parts.len().max(PARTS), "0");
    let mut written = parts.join(".");
    if let Some(before) = before {
        let before: Vec<_> =
            before.split('.').map(|part| if digits(part) { plain(part) } else { part }).collect();
        written = format!("{written}-{}", before.join("."));
    }
    Some(if written == text { Cow::Borrowed(text) } else { Cow::Owned(written) })
}

/// Whether a text is a release of three parts in its one form, as most versions are.
fn is_usual(text: &str) -> bool {
    let is_plain = |part: &str| {
        let is_padded = part.len() > 1 && part.starts_with('0');
        !part.is_empty() && !is_padded && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut parts = text.split('.');
    (0..PARTS).all(|_| parts.next().is_some_and(is_plain)) && parts.next().is_none()
}

/// What is released, and what comes before that release.
fn halves(version: &str) -> (&str, Option<&str>) {
    version.split_once('-').map_or((version, None), |(release, before)| (release, Some(before)))
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Digits without zeros in front.
fn plain(digits: &str) -> &str {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0" } else { rest }
}

/// The order of two versions in their one form.
pub fn version_order(a: &str, b: &str) -> Ordering {
    let ((release, before), (other, other_before)) = (halves(a), halves(b));
    let mut parts = (release.split('.'), other.split('.'));
    let order = loop {
        match (parts.0.next(), parts.1.next()) {
            (None, None) => break Ordering::Equal,
            (part, other) => match digits_order(part.unwrap_or("0"), other.unwrap_or("0")) {
                Ordering::Equal => {}
                order => break order,
            },
        }
    };
    order.then_with(|| match (before, other_before) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => before_order(a, b),
    })
}

/// The order of digits without zeros in front, however many there are.
fn digits_order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The order of what comes before one release: numbers before words, and what is shorter first.
fn before_order(a: &str, b: &str) -> Ordering {
    let (mut parts, mut others) = (a.split('.'), b.split('.'));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    loop {
        let order = match (parts.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(part), Some(other)) => match (is_number(part), is_number(other)) {
                (true, true) => digits_order(part, other),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => part.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The bits of a part in a key.
const BITS: u32 = 20;

/// The largest part that a key holds.
const LARGEST: Key = (1 << BITS) - 1;

/// A version as a whole number that keeps the order, and whether no other version has the same: released ones
/// of three parts, none of which is very large.
pub fn version_key(version: &str) -> (Key, bool) {
    let (release, before) = halves(version);
    let mut parts = release.split('.');
    let mut key = 0;
    let mut is_within = true;
    for _ in 0..PARTS {
        let part = parts.next().unwrap_or("0").parse::<Key>().unwrap_or(Key::MAX);
        // Behind a part that is too large, no other matters.
        let kept = if is_within { part.min(LARGEST) } else { LARGEST };
        is_within &= part < LARGEST;
        key = key << BITS | kept;
    }
    let has_more = parts.next().is_some() || !is_within;
    // What comes before a release, the release itself, and what lies between it and the next.
    let place = match (has_more, before) {
        (true, _) => 3,
        (false, Some(_)) => 1,
        (false, None) => 2,
    };
    (key << 2 | place, place == 2)
}

/// A version right behind another, or right before it, as far as there is one.
pub fn version_beside(version: &str, behind: bool) -> Option<String> {
    let (release, before) = halves(version);
    if behind {
        return Some(match before {
            Some(_) => release.to_string(),
            None => with_last(release, |last| last.checked_add(1))?,
        });
    }
    with_last(release, |last| last.checked_sub(1))
        .filter(|_| before.is_none())
        .or_else(|| Some(format!("{release}-0")))
        .filter(|beside| version_order(beside, version).is_lt())
}

/// The last release that people would name before another: `10.39.0` before `10.40.0`.
pub fn release_before(version: &str) -> Option<String> {
    let (release, _) = halves(version);
    let mut parts: Vec<u64> =
        release.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let last = parts.iter_mut().rev().find(|part| **part > 0)?;
    *last -= 1;
    let parts: Vec<_> = parts.iter().map(u64::to_string).collect();
    Some(parse_version(&parts.join("."))?.into_owned())
}

/// A release with another last part.
fn with_last(release: &str, change: impl Fn(u64) -> Option<u64>) -> Option<String> {
    let (rest, last) = release.rsplit_once('.')?;
    let changed = format!("{rest}.{}", change(last.parse().ok()?)?);
    Some(parse_version(&changed)?.into_owned())
}

/// A version between two others, or on one side of one, as simple a one as there is.
pub fn version_between(low: Option<&str>, high: Option<&str>) -> Option<String> {
    let (low, high) = match (low, high) {
        (None, None) => return Some("1.0.0".into()),
        (None, Some(high)) => return version_beside(high, false),
        (Some(low), None) => return version_beside(low, true),
        (Some(low), Some(high)) => (low, high),
    };
    let more = [".1", ".0.1", ".0.0.1"].map(|more| match halves(low) {
        (_, Some(_)) => None,
        (release, None) => Some(format!("{release}{more}")),
    });
    let before = match halves(high) {
        (_, Some(_)) => None,
        (release, None) => Some(format!("{release}-0")),
    };
    let next = halves(low).1.map(|_| format!("{low}.0"));
    let mut all =
        [version_beside(low, true)].into_iter().chain(more).chain([before, next]).flatten();
    all.find(|version| version_order(low, version).is_lt() && version_order(version, high).is_lt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In their order; each is another version.
    const ORDERED: &[&str] = &[
        "0.0.0-0",
        "0.0.0",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.0.0.1",
        "1.0.0.1",
        "1.0.1",
        "8.0.9",
        "8.0.14-beta",
        "8.0.14",
        "8.0.100",
        "8.2.0",
        "10.0.0",
        "10.2000000.1",
        "10.2000000.2",
        "2000000.0.0",
        "340282366920938463463374607431768211456.0.0",
    ];

    #[test]
    fn versions_stand_in_one_order() {
        for (at, version) in ORDERED.iter().enumerate() {
            assert_eq!(parse_version(version).as_deref(), Some(*version));
            for (other_at, other) in ORDERED.iter().enumerate() {
                assert_eq!(version_order(version, other), at.cmp(&other_at), "{version} {other}");
                let ((key, exact), (other_key, _)) = (version_key(version), version_key(other));
                assert!(
                    key.cmp(&other_key) != at.cmp(&other_at).reverse() || at == other_at,
                    "{version} {other}"
                );
                assert!(!exact || key != other_key || at == other_at, "{version} {other}");
            }
        }
    }

    #[test]
    fn one_version_has_one_form() {
        for (text, form) in [
            ("8", Some("8.0.0")),
            ("8.0", Some("8.0.0")),
            ("8.0.0.0", Some("8.0.0")),
            ("8.0.0.1", Some("8.0.0.1")),
            ("08.010.1+build.7", Some("8.10.1")),
            ("8.1-rc.01", Some("8.1.0-rc.1")),
            ("", None),
            ("v8", None),
            ("8.", None),
            ("8.x", None),
            ("8.0.0-", None),
            ("8.0.0-a..b", None),
            (" 8.0", None),
            ("8.0+", None),
        ] {
            assert_eq!(parse_version(text).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn what_lies_between_is_found() {
        for pair in ORDERED.windows(2) {
            if let [low, high] = pair {
                let between = version_between(Some(low), Some(high));
                if let Some(between) = between {
                    assert_eq!(parse_version(&between).as_deref(), Some(between.as_str()));
                    assert!(
                        version_order(low, &between).is_lt()
                            && version_order(&between, high).is_lt()
                    );
                }
            }
        }
        assert_eq!(version_between(Some("8.0.14"), Some("8.0.15")).as_deref(), Some("8.0.14.1"));
        assert_eq!(version_between(None, Some("0.0.0")).as_deref(), Some("0.0.0-0"));
        assert_eq!(version_between(None, Some("0.0.0-0")), None);
        assert_eq!(version_beside("8.0.14", false).as_deref(), Some("8.0.13"));
        let before = ["10.40.0", "3.0.0", "8.0.14-beta", "0.0.0"].map(release_before);
        let before: Vec<_> = before.iter().map(Option::as_deref).collect();
        assert_eq!(before, [Some("10.39.0"), Some("2.0.0"), Some("8.0.13"), None]);
    }
}
