//! Commenting lines out and in.

use super::lines;
use crate::change::ChangeSet;
use crate::state::EditorState;
use crate::transaction::Transaction;

/// Comments the lines of the carets out, or in where all of them are comments.
pub fn toggle(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let all: Vec<usize> = lines::of_carets(state).into_iter().flatten().collect();
    let filled: Vec<usize> = all
        .iter()
        .copied()
        .filter(|&it| !text.line(it).trim().is_empty())
        .collect();
    let lines = if filled.is_empty() { all } else { filled };
    let indent = |line: usize| {
        let content = text.line(line);
        content.len() - content.trim_start().len()
    };
    let commented = |line: usize| text.line(line).trim_start().starts_with('#');
    let edits: Vec<_> = if lines.iter().all(|&it| commented(it)) {
        lines
            .iter()
            .map(|&line| {
                let start = text.line_start(line) + indent(line);
                let blank = text.slice(start..text.line_end(line)).starts_with("# ");
                (start..start + 1 + usize::from(blank), "")
            })
            .collect()
    } else {
        let column = lines.iter().map(|&it| indent(it)).min()?;
        let at = |line| text.line_start(line) + column;
        lines
            .iter()
            .map(|&line| (at(line)..at(line), "# "))
            .collect()
    };
    lines::change_keeping_columns(state, ChangeSet::of(text, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    #[test]
    fn comments_out_at_the_least_indentation_and_in_again() {
        check(toggle, "  a:$0\n\n    b$0", "  # a:$0\n\n  #   b$0");
        check(toggle, "  # a:$0\n\n  #   b$0", "  a:$0\n\n    b$0");
        check(toggle, "#a$0", "a$0");
    }

    #[test]
    fn a_line_that_is_no_comment_comments_all_out() {
        check(toggle, "$0# a\nb$0", "$0# # a\n# b$0");
    }

    #[test]
    fn an_empty_line_becomes_a_comment() {
        check(toggle, "a\n$0\n", "a\n# $0\n");
    }
}
