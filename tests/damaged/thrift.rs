//! Parquet files with a checksum for every page, which the library that writes them leaves out: headers
//! and footer are read as Thrift writes them, changed and written again.

use std::ops::Range;

/// A value in the compact protocol of Thrift.
#[derive(Clone, Debug)]
enum Value {
    Bool(bool),
    Byte(u8),
    Whole(u8, i64),
    Double([u8; 8]),
    Bytes(Vec<u8>),
    List(u8, Vec<Value>),
    Struct(Vec<(i64, Value)>),
}

use Value::{Bool, Byte, Bytes, Double, List, Struct, Whole};

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap();
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        let byte = self.byte();
        let low = u64::from(byte & 0x7f);
        if byte < 0x80 { low } else { low | self.number() << 7 }
    }

    fn whole(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken.to_vec()
    }

    fn value(&mut self, kind: u8) -> Value {
        match kind {
            1 | 2 => Bool(kind == 1),
            3 => Byte(self.byte()),
            4..=6 => Whole(kind, self.whole()),
            7 => Double(self.take(8).try_into().unwrap()),
            8 => {
                let length = self.number() as usize;
                Bytes(self.take(length))
            }
            9 | 10 => {
                let head = self.byte();
                let count = if head >> 4 == 15 { self.number() } else { u64::from(head >> 4) };
                let element = |kind: u8, reader: &mut Self| match kind {
                    1 | 2 => Byte(reader.byte()),
                    kind => reader.value(kind),
                };
                List(head & 15, (0..count).map(|_| element(head & 15, self)).collect())
            }
            12 => self.fields(),
            _ => panic!("kind {kind}"),
        }
    }

    fn fields(&mut self) -> Value {
        let (mut fields, mut id) = (Vec::new(), 0);
        loop {
            let head = self.byte();
            if head == 0 {
                return Struct(fields);
            }
            id = if head >> 4 == 0 { self.whole() } else { id + i64::from(head >> 4) };
            let value = self.value(head & 15);
            fields.push((id, value));
        }
    }
}

fn number(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn whole(value: i64, into: &mut Vec<u8>) {
    number((value << 1 ^ value >> 63).cast_unsigned(), into);
}

impl Value {
    fn kind(&self) -> u8 {
        match self {
            Bool(true) => 1,
            Bool(false) => 2,
            Byte(_) => 3,
            Whole(kind, _) => *kind,
            Double(_) => 7,
            Bytes(_) => 8,
            List(..) => 9,
            Struct(_) => 12,
        }
    }

    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Bool(_) => {}
            Byte(byte) => into.push(*byte),
            Whole(_, value) => whole(*value, into),
            Double(bytes) => into.extend(bytes),
            Bytes(bytes) => {
                number(bytes.len() as u64, into);
                into.extend(bytes);
            }
            List(kind, values) => {
                into.push(0xf0 | kind);
                number(values.len() as u64, into);
                values.iter().for_each(|value| value.write(into));
            }
            Struct(fields) => {
                for (id, value) in fields {
                    into.push(value.kind());
                    whole(*id, into);
                    value.write(into);
                }
                into.push(0);
            }
        }
    }

    fn get(&self, wanted: i64) -> Option<&Value> {
        let Struct(fields) = self else { panic!("{self:?}") };
        fields.iter().find(|(id, _)| *id == wanted).map(|(_, value)| value)
    }

    fn set(&mut self, wanted: i64, value: Value) {
        let Struct(fields) = self else { panic!("{self:?}") };
        fields.retain(|(id, _)| *id != wanted);
        fields.push((wanted, value));
    }

    fn whole(&self, id: i64) -> Option<i64> {
        self.get(id).map(|value| match value {
            Whole(_, value) => *value,
            other => panic!("{other:?}"),
        })
    }

    fn elements(&mut self, wanted: i64) -> &mut Vec<Value> {
        let Struct(fields) = self else { panic!("{self:?}") };
        match fields.iter_mut().find(|(id, _)| *id == wanted) {
            Some((_, List(_, values))) => values,
            other => panic!("{other:?}"),
        }
    }
}

/// A file with checksums, and where the bytes of its pages stand, which these protect.
pub(crate) struct Checked {
    pub(crate) bytes: Vec<u8>,
    pub(crate) pages: Vec<Range<usize>>,
}

