//! Which files of a room name which: paths in code, read as far as the compiler need not be asked. What is
//! called as a method, wherever its `impl` stands, is not seen.

use std::collections::{BTreeMap, BTreeSet};

/// A file of a room.
pub(crate) struct SourceFile {
    /// The folder of its room.
    pub(crate) room: &'static str,
    /// Relative to that, with `/` between the steps.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The steps of a path from the root of a room.
pub(crate) type Steps = Vec<String>;

/// A path in a file: where it stands, what it says, and the name that it brings in, if it is a `use`.
struct Named {
    line: usize,
    steps: Steps,
    import: Option<Import>,
}

/// The name that a `use` brings in, and whether others see it there.
struct Import {
    name: String,
    public: bool,
}

impl SourceFile {
    /// The steps of its module.
    pub(crate) fn module(&self) -> Steps {
        let steps = self.path.trim_end_matches(".rs").split('/');
        steps.filter(|step| !["lib", "main", "mod"].contains(step)).map(str::to_string).collect()
    }

    /// The module at the root of the room that the file belongs to.
    pub(crate) fn root(&self) -> &str {
        self.path.split('/').next().unwrap_or("").trim_end_matches(".rs")
    }

    /// Where the file is, for those who look for it.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}", self.room, self.path)
    }

    /// The lines that are not comments.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Every path within its room that the file names, with the line where it does.
    pub(crate) fn used(&self) -> Vec<(usize, Steps)> {
        self.named().into_iter().map(|named| (named.line, named.steps)).collect()
    }

    /// The code without comments and without modules of tests, which are beside the point.
    fn bare(&self) -> String {
        let (text, _) = self.text.split_once("\nmod tests {").unwrap_or((&self.text, ""));
        let lines = text.lines().map(|line| match line.trim_start().starts_with("//") {
            true => "",
            false => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn named(&self) -> Vec<Named> {
        let code = self.bare();
        let own = self.module();
        let children: BTreeSet<_> = code.lines().filter_map(child).collect();
        let mut named = Vec::new();
        let (mut at, mut line) = (0, 1);
        let mut statement = None;
        while let Some(c) = code[at..].chars().next() {
            if !is_word(c) {
                line += usize::from(c == '\n');
                if c == ';' {
                    statement = None;
                }
                at += c.len_utf8();
                continue;
            }
            let word = word(&code[at..]);
            let before = code[..at].trim_end_matches(' ');
            let qualified =
                code[..at].ends_with(['.', '$', '\'', ':']) && !code[..at].ends_with(": ");
            if word == "use" {
                statement = Some(before.ends_with(')') || before.ends_with("pub"));
            }
            // `pub(in crate::room)` says who may use what follows, and uses nothing.
            let visibility = before.ends_with("pub(in");
            let start = match word {
                "crate" => Some(Vec::new()),
                "self" => Some(own.clone()),
                "super" => Some(own[..own.len().saturating_sub(1)].to_vec()),
                child if children.contains(child) => Some([&own[..], &[child.into()]].concat()),
                _ => None,
            };
            let rest = code[at + word.len()..].strip_prefix("::");
            let (Some(start), Some(rest), false) = (start, rest, qualified || visibility) else {
                at += word.len();
                continue;
            };
            let mut found = Vec::new();
            let end = code.len() - tree(rest, start, &mut found).len();
            for (steps, name) in found {
                let import = statement.map(|public| Import { name, public });
                named.push(Named { line, steps, import });
            }
            line += code[at..end].matches('\n').count();
            at = end;
        }
        named
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word(text: &str) -> &str {
    &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())]
}

/// The module that a line declares in a file of its own.
fn child(line: &str) -> Option<&str> {
    let line = line.trim().strip_suffix(';')?;
    let (before, name) = line.rsplit_once("mod ")?;
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

/// Reads what stands behind `a::`: a name, a path, or several in braces. Yields each path with the name by
/// which it is known from there on, and what is left of the text.
fn tree<'t>(text: &'t str, before: Steps, found: &mut Vec<(Steps, String)>) -> &'t str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            match rest.strip_prefix('}') {
                Some(rest) => return rest,
                None if rest.is_empty() => return rest,
                None => {
                    let left = tree(rest, before.clone(), found);
                    // Whatever is no path is passed over.
                    rest = match left.len() == rest.len() {
                        true => {
                            left.trim_start_matches(|c: char| !is_word(c) && c != '}' && c != '{')
                        }
                        false => left,
                    };
                    if rest.starts_with('{') {
                        return rest;
                    }
                }
            }
        }
    }
    let name = match text.starts_with('*') {
        true => "*",
        false => word(text),
    };
    let rest = &text[name.len()..];
    let steps = match name {
        "" | "self" => before,
        "super" => before[..before.len().saturating_sub(1)].to_vec(),
        _ => [before, vec![name.to_string()]].concat(),
    };
    if let Some(further) = rest.strip_prefix("::")
        && further.starts_with(|c| is_word(c) || c == '{' || c == '*')
    {
        return tree(further, steps, found);
    }
    let (alias, rest) = match rest.strip_prefix(" as ") {
        Some(rest) => (word(rest), &rest[word(rest).len()..]),
        None => (steps.last().map_or("", String::as_str), rest),
    };
    let alias = alias.to_string();
    found.push((steps, alias));
    rest
}

