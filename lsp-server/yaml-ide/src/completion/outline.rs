//! The lines above the cursor: in which columns a key could stand.

use yaml_syntax::{Source, TextRange, TextSize};

/// What a line of a block consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The columns of its dashes.
    pub(super) dashes: Vec<usize>,
    /// The column of what comes after indentation and dashes.
    pub(super) content: usize,
    /// The column of the colon behind its key.
    pub(super) colon: Option<usize>,
    /// The column of the value behind the colon; the end of the code where there is none.
    pub(super) value: usize,
    /// The column where blanks at the end, or a comment, begin.
    pub(super) end: usize,
}

/// Takes a line apart.
pub(super) fn line(text: &str) -> Line {
    let bytes = text.as_bytes();
    let blanks = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| **byte == b' ').count()
    };
    // A tab is no indentation, but the text is behind it.
    let tabs = |byte: &&u8| matches!(**byte, b' ' | b'\t');
    let mut content = bytes.iter().take_while(tabs).count();
    let mut dashes = Vec::new();
    while bytes.get(content) == Some(&b'-')
        && matches!(bytes.get(content + 1), None | Some(b' ' | b'\r'))
    {
        dashes.push(content);
        content = blanks(content + 1);
    }
    let (colon, end) = key_and_end(bytes, content);
    let value = colon.map_or(end, |colon| blanks(colon + 1).min(end.max(colon + 1)));
    Line {
        dashes,
        content,
        colon,
        value,
        end,
    }
}

/// The first colon that ends a key, and the end of the code.
fn key_and_end(bytes: &[u8], content: usize) -> (Option<usize>, usize) {
    let mut at = content;
    let mut colon = None;
    let mut quote = None;
    let mut end = content;
    let mut fresh = true;
    // The colons of a collection in brackets end keys of its own.
    let in_brackets = matches!(bytes.get(content), Some(b'{' | b'['));
    while let Some(byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(b'"'), b'\\') => at += 1,
            (None, b'"' | b'\'') if fresh => quote = Some(*byte),
            (None, b'#') if before.is_none_or(|byte| *byte == b' ') => break,
            (None, b':')
                if colon.is_none()
                    && !in_brackets
                    && matches!(bytes.get(at + 1), None | Some(b' ' | b'\r')) =>
            {
                colon = Some(at);
                fresh = true;
                at += 1;
                end = at;
                continue;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            end = at + 1;
            fresh = false;
        }
        at += 1;
    }
    (colon, end.min(bytes.len()))
}

/// Where a key may stand on an empty line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Columns of mappings that are open, the deepest first.
    pub(crate) mappings: Vec<usize>,
    /// Columns of dashes whose sequences are open, the deepest first.
    pub(crate) sequences: Vec<usize>,
    /// The column of the key or dash right above, if it has no value yet: anything deeper is its.
    pub(crate) fresh: Option<usize>,
}

/// Reads the lines above `row`, up to the start of its document.
pub(crate) fn columns_above(source: &Source, row: u32) -> Columns {
    let mut columns = Columns::default();
    // A key may stand in the column of the dashes that are its value, a dash never in that of a key.
    let (mut key_limit, mut dash_limit) = (usize::MAX, usize::MAX);
    let mut nearest = true;
    let mut lowest = usize::MAX;
    for row in (0..row).rev() {
        let text = source.slice(source.line_range(row));
        let text = text.trim_end();
        if text.starts_with("---") || text.starts_with("...") {
            break;
        }
        let line = line(text);
        if line.end == line.content && line.dashes.is_empty() {
            continue;
        }
        // A line further left has ended the text of the scalar.
        if let Some(column) = header(text, &line).filter(|column| *column < lowest) {
            forget_below(&mut columns, column);
        }
        lowest = lowest.min(line.dashes.first().copied().unwrap_or(line.content));
        if nearest {
            columns.fresh = fresh(text, &line);
            nearest = false;
        }
        if line.colon.is_some() && line.content < key_limit {
            columns.mappings.push(line.content);
            (key_limit, dash_limit) = (line.content, line.content);
        }
        for dash in line.dashes.iter().rev().copied() {
            if dash < dash_limit {
                columns.sequences.push(dash);
                (key_limit, dash_limit) = (dash + 1, dash);
            }
        }
        if columns.mappings.last() == Some(&0) {
            break;
        }
    }
    columns
}

