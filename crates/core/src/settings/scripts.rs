//! How much a call of a script may take: the limits, and how `rulebook.yaml` sets them.

use super::{Reader, Settings};
use rulebook_base::diagnostic::did_you_mean;
use rulebook_lang::yaml::{Node, NodeKind};

macro_rules! script_limits {
    ($($name:ident $default:literal $most:literal $doc:literal)*) => {
        /// How much a call of a script may take of each thing.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct ScriptLimits {
            $(#[doc = $doc] pub $name: u64,)*
        }

        impl ScriptLimits {
            /// Name, default, the most that may be set, and meaning of each limit.
            pub const ALL: &[(&str, u64, u64, &str)] =
                &[$((stringify!($name), $default, $most, $doc)),*];

            /// The limit with this name.
            fn limit(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }

            /// A limit that is above its default, with that default.
            pub fn raised(&self) -> Option<(&'static str, u64)> {
                let mut raised = None;
                $(if self.$name > $default {
                    raised = Some((stringify!($name), $default));
                })*
                raised
            }
        }

        impl Default for ScriptLimits {
            fn default() -> Self {
                Self { $($name: $default),* }
            }
        }
    };
}

script_limits! {
    operations 100_000 100_000_000 "Steps: calls, operators, rounds of loops, statements, and going through long values."
    calls 16 32 "Calls of functions within each other."
    depth 32 64 "Expressions and blocks within each other, counted when a script is read."
    variables 100 1_000 "Variables at one time."
    text 100_000 10_000_000 "Bytes of a text, or of the texts in a list or map together."
    list 5_000 100_000 "Items of a list, those of lists within it included."
    map 1_000 100_000 "Fields of a map, those of maps within it included."
}

impl Reader<'_> {
    pub(super) fn script_limits(&mut self, node: &Node, settings: &mut Settings) {
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("`scripts` holds {}, not limits", node.described());
            self.wrong(node.span, message, "write `scripts: { operations: 100000 }`");
            return;
        }
        for (key, value) in node.entries() {
            let name = key.scalar().unwrap_or_default();
            let declared = ScriptLimits::ALL.iter().find(|(limit, ..)| *limit == name);
            let (Some((_, default, most, _)), Some(limit)) =
                (declared, settings.scripts.limit(&name))
            else {
                let names: Vec<_> = ScriptLimits::ALL.iter().map(|(name, ..)| *name).collect();
                let help = did_you_mean(&name, names.iter().copied())
                    .unwrap_or_else(|| format!("limits are {}", names.join(", ")));
                self.wrong(key.span, format!("scripts have no limit `{name}`"), help);
                continue;
            };
            match value.scalar().and_then(|text| text.parse::<u64>().ok()) {
                Some(number) if (1..=*most).contains(&number) => *limit = number,
                _ => {
                    let message = format!("`{name}` must be a whole number from 1 to {most}");
                    let help = format!("the default is {default}");
                    self.wrong(value.span, message, help);
                }
            }
        }
    }
}
