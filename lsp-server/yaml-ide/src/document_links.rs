//! Words of a file that lead out of it: addresses, images in known registries, other files.

use std::iter;

use yaml_syntax::{Node, Source, TextRange, TextSize};

use crate::cache::{Facts, Moved};
use crate::formats::image;
use crate::language::{self, Language};
use crate::named_files::named_files;
use crate::part::Part;
use crate::pieces::{self, Place, Placed};
use crate::{Analysis, FileId};

/// A word that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// The word.
    pub range: TextRange,
    /// What it leads to.
    pub target: LinkTarget,
    /// What is there.
    pub tooltip: String,
}

/// What a word leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An address of the web.
    Address(String),
    /// A file of the workspace.
    File(FileId),
}

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// All links of `file`: those to other files, then all others in order.
pub fn document_links(analysis: &Analysis, file: FileId) -> Vec<DocumentLink> {
    document_links_in_pieces(analysis, file).flatten().collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn document_links_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<DocumentLink>> {
    let language = language::of_file(analysis, file);
    let images = matches!(language, Language::Kubernetes | Language::GitlabCi);
    let source = analysis.source(file);
    let of_part = move |part: &Part<'_>| of_part(source, part, images);
    iter::once(to_files(analysis, file)).chain(pieces::found(analysis, file, None, of_part))
}

/// Words that name other files; of several files that one names, the first.
fn to_files(analysis: &Analysis, file: FileId) -> Vec<DocumentLink> {
    let mut named = named_files(analysis, file);
    named.dedup_by_key(|named| named.range);
    let links = named.into_iter().map(|named| DocumentLink {
        range: named.range,
        target: LinkTarget::File(named.file),
        tooltip: "The file of this workspace".to_owned(),
    });
    links.collect()
}

impl Placed for DocumentLink {
    fn place(facts: &Facts) -> &Place<Self> {
        &facts.links
    }

    fn start(&self) -> TextSize {
        self.range.start()
    }

    fn moved(&self, moved: Moved) -> Self {
        Self {
            range: moved.range(self.range),
            ..self.clone()
        }
    }
}

fn of_part(source: Option<&Source>, part: &Part<'_>, images: bool) -> Vec<DocumentLink> {
    let mut links = Links {
        part,
        images,
        found: Vec::new(),
    };
    for comment in part.comments() {
        let text = source.map(|source| source.slice(comment));
        links.addresses(&text.unwrap_or_default(), comment.start());
    }
    if let Some(root) = part.root() {
        links.node(root, 0);
    }
    links.found
}

struct Links<'a> {
    part: &'a Part<'a>,
    /// Whether a key `image` names one.
    images: bool,
    found: Vec<DocumentLink>,
}

impl Links<'_> {
    fn node(&mut self, at: Node<'_>, depth: usize) {
        if depth > MAX_DEPTH || self.part.leaves_out(at) {
            return;
        }
        match at {
            Node::Mapping(mapping) => {
                for entry in mapping.entries() {
                    let Some(value) = entry.value() else {
                        continue;
                    };
                    let is_image =
                        self.images && entry.key_text().is_some_and(|key| key == "image");
                    if is_image && self.image(value) {
                        continue;
                    }
                    self.node(value, depth + 1);
                }
            }
            Node::Sequence(sequence) => {
                for item in sequence.items().filter_map(yaml_syntax::Item::node) {
                    self.node(item, depth + 1);
                }
            }
            Node::Scalar(scalar) => self.addresses(&scalar.raw(), scalar.range().start()),
            Node::Alias(_) => {}
        }
    }

    /// Adds the page of an image, where its registry has pages.
    fn image(&mut self, value: Node<'_>) -> bool {
        let Some(scalar) = value.as_scalar() else {
            return false;
        };
        let Some(target) = image::page(&scalar.text()) else {
            return false;
        };
        self.found.push(DocumentLink {
            range: scalar.range(),
            target: LinkTarget::Address(target),
            tooltip: "The image in its registry".to_owned(),
        });
        true
    }

    /// Adds every `https://…` of a text.
    fn addresses(&mut self, text: &str, start: TextSize) {
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
            self.found.push(DocumentLink {
                range: TextRange::new(begin, begin + TextSize::of(word)),
                target: LinkTarget::Address(word.to_owned()),
                tooltip: String::new(),
            });
        }
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

    #[test]
    fn files_that_are_included_are_led_to() {
        check(
            "//- .gitlab-ci.yml\ninclude: [ci/*.yml, /ci/b.yml, ci/c.yml]\n//- ci/a.yml\nstages: [a]\nx: {script: a}\n//- ci/b.yml\nstages: [a]\ny: {script: b}\n",
            &["ci/*.yml -> ci/a.yml", "/ci/b.yml -> ci/b.yml"],
        );
    }

    #[track_caller]
    fn check(fixture: &str, expected: &[&str]) {
        let analysis = fixture::plain(fixture);
        let source = analysis.source(FileId(0)).unwrap();
        let shown: Vec<String> = document_links(&analysis, FileId(0))
            .into_iter()
            .map(|link| {
                let target = match link.target {
                    LinkTarget::Address(address) => address,
                    LinkTarget::File(file) => analysis.path(file).unwrap().to_owned(),
                };
                format!("{} -> {target}", source.slice(link.range))
            })
            .collect();
        assert_eq!(shown, expected);
    }
}