/// The column of the key or dash whose value is a block scalar that starts in this line.
fn header(text: &str, line: &Line) -> Option<usize> {
    let code = text.get(line.value..line.end)?;
    let bare = match line.colon {
        Some(_) => code,
        None => text.get(line.content..line.end)?,
    };
    let marks = |c: char| matches!(c, '+' | '-' | '0'..='9');
    let is_header = bare.starts_with(['|', '>']) && bare.get(1..)?.chars().all(marks);
    is_header.then(|| match (line.colon, line.dashes.last()) {
        (None, Some(dash)) => *dash,
        _ => line.content,
    })
}

/// What was read below was the text of a scalar.
fn forget_below(columns: &mut Columns, column: usize) {
    columns.mappings.retain(|inner| *inner <= column);
    columns.sequences.retain(|inner| *inner <= column);
    if columns.fresh.is_some_and(|fresh| fresh > column) {
        columns.fresh = None;
    }
}

fn fresh(text: &str, line: &Line) -> Option<usize> {
    let value = text.get(line.value..line.end).unwrap_or_default();
    let only_properties = value
        .split_whitespace()
        .all(|word| word.starts_with(['&', '!']));
    match (line.colon, line.dashes.last()) {
        (Some(_), _) if only_properties => Some(line.content),
        (None, Some(dash)) if line.content >= line.end => Some(*dash),
        _ => None,
    }
}

/// The indentation of the first line with something on it below `row`, in the same document.
pub(super) fn indent_below(source: &Source, row: u32) -> Option<usize> {
    let line = line_below(source, row)?;
    Some(line.dashes.first().copied().unwrap_or(line.content))
}

/// The column of the first dash of the line below, if it begins with one.
pub(super) fn dash_below(source: &Source, row: u32) -> Option<usize> {
    line_below(source, row)?.dashes.first().copied()
}

fn line_below(source: &Source, row: u32) -> Option<Line> {
    for row in row + 1..source.line_count() {
        let text = source.slice(source.line_range(row));
        let text = text.trim_end();
        if text.starts_with("---") || text.starts_with("...") {
            return None;
        }
        let line = line(text);
        if line.end > line.content || !line.dashes.is_empty() {
            return Some(line);
        }
    }
    None
}

/// A part of a line, in bytes of the whole text.
pub(super) fn range(start_of_line: TextSize, from: usize, to: usize) -> TextRange {
    let at = |column: usize| start_of_line + TextSize::from(column as u32);
    TextRange::new(at(from), at(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        check_line(
            "  - name: web # x",
            "dashes [2] content 4 colon Some(8) value 10 end 13",
        );
        check_line("- - a", "dashes [0, 2] content 4 colon None value 5 end 5");
        check_line(
            "\"a: b\": c",
            "dashes [] content 0 colon Some(6) value 8 end 9",
        );
        check_line(
            "url: http://x",
            "dashes [] content 0 colon Some(3) value 5 end 13",
        );
        check_line("spec:", "dashes [] content 0 colon Some(4) value 5 end 5");
        check_line("- {a: b}", "dashes [0] content 2 colon None value 8 end 8");
        check_line("  repl", "dashes [] content 2 colon None value 6 end 6");
        check_line("  -", "dashes [2] content 3 colon None value 3 end 3");
    }

    #[test]
    fn the_lines_above_open_columns() {
        check_columns("spec:\n  replicas: 3\n", &[2, 0], &[], None);
        check_columns("spec:\n", &[0], &[], Some(0));
        check_columns(
            "spec:\n  ports:\n  - name: a\n    port: 1\n",
            &[4, 2, 0],
            &[2],
            None,
        );
        check_columns("args:\n  -\n", &[0], &[2], Some(2));
        check_columns("data:\n  a: |\n    x: y\n\n", &[2, 0], &[], None);
        check_columns(
            "a:\n  - - |\n      x: y\nb:\n  - c: 1\n    d: 2\n",
            &[4, 0],
            &[2],
            None,
        );
        check_columns("a: 1\n---\n", &[], &[], None);
        check_columns("a:\n  b: c\n  d\n", &[2, 0], &[], None);
    }

    #[track_caller]
    fn check_line(text: &str, expected: &str) {
        let Line {
            dashes,
            content,
            colon,
            value,
            end,
        } = line(text);
        let shown =
            format!("dashes {dashes:?} content {content} colon {colon:?} value {value} end {end}");
        assert_eq!(shown, expected);
    }

    #[track_caller]
    fn check_columns(text: &str, mappings: &[usize], sequences: &[usize], fresh: Option<usize>) {
        let parse = yaml_syntax::parse(text);
        let source = parse.source();
        let columns = columns_above(source, source.line_count() - 1);
        assert_eq!(columns.mappings, mappings);
        assert_eq!(columns.sequences, sequences);
        assert_eq!(columns.fresh, fresh);
    }
}