/// Gives every page of a file its checksum.
pub(crate) fn with_checksums(file: &[u8]) -> Checked {
    let end = file.len() - 8;
    let size = u32::from_le_bytes(file[end..end + 4].try_into().unwrap()) as usize;
    let mut footer = Reader(&file[end - size..end]).fields();
    let (mut bytes, mut pages) = (b"PAR1".to_vec(), Vec::new());
    for group in footer.elements(4) {
        for chunk in group.elements(1) {
            let mut column = chunk.get(3).unwrap().clone();
            let start = column.whole(11).or(column.whole(9)).unwrap() as usize;
            let mut rest = Reader(&file[start..start + column.whole(7).unwrap() as usize]);
            let begin = bytes.len();
            let mut first = None;
            while !rest.0.is_empty() {
                let mut head = rest.fields();
                let page = rest.take(head.whole(3).unwrap() as usize);
                head.set(4, Whole(5, i64::from(crc32fast::hash(&page).cast_signed())));
                if head.whole(1) != Some(2) {
                    first.get_or_insert(bytes.len());
                }
                head.write(&mut bytes);
                pages.push(bytes.len()..bytes.len() + page.len());
                bytes.extend(page);
            }
            let long = |value: usize| Whole(6, i64::try_from(value).unwrap());
            column.set(7, long(bytes.len() - begin));
            column.set(9, long(first.unwrap()));
            if column.get(11).is_some() {
                column.set(11, long(begin));
            }
            *chunk = Struct(vec![(2, Whole(6, 0)), (3, column)]);
        }
        group.set(5, Whole(6, 4));
    }
    let start = bytes.len();
    footer.write(&mut bytes);
    let size = u32::try_from(bytes.len() - start).unwrap();
    bytes.extend(size.to_le_bytes());
    bytes.extend(b"PAR1");
    Checked { bytes, pages }
}

