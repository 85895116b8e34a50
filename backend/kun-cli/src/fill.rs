//! Filling a manifest in: variables, images and replicas, through the reader of the editor.
//!
//! Values take the place of scalars of the tree, so no value can become more than a value, and
//! comments and layout stay.

use std::collections::BTreeMap;

use serde_json::Value;
use yaml_syntax::edit::{self, TextEdit};
use yaml_syntax::{Document, Node, PathSegment, Scalar, ScalarStyle};

/// A placeholder that nothing was given for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// From 1 on.
    pub(crate) line: u32,
    pub(crate) name: String,
}

/// Puts values in the place of `${NAME}`; `$${NAME}` is `${NAME}` as it stands.
///
/// In quotes and in blocks names that are not in `variables` stay: a shell may mean them.
///
/// # Errors
///
/// The placeholders outside quotes and blocks that are not in `variables`.
pub(crate) fn variables(
    text: &str,
    variables: &BTreeMap<String, String>,
) -> Result<String, Vec<Unknown>> {
    let parse = yaml_syntax::parse(text);
    let mut edits = Vec::new();
    let mut unknown = Vec::new();
    for document in parse.documents() {
        each_scalar(document, &mut |path, scalar| {
            let written = scalar.text();
            if !written.contains("${") {
                return;
            }
            let (filled, missing) = replaced(&written, variables);
            if scalar.style() == ScalarStyle::Plain && !missing.is_empty() {
                let line = parse.source().line_col(scalar.range().start()).line + 1;
                unknown.extend(missing.into_iter().map(|name| Unknown { line, name }));
            } else if filled != *written {
                let range = scalar.range();
                let raw = text.get(range.start().into()..range.end().into());
                let raw = raw.unwrap_or_default();
                let place = (document, path, scalar);
                edits.extend(edit_of(place, raw, filled, variables));
            }
        });
    }
    if unknown.is_empty() {
        return Ok(applied(text, edits));
    }
    Err(unknown)
}

/// Gives every container whose image is called `name` the image `reference`; says how many.
pub(crate) fn image(text: &str, name: &str, reference: &str) -> (String, usize) {
    let parse = yaml_syntax::parse(text);
    let mut edits = Vec::new();
    for document in parse.documents() {
        each_scalar(document, &mut |path, scalar| {
            if is_image(path) && repository(&scalar.text()) == name {
                let value = Value::String(reference.to_owned());
                edits.extend(edit::set(document, path, &value));
            }
        });
    }
    let count = edits.len();
    (applied(text, edits), count)
}

/// Gives every workload called `name` so many replicas; says how many workloads there are.
pub(crate) fn replicas(text: &str, name: &str, count: u32) -> (String, usize) {
    let parse = yaml_syntax::parse(text);
    let key = |key: &str| PathSegment::Key(key.to_owned());
    let mut edits = Vec::new();
    for document in parse.documents() {
        let at = |path: &[PathSegment]| {
            let node = document.node_at_path(path)?;
            Some(node.as_scalar()?.text().into_owned())
        };
        let kind = at(&[key("kind")]).unwrap_or_default();
        let scales = ["Deployment", "StatefulSet", "ReplicaSet"].contains(&kind.as_str());
        if !scales || at(&[key("metadata"), key("name")]).as_deref() != Some(name) {
            continue;
        }
        let value = Value::from(count);
        let there = edit::set(document, &[key("spec"), key("replicas")], &value);
        let added = || edit::insert(document, &[key("spec")], "replicas", &value);
        edits.extend(there.or_else(added));
    }
    let count = edits.len();
    (applied(text, edits), count)
}

fn applied(text: &str, mut edits: Vec<TextEdit>) -> String {
    edits.sort_by_key(|edit| edit.range.start());
    edit::apply(text, &edits)
}

/// Calls `visit` with every scalar that is a value, and the way to it.
fn each_scalar<'a>(document: Document<'a>, visit: &mut impl FnMut(&[PathSegment], Scalar<'a>)) {
    // An explicit stack: a file may be nested deeper than a thread's.
    let mut open: Vec<(Vec<PathSegment>, Node<'a>)> = document
        .root()
        .map(|root| (Vec::new(), root))
        .into_iter()
        .collect();
    while let Some((path, node)) = open.pop() {
        let below = |segment| [path.as_slice(), &[segment]].concat();
        match node {
            Node::Scalar(scalar) => visit(&path, scalar),
            Node::Mapping(mapping) => open.extend(mapping.entries().filter_map(|entry| {
                let key = entry.key_text()?.into_owned();
                Some((below(PathSegment::Key(key)), entry.value()?))
            })),
            Node::Sequence(sequence) => {
                open.extend(
                    sequence.items().enumerate().filter_map(|(at, item)| {
                        Some((below(PathSegment::Index(at)), item.node()?))
                    }),
                );
            }
            Node::Alias(_) => {}
        }
    }
}

/// `spec.containers[0].image` at any depth.
fn is_image(path: &[PathSegment]) -> bool {
    let [
        ..,
        PathSegment::Key(list),
        PathSegment::Index(_),
        PathSegment::Key(field),
    ] = path
    else {
        return false;
    };
    field == "image"
        && matches!(
            list.as_str(),
            "containers" | "initContainers" | "ephemeralContainers"
        )
}

/// An image without its tag and digest.
fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // A port stands before a slash.
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// A text with its variables filled in, and the names that are not known.
fn replaced(text: &str, variables: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut missing = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        rest = after;
        let (name, behind) = after.split_once('}').unwrap_or(("", after));
        if out.ends_with('$') && is_name(name) {
            // `$${NAME}`: one of the two goes.
            out.extend(["{", name, "}"]);
            rest = behind;
        } else if let Some(value) = variables.get(name) {
            out.push_str(value);
            rest = behind;
        } else {
            missing.push(name.to_owned());
            out.push_str("${");
        }
    }
    out.push_str(rest);
    (out, missing)
}

fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    first.is_some_and(|c| !c.is_ascii_digit()) && name.chars().all(plain)
}

/// The change that makes `filled` of a scalar.
fn edit_of(
    (document, path, scalar): (Document<'_>, &[PathSegment], Scalar<'_>),
    raw: &str,
    filled: String,
    variables: &BTreeMap<String, String>,
) -> Option<TextEdit> {
    let in_place = match scalar.style() {
        // Written there by hand it would be read as a number or a truth, too.
        ScalarStyle::Plain => is_plain(&filled).then(|| filled.clone()),
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let used = variables
                .iter()
                .filter(|(name, _)| raw.contains(&format!("${{{name}}}")));
            let is_safe =
                |value: &str| !value.starts_with(' ') && !value.chars().any(char::is_control);
            let safe = used.into_iter().all(|(_, value)| is_safe(value));
            safe.then(|| replaced(raw, variables).0)
        }
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => None,
    };
    match in_place {
        Some(insert) => Some(TextEdit {
            range: scalar.range(),
            insert,
        }),
        None => edit::set(document, path, &Value::String(filled)),
    }
}

/// Whether a text is one plain scalar wherever it stands, in brackets too.
fn is_plain(text: &str) -> bool {
    if text.is_empty()
        || text.starts_with("---")
        || text.starts_with("...")
        || text.contains(['\n', '#'])
    {
        return false;
    }
    let parse = yaml_syntax::parse(&format!("[{text}]"));
    let mut documents = parse.documents();
    let root = documents.next().and_then(Document::root);
    let items: Vec<_> = root
        .and_then(Node::as_sequence)
        .map(|it| it.items().collect())
        .unwrap_or_default();
    let [item] = items.as_slice() else {
        return false;
    };
    let scalar = item.node().and_then(Node::as_scalar);
    parse.is_valid()
        && documents.next().is_none()
        && scalar.is_some_and(|it| it.style() == ScalarStyle::Plain && it.text() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn values_take_the_place_of_scalars() {
        check(
            "a: ${COUNT} # kept\nb: \"${COUNT}\"\nc: web-${NAME}.${NAME}\nd: [\"${NAME}\", '${NAME}']\n",
            expect![[r#"
                a: 3 # kept
                b: "3"
                c: web-shop.shop
                d: ["shop", 'shop']
            "#]],
        );
    }

    #[test]
    fn no_value_becomes_more_than_a_value() {
        check(
            "a: ${EVIL}\nb: x${LIST}\nc: '${QUOTE}'\nd: \"${QUOTE}\"\ne: ${EMPTY}\nf: ['${LIST}']\n",
            expect![[r#"
                a: "1\nkind: Secret"
                b: "x1, 2 # no"
                c: 'it''s "x"'
                d: "it's \"x\""
                e: ""
                f: ['1, 2 # no']
            "#]],
        );
    }

    #[test]
    fn shells_keep_their_variables() {
        check(
            "run: |\n  echo ${HOME} ${NAME} $${NAME}\nargs: [\"${HOME}\", \"$${NAME}\"]\n",
            expect![[r#"
                run: |
                  echo ${HOME} shop ${NAME}
                args: ["${HOME}", "${NAME}"]
            "#]],
        );
    }

    #[test]
    fn what_was_not_given_is_named() {
        let found = variables("a: 1\nb: ${NAEM}\n", &given()).unwrap_err();
        let expected = Unknown {
            line: 2,
            name: "NAEM".to_owned(),
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn images_are_known_without_tag_and_digest() {
        let text = "spec:\n  initContainers:\n  - {image: web}\n  containers:\n  - image: web:1 # old\n  - image: r:5000/web\n  - image: 'web@sha256:00'\n  image: web\n";
        let (text, count) = image(text, "web", "r/shop/web@sha256:ab");
        assert_eq!(count, 3);
        expect![[r"
            spec:
              initContainers:
              - {image: r/shop/web@sha256:ab}
              containers:
              - image: r/shop/web@sha256:ab # old
              - image: r:5000/web
              - image: 'r/shop/web@sha256:ab'
              image: web
        "]]
        .assert_eq(&text);
    }

    #[test]
    fn replicas_are_set_or_added() {
        let text = "kind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n---\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: web\n";
        let (text, count) = replicas(text, "web", 4);
        assert_eq!(count, 2);
        expect![[r"
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 4
            ---
            kind: StatefulSet
            metadata: {name: web}
            spec:
              serviceName: web
              replicas: 4
        "]]
        .assert_eq(&text);
    }

    fn given() -> BTreeMap<String, String> {
        let pairs = [
            ("COUNT", "3"),
            ("NAME", "shop"),
            ("EMPTY", ""),
            ("EVIL", "1\nkind: Secret"),
            ("LIST", "1, 2 # no"),
            ("QUOTE", "it's \"x\""),
        ];
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        pairs.collect()
    }

    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`expect![…]` is written at the call"
    )]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&variables(text, &given()).unwrap());
    }
}
