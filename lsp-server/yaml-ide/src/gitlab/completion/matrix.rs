//! Copies of a job to wait for: the variables of its matrix, and their values.

use yaml_syntax::{Node, PathSegment};

use super::Site;
use crate::completion::{CompletionKind, Found};
use crate::gitlab::part::Matrix;
use crate::layout;
use crate::object::Object;

/// Lists the variables that the matrix of the job has, in a row of `needs: parallel: matrix`.
pub(super) fn variables(site: &Site<'_>, object: Object<'_>, found: &mut Found<'_>) {
    let [.., PathSegment::Index(_)] = site.path.as_slice() else {
        return;
    };
    let colon = if site.context.has_colon { "" } else { ": " };
    of_needed_job(site, |matrix| {
        for (name, values) in matrix.rows.iter().flatten() {
            let known = found.items.iter().any(|item| item.label == name.text);
            if known || object.has(&name.text) {
                continue;
            }
            let insert = format!("{}{colon}", layout::plain_or_quoted(&name.text));
            let item = found.push(&name.text, CompletionKind::Field, insert);
            let values: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
            item.detail = values.join(", ");
            item.retrigger = !site.context.has_colon;
        }
    });
}

/// Lists the values that a variable has in the matrix of the job.
pub(super) fn values(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    let ([.., PathSegment::Key(variable)]
    | [.., PathSegment::Key(variable), PathSegment::Index(_)]) = site.path.as_slice()
    else {
        return;
    };
    of_needed_job(site, |matrix| {
        let entries = matrix.rows.iter().flatten();
        let same = entries.filter(|(name, _)| name.text == *variable);
        for value in same.flat_map(|(_, values)| values) {
            if !found.items.iter().any(|item| item.label == value.text) {
                let insert = format!("{lead}{}", layout::plain_or_quoted(&value.text));
                let item = found.push(&value.text, CompletionKind::Reference, insert);
                "in the matrix of the job".clone_into(&mut item.detail);
            }
        }
    });
}

/// Shows the matrix of the job that is waited for, if the cursor is in a row of
/// `needs: - job: …, parallel: matrix`.
fn of_needed_job(site: &Site<'_>, show: impl FnOnce(&Matrix)) {
    let [job, needs, at, parallel, matrix, PathSegment::Index(_), ..] = site.path.as_slice() else {
        return;
    };
    let is = |segment: &PathSegment, key| matches!(segment, PathSegment::Key(one) if one == key);
    if !is(needs, "needs") || !is(parallel, "parallel") || !is(matrix, "matrix") {
        return;
    }
    let document = site.context.document();
    let need = document
        .and_then(|document| document.node_at_path(&[job.clone(), needs.clone(), at.clone()]));
    let name = need
        .and_then(Node::as_mapping)
        .and_then(|need| need.get("job"));
    let Some(name) = name.and_then(Node::as_scalar) else {
        return;
    };
    let pipeline = site.pipeline();
    let needed = pipeline.job(&name.text());
    if let Some(matrix) = needed.and_then(|found| found.job.matrix.as_ref()) {
        show(matrix);
    }
}
