//! The compact protocol of Thrift, in which Parquet writes what it says of its data.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use crate::input::bytes::{Original, ReadFrom};

/// The deepest that structures may lie in each other.
const DEEPEST: u8 = 16;

/// Reads from some place of a file up to another one.
pub(super) struct Compact {
    reader: BufReader<ReadFrom>,
    at: u64,
    end: u64,
}

impl Compact {
    pub(super) const BYTE: u8 = 3;
    pub(super) const WHOLE: u8 = 5;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const STRUCT: u8 = 12;

    pub(super) fn new(file: &Arc<Original>, at: u64, end: u64) -> Self {
        Self { reader: BufReader::with_capacity(1 << 9, file.read_from(at)), at, end }
    }

    /// Up to where it has been read.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        if self.at >= self.end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.reader.read_exact(&mut byte)?;
        self.at += 1;
        Ok(byte[0])
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(strange())
    }

    pub(super) fn whole(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A number of 32 bits: a library may take the lower ones of what is longer, and it would then read
    /// something else than what was looked at.
    pub(super) fn whole32(&mut self) -> io::Result<i32> {
        i32::try_from(self.whole()?).map_err(|_| strange())
    }

    /// A number that counts something.
    pub(super) fn size(&mut self) -> io::Result<u64> {
        u64::try_from(self.whole32()?).map_err(|_| strange())
    }

    /// The kind of the next field, whose number is put into `id`; nothing behind the last one.
    pub(super) fn field(&mut self, id: &mut i16) -> io::Result<Option<u8>> {
        let byte = self.byte()?;
        // A library takes any number for the end, if its kind is none.
        if byte & 0x0f == 0 {
            return if byte == 0 { Ok(None) } else { Err(strange()) };
        }
        let next = match byte >> 4 {
            0 => i16::try_from(self.whole()?).ok(),
            step => id.checked_add(i16::from(step)),
        };
        *id = next.ok_or_else(strange)?;
        Ok(Some(byte & 0x0f))
    }

    /// Passes a value by.
    pub(super) fn skip(&mut self, kind: u8) -> io::Result<()> {
        self.skip_within(kind, 0)
    }

    fn skip_within(&mut self, kind: u8, depth: u8) -> io::Result<()> {
        match kind {
            1 | 2 => Ok(()),
            3 => self.byte().map(drop),
            4..=6 => self.number().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.number()?;
                self.pass(length)
            }
            Self::LIST | 10 if depth < DEEPEST => {
                let (count, kind) = self.list()?;
                // Truths in lists take a byte each, or none: who reads them does not agree.
                if count > 0 && matches!(kind, 1 | 2) {
                    return Err(strange());
                }
                (0..count).try_for_each(|_| self.skip_within(kind, depth + 1))
            }
            Self::STRUCT if depth < DEEPEST => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip_within(kind, depth + 1)?;
                }
                Ok(())
            }
            _ => Err(strange()),
        }
    }

    /// How many elements of which kind a list has.
    pub(super) fn list(&mut self) -> io::Result<(u64, u8)> {
        let byte = self.byte()?;
        let count = match byte >> 4 {
            15 => self.number()?,
            count => u64::from(count),
        };
        Ok((count, byte & 0x0f))
    }

    fn pass(&mut self, bytes: u64) -> io::Result<()> {
        if bytes > self.end - self.at {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let passed = io::copy(&mut self.reader.by_ref().take(bytes), &mut io::sink())?;
        self.at += passed;
        if passed == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// What is not written as it should be, or not as everybody reads it.
pub(super) fn strange() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
