//! Web addresses, as texts and as values.

use url::Url;

/// The address, if it is absolute and has a host, which is what the type `url` takes.
pub fn parse_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(Url::has_host)
}

/// The address that a page may lead to, as a browser reads it: what it begins with does nothing but open
/// a page or write a letter.
pub fn parse_link(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let leads = match url.scheme() {
        "http" | "https" => url.has_host(),
        "mailto" => true,
        _ => false,
    };
    leads.then_some(url)
}
