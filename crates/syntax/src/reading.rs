//! How fields are read, as a tree.

use super::build::Builder;
use super::grammar::Rule;
use super::matched::Part;
use crate::ast::{Path, Phrase, PhrasePiece, Reading, ReadingPart};

impl Builder {
    pub(super) fn reading<'s>(&mut self, part: Part<'_, 's>) -> Reading<'s> {
        let span = self.span(part);
        let mut parts = Vec::new();
        for part in part.parts().filter(|part| part.rule() == Rule::reading_part) {
            parts.extend(part.parts().next().and_then(|part| self.reading_part(part)));
        }
        Reading { parts, span }
    }

    fn reading_part<'s>(&mut self, part: Part<'_, 's>) -> Option<ReadingPart<'s>> {
        match part.rule() {
            Rule::otherwise_missing => Some(ReadingPart::Otherwise(self.span(part))),
            Rule::reading_words => self.reading_words(part),
            _ => {
                let phrases = part.parts().filter(|part| part.rule() == Rule::phrase);
                Some(ReadingPart::Phrases(phrases.map(|part| self.phrase(part)).collect()))
            }
        }
    }

    fn reading_words<'s>(&mut self, part: Part<'_, 's>) -> Option<ReadingPart<'s>> {
        let (mut texts, mut value) = (Vec::new(), None);
        for part in part.parts() {
            match part.rule() {
                Rule::string => texts.push(self.plain_text(part)),
                Rule::number => value = Some(self.lone_number(part)),
                Rule::expression => value = Some(self.expression(part)),
                _ => {}
            }
        }
        Some(ReadingPart::Words { texts, value })
    }

    fn phrase<'s>(&mut self, part: Part<'_, 's>) -> Phrase<'s> {
        let span = self.span(part);
        let pieces = part.parts().map(|part| match part.rule() {
            Rule::string => PhrasePiece::Text(self.plain_text(part)),
            _ => {
                let names = part.parts().build(|part| Some(self.name(part)));
                PhrasePiece::Word(Path { names, span: self.span(part) })
            }
        });
        Phrase { pieces: pieces.collect(), span }
    }
}
