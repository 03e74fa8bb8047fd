//! Compresses a coalesced body while it streams. tower-http's `CompressionLayer` does not flush a stream until its end
//! (<https://github.com/tower-rs/tower-http/issues/292>), so live responses would stall.

use super::coalesce::{BodyError, Coalesced, Frame};
use crate::content_encoding::ContentEncoding;
use brotli::CompressorWriter;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// Brotli's quality: fast, and a list of applications still shrinks to a few hundredths.
const BROTLI_QUALITY: u32 = 3;
/// Brotli's window in bytes, as a power of two.
const BROTLI_WINDOW: u32 = 20;
/// Brotli's input buffer in bytes.
const BROTLI_BUFFER: usize = 16 * 1024;
const GZIP_LEVEL: u32 = 4;

/// A body that is compressed while it streams. A frame without an immediate successor is flushed, so that the browser
/// can read it; an interruption of the source is passed on.
pub(super) struct Compressed {
    source: Coalesced,
    first: Option<Result<Frame, BodyError>>,
    encoder: Option<Encoder>,
}

enum Encoder {
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Compressed {
    /// Compresses `first`, which was already taken from `source`, and the rest of `source`.
    pub fn new(
        source: Coalesced,
        first: Option<Result<Frame, BodyError>>,
        encoding: ContentEncoding,
    ) -> Self {
        let encoder = match encoding {
            ContentEncoding::Brotli => Encoder::Brotli(Box::new(CompressorWriter::new(
                Vec::new(),
                BROTLI_BUFFER,
                BROTLI_QUALITY,
                BROTLI_WINDOW,
            ))),
            ContentEncoding::Gzip => {
                Encoder::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL))))
            }
        };
        Self { source, first, encoder: Some(encoder) }
    }

    /// The next compressed bytes; `None` after the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        loop {
            let encoder = self.encoder.as_mut()?;
            let frame = match self.first.take() {
                Some(first) => Some(first),
                None => self.source.next().await,
            };
            let output = match frame {
                Some(Ok(frame)) => encoder.push(&frame),
                Some(Err(error)) => {
                    self.encoder = None;
                    return Some(Err(error));
                }
                None => self.encoder.take()?.finish(),
            };
            match output {
                Ok(output) if output.is_empty() => {}
                Ok(output) => return Some(Ok(output.into())),
                Err(error) => {
                    self.encoder = None;
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

impl Encoder {
    fn push(&mut self, frame: &Frame) -> io::Result<Vec<u8>> {
        let writer: &mut dyn Write = match self {
            Self::Brotli(encoder) => encoder,
            Self::Gzip(encoder) => &mut **encoder,
        };
        writer.write_all(&frame.data)?;
        if frame.flush {
            writer.flush()?;
        }
        Ok(std::mem::take(match self {
            Self::Brotli(encoder) => encoder.get_mut(),
            Self::Gzip(encoder) => encoder.get_mut(),
        }))
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli(encoder) => Ok(encoder.into_inner()),
            Self::Gzip(encoder) => encoder.finish(),
        }
    }
}
