//! Line breaks that indent, Tab, and back.

use yaml_syntax::highlight::{Class, LineState, highlight_line};

use super::lines;
use crate::change::ChangeSet;
use crate::selection::Caret;
use crate::state::EditorState;
use crate::text::Text;
use crate::transaction::{Origin, Transaction};
use crate::words::columns;

/// Blanks of one step.
pub(crate) const STEP: usize = 2;
/// Lines looked back at to find what a line belongs to.
const LOOK_BACK: usize = 500;

/// Breaks the line at each caret and indents what follows as its parent asks for.
pub fn new_line(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    Some(Transaction::at_carets(state, Origin::Type, |caret| {
        let line = text.line_of(caret.start());
        let line_start = text.line_start(line);
        let before = text.slice(line_start..caret.start());
        let rest = text.slice(caret.end()..text.line_end(text.line_of(caret.end())));
        let indent = if before.trim().is_empty() {
            before.len()
        } else {
            indent_below(text, line, &before)
        };
        let mut insert = format!("\n{}", " ".repeat(indent));
        let head = insert.len();
        let closes = before.ends_with(['{', '[']) && rest.starts_with(['}', ']']);
        if closes {
            insert += "\n";
            insert += &" ".repeat(blanks(&before));
        }
        // A line of nothing but blanks is left empty, and blanks behind the caret go with it.
        let from = if before.trim().is_empty() {
            line_start
        } else {
            caret.start()
        };
        let skipped = if closes {
            0
        } else {
            rest.len() - rest.trim_start_matches(' ').len()
        };
        (from..caret.end() + skipped, insert, head)
    }))
}

/// Opens a line below that of each caret.
pub fn line_below(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    Some(Transaction::at_carets(state, Origin::Type, |caret| {
        let line = text.line_of(caret.head);
        let indent = indent_below(text, line, &text.line(line));
        let insert = format!("\n{}", " ".repeat(indent));
        let end = text.line_end(line);
        let head = insert.len();
        (end..end, insert, head)
    }))
}

