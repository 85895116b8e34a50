//! Words shown above a line: what an object comes to in its set.

use yaml_syntax::TextRange;

use crate::find_references::Location;
use crate::language::{self, Language};
use crate::{Analysis, FileId, links};

/// Words shown above a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    /// What it is about; in one line.
    pub range: TextRange,
    /// The words.
    pub title: String,
    /// What is shown when they are chosen.
    pub locations: Vec<Location>,
}

/// The lenses of `file`, in order: which workloads a selector finds.
pub fn code_lenses(analysis: &Analysis, file: FileId) -> Vec<CodeLens> {
    let of_kubernetes = language::of_file(analysis, file) == Language::Kubernetes;
    if !analysis.config().code_lenses || !of_kubernetes {
        return Vec::new();
    }
    let all: Vec<_> = links::all_objects(analysis, file).collect();
    let own = all.iter().filter(|(owner, _, object)| {
        *owner == file && object.kind == "Service" && object.selector.is_some()
    });
    own.map(|(_, range, service)| {
        let selector = service.selector.as_ref().map(|(labels, _)| labels);
        let found = all.iter().filter(|(_, _, other)| {
            let pair = selector.zip(other.pod_labels.as_ref());
            pair.is_some_and(|(selector, labels)| links::selects(selector, labels))
        });
        let locations: Vec<Location> = found
            .clone()
            .map(|(file, range, _)| Location {
                file: *file,
                range: *range,
            })
            .collect();
        let names: Vec<String> = found
            .map(|(_, _, other)| format!("{} {}", other.kind, other.name))
            .collect();
        let title = match names.as_slice() {
            [] => "selects no pods of this set".to_owned(),
            names => format!("selects the pods of {}", names.join(", ")),
        };
        CodeLens {
            range: *range,
            title,
            locations,
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn services_say_whom_they_select() {
        let analysis = fixture::plain(
            "\
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
---
kind: Deployment
metadata: {name: front}
spec:
  template:
    metadata: {labels: {app: web, tier: a}}
    spec: {containers: []}
",
        );
        let lenses = code_lenses(&analysis, FileId(0));
        let titles: Vec<_> = lenses.iter().map(|lens| lens.title.as_str()).collect();
        assert_eq!(titles, ["selects the pods of Deployment front"]);
        assert_eq!(lenses.first().unwrap().locations.len(), 1);
    }
}
