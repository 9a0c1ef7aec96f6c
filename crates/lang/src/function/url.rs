//! Functions of web addresses.

use url::Url;

use super::Function;
use crate::kernel::{Context, Problem};
use crate::model::{Value, parse_url};
use crate::signature::Shape::{Text, Url as UrlShape};
use crate::signature::signature;

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "host",
        signatures: &[signature(&[UrlShape], Text, host)],
        doc: "The host of an address, in small letters.",
        example: "host(\"https://Shop.Example.com/a\") == \"shop.example.com\"",
    },
    Function {
        name: "site",
        signatures: &[signature(&[UrlShape], Text, site)],
        doc: "The registrable domain of an address by the public suffix list; the host where there is none.",
        example: "site(\"https://a.shop.co.uk/\") == \"shop.co.uk\"",
    },
    Function {
        name: "scheme",
        signatures: &[signature(&[UrlShape], Text, scheme)],
        doc: "The scheme of an address, in small letters.",
        example: "scheme(\"HTTPS://example.com\") == \"https\"",
    },
    Function {
        name: "path",
        signatures: &[signature(&[UrlShape], Text, path)],
        doc: "The path of an address, from its first `/`.",
        example: "path(\"https://example.com/item/1?x=2\") == \"/item/1\"",
    },
];

fn parsed(v: &[Value<'_>]) -> Result<Url, Problem> {
    let [Value::Text(text)] = v else { return Err(Problem::Misfit) };
    parse_url(text).ok_or(Problem::Misfit)
}

fn host<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(parsed(v)?.host_str().unwrap_or_default().to_string().into()))
}

fn site<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let url = parsed(v)?;
    let host = url.host_str().unwrap_or_default();
    let site = match url.domain() {
        Some(domain) => psl::domain_str(domain).unwrap_or(host),
        None => host,
    };
    Ok(Value::Text(site.to_string().into()))
}

fn scheme<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(parsed(v)?.scheme().to_string().into()))
}

fn path<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    Ok(Value::Text(parsed(v)?.path().to_string().into()))
}
