//! Kinds of what can go wrong, each with a stable name and what it means, in one table.

/// An enum whose variants have stable names: kebab-case, and never another meaning.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $meaning:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $meaning] $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// What it means, in words.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}
