//! What a completion inserts, as the client can take it.

use yaml_syntax::{Source, TextRange, TextSize};

/// The snippet for a client that indents the later lines like the line that it starts in: without
/// what that line has before `start`.
pub(crate) fn relative(source: &Source, start: TextSize, snippet: &str) -> String {
    let line = source.line_range(source.line_col(start).line);
    let before = source.slice(TextRange::new(line.start(), start));
    let depth = before.len() - before.trim_start_matches([' ', '\t']).len();
    let mut lines = snippet.split('\n');
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let indent = line.len() - line.trim_start_matches(' ').len();
        text.push('\n');
        text.push_str(&line[indent.min(depth)..]);
    }
    text
}

/// A snippet as plain text: each tab stop reads as its default or its first choice.
pub(crate) fn without_tab_stops(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut rest = snippet;
    // Closing braces of tab stops whose default is being copied.
    let mut open = 0_usize;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '\\' => {
                text.extend(after.chars().next());
                after
                    .chars()
                    .next()
                    .map_or("", |escaped| &after[escaped.len_utf8()..])
            }
            '}' if open > 0 => {
                open -= 1;
                after
            }
            '$' => tab_stop(after, &mut text, &mut open),
            _ => {
                text.push(first);
                after
            }
        };
    }
    text
}

/// Reads a tab stop after its `$`; what is left to copy.
fn tab_stop<'a>(after: &'a str, text: &mut String, open: &mut usize) -> &'a str {
    let digits = |text: &'a str| text.trim_start_matches(|c: char| c.is_ascii_digit());
    let Some(braced) = after.strip_prefix('{') else {
        return digits(after);
    };
    let body = digits(braced);
    if let Some(choices) = body.strip_prefix('|') {
        let end = choices.find("|}").unwrap_or(choices.len());
        text.push_str(choices[..end].split(',').next().unwrap_or_default());
        return choices.get(end + 2..).unwrap_or_default();
    }
    *open += 1;
    body.strip_prefix(':').unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippet_reads_as_its_defaults_where_the_client_has_no_tab_stops() {
        let check = |snippet, text| assert_eq!(without_tab_stops(snippet), text);
        check("name: ${1:web}\n$0", "name: web\n");
        check("type: ${1|ClusterIP,NodePort|}", "type: ClusterIP");
        check("price: \\$5 \\} \\\\", "price: $5 } \\");
        check("a: ${1:b ${2:c}} }", "a: b c }");
        check("a: ${1}", "a: ");
    }

    #[test]
    fn snippet_is_relative_to_the_line_that_it_starts_in() {
        let check = |before: &str, snippet, text| {
            let parsed = yaml_syntax::parse(&format!("a:\n{before}po\n"));
            let start = TextSize::from(("a:\n".len() + before.len()) as u32);
            assert_eq!(relative(parsed.source(), start, snippet), text);
        };
        check("  ", "ports:\n    - port: $1\n", "ports:\n  - port: $1\n");
        check(
            "  - ",
            "ports:\n      - a\n    b: $0",
            "ports:\n    - a\n  b: $0",
        );
        check("", "a:\n  b: $0", "a:\n  b: $0");
        // There is no taking away what the client adds.
        check("    ", "a: 1\n  b: $0", "a: 1\nb: $0");
    }
}
