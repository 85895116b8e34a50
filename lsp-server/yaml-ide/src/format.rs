//! Layout: whole files, ranges, and the indentation of a line just begun.
//!
//! Nothing here changes what a text means: comments and the texts of block scalars stay as they are.

use yaml_syntax::format::{Options, Sequences};
use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Document, Parse, Source, TextRange, TextSize};

use crate::completion::context::is_text;
use crate::completion::outline;
use crate::pieces::meet;
use crate::rename::TextEdit;
use crate::skeleton::Layout;
use crate::{Analysis, FileId, layout};

/// The changes that lay out `file`: each document by its first lines, no blanks at the ends of
/// lines, one line end at the end. A document that is broken keeps its layout.
pub fn format(analysis: &Analysis, file: FileId) -> Vec<TextEdit> {
    format_in_pieces(analysis, file).flatten().collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn format_in_pieces(analysis: &Analysis, file: FileId) -> impl Iterator<Item = Vec<TextEdit>> {
    let parse = analysis.parse(file).into_iter();
    parse.flat_map(|parse| {
        let all = TextRange::new(TextSize::from(0), parse.source().len());
        in_pieces(analysis, parse, all)
    })
}

/// The changes of each document that touches `range`.
fn in_pieces(
    analysis: &Analysis,
    parse: &Parse,
    range: TextRange,
) -> impl Iterator<Item = Vec<TextEdit>> {
    let near = parse.documents().filter(move |it| meet(it.range(), range));
    let mut end = None;
    near.map(move |document| {
        let mut edits = disjoint(edits(analysis, parse, document), end);
        if document.range().end() == parse.source().len() {
            with_line_end(parse, &mut edits);
        }
        end = edits.last().map(|edit| edit.range.end()).or(end);
        edits
    })
}

fn edits(analysis: &Analysis, parse: &Parse, document: Document<'_>) -> Vec<TextEdit> {
    let range = document.range();
    let layout = layout::of(parse, range.start(), analysis.config());
    let laid_out = yaml_syntax::format::format(document, options(layout));
    let laid_out = laid_out.into_iter().map(|edit| TextEdit {
        range: edit.range,
        insert: edit.insert,
    });
    let mut edits: Vec<TextEdit> = laid_out.collect();
    edits.extend(trimmed(parse, range));
    edits
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

/// Adds the line end that the last line lacks.
fn with_line_end(parse: &Parse, edits: &mut Vec<TextEdit>) {
    let source = parse.source();
    let end = source.len();
    let last = source.line_range(source.line_count().saturating_sub(1));
    if source.slice(last).trim().is_empty() || is_text(source, end) {
        return;
    }
    let line_end = line_break(source);
    match edits.last_mut().filter(|last| last.range.end() == end) {
        Some(last) => last.insert.push_str(line_end),
        None => edits.push(TextEdit {
            range: TextRange::empty(end),
            insert: line_end.to_owned(),
        }),
    }
}

/// What ends the lines of a text.
fn line_break(source: &Source) -> &'static str {
    let first = source.line_range(0).end();
    let behind = TextRange::new(first, source.len().min(first + TextSize::from(1)));
    if source.slice(behind) == "\r" {
        "\r\n"
    } else {
        "\n"
    }
}

/// Of changes that meet, the earlier ones; all behind `end`.
fn disjoint(mut edits: Vec<TextEdit>, mut end: Option<TextSize>) -> Vec<TextEdit> {
    // The sort is stable: of those that start together, the layout of documents comes first.
    sort_by_number(&mut edits, |edit| edit.range.start().into());
    edits.retain(|edit| {
        let is_kept = end.is_none_or(|end| end < edit.range.start());
        if is_kept {
            end = Some(edit.range.end());
        }
        is_kept
    });
    edits
}

/// The changes that lay out the lines that `range` touches: those of the whole file there, and where
/// lines cannot move without their neighbors, those of all of the document.
pub fn format_range(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<TextEdit> {
    let Some(parse) = analysis.parse(file) else {
        return Vec::new();
    };
    let all: Vec<TextEdit> = in_pieces(analysis, parse, range).flatten().collect();
    let near = |range| {
        let near = all.iter().filter(|edit| meet(edit.range, range));
        near.cloned().collect::<Vec<_>>()
    };
    let edits = near(range);
    if keeps_meaning(parse, range, &edits) {
        return edits;
    }
    let document = parse.document_at(range.start());
    document.map_or(edits, |document| near(document.range()))
}

/// Whether the documents of `range` read the same after `edits`.
fn keeps_meaning(parse: &Parse, range: TextRange, edits: &[TextEdit]) -> bool {
    let mut after = parse.clone();
    for edit in edits.iter().rev() {
        after.edit(edit.range, &edit.insert);
    }
    let value = |document| {
        let read = yaml_syntax::json::document(document);
        read.map(|read| read.value).ok()
    };
    let mut pairs = parse.documents().zip(after.documents());
    pairs.all(|(before, after)| !meet(before.range(), range) || value(before) == value(after))
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
