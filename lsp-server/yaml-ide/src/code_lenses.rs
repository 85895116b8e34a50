//! Words shown above a line: what an object comes to in its set.

use yaml_syntax::TextRange;

use crate::find_references::Location;
use crate::language::{self, Language};
use crate::links::{self, Placed};
use crate::{Analysis, FileId};

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

/// An object that a file describes, by what a cluster knows it as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described<'a> {
    /// Such as `Deployment`.
    pub kind: &'a str,
    /// As written; an object that names none goes to the namespace of its deploy.
    pub namespace: Option<&'a str>,
    /// `metadata.name`.
    pub name: &'a str,
    /// Where the name stands.
    pub range: TextRange,
}

/// The objects that `file` describes, in order and in pieces of work: what a client has words of its
/// own for, such as the state of a deploy.
pub fn objects_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<Described<'_>>> {
    links::own_objects_in_pieces(analysis, file).map(|objects| {
        let described = objects.into_iter().map(|(range, object)| Described {
            kind: &object.kind,
            namespace: object.namespace.as_deref(),
            name: &object.name,
            range,
        });
        described.collect()
    })
}

/// The lenses of `file`, in order: which workloads a selector finds.
pub fn code_lenses(analysis: &Analysis, file: FileId) -> Vec<CodeLens> {
    code_lenses_in_pieces(analysis, file).flatten().collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn code_lenses_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<CodeLens>> {
    let of_kubernetes = language::of_file(analysis, file) == Language::Kubernetes;
    let is_wanted = analysis.config().code_lenses && of_kubernetes;
    let services = is_wanted.then(|| links::services_in_pieces(analysis, file));
    let mut left = MAX_ALL_LOCATIONS;
    services.into_iter().flatten().map(move |services| {
        let lenses = services.into_iter().map(|(service, found)| {
            let lens = lens(service, &found, left);
            left -= lens.locations.len();
            lens
        });
        lenses.collect()
    })
}

/// So many workloads are named: more are no words above a line.
const MAX_NAMED: usize = 5;

/// So many can be gone to: a thousand Services with the labels of a thousand workloads have a
/// million.
const MAX_LOCATIONS: usize = 100;

/// So many in all of a file: the lenses behind say their words only.
const MAX_ALL_LOCATIONS: usize = 10_000;

fn lens(service: Placed<'_>, found: &[Placed<'_>], left: usize) -> CodeLens {
    let locations = found
        .iter()
        .take(MAX_LOCATIONS.min(left))
        .map(|placed| Location {
            file: placed.file,
            range: placed.name_range(),
        });
    let names = found.iter().take(MAX_NAMED).map(|placed| {
        let object = placed.object;
        format!("{} {}", object.kind, object.name)
    });
    let mut names: Vec<String> = names.collect();
    let others = found.len().saturating_sub(MAX_NAMED);
    names.extend((others > 0).then(|| format!("{others} more")));
    CodeLens {
        range: service.name_range(),
        title: match names.as_slice() {
            [] => "selects no pods of this set".to_owned(),
            names => format!("selects the pods of {}", names.join(", ")),
        },
        locations: locations.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn of_many_workloads_some_are_named() {
        let service = "kind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n";
        let pods = (0..120).map(|number| {
            format!(
                "---\nkind: Deployment\nmetadata: {{name: d{number}}}\n\
                 spec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: []}}}}}}\n"
            )
        });
        let text = service.to_owned() + &pods.collect::<String>();
        let lenses = code_lenses(&fixture::plain(&text), FileId(0));
        let lens = lenses.first().unwrap();
        assert!(lens.title.ends_with(", Deployment d4, 115 more"));
        assert_eq!(lens.locations.len(), 100);
    }

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