/// A file with nothing but an end that says what there is in it.
fn with_end(mut bytes: Vec<u8>, fields: Vec<(i64, Value)>) -> Vec<u8> {
    let start = bytes.len();
    Struct(fields).write(&mut bytes);
    let size = u32::try_from(bytes.len() - start).unwrap();
    bytes.extend(size.to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

fn name(name: &str) -> (i64, Value) {
    (4, Bytes(name.into()))
}

/// Columns that lie in each other, so many deep; how many lie in each is said as a number of this kind.
fn deep(depth: usize, kind: u8) -> Value {
    let group = |_| Struct(vec![name("g"), (5, Whole(kind, 1)), (3, Whole(5, 1))]);
    let mut schema: Vec<_> = (0..depth).map(group).collect();
    schema.push(Struct(vec![(1, Whole(5, 2)), (3, Whole(5, 1)), name("leaf")]));
    List(12, schema)
}

/// A file with such columns.
pub(crate) fn nested(depth: usize, kind: u8) -> Vec<u8> {
    let schema = deep(depth, kind);
    let fields = vec![(1, Whole(5, 2)), (2, schema), (3, Whole(6, 0)), (4, List(12, vec![]))];
    with_end(b"PAR1".to_vec(), fields)
}

/// A file with such columns behind one that is as it should be.
pub(crate) fn nested_again(depth: usize) -> Vec<u8> {
    let (flat, rows) = (deep(1, 5), (3, Whole(6, 0)));
    let fields =
        vec![(1, Whole(5, 2)), (2, flat), (2, deep(depth, 5)), rows, (4, List(12, vec![]))];
    with_end(b"PAR1".to_vec(), fields)
}

/// A file with such columns, behind the first of which a number of another kind says what its values mean:
/// who takes it for the structure that it should be reads something else.
pub(crate) fn nested_behind(depth: usize) -> Vec<u8> {
    let digits = Struct(vec![(1, Bytes(vec![0; 3])), (2, Whole(5, 1))]);
    let List(kind, mut schema) = deep(depth, 5) else { panic!() };
    schema[0] = Struct(vec![name("g"), (10, Struct(vec![(5, digits)])), (5, Whole(5, 1))]);
    let rows = (3, Whole(6, 0));
    let fields = vec![(1, Whole(5, 2)), (2, List(kind, schema)), rows, (4, List(12, vec![]))];
    with_end(b"PAR1".to_vec(), fields)
}

/// A page of a kind and an encoding, which says that it has so many values.
pub(crate) fn page(kind: i64, encoding: i64, values: i64, data: &[u8]) -> Vec<u8> {
    let size = || Whole(5, i64::try_from(data.len()).unwrap());
    let mut own = vec![(1, Whole(5, values)), (2, Whole(5, encoding))];
    if kind == 0 {
        own.extend([(3, Whole(5, 3)), (4, Whole(5, 3))]);
    }
    let field = if kind == 0 { 5 } else { 7 };
    let head = Struct(vec![(1, Whole(5, kind)), (2, size()), (3, size()), (field, Struct(own))]);
    let mut bytes = Vec::new();
    head.write(&mut bytes);
    bytes.extend(data);
    bytes
}

/// A header of a page without anything.
pub(crate) fn empty_page() -> Vec<u8> {
    let mut bytes = Vec::new();
    Struct(vec![(1, Whole(5, 1)), (2, Whole(5, 0)), (3, Whole(5, 0))]).write(&mut bytes);
    bytes
}

/// A file with one column, `id`, of so many rows: its pages, where the first with values begins, and the kind of
/// its values with their length, if they all have one.
pub(crate) fn of_pages(
    pages: &[u8],
    data: usize,
    rows: i64,
    (kind, length): (i64, i64),
) -> Vec<u8> {
    let size = || Whole(6, i64::try_from(pages.len()).unwrap());
    let mut leaf = vec![(1, Whole(5, kind)), (3, Whole(5, 0)), name("id")];
    if kind == 6 {
        leaf.push((6, Whole(5, 0)));
    }
    if length > 0 {
        leaf.extend([(2, Whole(5, length)), (6, Whole(5, 5)), (7, Whole(5, 0)), (8, Whole(5, 5))]);
    }
    let mut column = vec![
        (1, Whole(5, kind)),
        (2, List(5, vec![Whole(5, 0)])),
        (3, List(8, vec![Bytes("id".into())])),
        (4, Whole(5, 0)),
        (5, Whole(6, rows)),
        (6, size()),
        (7, size()),
        (9, Whole(6, 4 + i64::try_from(data).unwrap())),
    ];
    if data > 0 {
        column.push((11, Whole(6, 4)));
    }
    let chunk = Struct(vec![(2, Whole(6, 4)), (3, Struct(column))]);
    let group = Struct(vec![(1, List(12, vec![chunk])), (2, size()), (3, Whole(6, rows))]);
    let root = Struct(vec![name("r"), (5, Whole(5, 1))]);
    let fields = vec![
        (1, Whole(5, 1)),
        (2, List(12, vec![root, Struct(leaf)])),
        (3, Whole(6, rows)),
        (4, List(12, vec![group])),
    ];
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(pages);
    with_end(bytes, fields)
}

/// A number as it stands in data.
pub(crate) fn varint(value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    number(value, &mut bytes);
    bytes
}

/// Changes a number in the header of the first page of a file, into one of this kind; without a value, into
/// the same one.
pub(crate) fn with_first_header(
    file: &[u8],
    field: i64,
    (kind, value): (u8, Option<i64>),
) -> Vec<u8> {
    let end = file.len() - 8;
    let mut rest = Reader(&file[4..end]);
    let mut head = rest.fields();
    let length = end - 4 - rest.0.len();
    let value = value.unwrap_or_else(|| head.whole(field).unwrap());
    head.set(field, Whole(kind, value));
    let mut written = Vec::new();
    head.write(&mut written);
    // What follows must stay where it is.
    let mut changed = file.to_vec();
    assert!(written.len() <= length + 16);
    let size = u32::from_le_bytes(file[end..end + 4].try_into().unwrap()) as usize;
    let mut footer = Reader(&file[end - size..end]).fields();
    let more = written.len() as i64 - length as i64;
    changed.splice(4..4 + length, written);
    changed.truncate(changed.len() - 8 - size);
    for group in footer.elements(4) {
        for (number, chunk) in group.elements(1).iter_mut().enumerate() {
            let mut column = chunk.get(3).unwrap().clone();
            let field = |id| column.whole(id);
            let (stored, first, words) = (field(7).unwrap(), field(9).unwrap(), field(11));
            if number == 0 {
                column.set(7, Whole(6, stored + more));
            }
            if first > 4 {
                column.set(9, Whole(6, first + more));
            }
            if let Some(words) = words.filter(|words| *words > 4) {
                column.set(11, Whole(6, words + more));
            }
            *chunk = Struct(vec![(2, Whole(6, 0)), (3, column)]);
        }
    }
    let start = changed.len();
    footer.write(&mut changed);
    let size = u32::try_from(changed.len() - start).unwrap();
    changed.extend(size.to_le_bytes());
    changed.extend(b"PAR1");
    changed
}
