//! What is marked in a line, and what is noted behind it.

use std::ops::Range;

use editor_core::{SnippetSession, Text, words};

use super::editing::File;
use super::layers::digits;
use super::paint::{self, Mark};
use crate::lsp::{Diagnostic, Severity, Tag};

/// Marks a bracket that belongs to the one at the caret.
pub(crate) fn mark_bracket(at: usize, start: usize, line: &str, marks: &mut Vec<Mark>) {
    if (start..start + line.len()).contains(&at) {
        let class = "ed-bracket";
        marks.push(Mark {
            start: at - start,
            end: at - start + 1,
            class,
        });
    }
}

/// Marks the blanks of a line: each run on its own, tabs by another sign.
pub(crate) fn mark_blanks(line: &str, marks: &mut Vec<Mark>) {
    for (at, byte) in line.bytes().enumerate() {
        let class = match byte {
            b' ' => "ed-blank",
            b'\t' => "ed-blank ed-tab",
            _ => continue,
        };
        match marks.last_mut() {
            Some(last) if last.class == class && last.end == at => last.end += 1,
            _ => marks.push(Mark {
                start: at,
                end: at + 1,
                class,
            }),
        }
    }
}

/// What is marked in a line that starts at `start`.
pub(crate) fn marks_of(
    file: &File,
    start: usize,
    line: &str,
    current: Option<&Range<usize>>,
    marks: &mut Vec<Mark>,
) {
    let whole = start..start + line.len();
    let mut add = |range: &Range<usize>, class| {
        let from = range.start.max(start) - start;
        let to = range.end.min(whole.end).saturating_sub(start);
        if from < to {
            marks.push(Mark {
                start: from,
                end: to,
                class,
            });
        }
    };
    for (range, ()) in file.occurrences.touching(whole.clone()) {
        add(range, "ed-use");
    }
    for (range, _) in file.links.touching(whole.clone()) {
        add(range, "ed-link");
    }
    for (range, problem) in file.problems.touching(whole.clone()) {
        let range = visible(range, start, line);
        add(&range, squiggle(problem.severity));
        let tag = file.diagnostics.get(problem.idx).and_then(Diagnostic::tag);
        if let Some(tag) = tag {
            add(&range, tag_class(tag));
        }
    }
    for (_, range) in file.matches.within(whole.clone()) {
        let is_current = current.is_some_and(|it| *it == range);
        add(
            &range,
            if is_current {
                "ed-match ed-current"
            } else {
                "ed-match"
            },
        );
    }
    for range in file
        .buffer
        .snippet()
        .into_iter()
        .flat_map(SnippetSession::ranges)
    {
        add(range, "ed-field");
    }
    if let Some(range) = &file.composing {
        add(range, "ed-composing");
    }
}

/// A range without letters marks the character at it, at the end of a line the one before.
fn visible(range: &Range<usize>, start: usize, line: &str) -> Range<usize> {
    if range.start < range.end || !(start..=start + line.len()).contains(&range.start) {
        return range.clone();
    }
    let text = Text::new(line);
    let at = range.start - start;
    if at < line.len() {
        range.start..start + words::next_char(&text, at)
    } else {
        start + words::prev_char(&text, at)..range.start
    }
}

fn squiggle(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ed-error",
        Severity::Warning => "ed-warning",
        Severity::Info => "ed-info",
        Severity::Hint => "ed-hint",
    }
}

fn tag_class(tag: Tag) -> &'static str {
    match tag {
        Tag::Unnecessary => "ed-unnecessary",
        Tag::Deprecated => "ed-outdated",
    }
}

/// Lines that are looked at for the indentation of an empty one.
const NEARBY: usize = 50;

/// Adds the lines that show how deep a line stands; an empty line stands as deep as both around it.
pub(crate) fn guides(text: &Text, line: usize, content: &str, html: &mut String) {
    let depth = indentation(content).unwrap_or_else(|| {
        let near = |it: usize| indentation(&text.line(it));
        let above = (line.saturating_sub(NEARBY)..line).rev().find_map(near);
        let end = (line + NEARBY).min(text.line_count());
        let below = (line + 1..end).find_map(near);
        above.unwrap_or(0).min(below.unwrap_or(0))
    });
    if depth > 0 {
        html.push_str("<i class=ed-guides style=\"width:");
        html.push_str(&digits(depth as u64, 0));
        html.push_str("ch\"></i>");
    }
}

/// The blanks before the first letter; `None` without letters.
fn indentation(content: &str) -> Option<usize> {
    content.bytes().position(|it| it != b' ')
}

/// Adds what stands behind a line: what the page and what the language server know.
pub(crate) fn notes_of(file: &File, start: usize, html: &mut String) {
    for notes in [&file.notes, &file.hints, &file.lenses] {
        for (_, note) in notes.touching(start..start) {
            html.push_str("<span aria-hidden=true class=\"ed-note ");
            paint::escape(&note.class, html);
            html.push_str("\" title=\"");
            paint::escape(&note.title, html);
            html.push_str("\">");
            paint::escape(&note.text, html);
            html.push_str("</span>");
        }
    }
}
