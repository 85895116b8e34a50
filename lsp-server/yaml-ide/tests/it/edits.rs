//! A file that was edited is judged like one that was just opened.

mod renames;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use k8s_schemas::SchemaSet;
use proptest::prelude::*;
use yaml_ide::diagnostics::{Diagnostic, diagnostics};
use yaml_ide::{FileId, Workspace};
use yaml_syntax::{TextRange, TextSize};

const FILE: FileId = FileId(0);

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let entries = fs::read_dir(folder).expect("the manifests are there");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let yaml = paths.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    yaml.map(|path| fs::read_to_string(path).expect("a manifest is text"))
        .collect()
});

/// What people type, and what breaks most.
const INSERTS: [&str; 12] = [
    "",
    "x",
    "\n",
    "\n  ",
    "- ",
    ": ",
    "\"",
    "{",
    "\n---\n",
    "replcas: 1\n",
    "#",
    "  name: a\n",
];

/// A place (in thousandths of the text), how much goes, what comes.
type Edit = (usize, usize, usize);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn edited_and_opened_files_are_judged_alike(
        which in 0_usize..1000,
        edits in prop::collection::vec((0_usize..1000, 0_usize..40, 0..INSERTS.len()), 1..6),
    ) {
        let text = &TEXTS[which % TEXTS.len()];
        let (edited, text) = edit(text, &edits);
        let opened = open(&text);
        let judged = diagnostics(&edited.analysis(), FILE);
        prop_assert_eq!(shown(&judged), shown(&diagnostics(&opened.analysis(), FILE)), "{}", text);
    }
}

fn open(text: &str) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SchemaSet::builtin());
    workspace.set_file(FILE, "a.yaml", yaml_syntax::parse(text));
    workspace
}

/// Opens a text and edits it, asking for diagnostics all the time so that they are kept.
fn edit(text: &str, edits: &[Edit]) -> (Workspace, String) {
    let mut workspace = open(text);
    let mut text = text.to_owned();
    for (place, gone, insert) in edits {
        diagnostics(&workspace.analysis(), FILE);
        let start = boundary(&text, text.len() * place / 1000);
        let end = boundary(&text, start + gone).max(start);
        let insert = INSERTS[*insert];
        text.replace_range(start..end, insert);
        let at = |offset: usize| TextSize::from(offset as u32);
        workspace.edit_file(FILE, TextRange::new(at(start), at(end)), insert);
    }
    (workspace, text)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

fn shown(found: &[Diagnostic]) -> Vec<String> {
    let lines = found
        .iter()
        .map(|found| format!("{:?} {} {}", found.range, found.code, found.message));
    lines.collect()
}
