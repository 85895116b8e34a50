//! What a running deploy tells: lines, objects and its state, in order.

use api_types::{DeployState, LogLevel};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::store::{JobObject, NewLogLine};

/// The longest line that is kept.
const LONGEST_LINE: usize = 2_000;

/// One thing that a running deploy tells.
#[derive(Debug, Clone)]
pub enum Report {
    Line(NewLogLine),
    Object(Box<JobObject>),
    State { state: DeployState, reason: String },
}

/// Where a running deploy tells what it does. Nothing waits for the reader: a deploy must not
/// stand still because a database does.
#[derive(Debug, Clone)]
pub struct Reporter(mpsc::UnboundedSender<Report>);

impl Reporter {
    /// A reporter and the end that is read.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Report>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    pub(super) fn info(&self, message: impl Into<String>) {
        self.line(LogLevel::Info, None, &message.into());
    }

    pub(crate) fn warning(&self, message: impl Into<String>) {
        self.line(LogLevel::Warning, None, &message.into());
    }

    pub(super) fn about(
        &self,
        level: LogLevel,
        object: &impl ToString,
        message: impl Into<String>,
    ) {
        self.line(level, Some(object.to_string()), &message.into());
    }

    pub(super) fn object(&self, object: JobObject) {
        self.send(Report::Object(Box::new(object)));
    }

    pub(super) fn state(&self, state: DeployState, reason: impl Into<String>) {
        let reason = reason.into();
        self.send(Report::State { state, reason });
    }

    fn line(&self, level: LogLevel, object: Option<String>, message: &str) {
        self.send(Report::Line(NewLogLine {
            at: Timestamp::now(),
            level,
            object,
            message: printable(message),
        }));
    }

    fn send(&self, report: Report) {
        // Nobody reads any more when the worker has given the job up; it is then dropped anyway.
        let _ = self.0.send(report);
    }
}

/// Without control characters, which a terminal would obey, and not too long.
fn printable(message: &str) -> String {
    let readable = message.chars().filter(|c| !c.is_control() || *c == '\t');
    readable.take(LONGEST_LINE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_not_controlled_by_a_log() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\r"), "[31mred");
        assert_eq!(printable(&"x".repeat(5_000)).len(), LONGEST_LINE);
    }
}
