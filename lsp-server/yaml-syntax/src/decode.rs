//! What a scalar says: escapes resolved, lines folded.

use std::borrow::Cow;

use crate::tree::Kind;

/// The content of a scalar as written. `indent`: what a block scalar's header says, if it does.
pub(crate) fn decode(kind: Kind, raw: &str, indent: Option<u32>) -> Cow<'_, str> {
    match kind {
        Kind::Single => flow_lines(quoted_body(raw, '\''), |line, out| {
            out.push_str(&line.replace("''", "'"));
        }),
        Kind::Double => double(quoted_body(raw, '"')),
        Kind::Literal | Kind::Folded => Cow::Owned(block(kind, raw, indent)),
        _ => flow_lines(raw, |line, out| out.push_str(line)),
    }
}

/// Without the quotes; the closing one may be missing.
fn quoted_body(raw: &str, quote: char) -> &str {
    let body = raw.strip_prefix(quote).unwrap_or(raw);
    if raw.len() < 2 || !is_closed(body, quote) {
        return body;
    }
    body.strip_suffix(quote).unwrap_or(body)
}

/// Whether the last quote of `body` closes it rather than being escaped.
fn is_closed(body: &str, quote: char) -> bool {
    let Some(text) = body.strip_suffix(quote) else {
        return false;
    };
    let count = |escape: char| {
        text.chars()
            .rev()
            .take_while(|&char| char == escape)
            .count()
    };
    if quote == '"' {
        count('\\') % 2 == 0
    } else {
        count('\'') % 2 == 0
    }
}

/// Folds the lines of a plain or single-quoted scalar.
fn flow_lines(body: &str, add: impl Fn(&str, &mut String)) -> Cow<'_, str> {
    if !body.contains(['\n', '\r', '\'']) {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let lines: Vec<&str> = lines(body).collect();
    let last = lines.len() - 1;
    let mut breaks = 0;
    for (at, line) in lines.iter().enumerate() {
        let mut text = *line;
        if at > 0 {
            text = text.trim_start_matches([' ', '\t']);
        }
        if at < last {
            text = text.trim_end_matches([' ', '\t']);
        }
        if at > 0 {
            breaks += 1;
        }
        if text.is_empty() && at < last && at > 0 {
            continue;
        }
        fold(&mut out, &mut breaks);
        add(text, &mut out);
    }
    Cow::Owned(out)
}

/// One line break is a blank; of more, all but one stay.
fn fold(out: &mut String, breaks: &mut usize) {
    match *breaks {
        0 => {}
        1 => out.push(' '),
        more => out.extend(std::iter::repeat_n('\n', more - 1)),
    }
    *breaks = 0;
}

/// The lines of a text, without their breaks; the text behind the last break too.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let (line, tail) = text.split_at(at);
        rest = Some(
            tail.strip_prefix("\r\n")
                .unwrap_or_else(|| tail.get(1..).unwrap_or_default()),
        );
        Some(line)
    })
}

fn double(body: &str) -> Cow<'_, str> {
    if !body.contains(['\n', '\r', '\\']) {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut chars = body.char_indices();
    // Up to here blanks are content even in front of a line break.
    let mut kept = 0;
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => {
                let rest = body.get(at + 1..).unwrap_or_default();
                let length = escape(rest, &mut out);
                skip(&mut chars, at + 1 + length);
                kept = out.len();
            }
            '\n' | '\r' => {
                let trimmed = out.trim_end_matches([' ', '\t']).len().max(kept);
                out.truncate(trimmed);
                let next = fold_break(body, at, &mut out);
                skip(&mut chars, next);
                kept = out.len();
            }
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

fn skip(chars: &mut std::str::CharIndices<'_>, to: usize) {
    while chars.offset() < to && chars.next().is_some() {}
}

/// Folds the line breaks at `at`; returns where the next line's text starts.
fn fold_break(body: &str, at: usize, out: &mut String) -> usize {
    let (next, mut breaks) = skip_breaks(body, at);
    fold(out, &mut breaks);
    next
}

/// Behind the line breaks and blanks at `at`, and how many breaks there are.
fn skip_breaks(body: &str, at: usize) -> (usize, usize) {
    let bytes = body.as_bytes();
    let mut at = at;
    let mut breaks = 0;
    loop {
        match bytes.get(at) {
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => at += 1,
            Some(b'\n' | b'\r') => {
                breaks += 1;
                at += 1;
            }
            Some(b' ' | b'\t') => at += 1,
            _ => return (at, breaks),
        }
    }
}

/// Resolves the escape whose text behind the backslash starts `rest`; returns its length.
fn escape(rest: &str, out: &mut String) -> usize {
    let Some(char) = rest.chars().next() else {
        out.push('\\');
        return 0;
    };
    let simple = match char {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0B',
        'f' => '\x0C',
        'r' => '\r',
        'e' => '\x1B',
        ' ' => ' ',
        '"' => '"',
        '/' => '/',
        '\\' => '\\',
        'N' => '\u{85}',
        '_' => '\u{A0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return code(rest, 2, out),
        'u' => return code(rest, 4, out),
        'U' => return code(rest, 8, out),
        '\n' | '\r' => {
            let (next, breaks) = skip_breaks(rest, 0);
            out.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1)));
            return next;
        }
        '\'' => '\'',
        other => {
            out.push('\\');
            other
        }
    };
    out.push(simple);
    char.len_utf8()
}

