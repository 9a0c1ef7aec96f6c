//! `rulebook timeline`: when what comes into force.

mod args;

use super::screen::{Text, refuse_other_format, write_exact, write_or_print};
use super::wrap::{laid_out, terminal_width};
use super::{Exit, Outcome, load, paint};
use rulebook::Options;
use rulebook_core::program::Effect;
use rulebook_lang::figures::{Speech, phrases};
use rulebook_lang::model::{Time, Zone};
use rulebook_tools::document::{
    Badge, Bar, BarKind, Chronicle, Inline, Inlines, Part, Row, Timeline,
};

pub(super) use args::TimelineArgs;
use args::TimelineFormat;

pub(super) fn run(args: &TimelineArgs) -> Outcome {
    let files = load::files(&args.rulebook)?;
    let rulebook = load::rulebook(&files, &Options::new())?;
    let mut distinct = load::distinct(&args.rulebook, &files);
    distinct.writes("`--output`", args.output.as_deref());
    distinct.check()?;
    refuse_other_format(args.output.as_deref(), args.format.content())?;
    let first = rulebook.settings().languages.first();
    let language = load::language(args.lang.as_deref(), &rulebook)?.or(first.cloned());
    let chronicle = Chronicle::of(&rulebook, language.as_deref().unwrap_or("en"));
    let file = args.output.as_deref();
    match args.format {
        TimelineFormat::Html => write_exact(&chronicle.to_html(), file)?,
        TimelineFormat::Svg => write_exact(&chronicle.to_svg(), file)?,
        TimelineFormat::Text => {
            let width = args.width.or_else(|| file.is_none().then(terminal_width).flatten());
            let speech = Speech::of(language.as_deref().unwrap_or("en"));
            let page = Page { width, zone: &rulebook.settings().zone, speech };
            write_or_print(&page.text(&chronicle), file)?;
        }
    }
    Ok(Exit::Done)
}

/// How many columns a bar is drawn in: few, or many where the terminal has room.
const NARROW: u16 = 16;
const WIDE: u16 = 32;
/// From how many columns on a terminal has room.
const ROOMY: u16 = 110;
/// Two dates and what stands between them.
const DATES: u16 = 23;

/// Lays a chronicle out as text.
struct Page<'z> {
    /// The columns that there are; lines of any length where that is not known.
    width: Option<u16>,
    zone: &'z Zone,
    speech: Speech<'z>,
}

