//! Laws that hold for any text: right manifests, broken ones, and what is left of them after edits.

mod actions;
mod completions;
mod layout;
mod names;
mod offers;
mod ranges;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use k8s_schemas::SchemaSet;
use serde_json::Value;
use yaml_ide::{Analysis, FileId, Workspace};

const FILE: FileId = FileId(0);

static SCHEMAS: LazyLock<SchemaSet> = LazyLock::new(SchemaSet::builtin);

/// The files of a folder of `tests`, each with its name, in order.
fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests")
        .join(folder);
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut files: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|it| it == "yaml" || it == "yml")
        })
        .map(|path| {
            let name = path.file_name().expect("a file has a name");
            let text = fs::read_to_string(&path).expect("a manifest is text");
            (name.to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

fn open(name: &str, text: &str) -> Analysis {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SCHEMAS.clone());
    workspace.set_file(FILE, name, yaml_syntax::parse(text));
    workspace.analysis()
}

/// The documents as kubectl reads them; `None` for one that it refuses.
fn values(text: &str) -> Vec<Option<Value>> {
    let parse = yaml_syntax::parse(text);
    let read = parse.documents().map(|document| {
        let read = yaml_syntax::json::document(document).ok();
        read.map(|read| read.value)
    });
    read.collect()
}

/// A text after changes that are disjoint and sorted.
#[track_caller]
fn applied(text: &str, edits: &[yaml_ide::rename::TextEdit]) -> String {
    let apart = edits.is_sorted_by(|a, b| a.range.end() <= b.range.start());
    assert!(apart, "changes meet: {edits:?}");
    let mut after = text.to_owned();
    for edit in edits.iter().rev() {
        after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    after
}

/// Random enough, and the same every time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Removes, repeats, moves or inserts something.
pub(crate) fn mutilate(text: &mut String, random: &mut Random) {
    const SCRAPS: [&str; 21] = [
        "\t",
        "{",
        "]",
        ": ",
        "- ",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "&a ",
        "*a",
        "<<: *a\n",
        "---\n",
        "\u{feff}",
        "\r\n",
        "\u{1f980}",
        "# x\n",
        "\n\n",
        "  ",
        "true",
        "é",
    ];
    let start = boundary(text, random.below(text.len()));
    let end = boundary(text, (start + random.below(80)).min(text.len())).max(start);
    let piece = text[start..end].to_owned();
    match random.below(6) {
        0 => text.replace_range(start..end, ""),
        1 => text.insert_str(start, &piece),
        2 => text.replace_range(start..end, &" ".repeat(piece.len())),
        3 => {
            let to = boundary(text, random.below(text.len()));
            text.insert_str(to, &piece);
        }
        _ => text.insert_str(start, SCRAPS[random.below(SCRAPS.len())]),
    }
}

pub(crate) fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

/// Manifests as they are, and a part of them with other line ends, cut off and damaged.
fn all_sorts() -> Vec<(String, String)> {
    let mut random = Random(7);
    let mut found = Vec::new();
    let files = texts("manifests")
        .into_iter()
        .chain(texts("broken-manifests"));
    for (index, (name, text)) in files.enumerate() {
        let mut damaged = text.clone();
        for _ in 0..=random.below(3) {
            mutilate(&mut damaged, &mut random);
        }
        found.push(match index % 4 {
            0 => (format!("{name} CRLF"), text.replace('\n', "\r\n")),
            1 => (format!("{name} cut"), text.trim_end().to_owned()),
            2 => (format!("{name} damaged"), damaged),
            _ => (name, text),
        });
    }
    found
}

#[track_caller]
fn none(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().take(12).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} faults\n{}",
        wrong.len(),
        shown.join("\n")
    );
}
