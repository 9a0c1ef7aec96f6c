//! Tables for people: every cell is shown, none can draw lines of its own.

use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};

use super::paint;
use super::screen::Text;
use rulebook_base::visible::visible;

/// The text of a cell as it is shown.
pub(super) fn cell(text: &str) -> String {
    let lines: Vec<_> = text.split(&paint::line_break()).map(visible).collect();
    lines.join("\n")
}

/// A table that grows row by row.
pub(super) struct Grid(Table);

impl Grid {
    /// A table as wide as its cells are.
    pub(super) fn new(header: Vec<String>) -> Self {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header.iter().map(|name| cell(name)));
        Self(table)
    }

    /// A table that fits the terminal, in colours where that is one, or else 140 columns.
    pub(super) fn fitted(header: impl Iterator<Item = String>, coloured: bool) -> Self {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        if coloured && paint::on_terminal() {
            table.enforce_styling();
        } else {
            table.force_no_tty().set_width(140);
        }
        let bold = |name: String| Cell::new(cell(&name)).add_attribute(Attribute::Bold);
        table.set_header(header.map(bold));
        Self(table)
    }

    /// Columns side by side without lines between them, fitted or as wide as their cells are.
    pub(super) fn columns(texts: &[&str], arrangement: ContentArrangement) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING).force_no_tty().set_content_arrangement(arrangement);
        table.add_row(texts.iter().map(|text| cell(text)));
        table
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.0.add_row(cells.iter().map(|text| cell(text)));
    }

    /// Adds a row of which some cells, told by their place, are pointed out.
    pub(super) fn row_with(&mut self, cells: &[String], is_strong: impl Fn(usize) -> bool) {
        self.0.add_row(cells.iter().enumerate().map(|(at, text)| match is_strong(at) {
            true => Cell::new(cell(text)).fg(Color::Cyan).add_attribute(Attribute::Bold),
            false => Cell::new(cell(text)),
        }));
    }

    /// Puts numbers to the right: all columns but the first, and one that holds no numbers.
    pub(super) fn with_numbers(mut self, plain: usize) -> Self {
        let columns = self.0.column_iter_mut().enumerate().skip(1);
        for (_, column) in columns.filter(|(at, _)| *at != plain) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        self
    }

    pub(super) fn draw(self) -> Text {
        Text::drawn(&format!("{}\n", self.0))
    }
}
