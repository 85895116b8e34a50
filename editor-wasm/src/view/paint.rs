//! One line as HTML: colors and marks, cut so that neither overlaps. Pure.

use editor_core::sort_by_key;
use yaml_syntax::highlight::{Class, Span};

use super::layers::{digits, px};

/// Bytes of a line that are drawn; a longer line ends in an ellipsis.
pub(crate) const LONGEST: usize = 10_000;

/// A part of a line with CSS classes, in bytes of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: &'static str,
}

/// Adds the HTML of `line` to `html`. `spans` are sorted and disjoint, `marks` in any order. The line
/// is broken at the first of `breaks`; what goes on is moved to the right by the second, in pixels.
pub(crate) fn paint(
    line: &str,
    spans: &[Span],
    marks: &[Mark],
    breaks: (&[usize], f64),
    html: &mut String,
) {
    let shown = shorten(line);
    let mut cuts: Vec<usize> = Vec::with_capacity(2 * (spans.len() + marks.len()) + 2);
    cuts.extend(
        spans
            .iter()
            .flat_map(|it| [it.start as usize, it.end as usize]),
    );
    cuts.extend(marks.iter().flat_map(|it| [it.start, it.end]));
    cuts.extend(breaks.0);
    cuts.extend([0, shown.len()]);
    cuts.retain(|&it| shown.is_char_boundary(it));
    sort_by_key(&mut cuts, |it| *it);
    cuts.dedup();
    let mut spans = spans.iter().peekable();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        if breaks.0.binary_search(&start).is_ok() {
            html.push_str("<br><i class=ed-hang style=\"width:");
            html.push_str(&px(breaks.1));
            html.push_str("\"></i>");
        }
        while spans.next_if(|it| it.end as usize <= start).is_some() {}
        let class = spans
            .peek()
            .filter(|it| it.start as usize <= start)
            .map_or("", |it| name(it.class));
        piece(
            shown.get(start..end).unwrap_or(""),
            class,
            marks,
            start,
            html,
        );
    }
    if shown.len() < line.len() {
        html.push_str("<span class=ed-more>…</span>");
    }
}

/// Adds what stands for folded lines.
pub(crate) fn folded(lines: usize, html: &mut String) {
    html.push_str("<span class=\"ed-note ed-folded\" title=\"Unfold\">⋯ ");
    html.push_str(&digits(lines as u64, 0));
    html.push_str(if lines == 1 { " line" } else { " lines" });
    html.push_str("</span>");
}

/// The part of a line that is drawn.
pub(crate) fn shorten(line: &str) -> &str {
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or(line)
}

fn piece(text: &str, class: &str, marks: &[Mark], start: usize, html: &mut String) {
    let covers = |it: &&Mark| it.start <= start && start < it.end;
    let marked = marks.iter().any(|it| covers(&it));
    if class.is_empty() && !marked {
        escape(text, html);
        return;
    }
    html.push_str("<span class=\"");
    html.push_str(class);
    for mark in marks.iter().filter(covers) {
        html.push(' ');
        html.push_str(mark.class);
    }
    html.push_str("\">");
    escape(text, html);
    html.push_str("</span>");
}

/// Adds `text` as HTML text.
pub(crate) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            // Control characters and marks of direction are shown: they must not hide anything.
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' => {
                let picture = if c == '\u{7f}' {
                    '␡'
                } else {
                    control_picture(c)
                };
                html.push(picture);
            }
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => html.push('�'),
            _ => html.push(c),
        }
    }
}

fn control_picture(c: char) -> char {
    char::from_u32(0x2400 + c as u32).unwrap_or('�')
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Comment => "t-comment",
        Class::Key => "t-key",
        Class::String => "t-string",
        Class::Plain => "t-plain",
        Class::Number => "t-number",
        Class::Constant => "t-constant",
        Class::Anchor => "t-anchor",
        Class::Tag => "t-tag",
        Class::Marker => "t-marker",
        Class::Directive => "t-directive",
        Class::Punctuation => "t-punctuation",
        Class::BlockHeader => "t-block",
        Class::Invalid => "t-invalid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yaml_syntax::highlight::{LineState, highlight_line};

    #[test]
    fn colors_a_line() {
        check(
            "a: 1",
            &[],
            "<span class=\"t-key\">a</span><span class=\"t-punctuation\">:</span> \
             <span class=\"t-number\">1</span>",
        );
    }

    #[test]
    fn marks_cut_colors() {
        let marks = [mark(2, 6, "x"), mark(5, 8, "y")];
        check(
            "# comments",
            &marks,
            "<span class=\"t-comment\"># </span><span class=\"t-comment x\">com</span>\
             <span class=\"t-comment x y\">m</span><span class=\"t-comment y\">en</span>\
             <span class=\"t-comment\">ts</span>",
        );
    }

    #[test]
    fn text_cannot_become_markup() {
        check(
            "<b>&\"",
            &[],
            "<span class=\"t-plain\">&lt;b>&amp;&quot;</span>",
        );
        check("\u{202E}x\u{1}", &[], "<span class=\"t-plain\">�x␁</span>");
    }

    #[test]
    fn a_mark_outside_of_the_line_is_left_out() {
        check("é", &[mark(1, 9, "x")], "<span class=\"t-plain\">é</span>");
    }

    fn mark(start: usize, end: usize, class: &'static str) -> Mark {
        Mark { start, end, class }
    }

    #[track_caller]
    fn check(line: &str, marks: &[Mark], expected: &str) {
        let mut spans = Vec::new();
        highlight_line(line, LineState::default(), &mut spans);
        let mut html = String::new();
        paint(line, &spans, marks, (&[], 0.0), &mut html);
        assert_eq!(html, expected);
    }
}
