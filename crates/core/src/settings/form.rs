//! How files hold records, where that is not told by the files themselves: what the command line says, or
//! `rulebook.yaml` for the inputs of a record.

use super::path::RecordPath;
use super::{Reader, Settings};
use rulebook_base::diagnostic::did_you_mean;
use rulebook_base::encoding::Encoding;
use rulebook_base::source::Span;
use rulebook_lang::yaml::{Node, NodeKind};

/// How files hold records. What is not said is told by the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileForm {
    /// Where in a document of JSON or YAML the records stand.
    pub records: Option<RecordPath>,
    /// The encoding of texts.
    pub encoding: Option<Encoding>,
    /// The character between cells.
    pub delimiter: Option<u8>,
    /// The line with the names of the columns, counted from 1.
    pub header_line: Option<u64>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

/// Something that is said of how files hold records.
pub struct FormOption {
    /// What it is called in settings.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    set: fn(&mut FileForm, &str) -> Result<(), String>,
}

/// What the settings say of the inputs of a record.
#[derive(Debug, Clone)]
pub struct InputSetting {
    /// The name of the record.
    pub record: String,
    /// Where that stands.
    pub span: Span,
    /// How its files hold it.
    pub form: FileForm,
}

impl FileForm {
    /// All that is said.
    pub const OPTIONS: &[FormOption] = &[
        FormOption {
            name: "records",
            doc: "where in a document the records stand: `orders`, `data.items`, `orders[*].lines`",
            set: |form, text| text.parse().map(|records| form.records = Some(records)),
        },
        FormOption {
            name: "encoding",
            doc: "the encoding of texts: `gbk`, `latin1`, `utf-16`",
            set: |form, text| Encoding::named(text).map(|encoding| form.encoding = Some(encoding)),
        },
        FormOption {
            name: "delimiter",
            doc: "the character between cells: `;`, `|`, `tab`",
            set: |form, text| delimiter(text).map(|delimiter| form.delimiter = Some(delimiter)),
        },
        FormOption {
            name: "header_line",
            doc: "the line with the names of the columns, counted from 1",
            set: |form, text| header_line(text).map(|line| form.header_line = Some(line)),
        },
        FormOption {
            name: "sheet",
            doc: "the sheet of a workbook",
            set: |form, text| {
                form.sheet = Some(text.to_string());
                Ok(())
            },
        },
    ];

    /// Says one thing by its name.
    ///
    /// # Errors
    /// When it cannot be read, or there is no such thing.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        match Self::OPTIONS.iter().find(|option| option.name == name) {
            Some(option) => (option.set)(self, text),
            None => Err(format!("nothing is called `{name}`")),
        }
    }

    /// The same, and what another one says where this one says nothing.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            records: self.records.or_else(|| other.records.clone()),
            encoding: self.encoding.or(other.encoding),
            delimiter: self.delimiter.or(other.delimiter),
            header_line: self.header_line.or(other.header_line),
            sheet: self.sheet.or_else(|| other.sheet.clone()),
        }
    }
}

/// One character of ASCII that is none of those by which records end or cells are quoted.
///
/// # Errors
/// For anything else.
pub fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err("give one character such as `;`, or `tab`".into()),
    }
}

/// The number of a line.
///
/// # Errors
/// For anything else.
pub fn header_line(text: &str) -> Result<u64, String> {
    let line = text.parse().ok().filter(|line| *line > 0);
    line.ok_or_else(|| {
        "give the number of the line with the names of the columns, from 1 on".into()
    })
}

impl Reader<'_> {
    pub(super) fn inputs(&mut self, node: &Node, settings: &mut Settings) {
        const FORM: &str = "write `Order: { records: orders, encoding: gbk }`";
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("`inputs` holds {}, not records", node.described());
            self.wrong(node.span, message, FORM);
        }
        for (key, value) in node.entries() {
            let record = key.scalar().unwrap_or_default();
            if !matches!(value.kind, NodeKind::Map(_)) {
                let message =
                    format!("`{record}` holds {}, not how its files hold it", value.described());
                self.wrong(value.span, message, FORM);
                continue;
            }
            let mut form = FileForm::default();
            for (option, value) in value.entries() {
                let name = option.scalar().unwrap_or_default();
                let Some(known) = FileForm::OPTIONS.iter().find(|known| known.name == name) else {
                    let names = FileForm::OPTIONS.iter().map(|known| known.name);
                    let help = did_you_mean(&name, names.clone()).unwrap_or_else(|| {
                        format!("inputs have {}", names.collect::<Vec<_>>().join(", "))
                    });
                    self.wrong(option.span, format!("inputs have no `{name}`"), help);
                    continue;
                };
                let set = match value.scalar() {
                    Some(text) => (known.set)(&mut form, &text),
                    None => Err(format!("this is {}; {}", value.described(), known.doc)),
                };
                if let Err(why) = set {
                    let message = format!("`{name}` cannot be read");
                    self.wrong(value.span, message, why);
                }
            }
            settings.inputs.push(InputSetting { record, span: key.span, form });
        }
    }
}
