//! Bodies that can be sent twice or compared: of a request that is repeated with a new token, or shared.

use crate::error_response::ErrorResponse;
use crate::request_body::BodyFailure;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::StatusCode;
use std::error::Error;

/// Longer bodies, in bytes, are streamed and not repeated.
const LIMIT: usize = 1024 * 1024;

/// The body of a request.
pub(crate) enum Replayable {
    /// All of it.
    Whole(Bytes),
    /// A body that is longer than the limit.
    Streaming(Body),
}

impl Replayable {
    /// Reads a body as far as the limit, before anything is sent to the router.
    pub async fn read(body: Body) -> Result<Self, ErrorResponse> {
        let mut frames = body.into_data_stream();
        let mut read = BytesMut::new();
        while let Some(frame) = frames.next().await {
            read.extend_from_slice(&frame.map_err(|error| interrupted(&error))?);
            if read.len() > LIMIT {
                let start = stream::iter([Ok(read.freeze())]);
                return Ok(Self::Streaming(Body::from_stream(start.chain(frames))));
            }
        }
        Ok(Self::Whole(read.freeze()))
    }
}

fn interrupted(error: &axum::Error) -> ErrorResponse {
    let mut cause: &(dyn Error + 'static) = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if let Some(failure) = cause.downcast_ref::<BodyFailure>() {
        return ErrorResponse::from(*failure);
    }
    let message = format!("The body of the request is interrupted: {error}.");
    ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request", message)
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
