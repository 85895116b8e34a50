//! Where documents begin, and what stands in front of their content.

use std::sync::Arc;

use memchr::memmem;

use super::Parser;
use crate::error::Code;
use crate::line;
use crate::tree::{Handles, Kind};

/// Where the documents of a stream start, and how the last one ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cuts {
    /// The start of each document.
    pub(crate) starts: Vec<usize>,
    /// Whether any text that follows would be a document of its own.
    pub(crate) is_ended: bool,
    /// Whether only comments and directives stand in the last one.
    pub(crate) is_prefix: bool,
}

/// Cuts a stream into documents. Markers count wherever they start a line, in quotes too.
pub(crate) fn boundaries(source: &str) -> Cuts {
    let text = source.as_bytes();
    let mut cuts = Cuts {
        starts: Vec::new(),
        is_ended: false,
        is_prefix: true,
    };
    let mut markers = markers(text);
    let mut at = 0;
    while at < text.len() {
        cuts.starts.push(at);
        let content = skip_prefix(text, at);
        cuts.is_prefix = content >= text.len();
        cuts.is_ended = false;
        // The marker of this document is not the start of the next one.
        markers.advance(content + usize::from(is_start(text, content)));
        at = match markers.next {
            Some(marker) if is_start(text, marker) => marker,
            Some(marker) => {
                cuts.is_ended = true;
                skip_suffix(text, marker)
            }
            None => text.len(),
        };
    }
    cuts
}

pub(crate) fn is_start(text: &[u8], at: usize) -> bool {
    line::is_marker(text, at) && line::byte(text, at) == b'-'
}

fn is_end(text: &[u8], at: usize) -> bool {
    line::is_marker(text, at) && line::byte(text, at) == b'.'
}

/// The start of the first line from `at` on that is no comment, directive, empty line or `...`.
pub(crate) fn skip_prefix(text: &[u8], mut at: usize) -> usize {
    let mut is_directive = false;
    loop {
        let start = skip_bom(text, at);
        let content = line::skip_blanks(text, start);
        let is_trivia = line::at_line_end(text, content) || line::byte(text, content) == b'#';
        let directive = line::byte(text, start) == b'%';
        let end_marker = is_end(text, start);
        if end_marker && is_directive {
            return at;
        }
        if at >= text.len() || !(is_trivia || directive || end_marker) {
            return at;
        }
        is_directive |= directive;
        at = line::after_break(text, line::line_end(text, content));
    }
}

/// The first line behind the `...` at `at` that belongs to the next document.
fn skip_suffix(text: &[u8], mut at: usize) -> usize {
    loop {
        at = line::after_break(text, line::line_end(text, at));
        let content = line::skip_blanks(text, at);
        let is_trivia = line::at_line_end(text, content) || line::byte(text, content) == b'#';
        let end_marker = is_end(text, at);
        if at >= text.len() || !(is_trivia || end_marker) {
            return at;
        }
    }
}

fn skip_bom(text: &[u8], at: usize) -> usize {
    match text.get(at..at + 3) {
        Some(b"\xEF\xBB\xBF") => at + 3,
        _ => at,
    }
}

/// The markers of a text, in order.
struct Markers<'t> {
    text: &'t [u8],
    dashes: memmem::FindIter<'t, 'static>,
    dots: memmem::FindIter<'t, 'static>,
    next_dashes: Option<usize>,
    next_dots: Option<usize>,
    next: Option<usize>,
}

fn markers(text: &[u8]) -> Markers<'_> {
    let mut markers = Markers {
        text,
        dashes: memmem::find_iter(text, b"---"),
        dots: memmem::find_iter(text, b"..."),
        next_dashes: None,
        next_dots: None,
        next: None,
    };
    markers.next_dashes = markers.dashes.find(|&at| is_marker_line(text, at));
    markers.next_dots = markers.dots.find(|&at| is_marker_line(text, at));
    markers
}

