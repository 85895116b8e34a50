//! The only reader of layout: sizes, and where characters stand.

use editor_core::{Broken, Text, utf16_len, words};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Node};

use super::paint::LONGEST;
use super::viewport::{times, whole};

/// Sizes of the font.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Metrics {
    pub(crate) char_width: f64,
    pub(crate) line_height: f64,
}

impl Metrics {
    /// Measures the font of `parent`.
    pub(crate) fn read(document: &Document, parent: &Element) -> Option<Self> {
        let probe = document.create_element("div").ok()?;
        probe.set_class_name("ed-line ed-probe");
        probe.set_text_content(Some(&"0".repeat(100)));
        parent.append_child(&probe).ok()?;
        let rect = probe.get_bounding_client_rect();
        probe.remove();
        Some(Self {
            char_width: rect.width() / 100.0,
            line_height: rect.height(),
        })
    }

    /// Where byte `at` of a line stands, from the start of the line; `drawn` is its element.
    pub(crate) fn x_of(&self, line: &str, at: usize, drawn: Option<&HtmlElement>) -> f64 {
        let at = at.min(LONGEST);
        let before = line.get(..at).unwrap_or(line);
        if is_plain(before) {
            return times(before.len(), self.char_width);
        }
        drawn
            .and_then(|element| x_in(element, utf16_len(before)))
            .unwrap_or_else(|| f64::from(words::columns(before)) * self.char_width)
    }

    /// The same within a row of a line that may be broken. The end of a row is where the next one
    /// begins as well, so it is counted and not looked up.
    pub(crate) fn x_in_row(
        &self,
        line: &str,
        broken: &Broken,
        row: usize,
        at: usize,
        drawn: Option<&HtmlElement>,
    ) -> f64 {
        let part = broken.row(row, line.len());
        let before = line.get(part.start..at).unwrap_or_default();
        if broken.breaks.is_empty() || !is_plain(before) && at < part.end {
            return self.x_of(line, at, drawn);
        }
        f64::from(broken.hang_of(row) + words::columns(before)) * self.char_width
    }

    /// The byte of a row of a line nearest to `x`.
    pub(crate) fn byte_in_row(&self, line: &str, broken: &Broken, row: usize, x: f64) -> usize {
        let column = whole((x / self.char_width.max(1.0)).round()) as u32;
        broken.byte_at(line, row, column)
    }

    /// The byte of a line nearest to `x`.
    pub(crate) fn byte_at(&self, line: &str, x: f64, drawn: Option<&HtmlElement>) -> usize {
        if self.char_width <= 0.0 || x <= 0.0 {
            return 0;
        }
        if is_plain(line) {
            return whole((x / self.char_width).round()).min(line.len());
        }
        match drawn {
            Some(element) => nearest(line, x, |at| self.x_of(line, at, Some(element))),
            None => words::byte_of_column(line, whole((x / self.char_width).round()) as u32),
        }
    }
}

/// Whether every character takes one column.
fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST && text.bytes().all(|it| (b' '..0x7f).contains(&it))
}

/// The boundary between characters nearest to `x`, by halving: text runs from left to right.
fn nearest(line: &str, x: f64, x_of: impl Fn(usize) -> f64) -> usize {
    let text = Text::new(line);
    let mut stops = vec![0];
    while let Some(&last) = stops.last()
        && last < line.len()
    {
        stops.push(words::next_char(&text, last));
    }
    let behind = stops.partition_point(|&it| x_of(it) < x);
    let after = stops.get(behind).copied().unwrap_or(line.len());
    let Some(&before) = behind.checked_sub(1).and_then(|it| stops.get(it)) else {
        return after;
    };
    if x - x_of(before) < x_of(after) - x {
        before
    } else {
        after
    }
}

/// Where the UTF-16 code unit `at` of a drawn line stands.
fn x_in(element: &HtmlElement, at: usize) -> Option<f64> {
    let (node, offset) = node_at(element, at)?;
    let range = web_sys::Range::new().ok()?;
    range.set_start(&node, offset).ok()?;
    range.set_end(&node, offset).ok()?;
    let origin = element.get_bounding_client_rect().left();
    let rect = range.get_bounding_client_rect();
    // A range without any text has no place in some browsers: take the end of what is before it.
    if rect.height() == 0.0 {
        let before = offset.checked_sub(1)?;
        range.set_start(&node, before).ok()?;
        return Some(range.get_bounding_client_rect().right() - origin);
    }
    Some(rect.left() - origin)
}

/// The text node of a drawn line that holds the UTF-16 code unit `at`.
pub(crate) fn node_at(element: &HtmlElement, at: usize) -> Option<(Node, u32)> {
    let mut rest = at;
    let mut last = None;
    let mut child = element.first_child();
    while let Some(node) = child {
        let text = if node.node_type() == Node::TEXT_NODE {
            Some(node.clone())
        } else {
            node.first_child()
        };
        if let Some(text) = text {
            let length = text.unchecked_ref::<web_sys::CharacterData>().length() as usize;
            if rest <= length {
                return Some((text, rest as u32));
            }
            rest -= length;
            last = Some((text, length as u32));
        }
        child = node.next_sibling();
    }
    last
}
