//! A patch that is written as a text: it is read like a file of its own, and what is wrong with it
//! is said at its place.

use yaml_syntax::{LineCol, ScalarStyle, Source, TextRange, TextSize};

use super::operations;
use crate::diagnostics::report::Report;
use crate::diagnostics::{Diagnostic, diagnostics};
use crate::object::{Object, Value};
use crate::{Config, FileId, Workspace, part};

/// The only file of the workspace of a patch. Its name says that it is one.
const PATCH: FileId = FileId(0);
const NAME: &str = "patch.yaml";

/// Judges a patch for objects like `target`.
pub(super) fn check(report: &mut Report<'_>, written: Value<'_>, target: Option<Object<'_>>) {
    let Some(text) = written.text() else {
        return;
    };
    let mut workspace = Workspace::new();
    workspace.set_schemas(report.schema_set());
    workspace.set_config(Config {
        release: report.schemas().kube_release(),
        ..report.config().clone()
    });
    workspace.set_file(PATCH, NAME, yaml_syntax::parse(&text));
    let analysis = workspace.analysis();
    let mut found = diagnostics(&analysis, PATCH);
    let document = analysis
        .parse(PATCH)
        .and_then(|parse| parse.documents().next());
    if let Some(document) = document {
        let part = part::whole(document);
        let mut inner = Report::new(&analysis, PATCH, &part);
        operations::check(&mut inner, target);
        found.extend(inner.take());
    }
    let place = Place::of(report, written, &text);
    let inner = analysis.source(PATCH);
    for found in found {
        report.add(match (&place, inner) {
            (Some(place), Some(inner)) => place.moved(found, inner),
            _ => Diagnostic {
                range: written.range(),
                related: Vec::new(),
                fixes: Vec::new(),
                ..found
            },
        });
    }
}

/// Where the lines of a literal block scalar stand.
struct Place<'a> {
    source: &'a Source,
    /// The line of the first line of the text.
    line: u32,
    /// How far all lines are indented.
    indent: u32,
}

impl<'a> Place<'a> {
    /// Nothing where a line of the text is not a line of the source.
    fn of(report: &Report<'a>, written: Value<'_>, text: &str) -> Option<Self> {
        let scalar = written.node()?.as_scalar()?;
        if scalar.style() != ScalarStyle::Literal {
            return None;
        }
        let source = report.source()?;
        let line = source.line_col(scalar.range().start()).line + 1;
        let (at, first) = (line..)
            .zip(text.lines())
            .find(|(_, text)| !text.is_empty())?;
        let outer = source.slice(source.line_range(at)).into_owned();
        let indent = outer
            .trim_end_matches(['\r', '\n'])
            .len()
            .checked_sub(first.len())?;
        let fits = outer
            .get(indent..)
            .is_some_and(|rest| rest.starts_with(first));
        fits.then_some(Self {
            source,
            line,
            indent: u32::try_from(indent).ok()?,
        })
    }

    fn offset(&self, inner: &Source, offset: TextSize) -> TextSize {
        let at = inner.line_col(offset);
        let line = self.line + at.line;
        let col = if at.col == 0 && line >= self.source.line_count() {
            0
        } else {
            at.col + self.indent
        };
        self.source.offset(LineCol { line, col })
    }

    fn range(&self, inner: &Source, range: TextRange) -> TextRange {
        let start = self.offset(inner, range.start());
        let end = self.offset(inner, range.end());
        TextRange::new(start, end.max(start))
    }

    fn moved(&self, mut found: Diagnostic, inner: &Source) -> Diagnostic {
        found.range = self.range(inner, found.range);
        found.related.clear();
        let indent = format!("\n{}", " ".repeat(self.indent as usize));
        for edit in found.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.range = self.range(inner, edit.range);
            edit.insert = edit.insert.replace('\n', &indent);
        }
        found
    }
}
