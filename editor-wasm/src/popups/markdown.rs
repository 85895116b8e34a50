//! Markdown as the language server writes it, shown safely: every text is a text node, links lead
//! to `http(s)` only, and markup of other kinds is text.

use yew::prelude::*;

use crate::lsp::protocol::is_of_web;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading(Vec<Inline>),
    Paragraph(Vec<Inline>),
    List(Vec<Vec<Inline>>),
    Code(String),
    Rule,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    Strong(String),
    Emphasis(String),
    Link { text: String, url: String },
    Break,
}

/// Reads the blocks of a text.
pub(crate) fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(fence) = ["```", "~~~"]
            .into_iter()
            .find(|it| trimmed.starts_with(it))
        {
            let code: Vec<_> = lines.by_ref().take_while(|it| it.trim() != fence).collect();
            blocks.push(Block::Code(code.join("\n")));
        } else if trimmed.is_empty() {
        } else if trimmed.len() >= 3 && trimmed.bytes().all(|it| matches!(it, b'-' | b'*' | b'_')) {
            blocks.push(Block::Rule);
        } else if trimmed.starts_with('#') && trimmed.trim_start_matches('#').starts_with(' ') {
            blocks.push(Block::Heading(inline(
                trimmed.trim_start_matches('#').trim(),
            )));
        } else if let Some(first) = item(line) {
            let mut items = vec![first.to_owned()];
            while let Some(next) = lines.next_if(|it| !starts_block(it) || item(it).is_some()) {
                match (item(next), items.last_mut()) {
                    (None, Some(last)) => *last = format!("{last} {}", next.trim()),
                    (next, _) => items.push(next.unwrap_or_default().to_owned()),
                }
            }
            blocks.push(Block::List(items.iter().map(|it| inline(it)).collect()));
        } else {
            let mut paragraph = line.trim_start().to_owned();
            while let Some(next) = lines.next_if(|it| !starts_block(it)) {
                paragraph.push('\n');
                paragraph.push_str(next.trim_start());
            }
            blocks.push(Block::Paragraph(inline(&paragraph)));
        }
    }
    blocks
}

fn starts_block(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with("```")
        || line.starts_with("~~~")
        || line.starts_with("# ")
        || line == "---"
        || item(line).is_some()
}

fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let bullet = ["- ", "* ", "+ "]
        .into_iter()
        .find_map(|it| line.strip_prefix(it));
    bullet.or_else(|| {
        let digits = line
            .find(|c: char| !c.is_ascii_digit())
            .filter(|&it| it > 0)?;
        line.get(digits..)?.strip_prefix(". ")
    })
}

fn inline(text: &str) -> Vec<Inline> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((part, after)) = special(rest, &plain) {
            if !plain.is_empty() {
                parts.push(Inline::Text(std::mem::take(&mut plain)));
            }
            parts.push(part);
            rest = after;
            continue;
        }
        let escaped = rest
            .strip_prefix('\\')
            .filter(|it| it.starts_with(|c: char| c.is_ascii_punctuation()));
        rest = escaped.unwrap_or(rest);
        let c = if escaped.is_some() {
            rest.chars().next().unwrap_or(c)
        } else {
            c
        };
        plain.push(if c == '\n' { ' ' } else { c });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    if !plain.is_empty() {
        parts.push(Inline::Text(plain));
    }
    parts
}

/// Markup at the start of `rest`, and what follows it.
fn special<'a>(rest: &'a str, before: &str) -> Option<(Inline, &'a str)> {
    let within = |mark: &str| {
        let (inner, after) = rest.strip_prefix(mark)?.split_once(mark)?;
        (!inner.is_empty() && inner.trim() == inner).then_some((inner, after))
    };
    if let Some(after) = rest.strip_prefix("  \n").or(rest.strip_prefix("\\\n")) {
        return Some((Inline::Break, after));
    }
    if rest.starts_with("``") {
        let (inner, after) = rest.strip_prefix("``")?.split_once("``")?;
        return Some((Inline::Code(inner.trim().to_owned()), after));
    }
    if let Some((inner, after)) = within("`") {
        return Some((Inline::Code(inner.to_owned()), after));
    }
    if let Some((inner, after)) = within("**") {
        return Some((Inline::Strong(inner.to_owned()), after));
    }
    let at_word = !before.ends_with(|c: char| c.is_alphanumeric());
    if let Some((inner, after)) = within("*").or(within("_")).filter(|_| at_word) {
        return Some((Inline::Emphasis(inner.to_owned()), after));
    }
    link(rest).or_else(|| bare_link(rest).filter(|_| at_word))
}

