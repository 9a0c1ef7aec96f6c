//! Checks functions that scripts define.

use super::Checker;
use super::typed::Function;
use crate::script::{Host, Script, Wanted};
use rulebook_base::diagnostic::{Code, Diagnostic};
use rulebook_lang::model::Type;
use rulebook_syntax::ast;

impl Checker<'_> {
    /// The function of a script that a definition names; reports what is wrong with either.
    pub(super) fn script(
        &mut self,
        node: &ast::Function,
        path: &ast::Text,
        function: &Function,
    ) -> Option<Script> {
        if let Type::Record(_) = function.result.required() {
            let message =
                format!("`{}` gives a whole record, which no policy can read", node.name.text);
            self.report(
                Diagnostic::new(Code::WrongType, node.result.span, message)
                    .help("let the script give a single value, or a list"),
            );
            return None;
        }
        // Whoever read the files has said why one is not there.
        let (file, text) = self.named.get(&path.span)?;
        let wanted = Wanted {
            name: node.name.text,
            arity: node.arguments.len(),
            declared: node.name.span,
            file: *file,
            path: self.sources.get(*file).map_or(&path.value, |file| &file.path),
            text,
        };
        let settings = self.settings;
        let host = self.scripts.get_or_insert_with(|| Host::new(&settings.scripts, &settings.zone));
        match host.function(&wanted) {
            Ok(script) => Some(script),
            Err(problems) => {
                self.diagnostics.extend(problems);
                None
            }
        }
    }
}
