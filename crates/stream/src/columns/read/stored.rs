//! A Parquet file as its library reads it.

use std::io::{self, BufReader, Read as _};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

use crate::input::bytes::{Original, ReadFrom};

/// A file that several threads read at once.
pub(super) struct Stored(pub(super) Arc<Original>);

impl Length for Stored {
    fn len(&self) -> u64 {
        self.0.size
    }
}

impl ChunkReader for Stored {
    type T = BufReader<ReadFrom>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(self.0.read_from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A damaged file may ask for more than there is.
        if self.0.size.saturating_sub(start) < length as u64 {
            return Err(ParquetError::from(io::Error::from(io::ErrorKind::UnexpectedEof)));
        }
        let mut bytes = vec![0; length];
        self.0.read_from(start).read_exact(&mut bytes)?;
        Ok(Bytes::from(bytes))
    }
}
