//! Parsing a text, and parsing again what an edit touches.

use std::sync::Arc;

use crate::TextRange;
use crate::parser::{self, boundaries};
use crate::source::{Piece, Source, floor_char};
use crate::tree::Segment;

/// Parses a whole stream.
pub(crate) fn parse(text: &str) -> Source {
    let mut source = Source::default();
    let documents = documents(text);
    splice(&mut source, 0..0, documents);
    source
}

/// The segments of each document of `text`.
fn documents(text: &str) -> Vec<Vec<Segment>> {
    let starts = boundaries(text).starts;
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let ranges = starts.iter().copied().zip(ends);
    let texts = ranges.map(|(start, end)| text.get(start..end).unwrap_or_default());
    texts.map(parser::document).collect()
}

/// Replaces a range of the text.
pub(crate) fn edit(source: &mut Source, range: TextRange, insert: &str) {
    let text = source.to_string();
    let start = floor_char(&text, range.start().into());
    let end = floor_char(&text, range.end().into()).max(start);
    let (head, tail) = (text.get(..start), text.get(end..));
    let text = [head.unwrap_or_default(), insert, tail.unwrap_or_default()].concat();
    *source = parse(&text);
}

/// Replaces some documents by others.
fn splice(source: &mut Source, replaced: std::ops::Range<usize>, documents: Vec<Vec<Segment>>) {
    let _ = replaced;
    let mut pieces = Vec::new();
    let (mut start, mut line) = (0, 0);
    let mut firsts = Vec::with_capacity(documents.len());
    for segments in documents {
        firsts.push(pieces.len() as u32);
        for segment in segments {
            let piece = Piece {
                segment: Arc::new(segment),
                start,
                line,
            };
            (start, line) = (piece.end(), piece.end_line());
            pieces.push(piece);
        }
    }
    source.pieces = pieces;
    source.documents = firsts;
}
