//! Functions of web addresses.

use url::Url;

use super::Function;
use crate::kernel::{Context, Problem};
use crate::model::{Value, parse_url};
use crate::signature::Shape::{Bool, Maybe, Number, Text, Url as UrlShape};
use crate::signature::{Form, Part, signature};

/// Whole hosts of web addresses. Those of other addresses may hold more, so that both are asked.
static HOST: Form = Form {
    doc: "a host stands in small letters, without a scheme, a port, a path or a last dot, and in the \
          form `xn--` where it is written in other letters",
    nearest: nearest_host,
    wild: true,
};

static SITE: Form = Form {
    doc: "a site is a registrable domain, such as `example.com` or `example.co.uk`, in small letters",
    nearest: nearest_site,
    wild: true,
};

static SCHEME: Form = Form {
    doc: "a scheme stands in small letters, without `:`",
    nearest: nearest_scheme,
    wild: false,
};

static PATH: Form = Form {
    doc: "a path of a web address begins with `/`, ends before `?` and `#`, and has other signs than \
          letters and digits as `%20`; `query` and `fragment` give what stands behind it",
    nearest: nearest_path,
    wild: false,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "host",
        signatures: &[signature(&[UrlShape], Text, host).giving(&HOST)],
        doc: "The host of an address, in small letters and without a last dot.",
        example: "host(\"https://Shop.Example.com./a\") == \"shop.example.com\"",
    },
    Function {
        name: "site",
        signatures: &[signature(&[UrlShape], Text, site).giving(&SITE)],
        doc: "The registrable domain of an address by the public suffix list; the host where there is none.",
        example: "site(\"https://a.shop.co.uk/\") == \"shop.co.uk\"",
    },
    Function {
        name: "scheme",
        signatures: &[signature(&[UrlShape], Text, scheme).giving(&SCHEME)],
        doc: "The scheme of an address, in small letters.",
        example: "scheme(\"HTTPS://example.com\") == \"https\"",
    },
    Function {
        name: "path",
        signatures: &[signature(&[UrlShape], Text, path).giving(&PATH)],
        doc: "The path of an address, from its first `/`.",
        example: "path(\"https://example.com/item/1?x=2\") == \"/item/1\"",
    },
    Function {
        name: "query",
        signatures: &[
            signature(&[UrlShape, Text], Maybe(&Text), parameter),
            signature(&[UrlShape], Maybe(&Text), query),
        ],
        doc: "What stands behind the `?` of an address, or the first value of one parameter there, decoded; missing where \
              there is none.",
        example: "(query(\"https://example.com/?from=app&v=2\", \"from\") ?? \"\") == \"app\" and query(\"https://example.com/\") is missing",
    },
    Function {
        name: "fragment",
        signatures: &[signature(&[UrlShape], Maybe(&Text), fragment)],
        doc: "What stands behind the `#` of an address; missing where there is none.",
        example: "(fragment(\"https://example.com/item#pay\") ?? \"\") == \"pay\"",
    },
    Function {
        name: "port",
        signatures: &[signature(&[UrlShape], Maybe(&Number), port)],
        doc: "The port of an address, by its scheme where it names none; missing where the scheme has none.",
        example: "(port(\"https://example.com:8443/\") ?? 0) == 8443 and (port(\"https://example.com/\") ?? 0) == 443",
    },
    Function {
        name: "below",
        signatures: &[signature(&[Text, Text], Bool, below).seeking(Part::End)],
        doc: "True when the first host is the second or lies below it; dots part the steps.",
        example: "below(host(\"https://a.example.com/\"), \"example.com\") and not below(\"myexample.com\", \"example.com\")",
    },
];

