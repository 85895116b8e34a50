//! Jobs that wait for copies of another one which its matrix does not make.

use yaml_syntax::TextRange;

use super::Judge;
use crate::fuzzy;
use crate::gitlab::judge::values;
use crate::gitlab::part::{Job, Matrix, Name, Need};
use crate::gitlab::schema::DOCS;

/// What is wrong: where, the words, and what is near.
type Fault = (TextRange, String, Option<String>);

impl Judge<'_> {
    /// Judges which copies of `other` the need means.
    pub(super) fn copies(&mut self, need: &Need, other: &Job) {
        let Some(wanted) = &need.matrix else {
            return;
        };
        let Some(line) = self.pipeline.line(other) else {
            return;
        };
        let Some(owner) = line.into_iter().find(|job| job.has("parallel")) else {
            let message = format!(
                "`{}` has no `parallel: matrix`: there is one of it",
                need.name.text
            );
            return self.wrong_copy((wanted.range, message, None));
        };
        let made = owner.matrix.as_ref();
        let fault = made.and_then(|made| {
            let mut rows = wanted.rows.iter();
            rows.find_map(|row| wrong_row(&need.name.text, row, made))
        });
        if let Some(fault) = fault {
            self.wrong_copy(fault);
        }
    }

    fn wrong_copy(&mut self, (range, mut message, near): Fault) {
        let range = self.moved.range(range);
        if let Some(near) = &near {
            message = format!("{message}; did you mean `{near}`?");
        }
        let complaint = self
            .report
            .error(range, "needs-matrix", message)
            .docs(format!("{DOCS}yaml/#needsparallelmatrix"));
        if let Some(near) = near {
            let insert = crate::layout::plain_or_quoted(&near);
            complaint.replace(format!("Change to `{near}`"), range, insert);
        }
    }
}

fn wrong_row(job: &str, row: &[(Name, Vec<Name>)], made: &Matrix) -> Option<Fault> {
    let known = || {
        made.rows
            .iter()
            .flatten()
            .map(|(name, _)| name.text.as_str())
    };
    if let Some((name, _)) = row
        .iter()
        .find(|(name, _)| known().all(|other| other != name.text))
    {
        let message = format!("the matrix of `{job}` has no variable `{}`", name.text);
        let near = fuzzy::nearest(&name.text, known());
        return Some((name.range, message, near.map(str::to_owned)));
    }
    if made.rows_with(row).next().is_none() {
        let (first, _) = row.first()?;
        let mut names: Vec<&str> = known().collect();
        names.dedup();
        let message = format!(
            "name all variables of a copy of `{job}`: {}",
            names.join(", ")
        );
        return Some((first.range, message, None));
    }
    row.iter().find_map(|(name, wanted)| {
        let values = || {
            let rows = made.rows_with(row).flatten();
            let same = rows.filter(|(other, _)| other.text == name.text);
            same.flat_map(|(_, values)| values)
                .map(|value| value.text.as_str())
        };
        let value = wanted
            .iter()
            .find(|value| values().all(|other| other != value.text))?;
        let near = fuzzy::nearest(&value.text, values());
        let mut all: Vec<&str> = values().collect();
        all.dedup();
        let mut message = format!(
            "no copy of `{job}` has `{}` for `{}`",
            value.text, name.text
        );
        if near.is_none() {
            message = format!("{message}; there is {}", values::list(&all));
        }
        Some((value.range, message, near.map(str::to_owned)))
    })
}
