//! The arguments of `rulebook init`.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use rulebook_lang::model::{self, Currency};

#[derive(Debug, ClapArgs)]
#[command(after_help = concat!(
    "\
Examples:
  rulebook init my_rulebook && rulebook test my_rulebook
  rulebook init shop --name shop --zone Europe/Berlin --currency EUR

",
    exit_codes!()
))]
pub(crate) struct InitArgs {
    /// A folder that does not exist yet, or is empty
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// What results call the rulebook
    #[arg(long, value_name = "NAME", default_value = NAME, value_parser = name)]
    pub(crate) name: String,
    /// The time zone in which its days begin
    #[arg(long, value_name = "ZONE", default_value = ZONE, value_parser = zone)]
    pub(crate) zone: String,
    /// The currency of its amounts
    #[arg(long, value_name = "CODE", default_value = CURRENCY, value_parser = currency)]
    pub(crate) currency: String,
}

/// What the files of the template say.
const NAME: &str = "returns";
const ZONE: &str = "Asia/Shanghai";
const CURRENCY: &str = "CNY";

impl InitArgs {
    /// A file of the template with the name, the zone and the currency that are wanted.
    pub(crate) fn filled(&self, text: &str) -> String {
        let text = text.replace(ZONE, &self.zone).replace(CURRENCY, &self.currency);
        // Last, since a name may hold what stands for something else, and in quotes, since YAML takes some
        // words for something else than texts.
        text.replace(&format!("name: \"{NAME}\""), &format!("name: \"{}\"", self.name))
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_word = text.starts_with(char::is_alphabetic) && text.chars().all(is_plain);
    match is_word {
        true => Ok(text.into()),
        false => {
            Err("give a word of letters, digits, `_` and `-` that begins with a letter".into())
        }
    }
}

fn zone(text: &str) -> Result<String, String> {
    model::zone(text)
        .map(|_| text.into())
        .ok_or_else(|| "give the name of a zone, such as Europe/Berlin".into())
}

fn currency(text: &str) -> Result<String, String> {
    Currency::from_code(text)
        .map(|_| text.into())
        .ok_or_else(|| "give a code of ISO 4217, such as EUR".into())
}
