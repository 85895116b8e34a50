//! Every value that can be known, taken away or half typed.

use k8s_schemas::{Schema, Type};
use serde_json::Value;
use yaml_ide::{FileId, Workspace, goto_definition};
use yaml_syntax::{Document, Node, Path, PathSegment, ScalarStyle, TextRange, TextSize};

use super::styles;
use super::trial::{DOCUMENTS, SCHEMAS, Tally, Trial, Wanted, at, each, json};

/// A value that stands in a text.
struct Place<'t> {
    text: &'t str,
    document: usize,
    range: TextRange,
    word: String,
    quote: &'static str,
    json: Value,
}

impl<'t> Place<'t> {
    fn new(text: &'t str, document: usize, node: Node<'_>, json: &Value) -> Option<Self> {
        let scalar = node.as_scalar()?;
        let quote = match scalar.style() {
            ScalarStyle::Plain => "",
            ScalarStyle::SingleQuoted => "'",
            ScalarStyle::DoubleQuoted => "\"",
            ScalarStyle::Literal | ScalarStyle::Folded => return None,
        };
        Some(Self {
            text,
            document,
            range: scalar.range(),
            word: scalar.text().into_owned(),
            quote,
            json: json.clone(),
        })
    }

    fn trial(&self, typed: &str) -> Trial {
        let cursor = typed.find('$').expect("a cursor");
        let gone = std::ops::Range::<usize>::from(self.range);
        let (before, after) = (&self.text[..gone.start], &self.text[gone.end..]);
        Trial {
            text: format!("{before}{}{after}", typed.replace('$', "")),
            cursor: gone.start + cursor,
            document: self.document,
            label: self.word.clone(),
            kind: Wanted::Value,
            after: self.json.clone(),
            open: None,
        }
    }

    fn take(&self, tally: &mut Tally, sort: &'static str) {
        let half: String = self.word.chars().take(self.word.len() / 2).collect();
        let quote = self.quote;
        tally.take(sort, &self.trial(&format!("{quote}${quote}")));
        tally.take(sort, &self.trial(&format!("{quote}{half}${quote}")));
        if quote.is_empty() {
            tally.take(sort, &self.trial("$"));
        }
    }
}

#[test]
fn values_that_the_schema_lists_come_back() {
    let mut tally = Tally::default();
    each(|text, json, _| {
        for (sort, text) in [
            ("value in lines", text.to_owned()),
            ("value in CRLF", text.replace('\n', "\r\n")),
            ("value in flow", styles::flow(json)),
            ("value in JSON", serde_json::to_string_pretty(json).unwrap()),
        ] {
            if super::trial::json(&text).as_ref() == Some(json) {
                for place in listed(&text, json) {
                    place.take(&mut tally, sort);
                }
            }
        }
    });
    tally.check();
}

/// The values of a document that are one of a few.
fn listed<'t>(text: &'t str, json: &Value) -> Vec<Place<'t>> {
    let parse = yaml_syntax::parse(text);
    let Some(document) = parse.documents().next() else {
        return Vec::new();
    };
    let known = |(path, node): (Path, Node<'_>)| {
        let schema = at(json, &path)?;
        let is_head = matches!(path.as_slice(), [PathSegment::Key(key)] if key == "kind" || key == "apiVersion");
        let is_known = is_head || schema.ty() == Type::Boolean || lists(schema, node);
        is_known.then(|| Place::new(text, 0, node, json))?
    };
    scalars(document).into_iter().filter_map(known).collect()
}

fn lists(schema: Schema<'_>, node: Node<'_>) -> bool {
    let word = node
        .as_scalar()
        .map(|scalar| Value::from(scalar.text().into_owned()));
    word.is_some_and(|word| schema.enum_values().contains(&word))
}

/// All scalars that are values or items.
fn scalars(document: Document<'_>) -> Vec<(Path, Node<'_>)> {
    let mut found = Vec::new();
    if let Some(root) = document.root() {
        collect(root, Path::new(), &mut found);
    }
    found
}

fn collect<'a>(node: Node<'a>, path: Path, found: &mut Vec<(Path, Node<'a>)>) {
    let inner = |segment| [path.as_slice(), &[segment]].concat();
    match node {
        Node::Mapping(mapping) => {
            for entry in mapping.entries() {
                if let (Some(key), Some(value)) = (entry.key_text(), entry.value()) {
                    collect(value, inner(PathSegment::Key(key.into_owned())), found);
                }
            }
        }
        Node::Sequence(sequence) => {
            for (index, item) in sequence.items().enumerate() {
                if let Some(node) = item.node() {
                    collect(node, inner(PathSegment::Index(index)), found);
                }
            }
        }
        Node::Scalar(_) => found.push((path, node)),
        Node::Alias(_) => {}
    }
}

#[test]
fn names_that_the_set_defines_come_back() {
    let mut tally = Tally::default();
    let text = DOCUMENTS
        .iter()
        .map(|text| format!("---\n{}\n", text.trim_end()));
    let text: String = text.collect();
    let mut workspace = Workspace::new();
    workspace.set_schemas(SCHEMAS.clone());
    workspace.set_file(FileId(0), "a.yaml", yaml_syntax::parse(&text));
    let analysis = workspace.analysis();
    let parse = yaml_syntax::parse(&text);
    for (number, document) in parse.documents().enumerate() {
        let Some(json) = json(&DOCUMENTS[number]) else {
            continue;
        };
        for (path, node) in scalars(document) {
            let one = TextSize::from(1);
            let targets =
                goto_definition::goto_definition(&analysis, FileId(0), node.range().start() + one);
            let elsewhere = targets
                .iter()
                .any(|target| !node.range().covers(target.selection));
            let itself = targets
                .iter()
                .any(|target| node.range().covers(target.selection));
            if elsewhere && !itself {
                let place = Place::new(&text, number, node, &json);
                let place = place.unwrap_or_else(|| panic!("{path:?} is a name"));
                place.take(&mut tally, "name");
            }
        }
    }
    tally.check();
}
