//! Which rows are drawn, and where the view has to scroll to. Pure.

use std::ops::Range;

/// Rows drawn beyond what is seen, on each side.
const OVERSCAN: usize = 16;

/// What of the text is seen, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Viewport {
    pub(crate) top: f64,
    pub(crate) left: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) line_height: f64,
}

impl Viewport {
    /// The rows to draw of so many.
    pub(crate) fn rows(&self, count: usize) -> Range<usize> {
        let first = self.row_at(self.top);
        let last = self.row_at(self.top + self.height) + 1;
        let start = first.saturating_sub(OVERSCAN).min(count);
        start..(last + OVERSCAN).min(count)
    }

    /// The row at `y`, in pixels from the top of the text.
    pub(crate) fn row_at(&self, y: f64) -> usize {
        if self.line_height > 0.0 && y > 0.0 {
            whole(y / self.line_height)
        } else {
            0
        }
    }

    /// Whole rows that are seen at once.
    pub(crate) fn page(&self) -> u32 {
        (self.row_at(self.height) as u32).saturating_sub(1).max(1)
    }

    /// Where to scroll so that a caret is seen: its row and its `x` from the start of the text.
    pub(crate) fn reveal(&self, row: usize, x: f64, how: Reveal) -> (f64, f64) {
        let (y, height) = (times(row, self.line_height), self.line_height);
        let seen = self.top <= y && y + height <= self.top + self.height;
        let top = match how {
            Reveal::Center if !seen => y - (self.height - height) / 2.0,
            Reveal::Center | Reveal::Nearest if seen => self.top,
            _ if y < self.top => y,
            _ => y + height - self.height,
        };
        // A little room, so that what comes next is seen as well.
        let room = (self.width / 4.0).min(80.0);
        let left = if x < self.left + room {
            x - room
        } else if x + room > self.left + self.width {
            x + room - self.width
        } else {
            self.left
        };
        (top.max(0.0), left.max(0.0))
    }
}

/// So many times a length.
pub(crate) fn times(count: usize, length: f64) -> f64 {
    f64::from(count as u32) * length
}

/// The whole part of a number; 0 for one below.
#[expect(clippy::cast_sign_loss, reason = "what is below 0 becomes 0")]
pub(crate) fn whole(number: f64) -> usize {
    number as usize
}

/// How far to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reveal {
    /// As little as possible: a caret that moves.
    Nearest,
    /// To the middle, if it is not seen: a jump.
    Center,
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Viewport = Viewport {
        top: 1000.0,
        left: 0.0,
        width: 600.0,
        height: 200.0,
        line_height: 20.0,
    };

    #[test]
    fn draws_what_is_seen_and_a_little_more() {
        assert_eq!(VIEW.rows(1000), 34..77);
        assert_eq!(VIEW.rows(40), 34..40);
        assert_eq!(Viewport::default().rows(3), 0..3);
    }

    #[test]
    fn scrolls_as_little_as_possible() {
        assert_eq!(VIEW.reveal(55, 0.0, Reveal::Nearest), (1000.0, 0.0));
        assert_eq!(VIEW.reveal(49, 0.0, Reveal::Nearest), (980.0, 0.0));
        assert_eq!(VIEW.reveal(60, 700.0, Reveal::Nearest), (1020.0, 180.0));
    }

    #[test]
    fn jumps_to_the_middle() {
        assert_eq!(VIEW.reveal(500, 0.0, Reveal::Center), (9910.0, 0.0));
        assert_eq!(VIEW.reveal(55, 0.0, Reveal::Center), (1000.0, 0.0));
    }
}
