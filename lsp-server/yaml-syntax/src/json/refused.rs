//! What YAML allows and kubectl's library, which is older, does not.

use crate::ast::Document;
use crate::cursor::Cursor;
use crate::json::JsonError;
use crate::line;
use crate::tree::Kind;
use crate::{TextRange, TextSize};

/// The first such place in a document without syntax errors.
pub(super) fn first(document: Document<'_>) -> Option<JsonError> {
    let mut flow = 0_u32;
    let mut last = u32::from(document.range().start());
    for element in document.elements() {
        let kind = element.kind();
        if let Some(message) = in_element(document, element, flow > 0) {
            return Some(JsonError::new(element.range(), message));
        }
        match kind {
            Kind::FlowMap | Kind::FlowSeq => flow += 1,
            Kind::Close => flow = flow.saturating_sub(1),
            Kind::Entry | Kind::Indent | Kind::BlockMap | Kind::BlockSeq | Kind::Pair => continue,
            _ => {}
        }
        let start = element.start();
        if flow == 0
            && let Some(error) = tab_between(document, last, start)
        {
            return Some(error);
        }
        last = if kind.is_branch() {
            start
        } else {
            element.end()
        };
    }
    tab_between(document, last, document.range().end().into())
}

fn in_element(document: Document<'_>, element: Cursor<'_>, is_flow: bool) -> Option<&'static str> {
    match element.kind() {
        Kind::Directive => Some("kubectl reads no directives; remove this line"),
        Kind::Anchor => {
            let name = element.text().get(1..).unwrap_or_default();
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            (!name.bytes().all(is_word))
                .then_some("kubectl takes letters, digits, `-` and `_` in the name of an anchor")
        }
        Kind::Tag => {
            let end = element.end();
            let behind = document.text(range(end, end + 1));
            let is_closed = behind.starts_with(|char: char| !char.is_ascii_whitespace());
            is_closed.then_some("kubectl needs a blank behind a tag")
        }
        Kind::DocumentStart => {
            let end = u32::from(document.range().end());
            let behind = document.text(range(element.end(), end));
            let rest = behind
                .split(['\n', '\r'])
                .next()
                .unwrap_or_default()
                .trim_start();
            (!rest.is_empty() && !rest.starts_with('#'))
                .then_some("kubectl takes nothing but a comment behind `---`")
        }
        Kind::Plain | Kind::Single | Kind::Double | Kind::Literal | Kind::Folded => {
            in_scalar(element, is_flow)
        }
        _ => None,
    }
}

fn in_scalar(scalar: Cursor<'_>, is_flow: bool) -> Option<&'static str> {
    let text = scalar.text();
    let kind = scalar.kind();
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Some("kubectl takes this character for a line break; write it as an escape");
    }
    if kind == Kind::Plain && is_flow && text.starts_with([':', '?']) {
        return Some("kubectl reads this first character as an indicator; put the text in quotes");
    }
    if kind == Kind::Plain && is_flow && text.contains('?') {
        return Some("kubectl ends a text within brackets at its `?`; put it in quotes");
    }
    if kind == Kind::Double && has_unreadable_escape(text) {
        return Some(
            "kubectl knows neither `\\/` nor halves of a character; write the character itself",
        );
    }
    let is_block = matches!(kind, Kind::Literal | Kind::Folded);
    (is_block && starts_with_tab(scalar)).then_some(
        "kubectl takes no tab at the start of a block text; name its indentation, as in `|2`",
    )
}

/// Whether the line that says how deep a block scalar is indented goes on with a tab.
fn starts_with_tab(scalar: Cursor<'_>) -> bool {
    let is_explicit = scalar
        .previous()
        .is_some_and(|before| before.kind() == Kind::Indent);
    let mut lines = scalar.text().lines().skip(1);
    let first = lines.find(|line| !line.trim_matches(' ').is_empty());
    !is_explicit && first.is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'))
}

/// `\/`, or one of the surrogates that make a character in JSON.
fn has_unreadable_escape(raw: &str) -> bool {
    let mut rest = raw;
    while let Some((_, escape)) = rest.split_once('\\') {
        let hex = escape.strip_prefix('u').and_then(|hex| hex.get(..4));
        let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if escape.starts_with('/') || code.is_some_and(|code| (0xD800..0xE000).contains(&code)) {
            return true;
        }
        let next = escape.chars().next().map_or(0, char::len_utf8);
        rest = escape.get(next..).unwrap_or_default();
    }
    false
}

/// A tab between two elements where a block collection might start: in front of a line's content,
/// or behind a dash.
fn tab_between(document: Document<'_>, start: u32, end: u32) -> Option<JsonError> {
    let text = document.text(range(start, end));
    let mut may_start = text.starts_with(['-', '?']) || start == 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\t' if may_start => {
                let at = start + at as u32;
                let message = "kubectl takes no tabs for indentation; use spaces";
                return Some(JsonError::new(range(at, at + 1), message));
            }
            byte if line::is_break(byte) => may_start = true,
            b' ' | b'\t' | b'-' | b'?' => {}
            _ => may_start = false,
        }
    }
    None
}

fn range(start: u32, end: u32) -> TextRange {
    TextRange::new(TextSize::from(start), TextSize::from(end))
}