impl Page<'_> {
    fn text(&self, chronicle: &Chronicle) -> Text {
        let mut out = self.indented(0, &chronicle.title, paint::strong);
        out += self.facts(&chronicle.facts);
        for part in &chronicle.parts {
            out.blank();
            self.part(part, &mut out);
        }
        out
    }

    fn part(&self, part: &Part, out: &mut Text) {
        let title = match part.name.as_str() {
            "" => part.title.clone(),
            name => format!("{} ({name})", part.title),
        };
        *out += self.indented(0, &title, paint::strong);
        if part.timeline.is_some() {
            *out += self.facts(&part.facts);
        }
        let rows = part
            .timeline
            .iter()
            .flat_map(|timeline| timeline.rows.iter().map(move |row| self.row(row, timeline)));
        *out += rows.collect();
        if part.more > 0 {
            let count = self.speech.count(u64::try_from(part.more).unwrap_or(u64::MAX));
            let more = self.speech.says(&phrases::MORE, &[("count", &count)]);
            *out += self.indented(2, &more, paint::faint);
        }
        if let Some(line) = part.without_dates() {
            *out += self.indented(2, &line, paint::faint);
        }
    }

    fn facts(&self, facts: &[(String, Inlines)]) -> Text {
        let line = |(name, value): &(String, Inlines)| {
            self.indented(2, &format!("{name}: {}", words(value)), paint::faint)
        };
        facts.iter().map(line).collect()
    }

    /// What has dates: a line for each bar, below its title unless that says it all.
    fn row(&self, row: &Row, timeline: &Timeline) -> Text {
        let source = words(&row.source);
        if let [bar] = row.bars.as_slice()
            && bar.words.is_empty()
        {
            let dash = if source.is_empty() { "" } else { " – " };
            return self.bar(bar, timeline, &format!("{}{dash}{source}", row.title));
        }
        let mut out = self.indented(2, &row.title, paint::strong);
        for bar in &row.bars {
            out += self.bar(bar, timeline, &words(&bar.words));
        }
        if !source.is_empty() {
            out += self.indented(4, &source, paint::faint);
        }
        out
    }

    /// A bar: drawn, dated, and in words.
    fn bar(&self, bar: &Bar, timeline: &Timeline, words: &str) -> Text {
        let most = if self.width.is_none_or(|width| width >= ROOMY) { WIDE } else { NARROW };
        let strip = strip(bar, timeline, most);
        let day = |at: Option<usize>| {
            let time = at.and_then(|at| timeline.times.get(at));
            time.map(|time| self.day(*time)).unwrap_or_default()
        };
        let dates = match bar.kind {
            BarKind::Day => day(bar.from),
            _ => format!("{:10} – {:10}", day(bar.from), day(bar.until)),
        };
        let columns = [(4, most, strip.as_str()), (2, DATES, &dates), (2, u16::MAX, words)];
        let text = laid_out(self.width, &columns);
        lines(&text.replacen(&strip, &coloured(bar.kind, &strip), 1))
    }

    /// Text behind an indent.
    fn indented(&self, indent: u16, text: &str, paint: fn(String) -> String) -> Text {
        let text = laid_out(self.width, &[(indent, u16::MAX, text)]);
        text.lines().map(|line| Text::line(format_args!("{}", paint(line.to_string())))).collect()
    }

    fn day(&self, time: Time) -> String {
        let (local, _) = time.shown(self.zone);
        match local.time() == jiff::civil::Time::midnight() {
            true => local.date().to_string(),
            false => local.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

fn lines(text: &str) -> Text {
    text.lines().map(|line| Text::line(format_args!("{line}"))).collect()
}

fn words(inlines: &Inlines) -> String {
    let word = |inline: &Inline| match inline {
        Inline::Badge(Badge::Assumed, assumed) => format!("{assumed}:"),
        other => other.words().to_string(),
    };
    inlines.iter().map(word).collect()
}

/// A bar along the line of time: the spans between two days are drawn alike, as in pictures.
fn strip(bar: &Bar, timeline: &Timeline, most: u16) -> String {
    let always = timeline.rows.iter().flat_map(|row| &row.bars).any(|bar| bar.from.is_none());
    let lead = usize::from(always);
    let places = timeline.days.len() + lead;
    let mark = match (bar.kind, bar.partial) {
        (BarKind::Phase(Effect::Enforce), false) => '█',
        (BarKind::Phase(Effect::Enforce), true) => '▄',
        (BarKind::Phase(Effect::Warn), _) => '▒',
        (BarKind::Phase(Effect::Shadow), _) => '░',
        (BarKind::Value, _) => '━',
        (BarKind::Day, _) => '◆',
    };
    let from = bar.from.map_or(0, |from| from + lead);
    let until = match bar.kind {
        BarKind::Day => from + 1,
        _ => bar.until.map_or(places, |until| until + lead),
    };
    let columns = usize::from(most);
    let column = |place: usize| place * columns / places.max(1);
    let (start, end) = (column(from), column(until).max(column(from) + 1));
    let end = if bar.kind == BarKind::Day { start + 1 } else { end };
    (0..columns).map(|at| if (start..end).contains(&at) { mark } else { '·' }).collect()
}

fn coloured(kind: BarKind, strip: &str) -> String {
    match kind {
        BarKind::Phase(Effect::Enforce) => paint::good(strip),
        BarKind::Phase(Effect::Warn) => paint::warning(strip),
        BarKind::Phase(Effect::Shadow) => paint::faint(strip),
        BarKind::Value | BarKind::Day => paint::strong(strip),
    }
}
