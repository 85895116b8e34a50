//! Changes of the text of an open document, in the order in which they arrive.

use std::sync::Arc;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_syntax::{Source, TextRange, TextSize};

use super::Session;
use super::opening::is_large;
use crate::convert::{Lines, from_proto, to_proto};
use crate::fault;

/// More changes than this in one notification are applied to the text in one pass.
const MANY_CHANGES: usize = 16;

impl Session {
    /// Applies the changes of one notification, each to the text that the one before it left.
    ///
    /// The order of arrival is what counts: the version is taken as it is told.
    pub(crate) fn change(&mut self, params: &lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = &params.text_document;
        let file = self.documents.file(uri);
        let Some(file) = file.filter(|file| self.documents.version(*file).is_some()) else {
            return;
        };
        Arc::make_mut(&mut self.documents).set(uri, Some(*version));
        let changes = &params.content_changes;
        self.change_document(uri, file, |session| match &**changes {
            [whole] if whole.range.is_none() => session.replace(uri, file, &whole.text),
            changes if changes.len() > MANY_CHANGES => session.change_at_once(file, changes),
            changes => changes.iter().for_each(|it| session.apply(file, it)),
        });
        self.owe_all();
    }

    /// Makes all of the text another one: what differs is changed.
    fn replace(&mut self, uri: &lsp::Uri, file: FileId, text: &str) {
        let analysis = self.workspace.analysis();
        let before = analysis.source(file).map(Source::to_string);
        let before = before.unwrap_or_default();
        drop(analysis);
        let (range, insert) = difference(&before, text);
        if is_large(insert) {
            self.move_lenses(file, range, insert);
            self.begin_text(uri, file, text);
        } else {
            self.edit(file, range, insert);
        }
        fault::tried(text);
    }

    fn apply(&mut self, file: FileId, change: &lsp::TextDocumentContentChangeEvent) {
        let analysis = self.workspace.analysis();
        let Some(source) = analysis.source(file) else {
            return;
        };
        let range = self.range_of(source, change);
        drop(analysis);
        self.edit(file, range, &change.text);
        fault::tried(&change.text);
    }

    fn edit(&mut self, file: FileId, range: TextRange, insert: &str) {
        self.workspace.edit_file(file, range, insert);
        self.move_lenses(file, range, insert);
    }

    /// Replaces all of the text once. Many changes come from one command that changed many
    /// places, which clients list from the last place to the first.
    fn change_at_once(&mut self, file: FileId, changes: &[lsp::TextDocumentContentChangeEvent]) {
        let analysis = self.workspace.analysis();
        let Some(source) = analysis.source(file) else {
            return;
        };
        let lines = Lines::new(source, self.client.encoding);
        let edits = changes
            .iter()
            .map(|change| (self.range_of(source, change), &*change.text));
        let edits: Vec<_> = edits.collect();
        let mut pairs = edits.windows(2).zip(changes.iter().skip(1));
        let backwards = pairs.all(|(pair, change)| match pair {
            [(later, _), (earlier, _)] if earlier.end() == later.start() => {
                is_exact(lines, *earlier, change)
            }
            [(later, _), (earlier, _)] => earlier.end() < later.start(),
            _ => true,
        });
        if !backwards {
            drop(analysis);
            for change in changes {
                self.apply(file, change);
            }
            return;
        }
        let text = spliced(source, &edits);
        let whole = TextRange::new(TextSize::from(0), source.len());
        drop(analysis);
        self.workspace.edit_file(file, whole, &text);
        for (range, insert) in edits {
            self.move_lenses(file, range, insert);
        }
    }

    fn range_of(&self, source: &Source, change: &lsp::TextDocumentContentChangeEvent) -> TextRange {
        let encoding = self.client.encoding;
        match change.range {
            Some(range) => from_proto::range(Lines::new(source, encoding), range),
            None => TextRange::new(TextSize::from(0), source.len()),
        }
    }
}

/// Whether a change names its end by characters in front of it, so that it is the same place whatever
/// stands behind. One behind the end of a line or of the text is another place in a longer one.
fn is_exact(
    lines: Lines<'_>,
    range: TextRange,
    change: &lsp::TextDocumentContentChangeEvent,
) -> bool {
    let end = change.range.map(|range| range.end);
    let end = end.filter(|end| end.character > 0);
    end == Some(to_proto::range(lines, range).end)
}

/// What changes `before` to `after`: the place of what differs, and what is there then.
fn difference<'t>(before: &'t str, after: &'t str) -> (TextRange, &'t str) {
    let same = |(a, b): &(char, char)| a == b;
    let len = |(char, _): (char, char)| char.len_utf8();
    let pairs = before.chars().zip(after.chars());
    let start: usize = pairs.take_while(same).map(len).sum();
    let rest = |text: &'t str| text.get(start..).unwrap_or_default();
    let (old, new) = (rest(before), rest(after));
    let pairs = old.chars().rev().zip(new.chars().rev());
    let end: usize = pairs.take_while(same).map(len).sum();
    let place = TextRange::new(
        TextSize::from(start as u32),
        TextSize::from((before.len() - end) as u32),
    );
    (place, new.get(..new.len() - end).unwrap_or_default())
}

/// The text with `edits` made; they are disjoint, the last place first.
fn spliced(source: &Source, edits: &[(TextRange, &str)]) -> String {
    let mut text = String::with_capacity(source.len().into());
    let mut copied = TextSize::from(0);
    for (range, insert) in edits.iter().rev() {
        text.push_str(&source.slice(TextRange::new(copied, range.start())));
        text.push_str(insert);
        copied = range.end();
    }
    text.push_str(&source.slice(TextRange::new(copied, source.len())));
    text
}
