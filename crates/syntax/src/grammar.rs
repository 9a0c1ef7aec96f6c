//! The parser that pest derives from `grammar/policy.pest`.

#![allow(missing_docs, reason = "the derive names one variant for each rule of the grammar")]

/// Matches the rules of the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/policy.pest"]
pub(crate) struct Grammar;
