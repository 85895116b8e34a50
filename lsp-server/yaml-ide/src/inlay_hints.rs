//! Words shown between the words of a file: what a value comes to.

use yaml_syntax::{Node, TextRange, TextSize};

use crate::cache::{Facts, Moved};
use crate::formats::{cron, quantity};
use crate::language::{self, Language};
use crate::manifest;
use crate::object::{Object, Value};
use crate::part::Part;
use crate::pieces::{self, Place, Placed};
use crate::{Analysis, FileId};

/// Words shown at a place of the text, and not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// The place.
    pub offset: TextSize,
    /// The words.
    pub label: String,
    /// More about them, as `CommonMark`.
    pub tooltip: String,
}

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// The hints of `range` of `file`, in order.
pub fn inlay_hints(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<InlayHint> {
    inlay_hints_in_pieces(analysis, file, range)
        .flatten()
        .collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn inlay_hints_in_pieces(
    analysis: &Analysis,
    file: FileId,
    range: TextRange,
) -> impl Iterator<Item = Vec<InlayHint>> {
    let of_kubernetes = language::of_file(analysis, file) == Language::Kubernetes;
    let is_wanted = analysis.config().inlay_hints && of_kubernetes;
    let pieces = is_wanted.then(|| pieces::found(analysis, file, Some(range), of_part));
    pieces.into_iter().flatten().map(move |mut hints| {
        hints.retain(|hint| range.touches(hint.offset));
        hints
    })
}

impl Placed for InlayHint {
    fn place(facts: &Facts) -> &Place<Self> {
        &facts.hints
    }

    fn start(&self) -> TextSize {
        self.offset
    }

    fn moved(&self, moved: Moved) -> Self {
        Self {
            offset: moved.offset(self.offset),
            ..self.clone()
        }
    }
}

fn of_part(part: &Part<'_>) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    for manifest in part.manifests() {
        schedule(&manifest, &mut hints);
        resources(manifest.object, &mut hints, 0);
    }
    hints
}

/// When a `CronJob` runs.
fn schedule(manifest: &manifest::Manifest<'_>, hints: &mut Vec<InlayHint>) {
    if manifest.kind != "CronJob" {
        return;
    }
    let value = manifest.object.at(&["spec", "schedule"]);
    let words =
        value.and_then(|value| Some((value, cron::parse(&value.text()?).ok()?.describe()?)));
    if let Some((value, words)) = words {
        push(value, words, hints);
    }
}

/// Amounts of memory that are not round in the unit people think in.
fn resources(object: Object<'_>, hints: &mut Vec<InlayHint>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for (key, _, value) in object.pairs() {
        let Some(value) = value else {
            continue;
        };
        if matches!(value.written(), Node::Alias(_)) {
            continue;
        }
        if let Some(inner) = value.object() {
            if matches!(key.as_str(), "requests" | "limits" | "capacity" | "hard") {
                amounts(inner, hints);
            } else {
                resources(inner, hints, depth + 1);
            }
        }
        // What an alias stands for has its hints at the anchor.
        let items = value.items().into_iter();
        let written = items.filter(|item| !matches!(item.written(), Node::Alias(_)));
        for item in written.filter_map(Value::object) {
            resources(item, hints, depth + 1);
        }
    }
}

fn amounts(amounts: Object<'_>, hints: &mut Vec<InlayHint>) {
    for (name, _, value) in amounts.pairs() {
        let Some((value, text)) = value.and_then(|value| Some((value, value.raw_text()?))) else {
            continue;
        };
        let is_bytes = ["memory", "storage"].iter().any(|end| name.ends_with(end));
        // `128Mi` says it already; `134217728` and `128M` do not.
        let plain = text.ends_with("Mi") || text.ends_with("Gi") || text.ends_with("Ti");
        if let Some(amount) = quantity::parse(&text).filter(|_| is_bytes && !plain) {
            let words = amount.as_bytes();
            let short = words.split(" (").next().unwrap_or(&words);
            push(value, format!("= {short}"), hints);
        }
    }
}

fn push(value: Value<'_>, label: String, hints: &mut Vec<InlayHint>) {
    hints.push(InlayHint {
        offset: value.range().end(),
        label,
        tooltip: String::new(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn schedules_and_bytes_are_explained() {
        check(
            "\
apiVersion: batch/v1
kind: CronJob
spec:
  schedule: \"0 3 * * *\"
---
apiVersion: v1
kind: Pod
spec:
  containers:
  - resources:
      limits: {memory: 134217728, cpu: 500m}
      requests: {memory: 64Mi}
",
            &["\"0 3 * * *\" at 03:00", "134217728 = 128 MiB"],
        );
    }

    #[track_caller]
    fn check(fixture: &str, expected: &[&str]) {
        let analysis = fixture::plain(fixture);
        let source = analysis.source(FileId(0)).unwrap();
        let all = TextRange::new(TextSize::from(0), source.len());
        let shown: Vec<String> = inlay_hints(&analysis, FileId(0), all)
            .into_iter()
            .map(|hint| {
                let before = source.slice(TextRange::new(TextSize::from(0), hint.offset));
                let word = before.rsplit(": ").next().unwrap();
                format!("{word} {}", hint.label)
            })
            .collect();
        assert_eq!(shown, expected);
    }
}