/// Opens a line above that of each caret.
pub fn line_above(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    Some(Transaction::at_carets(state, Origin::Type, |caret| {
        let line = text.line_of(caret.head);
        let indent = blanks(&text.line(line));
        let start = text.line_start(line);
        (start..start, " ".repeat(indent) + "\n", indent)
    }))
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The indentation of a line below `before`, the text of `line` up to where it is broken.
fn indent_below(text: &Text, line: usize, before: &str) -> usize {
    let own = blanks(before);
    if in_block_scalar(text, line) {
        return own;
    }
    let mut spans = Vec::new();
    let state = highlight_line(before, LineState::default(), &mut spans);
    spans.retain(|it| it.class != Class::Comment);
    let slice = |start: u32, end: u32| before.get(start as usize..end as usize).unwrap_or("");
    let dashes = spans
        .iter()
        .take_while(|it| slice(it.start, it.end) == "-")
        .count();
    let Some(last) = spans.last() else { return own };
    let column = |idx: usize| spans.get(idx).map_or(own, |it| it.start as usize);
    let key = column(dashes);
    let has_key = spans.get(dashes).is_some_and(|it| it.class == Class::Key);
    if state.flow_depth() > 0 && matches!(slice(last.start, last.end), "{" | "[") {
        return own + STEP;
    }
    match slice(last.start, last.end) {
        ":" | "?" => key + STEP,
        _ if state.in_block_scalar() && has_key => key + STEP,
        _ if state.in_block_scalar() => own + STEP,
        _ if has_key => key,
        _ => own,
    }
}

/// Whether `line` is text of a block scalar, judged by the lines above that it belongs to.
pub(crate) fn in_block_scalar(text: &Text, line: usize) -> bool {
    let content = text.line(line);
    let mut indent = if content.trim().is_empty() {
        usize::MAX
    } else {
        blanks(&content)
    };
    for above in (line.saturating_sub(LOOK_BACK)..line).rev() {
        let content = text.line(above);
        if content.trim().is_empty() || blanks(&content) >= indent {
            continue;
        }
        if highlight_line(&content, LineState::default(), &mut Vec::new()).in_block_scalar() {
            return true;
        }
        indent = blanks(&content);
        if indent == 0 {
            return false;
        }
    }
    false
}

/// Indents lines that are selected; else inserts blanks up to the next stop.
pub fn tab(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let spans_lines = |it: &Caret| text.line_of(it.start()) != text.line_of(it.end());
    if state.selection().carets().iter().any(spans_lines) {
        return indent(state);
    }
    Some(Transaction::at_carets(state, Origin::Type, |caret| {
        let start = text.line_start(text.line_of(caret.start()));
        let column = columns(&text.slice(start..caret.start())) as usize;
        let insert = " ".repeat(STEP - column % STEP);
        let head = insert.len();
        (caret.range(), insert, head)
    }))
}

/// Indents all lines of the carets, but those without text.
pub fn indent(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let edits = lines::of_carets(state)
        .into_iter()
        .flatten()
        .filter_map(|line| {
            let start = text.line_start(line);
            let step = " ".repeat(STEP - blanks(&text.line(line)) % STEP);
            (!text.line(line).is_empty()).then_some((start..start, step))
        });
    lines::change_keeping_columns(state, ChangeSet::of(text, edits))
}

/// Takes one step of indentation from all lines of the carets.
pub fn outdent(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let edits = lines::of_carets(state).into_iter().flatten().map(|line| {
        let start = text.line_start(line);
        let content = text.line(line);
        let blanks = blanks(&content);
        let excess = match blanks % STEP {
            0 => blanks.min(STEP),
            excess => excess,
        };
        let gone = if content.starts_with('\t') { 1 } else { excess };
        (start..start + gone, "")
    });
    lines::change_keeping_columns(state, ChangeSet::of(text, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    #[test]
    fn the_line_below_a_key_lies_deeper() {
        check(new_line, "spec:$0", "spec:\n  $0");
        check(new_line, "  - env: # of it$0", "  - env: # of it\n      $0");
        check(new_line, "a: |$0", "a: |\n  $0");
    }

    #[test]
    fn the_line_below_a_value_lies_as_deep_as_its_key() {
        check(new_line, "  a: b$0", "  a: b\n  $0");
        check(new_line, "- name: web$0", "- name: web\n  $0");
        check(new_line, "  - web$0", "  - web\n  $0");
    }

    #[test]
    fn text_of_a_block_scalar_keeps_its_indentation() {
        check(new_line, "a: |\n  if x:$0", "a: |\n  if x:\n  $0");
        check(new_line, "a: |\n  x\nb:$0", "a: |\n  x\nb:\n  $0");
    }

    #[test]
    fn a_line_of_blanks_is_left_empty() {
        check(new_line, "a:\n  $0", "a:\n\n  $0");
        check(new_line, "a: b$0 c", "a: b\n$0c");
    }

    #[test]
    fn a_bracket_is_closed_on_a_line_of_its_own() {
        check(new_line, "  a: {$0}", "  a: {\n    $0\n  }");
    }

    #[test]
    fn lines_open_below_and_above() {
        check(line_below, "sp$0ec: # x\nb", "spec: # x\n  $0\nb");
        check(line_above, "a\n  b$0", "a\n  $0\n  b");
    }

    #[test]
    fn tab_goes_to_the_next_stop_or_indents_what_is_selected() {
        check(tab, "a$0", "a $0");
        check(tab, "ab$0c$0", "ab  $0");
        check(tab, "$0a\n\nb$0", "$0  a\n\n  b$0");
        check(outdent, "$0  a\n b\n\nc$0", "$0a\nb\n\nc$0");
        check(outdent, "  a$0b", "a$0b");
    }
}
