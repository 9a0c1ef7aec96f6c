//! Compressed files: told by their first bytes, unpacked as they are read; and other files that are no text,
//! named by theirs.

use std::io::{self, BufRead, Read};

/// A compression that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// One gzip archive, or several one behind the other.
    Gzip,
    /// One Zstandard frame, or several.
    Zstd,
}

/// What the first bytes of a file say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is unpacked as it is read.
    Packed(Packing),
    /// A Parquet file.
    Parquet,
    /// Something else that is no text: what it is called, and what to do.
    Other(&'static str, &'static str),
}

/// The first bytes of files that are no text.
const MARKS: &[(&[u8], Kind)] = &[
    (b"\x1f\x8b", Kind::Packed(Packing::Gzip)),
    (b"\x28\xb5\x2f\xfd", Kind::Packed(Packing::Zstd)),
    (b"PAR1", Kind::Parquet),
    (b"PK\x03\x04", Kind::Other("a zip archive", "unpack it and name what it holds")),
    (b"BZh", Kind::Other("a bzip2 archive", "unpack it with `bunzip2`, or pack it with gzip")),
    (b"\xfd7zXZ\0", Kind::Other("an xz archive", "unpack it with `unxz`, or pack it with zstd")),
    (b"\x04\x22\x4d\x18", Kind::Other("an lz4 archive", "unpack it with `unlz4`")),
    (b"\xff\x06\0\0sNaPpY", Kind::Other("a snappy archive", "unpack it first")),
    (b"7z\xbc\xaf\x27\x1c", Kind::Other("a 7-Zip archive", "unpack it and name what it holds")),
    (b"Rar!\x1a\x07", Kind::Other("a RAR archive", "unpack it and name what it holds")),
    (b"\x1f\x9d", Kind::Other("a compressed file of the kind `.Z`", "unpack it with `gunzip`")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Kind::Other("a document of an older Office", "save its sheet as .xlsx or .csv"),
    ),
    (b"SQLite format 3\0", Kind::Other("a SQLite database", "write its table to CSV")),
    (b"Obj\x01", Kind::Other("an Avro file", "write it as Parquet or JSON lines")),
    (b"ORC", Kind::Other("an ORC file", "write it as Parquet")),
    (b"ARROW1\0\0", Kind::Other("an Arrow file", "write it as Parquet")),
    (b"%PDF-", Kind::Other("a PDF document", "export its table as CSV")),
];

impl Kind {
    /// What a file is that begins so; nothing where it may well be text.
    pub fn of(first: &[u8]) -> Option<Self> {
        let found = MARKS.iter().find(|(mark, _)| first.starts_with(mark));
        // A text may begin with these letters, but hardly with what follows.
        let is_plain = |mark: &[u8]| mark.iter().all(u8::is_ascii_graphic) && mark.len() < 4;
        found
            .filter(|(mark, _)| !is_plain(mark) || std::str::from_utf8(first).is_err())
            .map(|(_, kind)| *kind)
    }

    /// Whether so few first bytes may become a mark.
    pub fn may_begin(first: &[u8]) -> bool {
        MARKS.iter().any(|(mark, _)| first.len() < mark.len() && mark.starts_with(first))
    }
}

impl Packing {
    /// How the names of such files end, without the point.
    pub const ENDINGS: &[&str] = &["gz", "gzip", "zst", "zstd"];

    /// What to call such a file.
    pub fn described(self) -> &'static str {
        match self {
            Self::Gzip => "a gzip archive",
            Self::Zstd => "a Zstandard archive",
        }
    }
}

/// Whether this build unpacks.
pub const IS_BUILT: bool = cfg!(feature = "packed");

/// What an archive holds, read as it comes.
///
/// # Errors
/// When there is no memory for it, or this build does not unpack.
#[cfg(feature = "packed")]
pub fn unpacked(
    packing: Packing,
    reader: impl BufRead + Send + 'static,
) -> io::Result<Box<dyn Read + Send>> {
    Ok(match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Packing::Zstd => Box::new(zstd::Decoder::with_buffer(reader)?),
    })
}

/// Nothing.
///
/// # Errors
/// Always: what this build leaves out.
#[cfg(not(feature = "packed"))]
pub fn unpacked(
    packing: Packing,
    _: impl BufRead + Send + 'static,
) -> io::Result<Box<dyn Read + Send>> {
    let what = packing.described();
    Err(io::Error::other(format!(
        "it is {what}, and this build is without `packed`; unpack it first"
    )))
}

/// All bytes of a file that was read as a whole, unpacked if it is an archive, at most so many.
///
/// # Errors
/// When it is damaged or cut short, holds more, or is something else that is no text.
pub fn all_unpacked(bytes: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
    match Kind::of(&bytes) {
        Some(Kind::Packed(packing)) => {
            let reader = unpacked(packing, io::Cursor::new(bytes))?;
            crate::file::read_all(reader, limit).map_err(|error| wrong(packing, error))
        }
        _ => Ok(bytes),
    }
}

/// What is wrong with an archive, as people call it.
pub fn wrong(packing: Packing, error: io::Error) -> io::Error {
    let what = packing.described();
    match error.kind() {
        _ if crate::file::Refused::of(&error).is_some() => error,
        io::ErrorKind::UnexpectedEof => {
            io::Error::new(error.kind(), format!("it is {what} that was cut short"))
        }
        kind => io::Error::new(kind, format!("it is {what} that is damaged ({error})")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(Kind::of(b"\x1f\x8b\x08"), Some(Kind::Packed(Packing::Gzip)));
        assert_eq!(Kind::of(b"PAR1"), Some(Kind::Parquet));
        assert_eq!(Kind::of(b"ORC,BZh\n"), None);
        assert_eq!(Kind::of(b"BZhang,3\n"), None);
        assert!(matches!(Kind::of(b"BZh91AY&SY\xff"), Some(Kind::Other("a bzip2 archive", _))));
        assert_eq!(Kind::of(b"{}"), None);
        assert!(Kind::may_begin(b"\x28\xb5") && Kind::may_begin(b"") && !Kind::may_begin(b"{"));
    }

    #[cfg(feature = "packed")]
    #[test]
    fn archives_unpack_and_say_what_is_wrong() {
        use std::io::Write;
        let packed = |text: &[u8]| {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(text).unwrap();
            writer.finish().unwrap()
        };
        let two = [packed(b"one\n"), packed(b"two\n")].concat();
        assert_eq!(all_unpacked(two.clone(), 100).unwrap(), b"one\ntwo\n");
        let cut = all_unpacked(two[..two.len() - 3].to_vec(), 100).unwrap_err();
        assert_eq!(cut.to_string(), "it is a gzip archive that was cut short");
        let mut turned = packed(b"one two three four five\n");
        let at = turned.len() - 6;
        turned[at] ^= 1;
        assert!(all_unpacked(turned, 100).unwrap_err().to_string().contains("that is damaged"));
        let long = packed(&[b'x'; 1000]);
        assert!(all_unpacked(long, 100).unwrap_err().to_string().contains("more than 100 bytes"));
    }
}
