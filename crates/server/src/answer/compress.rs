//! Compresses a joined body while it streams.

use super::join::{Broken, Joined, Piece};
use crate::encoding::Encoding;
use brotli::CompressorWriter;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// Brotli's quality: fast, and a list of applications still shrinks to a few hundredths.
const QUALITY: u32 = 3;
/// Brotli's window, as a power of two, in bytes.
const WINDOW: u32 = 20;
/// Brotli's input buffer, in bytes.
const BUFFER: usize = 16 * 1024;
/// gzip's level.
const LEVEL: u32 = 4;

/// A body that is compressed while it streams. A piece that nothing follows at once is flushed, so that the browser
/// can read it; a break of the source is a break here too.
pub(super) struct Compressed {
    source: Joined,
    first: Option<Result<Piece, Broken>>,
    encoder: Option<Encoder>,
}

enum Encoder {
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Compressed {
    /// Compresses `first`, which was already taken from `source`, and the rest of `source`.
    pub fn new(source: Joined, first: Option<Result<Piece, Broken>>, encoding: Encoding) -> Self {
        let encoder = match encoding {
            Encoding::Brotli => {
                Encoder::Brotli(Box::new(CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW)))
            }
            Encoding::Gzip => Encoder::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::new(LEVEL)))),
        };
        Self { source, first, encoder: Some(encoder) }
    }

    /// The next compressed bytes; `None` after the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Broken>> {
        loop {
            let encoder = self.encoder.as_mut()?;
            let piece = match self.first.take() {
                Some(first) => Some(first),
                None => self.source.next().await,
            };
            let out = match piece {
                Some(Ok(piece)) => encoder.push(&piece),
                Some(Err(why)) => {
                    self.encoder = None;
                    return Some(Err(why));
                }
                None => self.encoder.take()?.finish(),
            };
            match out {
                Ok(out) if out.is_empty() => {}
                Ok(out) => return Some(Ok(out.into())),
                Err(why) => {
                    self.encoder = None;
                    return Some(Err(why.into()));
                }
            }
        }
    }
}

impl Encoder {
    fn push(&mut self, piece: &Piece) -> io::Result<Vec<u8>> {
        let writer: &mut dyn Write = match self {
            Self::Brotli(it) => it,
            Self::Gzip(it) => &mut **it,
        };
        writer.write_all(&piece.data)?;
        if piece.flush {
            writer.flush()?;
        }
        Ok(std::mem::take(match self {
            Self::Brotli(it) => it.get_mut(),
            Self::Gzip(it) => it.get_mut(),
        }))
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli(it) => Ok(it.into_inner()),
            Self::Gzip(it) => it.finish(),
        }
    }
}
