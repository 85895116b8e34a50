//! What the highlighter has to know before each line, kept over edits.

use yaml_syntax::highlight::{LineState, Span, highlight_line, next_state};

use crate::change::ChangeSet;
use crate::text::Text;

/// Edits of more places than this forget what stands behind the first.
const MANY: usize = 64;

/// The states before lines, as far as they were asked for.
#[derive(Debug, Clone)]
pub struct Colors {
    /// The state before each line.
    states: Vec<LineState>,
    /// States behind the first line may be wrong, at least up to the second.
    stale: Option<(usize, usize)>,
}

impl Default for Colors {
    fn default() -> Self {
        Self {
            states: vec![LineState::default()],
            stale: None,
        }
    }
}

impl Colors {
    /// Adds the colored parts of `line` to `spans`.
    pub fn highlight(&mut self, text: &Text, line: usize, content: &str, spans: &mut Vec<Span>) {
        highlight_line(content, self.before(text, line), spans);
    }

    /// The state before `line`.
    pub fn before(&mut self, text: &Text, line: usize) -> LineState {
        self.mend(text, line);
        let known = self.states.len() - 1;
        if known < line {
            let mut state = self.states[known];
            for content in text.lines_from(known).take(line - known) {
                state = next_state(&content, state);
                self.states.push(state);
            }
        }
        self.states.get(line).copied().unwrap_or_default()
    }

    /// Goes on from the first stale state until one is as it was, or up to `line`.
    fn mend(&mut self, text: &Text, line: usize) {
        let Some((from, until)) = self.stale else {
            return;
        };
        if line <= from {
            return;
        }
        let mut at = from;
        let mut state = self.states[from];
        for content in text.lines_from(from).take(line - from) {
            state = next_state(&content, state);
            at += 1;
            let Some(known) = self.states.get_mut(at) else {
                self.stale = None;
                return;
            };
            if *known == state && at >= until {
                self.stale = None;
                return;
            }
            *known = state;
        }
        // What lies behind was computed from an older state: it has to be passed before equality
        // says anything.
        self.stale = (at + 1 < self.states.len()).then_some((at, until.max(at + 1)));
    }

    /// Takes in a change of the text.
    pub fn apply(&mut self, before: &Text, changes: &ChangeSet, after: &Text) {
        if changes.len() > MANY {
            let first = changes
                .iter()
                .next()
                .map_or(0, |it| before.line_of(it.old.start));
            self.states.truncate(first + 1);
            self.stale = self.stale.filter(|&(from, _)| from + 1 < self.states.len());
            return;
        }
        for change in changes.iter() {
            // Changes before this one are already made, so lines count as in the text after.
            let line = after.line_of(change.new.start);
            let removed = before.line_of(change.old.end) - before.line_of(change.old.start);
            let added = after.line_of(change.new.end) - line;
            self.splice(line, removed, added);
        }
    }

    fn splice(&mut self, line: usize, removed: usize, added: usize) {
        if line + 1 >= self.states.len() {
            self.states.truncate(line + 1);
            return;
        }
        let end = (line + 1 + removed).min(self.states.len());
        let fresh = std::iter::repeat_n(LineState::default(), added);
        self.states.splice(line + 1..end, fresh);
        let until = line + added + 1;
        self.stale = Some(match self.stale {
            Some((from, old)) if old > line => (
                from.min(line),
                (old + added).saturating_sub(removed).max(until),
            ),
            Some((from, _)) => (from.min(line), until),
            None => (line, until),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_open_quote_colors_what_follows_until_it_is_closed() {
        let before = Text::new("a: x\nb: y\nc: z\n");
        let mut colors = Colors::default();
        colors.before(&before, 3);
        let open = ChangeSet::replace(&before, 3..3, "'");
        let after = open.apply(&before);
        colors.apply(&before, &open, &after);
        assert!(colors.before(&after, 2).in_quotes());
        let close = open.invert(&before);
        colors.apply(&after, &close, &before);
        assert!(!colors.before(&before, 2).in_quotes());
    }

    proptest! {
        #[test]
        fn states_are_those_of_a_fresh_start(
            text in "([ab:|'\\[ ]{0,4}\n){0,12}",
            edits in prop::collection::vec(
                (0usize..60, 0usize..12, "[a'|\\[\n]{0,3}", 0usize..14, 0usize..3), 1..8,
            ),
        ) {
            let mut text = Text::new(&text);
            let mut colors = Colors::default();
            for (start, len, insert, asked, second) in edits {
                let other = start + len + second;
                let places = [(start..start + len, insert.as_str()), (other..other + second, "'\n")];
                let changes = ChangeSet::of(&text, places);
                let after = changes.apply(&text);
                colors.apply(&text, &changes, &after);
                text = after;
                let asked = asked.min(text.line_count() - 1);
                prop_assert_eq!(colors.before(&text, asked), Colors::default().before(&text, asked));
            }
            for line in 0..text.line_count() {
                prop_assert_eq!(colors.before(&text, line), Colors::default().before(&text, line));
            }
        }
    }
}
