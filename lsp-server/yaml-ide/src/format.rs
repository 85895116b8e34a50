//! Layout: whole files, ranges, and the indentation of a line just begun.
//!
//! Nothing here changes what a text means: comments and the texts of block scalars stay as they are.

use yaml_syntax::format::{Options, Sequences};
use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Parse, TextRange, TextSize};

use crate::completion::context::is_text;
use crate::completion::outline;
use crate::rename::TextEdit;
use crate::skeleton::Layout;
use crate::{Analysis, FileId, layout};

/// The changes that lay out `file`: each document by its first lines, no blanks at the ends of
/// lines, one line end at the end. A document that is broken keeps its layout.
pub fn format(analysis: &Analysis, file: FileId) -> Vec<TextEdit> {
    let Some(parse) = analysis.parse(file) else {
        return Vec::new();
    };
    let laid_out = parse.documents().flat_map(|document| {
        let start = document.range().start();
        let layout = layout::of(parse, start, analysis.config());
        yaml_syntax::format::format(document, options(layout))
    });
    let mut edits: Vec<TextEdit> = laid_out
        .map(|edit| TextEdit {
            range: edit.range,
            insert: edit.insert,
        })
        .collect();
    let end = parse.source().len();
    let all = TextRange::new(TextSize::from(0), end);
    edits.extend(trimmed(parse, all));
    edits.extend(line_end(parse, end));
    disjoint(edits)
}

fn options(layout: Layout) -> Options {
    Options {
        step: layout.step as u32,
        sequences: if layout.indent_sequences {
            Sequences::Indented
        } else {
            Sequences::Flush
        },
    }
}

/// The line end that the last line lacks.
fn line_end(parse: &Parse, end: TextSize) -> Option<TextEdit> {
    let source = parse.source();
    let last = source.line_range(source.line_count().saturating_sub(1));
    let open = !source.slice(last).trim().is_empty() && !is_text(source, end);
    open.then(|| TextEdit {
        range: TextRange::empty(end),
        insert: "\n".to_owned(),
    })
}

/// Of changes that meet, the earlier ones.
fn disjoint(mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let mut kept: Vec<TextEdit> = Vec::new();
    // The sort is stable: of those that start together, the layout of documents comes first.
    sort_by_number(&mut edits, |edit| edit.range.start().into());
    for edit in edits {
        if kept
            .last()
            .is_none_or(|last| last.range.end() < edit.range.start())
        {
            kept.push(edit);
        }
    }
    kept
}

/// The changes that lay out the lines that `range` touches: those of the whole file there.
pub fn format_range(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<TextEdit> {
    let edits = format(analysis, file).into_iter();
    edits
        .filter(|edit| edit.range.start() <= range.end() && range.start() <= edit.range.end())
        .collect()
}

/// Blanks at the ends of lines.
fn trimmed(parse: &Parse, range: TextRange) -> Vec<TextEdit> {
    let source = parse.source();
    let first = source.line_col(range.start()).line;
    let last = source.line_col(range.end()).line;
    let blanks = (first..=last).filter_map(|row| {
        let line = source.line_range(row);
        let text = source.slice(line);
        let kept = text.trim_end_matches([' ', '\t']);
        let start = line.start() + TextSize::of(kept);
        let gone = TextRange::new(start, line.end());
        (!gone.is_empty() && !is_text(source, line.end())).then(|| TextEdit {
            range: gone,
            insert: String::new(),
        })
    });
    blanks.collect()
}

/// The changes after `typed` was typed and the cursor stands at `offset`: the indentation of the
/// line that was begun. Behind a key without a value it is one step deeper.
pub fn format_on_type(
    analysis: &Analysis,
    file: FileId,
    offset: TextSize,
    typed: char,
) -> Vec<TextEdit> {
    let edit = analysis
        .parse(file)
        .filter(|_| typed == '\n')
        .and_then(|parse| indentation(analysis, parse, offset));
    edit.into_iter().collect()
}

fn indentation(analysis: &Analysis, parse: &Parse, offset: TextSize) -> Option<TextEdit> {
    let source = parse.source();
    let row = source.line_col(offset).line;
    let line = source.line_range(row);
    let text = source.slice(line);
    if !text.trim().is_empty() || is_text(source, offset) {
        return None;
    }
    let above = outline::columns_above(source, row);
    let step = layout::of(parse, offset, analysis.config()).step;
    let column = match (above.fresh, above.mappings.first()) {
        (Some(key), _) => key + step,
        (None, Some(column)) => *column,
        (None, None) => 0,
    };
    (text.len() != column).then(|| TextEdit {
        range: line,
        insert: " ".repeat(column),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn blanks_at_the_ends_of_lines_go() {
        check("a: 1  \nb:\t\n  - x \n\nc: 2", "a: 1\nb:\n  - x\n\nc: 2\n");
    }

    #[test]
    fn documents_are_laid_out_and_broken_ones_are_not() {
        check("a:\n  b:\n      c: 1\n", "a:\n  b:\n    c: 1\n");
        check("a:   1\n---\nb: \"x\n", "a: 1\n---\nb: \"x\n");
    }

    #[test]
    fn texts_keep_their_blanks() {
        check("a: |\n  x  \n  y \nb: 1\n", "a: |\n  x  \n  y \nb: 1\n");
    }

    #[test]
    fn a_line_is_begun_where_its_keys_stand() {
        check_typed("spec:\n$0\n", "spec:\n  \n");
        check_typed("spec:\n  a: 1\n$0", "spec:\n  a: 1\n  ");
        check_typed("ports:\n- name: a\n$0", "ports:\n- name: a\n  ");
        check_typed("a: |\n  text\n  $0", "a: |\n  text\n  ");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let analysis = fixture::plain(text);
        assert_eq!(apply(&analysis, format(&analysis, FileId(0))), expected);
    }

    #[track_caller]
    fn check_typed(fixture: &str, expected: &str) {
        let (analysis, file, offset) = fixture::position(fixture);
        let edits = format_on_type(&analysis, file, offset, '\n');
        assert_eq!(apply(&analysis, edits), expected);
    }

    fn apply(analysis: &Analysis, edits: Vec<TextEdit>) -> String {
        let mut text = analysis.source(FileId(0)).unwrap().to_string();
        for edit in edits.into_iter().rev() {
            text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
        }
        text
    }
}
