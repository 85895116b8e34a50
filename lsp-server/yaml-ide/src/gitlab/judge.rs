//! What is wrong with a document of a pipeline by itself.

mod deprecated;
mod keywords;
mod values;

use crate::diagnostics::report::Report;

/// Judges a document.
pub(crate) fn document(report: &mut Report<'_>) {
    keywords::check(report);
}