fn parsed(v: &[Value<'_>]) -> Result<Url, Problem> {
    let [Value::Text(text)] = v else { return Err(Problem::Misfit) };
    parse_url(text).ok_or(Problem::Misfit)
}

/// The host of an address. The dot of the root behind it names the same host, more of them no other, and
/// schemes that browsers do not know keep its capitals.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn site_of(url: &Url) -> String {
    let mut host = host_of(url);
    // The domain is the end of the host.
    let site = url.domain().and_then(|_| psl::domain_str(&host)).map(str::len);
    host.drain(..host.len() - site.unwrap_or(host.len()));
    host
}

fn host<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(host_of(&parsed(v)?).into()))
}

fn site<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(site_of(&parsed(v)?).into()))
}

fn scheme<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(parsed(v)?.scheme().to_string().into()))
}

fn path<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(parsed(v)?.path().to_string().into()))
}

fn query<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(optional(parsed(v)?.query()))
}

fn fragment<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(optional(parsed(v)?.fragment()))
}

fn optional<'v>(text: Option<&str>) -> Value<'v> {
    text.map_or(Value::Missing, |text| Value::Text(text.to_string().into()))
}

fn parameter<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [address, Value::Text(name)] = v else { return Err(Problem::Misfit) };
    let url = parsed(std::slice::from_ref(address))?;
    let found = url.query_pairs().find(|(known, _)| known == name);
    Ok(optional(found.as_ref().map(|(_, value)| value.as_ref())))
}

fn port<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let port = parsed(v)?.port_or_known_default();
    Ok(port.map_or(Value::Missing, |port| Value::Number(i32::from(port).into())))
}

fn below<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Text(host), Value::Text(root)] = v else { return Err(Problem::Misfit) };
    let above = host.strip_suffix(root.as_ref());
    let is_below = above.is_some_and(|above| above.is_empty() || above.ends_with('.'));
    Ok(Value::Bool(is_below && !root.is_empty()))
}

/// What a part of an address is given as, of a web address and of any other: the text itself if it is
/// given by either.
fn given(
    text: &str,
    address: impl Fn(&str) -> String,
    part: impl Fn(&Url) -> String,
) -> Option<String> {
    let given = |scheme: &str| parse_url(&address(scheme)).map(|url| part(&url));
    let web = given("https");
    if given("other").as_deref() == Some(text) { Some(text.to_string()) } else { web }
}

/// A whole host as `part` gives it.
fn whole_host(text: &str, part: fn(&Url) -> String) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    if let Some(url) = parse_url(text) {
        return Some(part(&url));
    }
    given(text, |scheme| format!("{scheme}://{text}/"), part)
        // An address of numbers and colons stands in brackets.
        .or_else(|| given(text, |scheme| format!("{scheme}://[{text}]/"), part))
}

fn nearest_host(text: &str, place: Part) -> Option<String> {
    if place == Part::Whole {
        return whole_host(text, host_of);
    }
    let begin = text.split_once("://").map_or(text, |(_, behind)| behind);
    let end = begin.find(['/', '?', '#', '@', ' ']).unwrap_or(begin.len());
    let mut host = begin.get(..end)?.to_ascii_lowercase();
    // Dots stand in no address of numbers and colons.
    if let Some((name, _)) = host.split_once(':').filter(|(name, _)| name.contains('.')) {
        host = name.to_string();
    }
    if place == Part::End
        && let Some(before) = host.strip_suffix('.')
    {
        host = before.to_string();
    }
    if host.is_ascii() {
        return Some(host);
    }
    // What stands behind a dot is made of whole names.
    let names = host.strip_prefix('.')?;
    Some(format!(".{}", whole_host(names, host_of)?))
}

fn nearest_site(text: &str, place: Part) -> Option<String> {
    match place {
        Part::Whole => whole_host(text, site_of),
        _ => nearest_host(text, place),
    }
}

fn nearest_scheme(text: &str, _: Part) -> Option<String> {
    let small = text.to_ascii_lowercase();
    let scheme = small.split(':').next().unwrap_or(&small);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    scheme.chars().all(fits).then(|| scheme.to_string())
}

