//! A name and all its uses, changed together.

use std::collections::{BTreeMap, HashMap};

use yaml_syntax::{TextRange, TextSize};

use crate::formats::name;
use crate::links::{self, Found, Symbol};
use crate::{Analysis, FileId, gitlab, layout};

/// A part of a text and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes.
    pub range: TextRange,
    /// What comes.
    pub insert: String,
}

/// Changes of several files; those of one file are disjoint and sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// The changes of each file.
    pub files: BTreeMap<FileId, Vec<TextEdit>>,
}

/// A name that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renameable {
    /// Where it stands under the cursor.
    pub range: TextRange,
    /// How it reads now.
    pub name: String,
}

/// The name at `offset`, if it is one that can be changed with all its uses.
pub fn prepare_rename(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<Renameable> {
    let found = links::at(analysis, file, offset)?;
    let is_number = found.symbol.text().parse::<u32>().is_ok();
    let is_port = matches!(
        found.symbol,
        Symbol::ServicePort { .. } | Symbol::PodPort { .. }
    );
    let is_fixed = is_port && is_number || is_given(&found.symbol);
    (!is_fixed).then(|| Renameable {
        range: bare(analysis, &found),
        name: found.symbol.text().to_owned(),
    })
}

/// Whether Kubernetes itself gives the name: after what the object defines, or by its type.
fn is_given(symbol: &Symbol) -> bool {
    const TYPED: &[&str] = &[
        "tls.crt",
        "tls.key",
        ".dockerconfigjson",
        ".dockercfg",
        "ssh-privatekey",
    ];
    match symbol {
        Symbol::Object { kind, .. } => kind == "CustomResourceDefinition" || kind == "APIService",
        Symbol::Key { kind, key, .. } => *kind == "Secret" && TYPED.contains(&key.as_str()),
        _ => false,
    }
}

/// The changes that give the name at `offset` and all its uses the name `to`.
///
/// # Errors
///
/// A sentence for the person: there is no such name, or `to` is not allowed there.
pub fn rename(
    analysis: &Analysis,
    file: FileId,
    offset: TextSize,
    to: &str,
) -> Result<WorkspaceEdit, String> {
    let found = links::at(analysis, file, offset)
        .filter(|_| prepare_rename(analysis, file, offset).is_some())
        .ok_or("there is no name that can be changed here")?;
    if let Some(refused) = refused(&found.symbol, to) {
        return Err(refused);
    }
    let places = links::same(analysis, &found);
    if let Some(other) = shared(analysis, &places) {
        return Err(format!("`{other}` is merged into other objects too"));
    }
    if taken(analysis, &found, to) {
        return Err(format!("`{to}` is taken already"));
    }
    let mut edit = WorkspaceEdit::default();
    for place in places {
        let range = bare(analysis, &place);
        let edits = edit.files.entry(place.file).or_default();
        // In the order of the text: what was there already was the one before.
        if edits.last().is_none_or(|edit| edit.range != range) {
            let insert = if is_plain(analysis, &place, range) {
                layout::plain_or_quoted(to)
            } else {
                to.to_owned()
            };
            edits.push(TextEdit { range, insert });
        }
    }
    Ok(edit)
}

fn refused(symbol: &Symbol, to: &str) -> Option<String> {
    match symbol {
        Symbol::Object { kind, .. } if kind.contains("Role") => name::path_segment(to),
        Symbol::Object { kind, .. } if kind == "Service" || kind == "Namespace" => {
            name::label_1123(to)
        }
        Symbol::Object { .. } => name::subdomain(to),
        Symbol::Key { .. } => name::config_key(to),
        Symbol::ServicePort { .. } | Symbol::Volume { .. } | Symbol::Container { .. } => {
            name::label_1123(to)
        }
        Symbol::PodPort { .. } => name::port_name(to),
        Symbol::Label { .. } => name::label_value(to),
        Symbol::Job { name } => gitlab::links::refused_job(name, to),
        Symbol::Stage { .. } => to.is_empty().then(|| "a stage needs a name".to_owned()),
        Symbol::Anchor { .. } => {
            // YAML would take more; kubectl does not.
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let bad = to.is_empty() || !to.chars().all(fits);
            bad.then(|| format!("`{to}` cannot be an anchor: use letters, digits, `-` and `_`"))
        }
    }
}

/// The text of a place that is a part of something else too: what an anchor merges in twice.
fn shared(analysis: &Analysis, places: &[Found]) -> Option<String> {
    let mut files: Vec<FileId> = places.iter().map(|place| place.file).collect();
    files.dedup();
    let others = files
        .into_iter()
        .flat_map(|file| links::of_file(analysis, file));
    let by_place = places
        .iter()
        .map(|place| ((place.file, place.range), place));
    let by_place: HashMap<_, _> = by_place.collect();
    let mut others = others.filter(|other| {
        let place = by_place.get(&(other.file, other.range));
        place.is_some_and(|place| !place.symbol.meets(&other.symbol))
    });
    others.next().map(|other| other.symbol.text().to_owned())
}

/// Whether something else of the same sort has the name already.
fn taken(analysis: &Analysis, found: &Found, to: &str) -> bool {
    let mut wanted = found.symbol.clone();
    match &mut wanted {
        Symbol::Object { name, .. }
        | Symbol::Volume { name, .. }
        | Symbol::Container { name, .. }
        | Symbol::Job { name }
        | Symbol::Stage { name } => to.clone_into(name),
        Symbol::Key { key, .. } => to.clone_into(key),
        Symbol::ServicePort { .. }
        | Symbol::PodPort { .. }
        | Symbol::Label { .. }
        | Symbol::Anchor { .. } => {
            return false;
        }
    }
    let there = Found {
        symbol: wanted,
        ..found.clone()
    };
    links::is_defined(analysis, &there)
}

/// Whether a name stands in `range` without quotes, as a scalar.
fn is_plain(analysis: &Analysis, found: &Found, range: TextRange) -> bool {
    let quoted = analysis.source(found.file).is_some_and(|source| {
        let line = source.line_range(source.line_col(range.start()).line);
        let before = source.slice(TextRange::new(line.start(), range.start()));
        before.ends_with(['"', '\''])
    });
    !quoted && !matches!(found.symbol, Symbol::Anchor { .. })
}

/// A place without the quotes around it.
pub(crate) fn bare(analysis: &Analysis, found: &Found) -> TextRange {
    let Some(source) = analysis.source(found.file) else {
        return found.range;
    };
    let text = source.slice(found.range);
    let quoted = text.len() >= 2 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
    if !quoted {
        return found.range;
    }
    let one = TextSize::from(1);
    TextRange::new(found.range.start() + one, found.range.end() - one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use expect_test::{Expect, expect};

    const SET: &str = "\
//- config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  mode: fast
//- pod.yaml
apiVersion: v1
kind: Pod
spec:
  containers:
  - name: web
    envFrom:
    - configMapRef: {name: \"web\"}
    env:
    - name: MODE
      valueFrom:
        configMapKeyRef: {name: we$0b, key: mode}
";

    #[test]
    fn a_name_changes_in_all_files() {
        check(
            SET,
            "shop",
            expect![[r#"
            config.yaml
              name: shop
            pod.yaml
                - configMapRef: {name: "shop"}
                    configMapKeyRef: {name: shop, key: mode}
        "#]],
        );
    }

    #[test]
    fn names_that_kubernetes_refuses_are_refused() {
        check(
            SET,
            "My Shop",
            expect![[r"
            `My Shop` is not allowed here: at most 253 lower-case letters, digits, `-` and `.`, starting and ending with a letter or digit
        "]],
        );
    }

    #[test]
    fn anchors_change_with_their_aliases() {
        check(
            "a: &x 1\nb: *$0x\n",
            "y",
            expect![[r"
            test.yaml
            a: &y 1
            b: *y
        "]],
        );
    }

    #[track_caller]
    fn check(fixture: &str, to: &str, expected: Expect) {
        let (analysis, file, offset) = fixture::position(fixture);
        let shown = match rename(&analysis, file, offset, to) {
            Err(message) => message + "\n",
            Ok(edit) => edit
                .files
                .iter()
                .map(|(file, edits)| changed(&analysis, *file, edits))
                .collect(),
        };
        expected.assert_eq(&shown);
    }

    /// The path of a file and the lines that changed.
    fn changed(analysis: &Analysis, file: FileId, edits: &[TextEdit]) -> String {
        let before = analysis.source(file).unwrap().to_string();
        let mut after = before.clone();
        for edit in edits.iter().rev() {
            after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
        }
        let lines = before.lines().zip(after.lines());
        let changed: String = lines
            .filter(|(before, after)| before != after)
            .map(|(_, after)| format!("{after}\n"))
            .collect();
        format!("{}\n{changed}", analysis.path(file).unwrap())
    }
}
