//! Words of a file that lead out of it: addresses, and images in known registries.

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Node, TextRange, TextSize};

use crate::formats::image;
use crate::language::{self, Language};
use crate::{Analysis, FileId};

/// A word that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// The word.
    pub range: TextRange,
    /// The address.
    pub target: String,
    /// What is there.
    pub tooltip: String,
}

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// All links of `file`, in order.
pub fn document_links(analysis: &Analysis, file: FileId) -> Vec<DocumentLink> {
    let Some(parse) = analysis.parse(file) else {
        return Vec::new();
    };
    let mut links = Vec::new();
    let source = parse.source();
    for document in parse.documents() {
        for comment in document.comments() {
            addresses(&source.slice(comment), comment.start(), &mut links);
        }
        let language = language::of_file(analysis, file);
        let images = matches!(language, Language::Kubernetes | Language::GitlabCi);
        if let Some(root) = document.root() {
            node(root, images, &mut links, 0);
        }
    }
    sort_by_number(&mut links, |link| link.range.start().into());
    links
}

fn node(at: Node<'_>, images: bool, links: &mut Vec<DocumentLink>, depth: usize) {
    match at {
        _ if depth > MAX_DEPTH => {}
        Node::Mapping(mapping) => {
            for entry in mapping.entries() {
                let Some(value) = entry.value() else {
                    continue;
                };
                let is_image = images && entry.key_text().is_some_and(|key| key == "image");
                if is_image && image_link(value, links) {
                    continue;
                }
                node(value, images, links, depth + 1);
            }
        }
        Node::Sequence(sequence) => {
            for item in sequence.items().filter_map(yaml_syntax::Item::node) {
                node(item, images, links, depth + 1);
            }
        }
        Node::Scalar(scalar) => addresses(&scalar.raw(), scalar.range().start(), links),
        Node::Alias(_) => {}
    }
}

/// Adds the page of an image, where its registry has pages.
fn image_link(value: Node<'_>, links: &mut Vec<DocumentLink>) -> bool {
    let Some(scalar) = value.as_scalar() else {
        return false;
    };
    let Some(target) = image::page(&scalar.text()) else {
        return false;
    };
    links.push(DocumentLink {
        range: scalar.range(),
        target,
        tooltip: "The image in its registry".to_owned(),
    });
    true
}

/// Adds every `https://…` of a text.
fn addresses(text: &str, start: TextSize, links: &mut Vec<DocumentLink>) {
    for (at, _) in text.match_indices("http") {
        let rest = text.get(at..).unwrap_or_default();
        if !rest.starts_with("https://") && !rest.starts_with("http://") {
            continue;
        }
        let word = rest.split(ends_address).next().unwrap_or(rest);
        let word = word.trim_end_matches(['.', ',', ')', ']', ':', ';', '!', '?']);
        if word.ends_with("//") {
            continue;
        }
        let begin = start + TextSize::from(at as u32);
        links.push(DocumentLink {
            range: TextRange::new(begin, begin + TextSize::of(word)),
            target: word.to_owned(),
            tooltip: String::new(),
        });
    }
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '{' | '}' | '|' | '\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn addresses_and_images_lead_somewhere() {
        check(
            "# see https://example.com/a.\nkind: Pod\nspec:\n  url: \"http://b\"\n  image: nginx:1\n  other: registry.local/a\n",
            &[
                "https://example.com/a -> https://example.com/a",
                "http://b -> http://b",
                "nginx:1 -> https://hub.docker.com/_/nginx",
            ],
        );
    }

    #[track_caller]
    fn check(fixture: &str, expected: &[&str]) {
        let analysis = fixture::plain(fixture);
        let source = analysis.source(FileId(0)).unwrap();
        let shown: Vec<String> = document_links(&analysis, FileId(0))
            .into_iter()
            .map(|link| format!("{} -> {}", source.slice(link.range), link.target))
            .collect();
        assert_eq!(shown, expected);
    }
}
