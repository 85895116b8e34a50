//! An answer that is still to come.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde_json::Value;

use super::client::LspError;

#[derive(Default)]
struct Slot {
    answer: Option<Result<Value, LspError>>,
    waker: Option<Waker>,
}

/// The end that waits.
pub(crate) struct Answer(Rc<RefCell<Slot>>);

/// The end that answers.
pub(crate) struct Asked(Rc<RefCell<Slot>>);

/// Both ends of one answer.
pub(crate) fn answer() -> (Asked, Answer) {
    let slot = Rc::<RefCell<Slot>>::default();
    (Asked(slot.clone()), Answer(slot))
}

impl Asked {
    pub(crate) fn finish(self, answer: Result<Value, LspError>) {
        let mut slot = self.0.borrow_mut();
        slot.answer = Some(answer);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Answer {
    type Output = Result<Value, LspError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = self.0.borrow_mut();
        if let Some(answer) = slot.answer.take() {
            return Poll::Ready(answer);
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
