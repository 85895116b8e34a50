//! Turns: long work gives way at places of its own choice, so that nothing waits for all of it.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A turn is over after so many milliseconds; work goes on to its next [pause](Turn::pause) then.
const LENGTH: i64 = 4;

/// Work that pauses: a future that waits for nothing but its next turn.
pub(crate) type Work<T> = Pin<Box<dyn Future<Output = T>>>;

/// The time that somebody may work before it is the turn of others.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    clock: fn() -> i64,
    began: Rc<Cell<i64>>,
}

impl Turn {
    /// `clock` tells the milliseconds since the start of 1970 in UTC.
    pub(crate) fn new(clock: fn() -> i64) -> Self {
        Self {
            clock,
            began: Rc::default(),
        }
    }

    /// The time now, as the clock tells it.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Lets `work` go on until it pauses or is done.
    pub(crate) fn take<T>(&self, work: &mut Work<T>) -> Poll<T> {
        self.began.set(self.now());
        work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// A place to pause: goes on at once, unless the turn is over.
    pub(crate) async fn pause(&self) {
        let mut has_paused = !self.is_over();
        poll_fn(|_| {
            let paused = std::mem::replace(&mut has_paused, true);
            if paused {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// A clock that was set back ends the turn too.
    fn is_over(&self) -> bool {
        !(0..LENGTH).contains(&(self.now() - self.began.get()))
    }
}