/// The files of one room, by what they name.
pub(crate) struct Room<'f> {
    files: Vec<&'f SourceFile>,
    modules: BTreeMap<Steps, usize>,
    named: Vec<Vec<Named>>,
    bare: Vec<String>,
}

impl<'f> Room<'f> {
    pub(crate) fn new(files: impl IntoIterator<Item = &'f SourceFile>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        // A room that is also a program has two roots; what others name is in the library.
        let by_module = files.iter().enumerate().rev().map(|(at, file)| (file.module(), at));
        let modules = by_module.filter(|(_, at)| files[*at].path != "main.rs").collect();
        let named = files.iter().map(|file| file.named()).collect();
        let bare = files.iter().map(|file| file.bare()).collect();
        Self { files, modules, named, bare }
    }

    /// The file in which what a path leads to is written: those that pass a name on are passed.
    fn file_of(&self, steps: &[String], passed: usize) -> Option<usize> {
        let known = (0..=steps.len())
            .rev()
            .find_map(|length| self.modules.get(&steps[..length]).map(|file| (length, *file)));
        let (length, file) = known?;
        let Some(name) = steps.get(length).filter(|_| passed < 8) else { return Some(file) };
        let imports = self.named[file].iter().filter_map(|named| {
            let import = named.import.as_ref()?;
            Some((named, import.name.as_str()))
        });
        let mut by_name = imports.clone().filter(|(_, own)| own == name);
        if let Some((named, _)) = by_name.next() {
            return self.file_of(&named.steps, passed + 1);
        }
        for (named, _) in imports.filter(|(_, own)| *own == "*") {
            let module = &named.steps[..named.steps.len() - 1];
            let all = self.modules.get(module).copied();
            if let Some(all) = all.filter(|all| defines(&self.bare[*all], name)) {
                return Some(all);
            }
        }
        Some(file)
    }

    /// The files that each file uses. A name that is only passed on is not used.
    fn uses(&self) -> Vec<BTreeSet<usize>> {
        let of_file = |(at, named): (usize, &Vec<Named>)| {
            let body = body(&self.bare[at]);
            let used = named.iter().filter(|named| match &named.import {
                Some(import) if import.public => has_word(&body, &import.name),
                _ => true,
            });
            let files = used.filter_map(|named| self.file_of(&named.steps, 0));
            files.filter(|used| *used != at).collect()
        };
        self.named.iter().enumerate().map(of_file).collect()
    }

    /// The longest circle: the most files of which each uses each other, by way of others too.
    pub(crate) fn longest_circle(&self) -> Vec<&'f str> {
        let uses = self.uses();
        let reached: Vec<BTreeSet<usize>> = (0..uses.len())
            .map(|start| {
                let (mut reached, mut pending) = (BTreeSet::new(), vec![start]);
                while let Some(at) = pending.pop() {
                    pending.extend(uses[at].iter().filter(|next| reached.insert(**next)));
                }
                reached
            })
            .collect();
        let circles = (0..uses.len()).map(|at| {
            let circle = reached[at].iter().filter(|other| reached[**other].contains(&at));
            circle.map(|file| self.files[*file].path.as_str()).collect::<Vec<_>>()
        });
        circles.max_by_key(Vec::len).unwrap_or_default()
    }
}

/// The code without its `use` statements and without the lines that declare modules in files.
fn body(bare: &str) -> String {
    let mut body = String::new();
    let mut within = false;
    for line in bare.lines() {
        let start = line.trim_start();
        within |= start.starts_with("use ")
            || (start.starts_with("pub") && start.split(' ').nth(1) == Some("use"));
        if !within && child(line).is_none() {
            body.push_str(line);
            body.push('\n');
        }
        within &= !line.ends_with(';');
    }
    body
}

fn has_word(text: &str, name: &str) -> bool {
    text.split(|c| !is_word(c)).any(|word| word == name)
}

/// Whether a name is defined in a text, as far as one sees without a compiler.
fn defines(text: &str, name: &str) -> bool {
    let kinds = ["struct", "enum", "fn", "trait", "type", "const", "static"];
    let words: Vec<_> = text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| kinds.contains(&pair[0]) && pair[1] == name)
}