fn link(rest: &str) -> Option<(Inline, &str)> {
    let (text, after) = rest.strip_prefix('[')?.split_once("](")?;
    let (url, after) = after.split_once(')')?;
    let text = text.replace('`', "");
    if is_of_web(url) {
        let url = url.to_owned();
        Some((Inline::Link { text, url }, after))
    } else {
        Some((Inline::Text(text), after))
    }
}

fn bare_link(rest: &str) -> Option<(Inline, &str)> {
    let (rest, closed) = match rest.strip_prefix('<') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    if !is_of_web(rest) {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || "<>\"`".contains(c))
        .unwrap_or(rest.len());
    let url = rest
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
    let after = rest.get(url.len()..)?;
    let after = if closed {
        after.strip_prefix('>')?
    } else {
        after
    };
    let text = url.to_owned();
    Some((
        Inline::Link {
            url: text.clone(),
            text,
        },
        after,
    ))
}

/// Shows a text.
pub(crate) fn view(text: &str) -> Html {
    parse(text).iter().map(view_block).collect()
}

/// Shows a sentence: only what stands between backticks is set apart.
pub(crate) fn view_sentence(text: &str) -> Html {
    let parts = text.split('`').enumerate();
    parts
        .map(|(idx, part)| match idx % 2 {
            0 => html! { { part } },
            _ => html! { <code>{ part }</code> },
        })
        .collect()
}

fn view_block(block: &Block) -> Html {
    match block {
        Block::Heading(parts) => html! { <h4>{ view_parts(parts) }</h4> },
        Block::Paragraph(parts) => html! { <p>{ view_parts(parts) }</p> },
        Block::List(items) => {
            html! { <ul>{ for items.iter().map(|it| html! { <li>{ view_parts(it) }</li> }) }</ul> }
        }
        Block::Code(code) => html! { <pre>{ code }</pre> },
        Block::Rule => html! { <hr /> },
    }
}

fn view_parts(parts: &[Inline]) -> Html {
    parts.iter().map(view_part).collect()
}

fn view_part(part: &Inline) -> Html {
    match part {
        Inline::Text(text) => html! { { text } },
        Inline::Code(code) => html! { <code>{ code }</code> },
        Inline::Strong(text) => html! { <strong>{ text }</strong> },
        Inline::Emphasis(text) => html! { <em>{ text }</em> },
        Inline::Link { text, url } => external(url, text),
        Inline::Break => html! { <br /> },
    }
}

/// A link to another place, which learns nothing of this one.
pub(crate) fn external(url: &str, text: &str) -> Html {
    html! {
        <a href={url.to_owned()} target="_blank" rel="noopener noreferrer">{ text }</a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_hover() {
        check(
            "**replicas** `integer`\n\nNumber of\npods.\n\n- one\n  more\n- two\n\n---\n```yaml\na: <b>\n```\n## See\n",
            "p(strong(replicas) | text( ) | code(integer)) p(text(Number of pods.)) \
             ul(text(one more) ; text(two)) hr pre(a: <b>) h(text(See))",
        );
    }

    #[test]
    fn links_lead_to_the_web_only() {
        check(
            "[docs](https://kubernetes.io/docs) [x](javascript:alert(1)) https://a.example/b.",
            "p(link(docs https://kubernetes.io/docs) | text( ) | text(x) | text() ) | \
             link(https://a.example/b https://a.example/b) | text(.))",
        );
    }

    #[test]
    fn markup_is_text_and_names_keep_their_underscores() {
        check(
            "<b>x</b> snake_case_name 2 * 3",
            "p(text(<b>x</b> snake_case_name 2 * 3))",
        );
        check(r"\*not\* `open", "p(text(*not* `open))");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let blocks: Vec<_> = parse(text).iter().map(shown).collect();
        assert_eq!(blocks.join(" "), expected);
    }

    fn shown(block: &Block) -> String {
        match block {
            Block::Heading(it) => format!("h({})", parts(it)),
            Block::Paragraph(it) => format!("p({})", parts(it)),
            Block::List(items) => {
                format!(
                    "ul({})",
                    items
                        .iter()
                        .map(|it| parts(it))
                        .collect::<Vec<_>>()
                        .join(" ; ")
                )
            }
            Block::Code(it) => format!("pre({it})"),
            Block::Rule => "hr".to_owned(),
        }
    }

    fn parts(parts: &[Inline]) -> String {
        let one = |it: &Inline| match it {
            Inline::Text(it) => format!("text({it})"),
            Inline::Code(it) => format!("code({it})"),
            Inline::Strong(it) => format!("strong({it})"),
            Inline::Emphasis(it) => format!("em({it})"),
            Inline::Link { text, url } => format!("link({text} {url})"),
            Inline::Break => "br".to_owned(),
        };
        parts.iter().map(one).collect::<Vec<_>>().join(" | ")
    }
}
