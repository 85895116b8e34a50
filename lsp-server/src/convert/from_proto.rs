//! LSP → ours: the only place that reads the client's columns.

use tower_lsp::ls_types as lsp;
use yaml_syntax::{LineCol, TextRange, TextSize};

use super::{Encoding, Lines};

/// The offset of a position; clamped to its line and to the text, as the protocol asks.
pub(crate) fn offset(lines: Lines<'_>, at: lsp::Position) -> TextSize {
    let encoded = LineCol {
        line: at.line,
        col: at.character,
    };
    if at.line >= lines.source.line_count() {
        return lines.source.len();
    }
    let at = match lines.encoding {
        Encoding::Utf8 => return on_char(lines, lines.source.offset(encoded)),
        Encoding::Utf16 => lines.source.from_utf16(encoded),
        Encoding::Utf32 => chars_to_bytes(lines, encoded),
    };
    lines.source.offset(at)
}

/// The range between two positions, whichever of them is told as the start.
pub(crate) fn range(lines: Lines<'_>, range: lsp::Range) -> TextRange {
    let (start, end) = (offset(lines, range.start), offset(lines, range.end));
    TextRange::new(start.min(end), start.max(end))
}

/// A client that counts bytes may point into the middle of a character.
fn on_char(lines: Lines<'_>, offset: TextSize) -> TextSize {
    let line = lines.source.line_col(offset).line;
    let range = lines.source.line_range(line);
    let text = lines.source.slice(range);
    let mut col = usize::from(offset - range.start().min(offset)).min(text.len());
    while !text.is_char_boundary(col) {
        col -= 1;
    }
    range.start() + TextSize::from(col as u32)
}

fn chars_to_bytes(lines: Lines<'_>, at: LineCol) -> LineCol {
    let text = lines.source.slice(lines.source.line_range(at.line));
    let col = text
        .chars()
        .take(at.col as usize)
        .map(char::len_utf8)
        .sum::<usize>();
    LineCol {
        line: at.line,
        col: col as u32,
    }
}
