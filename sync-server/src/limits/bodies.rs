//! What is still being sent: a request holds a connection only as long as it gets on.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Counted, Limits};
use crate::error::ApiError;

/// Slower than the slowest phone: after its patience a body has to have come at this rate, or it is cut.
const LEAST_BYTES_A_SECOND: u64 = 2 * 1024;
/// When to try again where too many are being sent at once.
const AGAIN_S: u64 = 5;

impl Limits {
    /// The body of a request, which has to get on: a piece within the patience for headers, and 2 KiB a second on the whole. Of one
    /// household as many may be under way as connections may be silent: who sends a byte now and then keeps nobody else out.
    ///
    /// # Errors
    /// 429 `slow_down`: so many are.
    pub fn under_way(&self, address: IpAddr, body: Body) -> Result<Body, ApiError> {
        if body.is_end_stream() {
            return Ok(body);
        }
        let counted = self.bodies.enter(address).ok_or_else(|| ApiError::too_many(AGAIN_S))?;
        Ok(Body::new(Sent::new(body, counted, self.patience)))
    }
}

/// A body under way.
struct Sent {
    body: Body,
    counted: Option<Counted>,
    patience: Duration,
    begun: Instant,
    bytes: u64,
    cut: Pin<Box<Sleep>>,
}

impl Sent {
    fn new(body: Body, counted: Counted, patience: Duration) -> Self {
        let begun = Instant::now();
        let cut = Box::pin(sleep_until(begun + patience));
        Self { body, counted: Some(counted), patience, begun, bytes: 0, cut }
    }

    fn came(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        let on_the_whole = self.begun + Duration::from_secs(self.bytes / LEAST_BYTES_A_SECOND);
        self.cut.as_mut().reset(on_the_whole.min(Instant::now()) + self.patience);
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.came(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => {
                self.counted = None;
                Poll::Ready(end.map(|piece| piece.map_err(BoxError::from)))
            }
            Poll::Pending => match self.cut.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err("the body comes too slowly".into()))),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