impl Markers<'_> {
    /// Finds the first marker at or behind `from`.
    fn advance(&mut self, from: usize) {
        let text = self.text;
        if self.next_dashes.is_some_and(|at| at < from) {
            let found = |&at: &usize| at >= from && is_marker_line(text, at);
            self.next_dashes = self.dashes.find(found);
        }
        if self.next_dots.is_some_and(|at| at < from) {
            let found = |&at: &usize| at >= from && is_marker_line(text, at);
            self.next_dots = self.dots.find(found);
        }
        self.next = match (self.next_dashes, self.next_dots) {
            (Some(dashes), Some(dots)) => Some(dashes.min(dots)),
            (dashes, dots) => dashes.or(dots),
        };
    }
}

fn is_marker_line(text: &[u8], at: usize) -> bool {
    let at_start = match at.checked_sub(1) {
        Some(before) => line::is_break(line::byte(text, before)),
        None => true,
    };
    at_start && line::is_marker(text, at)
}

impl Parser<'_> {
    /// Reads comments, directives and the marker in front of a document's content.
    pub(super) fn prefix(&mut self) {
        let mut handles = Handles::new();
        let mut first_directive = None;
        let mut has_version = false;
        loop {
            self.pos = skip_bom(self.text, self.pos);
            self.line = self.pos;
            let start = self.pos;
            let content = line::skip_blanks(self.text, start);
            if line::at_line_end(self.text, content) || self.byte(content) == b'#' {
                if content >= self.text.len() {
                    self.pos = content;
                    break;
                }
                self.finish_line(content);
            } else if self.byte(start) == b'%' {
                first_directive.get_or_insert(start);
                self.directive(&mut handles, &mut has_version);
            } else if first_directive.is_none() && is_end(self.text, start) {
                self.push(Kind::DocumentEnd, start, start + 3);
                self.finish_line(start + 3);
            } else {
                break;
            }
        }
        self.handles = Arc::new(handles);
        if is_start(self.text, self.pos) {
            self.start_marker();
        } else if let Some(directive) = first_directive {
            let end = line::line_end(self.text, directive);
            self.problem(Code::DirectiveWithoutDocument, directive, end);
        }
    }

    fn start_marker(&mut self) {
        let marker = self.pos;
        self.push(Kind::DocumentStart, marker, marker + 3);
        let content = line::skip_blanks(self.text, marker + 3);
        if line::at_line_end(self.text, content) || self.byte(content) == b'#' {
            self.finish_line(content);
        } else {
            self.pos = content;
            self.node(false);
        }
    }

    fn directive(&mut self, handles: &mut Handles, has_version: &mut bool) {
        let start = self.pos;
        let line_end = line::line_end(self.text, start);
        let text = self.source.get(start..line_end).unwrap_or_default();
        let length = comment_start(text).unwrap_or(text.len());
        let text = text
            .get(..length)
            .unwrap_or_default()
            .trim_end_matches([' ', '\t']);
        let end = start + text.len();
        self.push(Kind::Directive, start, end);
        let words: Vec<&str> = text
            .split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .collect();
        match *words.as_slice() {
            ["%YAML", version] if is_version(version) && !*has_version => *has_version = true,
            ["%YAML", version] if is_version(version) => {
                self.problem(Code::DuplicateDirective, start, end);
            }
            ["%TAG", handle, _prefix] if is_handle(handle) => {
                let is_new = handles.insert(handle.into());
                if !is_new {
                    self.problem(Code::DuplicateDirective, start, end);
                }
            }
            ["%YAML" | "%TAG" | "%", ..] => self.problem(Code::InvalidDirective, start, end),
            _ => {}
        }
        self.finish_line(end);
    }

    /// Reads the `...` at `pos` and the line it stands on.
    pub(super) fn end_marker(&mut self) {
        while self.frames.len() > 1 {
            self.pop();
        }
        self.fill_properties();
        self.change_top(|document| {
            document.awaits = false;
            document.indent = -2;
        });
        let marker = self.pos;
        self.push(Kind::DocumentEnd, marker, marker + 3);
        self.finish_line(marker + 3);
    }
}

fn comment_start(text: &str) -> Option<usize> {
    let blank = |pattern| text.find(pattern);
    match (blank(" #"), blank("\t#")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn is_version(version: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version
        .split_once('.')
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}

fn is_handle(handle: &str) -> bool {
    let name = handle
        .strip_prefix('!')
        .map(|rest| rest.strip_suffix('!').unwrap_or(rest));
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (handle == "!" || handle.ends_with('!')) && name.is_some_and(|name| name.bytes().all(is_word))
}
