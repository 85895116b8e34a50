//! Markdown as plain text, for clients that draw none.

/// The text as a person reads it: signs of emphasis and code left out, links followed by their
/// address.
///
/// Knows what this server writes, not all of `CommonMark`.
pub(crate) fn of_markdown(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut is_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            text.push_str(line);
        } else if !line.is_empty() && line != "---" {
            of_line(line, &mut text);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

fn of_line(line: &str, text: &mut String) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            '`' => code(after, text),
            '*' if rest.starts_with("**") => &rest[2..],
            '[' => link(after, text),
            '\\' => {
                let escaped = after.chars().next();
                text.extend(escaped);
                &after[escaped.map_or(0, char::len_utf8)..]
            }
            _ => {
                text.push(first);
                after
            }
        };
    }
}

/// What stands between backticks, as it is; what is left after it.
fn code<'a>(after: &'a str, text: &mut String) -> &'a str {
    let more = after.len() - after.trim_start_matches('`').len();
    let body = &after[more..];
    let sign = "`".repeat(more + 1);
    let Some((code, rest)) = body.split_once(&sign) else {
        text.push_str(&sign);
        return body;
    };
    text.push_str(code);
    rest
}

/// `words](address)` as the words and the address; what is left after it.
fn link<'a>(after: &'a str, text: &mut String) -> &'a str {
    let link = after.split_once("](").and_then(|(words, rest)| {
        let (address, rest) = rest.split_once(')')?;
        (!words.contains(['[', ']'])).then_some((words, address, rest))
    });
    let Some((words, address, rest)) = link else {
        text.push('[');
        return after;
    };
    of_line(words, text);
    text.push_str(": ");
    text.push_str(address);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_are_left_out() {
        let check = |markdown, text| assert_eq!(of_markdown(markdown), text);
        check("**type** `string` · required", "type string · required");
        check("- `A`: first\n- `B`\n", "- A: first\n- B");
        check("Above\n\n---\n\nbelow", "Above\n\n\n\nbelow");
        check("```yaml\na: `*b`\n```", "a: `*b`");
        check("a \\* b, 2 * 3", "a * b, 2 * 3");
        check("``a`b``", "a`b");
    }

    #[test]
    fn links_are_followed_by_their_address() {
        let check = |markdown, text| assert_eq!(of_markdown(markdown), text);
        check(
            "[Guide](https://a/b) · [API](https://c)",
            "Guide: https://a/b · API: https://c",
        );
        check("[`a`](x)", "a: x");
        check("list[0], map[a](", "list[0], map[a](");
    }

    #[test]
    fn what_is_left_open_stays() {
        let check = |markdown| assert_eq!(of_markdown(markdown), markdown);
        check("a ` b");
        check("a [b](c");
        check("containers[].image");
    }
}
