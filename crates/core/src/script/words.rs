//! What Rhai says of values and functions, in the words of policies.

/// What to say of a function that is not there, or not for these arguments.
pub(super) fn no_function(signature: &str) -> String {
    // The names that Rhai has for our types.
    let named = in_our_words(signature);
    match named.split_once(" (") {
        Some((name, arguments)) => format!("there is no function `{name}({arguments}`"),
        None => format!("there is no function `{named}`"),
    }
}

/// A message with our names for the types that it names.
pub(super) fn in_our_words(message: &str) -> String {
    let message = message
        .replace("&str | ImmutableString | String", "text")
        .replace("array", "list")
        .replace("Array", "List");
    let part_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '<' | '>');
    let mut text = String::new();
    for piece in message.split_inclusive(|c| !part_of_name(c)) {
        let name = piece.trim_end_matches(|c| !part_of_name(c));
        match name.contains("::") {
            true => text += type_in_our_words(name),
            false => text += name,
        }
        text += piece.get(name.len()..).unwrap_or_default();
    }
    text
}

/// What we call a type of Rust.
pub(super) fn type_in_our_words(name: &str) -> &'static str {
    let last = |name: &str| name.split("::").last().unwrap_or_default().to_string();
    let plain = last(name.split('<').next().unwrap_or_default());
    match plain.as_str() {
        "Range" | "RangeInclusive" | "StepRange" | "BitRange" => "range",
        "CharsStream" => "row of characters",
        "FnPtr" | "Fn" => "function",
        _ => "value of another kind",
    }
}
