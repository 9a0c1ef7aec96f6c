//! Any form of days is taken or told of without a panic, and so is any text by it; what a form shows, it reads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rulebook_lang::model::{Cell, Zone};
use rulebook_lang::reading::{Figures, Form, Given, Mistake, Stated};
use rulebook_lang::scalar::Kind;

fuzz_target!(|texts: (&str, &str, Option<char>, Option<char>)| {
    let (form, text, decimal, thousands) = texts;
    for kind in [Kind::Date, Kind::Time, Kind::Duration] {
        let stated = Stated::new(form);
        let is_good = Mistake::of(form, kind, false).is_none();
        let example = stated.example();
        let read = Form::Stated(stated).clone();
        read.read(kind, Given::Text(text), &Zone::UTC);
        if let (true, Some(example)) = (is_good, example) {
            let cell = read.read(kind, Given::Text(&example), &Zone::UTC);
            assert!(cell.is_none_or(|cell| cell != Cell::Missing), "{form}: {example}");
        }
    }
    for form in [Form::Iso, Form::IsoWeek, Form::Mail, Form::Epoch(1, ""), Form::ExcelDays] {
        for kind in [Kind::Date, Kind::Time, Kind::Duration] {
            form.read(kind, Given::Text(text), &Zone::UTC);
        }
    }
    for percent in [false, true] {
        let figures = Figures { decimal, thousands, mark: Some(form.into()), percent };
        let _ = figures.read(text, None);
        let _ = figures.read(text, Some(2));
    }
});
