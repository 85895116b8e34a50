//! Objects of all files, by name.

use yaml_syntax::TextRange;
use yaml_syntax::order::sort_by_number;

use crate::{Analysis, FileId, fuzzy, links};

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

/// Objects whose kind or name match `query` as a fuzzy pattern, best first; all for an empty one.
pub fn workspace_symbols(analysis: &Analysis, query: &str) -> Vec<WorkspaceSymbol> {
    let Some(any) = analysis.files().next() else {
        return Vec::new();
    };
    let query: String = query.split_whitespace().collect();
    let objects = links::all_objects(analysis, any);
    let mut scored: Vec<(i32, WorkspaceSymbol)> = objects
        .filter_map(|(file, range, object)| {
            let both = format!("{}{}", object.kind, object.name);
            let score = fuzzy::score(&query, &object.name).max(fuzzy::score(&query, &both))?;
            let container = match &object.namespace {
                Some(namespace) => format!("{} in {namespace}", object.kind),
                None => object.kind.clone(),
            };
            let name = object.name.clone();
            let symbol = WorkspaceSymbol {
                name,
                container,
                file,
                range,
            };
            Some((score, symbol))
        })
        .collect();
    sort_by_number(&mut scored, |(score, _)| fuzzy::best_first(*score));
    scored.into_iter().map(|(_, symbol)| symbol).collect()
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
