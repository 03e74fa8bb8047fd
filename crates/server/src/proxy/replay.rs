//! Bodies that can be sent twice, for a request that is repeated with a new token.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};

/// Longer bodies, in bytes, are streamed and not repeated.
const LIMIT: usize = 1024 * 1024;

/// The body of a request.
pub(super) enum Replayable {
    /// All of it.
    Whole(Bytes),
    /// A body that is longer than the limit.
    Streaming(Body),
}

impl Replayable {
    /// Reads a body as far as the limit.
    pub async fn read(body: Body) -> Result<Self, axum::Error> {
        let mut frames = body.into_data_stream();
        let mut read = BytesMut::new();
        while let Some(frame) = frames.next().await {
            read.extend_from_slice(&frame?);
            if read.len() > LIMIT {
                let start = stream::iter([Ok(read.freeze())]);
                return Ok(Self::Streaming(Body::from_stream(start.chain(frames))));
            }
        }
        Ok(Self::Whole(read.freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    #[tokio::test]
    async fn a_short_body_can_be_repeated_and_a_long_one_is_streamed_whole() {
        let whole = Replayable::read(Body::from("[]")).await.unwrap();
        assert!(matches!(whole, Replayable::Whole(bytes) if bytes == "[]"));
        let long = Bytes::from(vec![7; 3 * LIMIT]);
        let parts: Vec<_> =
            long.chunks(LIMIT / 2).map(|it| Ok::<_, axum::Error>(Bytes::copy_from_slice(it))).collect();
        let Replayable::Streaming(body) =
            Replayable::read(Body::from_stream(stream::iter(parts))).await.unwrap()
        else {
            panic!("not streamed");
        };
        assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), long);
    }
}
