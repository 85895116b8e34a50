//! The copies of a job that `parallel: matrix` makes, and those that somebody waits for.

use yaml_syntax::TextRange;

use super::Name;
use crate::object::{Object, Value};

/// A matrix of which all values are written here.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    /// The word `parallel`.
    pub(crate) range: TextRange,
    /// Variables and their values; each row makes copies of its own.
    pub(crate) rows: Vec<Vec<(Name, Vec<Name>)>>,
}

impl Matrix {
    /// The row that has the same variables.
    pub(crate) fn rows_with<'a>(
        &'a self,
        row: &'a [(Name, Vec<Name>)],
    ) -> impl Iterator<Item = &'a Vec<(Name, Vec<Name>)>> {
        self.rows.iter().filter(|other| {
            let has = |name: &Name| other.iter().any(|(other, _)| other.text == name.text);
            other.len() == row.len() && row.iter().all(|(name, _)| has(name))
        })
    }
}

/// The matrix of a job, or of what it waits for; `None` where a part of it is not known.
pub(super) fn read(object: Object<'_>) -> Option<Matrix> {
    let range = object.entry("parallel")?.key()?.range();
    let parallel = object.object("parallel")?;
    let items = parallel.items("matrix");
    let rows: Option<Vec<_>> = items.into_iter().map(row).collect();
    let rows = rows.filter(|rows| !rows.is_empty())?;
    Some(Matrix { range, rows })
}

fn row(item: Value<'_>) -> Option<Vec<(Name, Vec<Name>)>> {
    let variables = item.object().filter(|row| !row.has("<<"))?;
    let pairs = variables.pairs().map(|(text, entry, value)| {
        let range = entry.key()?.range();
        let value = value?;
        let written = value.written();
        let values = match written.as_sequence() {
            Some(_) if written.tag().is_none() => value.items().into_iter().map(fixed).collect(),
            _ => fixed(value).map(|value| vec![value]),
        };
        Some((Name { text, range }, values?))
    });
    pairs.collect()
}

fn fixed(value: Value<'_>) -> Option<Name> {
    let text = value.raw_text().filter(|text| !text.contains('$'))?;
    let range = value.written().range();
    Some(Name { text, range })
}
