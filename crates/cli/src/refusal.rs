//! Refusals of the stream, with the flag to write.

use rulebook_base::visible::visible;
use rulebook_stream::{Refusal, StreamError};

/// What is refused, and what to write instead; on several lines, made visible, for one column.
pub(super) fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Pattern { pattern, why } => format!("`--input {pattern}`: {why}"),
        Refusal::NoFile { input, why } => {
            format!("cannot read {input}: {why}; hand it over as standard input: `--input -`")
        }
        Refusal::UnnamedParquet { input } => {
            let advice = "say so: `--input-format parquet`";
            format!("cannot read {input}: it is a Parquet file; {advice}")
        }
        Refusal::NoPolicy { input, policies } => {
            let advice = "name one with `--policy` to learn why";
            let policies = policies.join(", ");
            format!("{input}: no policy takes records with these columns; {advice}: {policies}")
        }
        Refusal::Envelope { input, list } => {
            let quoted = shlex::try_quote(&list).map_or(list.clone(), Into::into);
            format!("{input} is one object with a list `{list}`; say `--records {quoted}`")
        }
        refusal @ Refusal::Sheets { .. } => {
            format!("{refusal}: `--sheet NAME`, or `--input FILE#NAME`")
        }
        Refusal::Columns { refused, found } => {
            let lines = match *refused {
                StreamError::Several(lines) => lines,
                StreamError::Refused(refusal) => visible(&words(refusal)).into_owned(),
                error => visible(&error.to_string()).into_owned(),
            };
            format!(
                "{lines}\nits columns were read as {found}; if that is not so, say it: `--delimiter ';'`, \
                 `--header-line 3`, `--encoding gbk`"
            )
        }
        Refusal::NoCounters => {
            "`--history` holds what counters count, and this policy reads none".into()
        }
        Refusal::CountedAlready { history, input } => format!(
            "{history}: {input} has been counted already, and would count twice; \
             `--again` judges it as the first time and counts nothing"
        ),
        Refusal::OtherInputs { history } => format!(
            "{history}: `--again` takes the inputs of one earlier run, and these are others"
        ),
        Refusal::NoMapping => "`--format dsa` needs to know how decisions become statements; \
                               add `dsa` to rulebook.yaml, as docs/statements.md shows"
            .into(),
        refusal @ Refusal::Ending { can_be_named: true, .. } => format!("{refusal}: `--format`"),
        other => other.to_string(),
    }
}
