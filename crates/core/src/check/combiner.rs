//! Checks how outcomes and rows are combined.

use super::checker::Checker;
use super::sink::Wrong;
use rulebook_base::diagnostic::{Code, Diagnostic, did_you_mean};
use rulebook_base::source::Span;
use rulebook_lang::combiner::{COMBINERS, COUNT, Combiner, Hits};
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

pub(super) fn combiner(checker: &mut Checker, name: &ast::Name) -> Combiner {
    Combiner::from_name(name.text).unwrap_or_else(|| {
        let names: Vec<_> = COMBINERS.iter().map(|row| row.name).collect();
        let help = did_you_mean(name.text, names.iter().copied())
            .unwrap_or_else(|| format!("write one of {}", names.join(", ")));
        let message = format!("outcomes cannot be combined by `{}`", name.text);
        checker.sink.report(Diagnostic::new(Code::BadCombiner, name.span, message).help(help));
        Combiner::First
    })
}

pub(super) fn check_combiner(checker: &mut Checker, span: Span, combiner: Combiner, ty: &Type) {
    if ty.is_money() {
        let message = "what is decided is in one currency, and `money` may be in any";
        let help = "write the currency that is paid, such as `CNY`, and convert what is in others: \
                    `convert(x, CNY, rate)`";
        let problem = Diagnostic::new(Code::UnprovedCurrency, span, message);
        return checker.sink.report(problem.help(help));
    }
    let combines = combiner.row().combines;
    if !combines.fits(ty) && !ty.is_unknown() {
        let message =
            format!("`{}` cannot be combined by `{}`", checker.names.shown(span), combiner.name());
        let problem = Diagnostic::new(Code::BadCombiner, span, message);
        checker.sink.report(problem.help(combines.help()));
    }
}

pub(super) fn hits(checker: &mut Checker, name: &ast::Name) -> Result<Hits, Wrong> {
    Hits::from_name(name.text).ok_or_else(|| {
        let names: Vec<_> = COMBINERS.iter().map(|row| row.name).chain([COUNT]).collect();
        let help = did_you_mean(name.text, names.iter().copied())
            .unwrap_or_else(|| format!("write one of {}", names.join(", ")));
        let message = format!("there is no combiner `{}`", name.text);
        checker.sink.wrong(Diagnostic::new(Code::BadCombiner, name.span, message).help(help))
    })
}