fn code(rest: &str, digits: usize, out: &mut String) -> usize {
    let hex = rest.get(1..=digits);
    let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(code) = code else {
        out.push('\\');
        return 0;
    };
    // JSON writes a character outside of the basic plane as two halves.
    if (0xD800..0xDC00).contains(&code) {
        let low = rest
            .get(digits + 1..)
            .and_then(|rest| rest.strip_prefix("\\u"));
        let low = low.and_then(|low| u32::from_str_radix(low.get(..4)?, 16).ok());
        if let Some(low) = low.filter(|low| (0xDC00..0xE000).contains(low)) {
            let whole = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            out.push(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER));
            return digits + 1 + 6;
        }
    }
    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    digits + 1
}

/// What is done with the line breaks at the end of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

fn block(kind: Kind, raw: &str, indent: Option<u32>) -> String {
    let header_end = raw.find(['\n', '\r']).unwrap_or(raw.len());
    let (header, body) = raw.split_at(header_end);
    let header = header.split([' ', '\t']).next().unwrap_or_default();
    let chomping = match (header.contains('-'), header.contains('+')) {
        (true, _) => Chomping::Strip,
        (false, true) => Chomping::Keep,
        (false, false) => Chomping::Clip,
    };
    let body = body
        .strip_prefix("\r\n")
        .unwrap_or_else(|| body.get(1..).unwrap_or_default());
    let mut lines: Vec<&str> = lines(body).collect();
    if lines.last().is_some_and(|last| !last.is_empty()) {
        // The end of the text ends the last line too.
        lines.push("");
    }
    let indent = indent.map_or_else(|| auto_indent(&lines), |indent| indent as usize);
    let content: Vec<&str> = lines.iter().map(|line| dedent(line, indent)).collect();
    let mut out = match kind {
        Kind::Literal => content.join("\n"),
        _ => folded(&content),
    };
    let trimmed = out.trim_end_matches('\n').len();
    match chomping {
        Chomping::Strip => out.truncate(trimmed),
        Chomping::Clip => {
            out.truncate((trimmed + 1).min(out.len()));
            if trimmed == 0 {
                out.clear();
            }
        }
        Chomping::Keep => {}
    }
    out
}

fn auto_indent(lines: &[&str]) -> usize {
    let content = lines.iter().find(|line| !line.trim_matches(' ').is_empty());
    content.map_or(usize::MAX, |line| {
        line.len() - line.trim_start_matches(' ').len()
    })
}

fn dedent(line: &str, indent: usize) -> &str {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    line.get(spaces.min(indent)..).unwrap_or_default()
}

/// Joins the lines of a folded scalar: not around those that start with a blank.
fn folded(lines: &[&str]) -> String {
    let mut out = String::new();
    let is_more = |line: &str| line.starts_with([' ', '\t']);
    let mut breaks = 0;
    let mut last_more: Option<bool> = None;
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            breaks += 1;
        }
        if line.is_empty() {
            continue;
        }
        match last_more {
            Some(last) if !last && !is_more(line) => fold(&mut out, &mut breaks),
            _ => out.extend(std::iter::repeat_n('\n', std::mem::take(&mut breaks))),
        }
        out.push_str(line);
        last_more = Some(is_more(line));
    }
    out.extend(std::iter::repeat_n('\n', breaks));
    out
}
