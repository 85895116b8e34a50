//! Objects of all files, by name.

use yaml_syntax::TextRange;
use yaml_syntax::order::sort_by_number;

use crate::language::{self, Language};
use crate::{Analysis, FileId, fuzzy, gitlab, links};

/// An object of some file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The name of the object.
    pub name: String,
    /// Its kind, and its namespace where it has one: `Deployment in shop`.
    pub container: String,
    /// The file it stands in.
    pub file: FileId,
    /// Where its name stands.
    pub range: TextRange,
}

/// Objects whose kind or name match `query` as a fuzzy pattern, and jobs of pipelines, best first;
/// all for an empty one.
pub fn workspace_symbols(analysis: &Analysis, query: &str) -> Vec<WorkspaceSymbol> {
    let query: String = query.split_whitespace().collect();
    let all = objects(analysis).into_iter();
    let scored = all
        .chain(gitlab::symbols::jobs(analysis))
        .filter_map(|symbol| {
            let kind = symbol.container.split(' ').next().unwrap_or_default();
            let both = format!("{kind}{}", symbol.name);
            let score = fuzzy::score(&query, &symbol.name).max(fuzzy::score(&query, &both))?;
            Some((score, symbol))
        });
    let mut scored: Vec<(i32, WorkspaceSymbol)> = scored.collect();
    sort_by_number(&mut scored, |(score, _)| fuzzy::best_first(*score));
    scored.into_iter().map(|(_, symbol)| symbol).collect()
}

fn objects(analysis: &Analysis) -> Vec<WorkspaceSymbol> {
    let mut files = analysis.files();
    let any = files.find(|file| language::of_file(analysis, *file) == Language::Kubernetes);
    let objects = any
        .into_iter()
        .flat_map(|file| links::all_objects(analysis, file));
    objects
        .map(|(file, range, object)| WorkspaceSymbol {
            name: object.name.clone(),
            container: match &object.namespace {
                Some(namespace) => format!("{} in {namespace}", object.kind),
                None => object.kind.clone(),
            },
            file,
            range,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn objects_are_found_by_kind_and_name() {
        let analysis = fixture::plain(
            "//- a.yaml\nkind: Service\nmetadata: {name: web}\n//- b.yaml\nkind: Secret\nmetadata: {name: db, namespace: x}\n",
        );
        let shown = |query| {
            let found = workspace_symbols(&analysis, query).into_iter();
            found
                .map(|symbol| format!("{} {}", symbol.container, symbol.name))
                .collect::<Vec<_>>()
        };
        assert_eq!(shown("web"), ["Service web"]);
        assert_eq!(shown("secdb"), ["Secret in x db"]);
        assert_eq!(shown("").len(), 2);
    }
}