fn nearest_path(text: &str, place: Part) -> Option<String> {
    let of_url = |url: &Url| url.path().to_string();
    let begins = matches!(place, Part::Whole | Part::Start);
    if begins && let Some(url) = parse_url(text) {
        return Some(of_url(&url));
    }
    let slash = if begins && !text.is_empty() && !text.starts_with('/') { "/" } else { "" };
    if place == Part::Whole {
        return given(text, |scheme| format!("{scheme}://a{slash}{text}"), of_url);
    }
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let path = text.get(..end)?;
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '`' | '{' | '}');
    path.chars().all(plain).then(|| format!("{slash}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_gives(part: fn(&Url) -> String, address: &str, given: &str) {
        assert_eq!(parse_url(address).map(|url| part(&url)).as_deref(), Some(given), "{address}");
    }

    #[test]
    fn the_dot_of_the_root_names_the_same_host() {
        for address in [
            "https://bad.example.com/x",
            "https://bad.example.com./x",
            "https://BAD.Example.com.:8443/x",
            "https://user:secret@bad.example.com./",
            "https://bad\u{3002}example.com\u{ff0e}/",
            "shop://Bad.Example.com./x",
        ] {
            assert_gives(host_of, address, "bad.example.com");
            assert_gives(site_of, address, "example.com");
        }
        assert_gives(host_of, "https://b\u{fc}cher.example./", "xn--bcher-kva.example");
        assert_gives(host_of, "https://[::1]:80/", "[::1]");
        assert_gives(site_of, "https://127.0.0.1./", "127.0.0.1");
    }

    #[test]
    fn what_is_given_is_its_own_nearest() {
        let whole = |form: &Form, text: &str| (form.nearest)(text, Part::Whole);
        for (form, text) in [
            (&HOST, "shop.example.com"),
            (&HOST, "xn--bcher-kva.example"),
            (&HOST, "[::1]"),
            (&HOST, "a%20b"),
            (&HOST, ""),
            (&SITE, "example.co.uk"),
            (&SITE, "co.uk"),
            (&SCHEME, "weixin"),
            (&PATH, "/"),
            (&PATH, ""),
            (&PATH, "/a/%20b"),
        ] {
            assert_eq!(whole(form, text).as_deref(), Some(text));
        }
        for (form, text, nearest) in [
            (&HOST, "Shop.Example.com", "shop.example.com"),
            (&HOST, "shop.example.com.", "shop.example.com"),
            (&HOST, "https://shop.example.com/a", "shop.example.com"),
            (&HOST, "shop.example.com:8443", "shop.example.com"),
            (&HOST, "b\u{fc}cher.example", "xn--bcher-kva.example"),
            (&HOST, "::1", "[::1]"),
            (&SITE, "www.example.co.uk", "example.co.uk"),
            (&SCHEME, "HTTPS", "https"),
            (&SCHEME, "https://", "https"),
            (&PATH, "item/1", "/item/1"),
            (&PATH, "/item?x=2", "/item"),
            (&PATH, "/a b", "/a%20b"),
        ] {
            assert_eq!(whole(form, text).as_deref(), Some(nearest));
        }
        for (form, part, text, nearest) in [
            (&HOST, Part::End, ".Example.com", Some(".example.com")),
            (&HOST, Part::End, ".example.com.", Some(".example.com")),
            (&HOST, Part::End, ".example.com:8443", Some(".example.com")),
            (&HOST, Part::End, ".b\u{fc}cher.example", Some(".xn--bcher-kva.example")),
            (&HOST, Part::Start, "shop.", Some("shop.")),
            (&HOST, Part::Within, "::", Some("::")),
            (&PATH, Part::Start, "item", Some("/item")),
            (&PATH, Part::Within, "item", Some("item")),
            (&PATH, Part::End, ".jpg?x", Some(".jpg")),
            (&PATH, Part::End, "\u{fc}", None),
        ] {
            assert_eq!((form.nearest)(text, part).as_deref(), nearest, "{text}");
        }
    }
}
