//! What a fix changes: whole lines and items, texts in their quotes, blanks for tabs.

use yaml_syntax::{SyntaxError, TextRange, TextSize};

use super::Report;
use crate::diagnostics::Diagnostic;
use crate::layout;

impl Report<'_> {
    /// A text that takes the place of one in quotes stays in them: JSON knows no other.
    pub(super) fn keep_quotes(&self, found: &mut Diagnostic) {
        let edits = found.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        for edit in edits {
            let old = self.text(edit.range);
            let quote = old.chars().next().filter(|c| matches!(c, '"' | '\''));
            let inner = quote.and_then(|quote| old.strip_prefix(quote)?.strip_suffix(quote));
            if let (Some(quote), Some(inner)) = (quote, inner)
                && !inner.contains(quote)
                && layout::is_plain(&edit.insert)
            {
                edit.insert = format!("{quote}{}{quote}", edit.insert);
            }
        }
    }

    /// The indentation of a line with tabs, and the same in spaces.
    pub(super) fn tabs(&self, error: &SyntaxError) -> Option<(TextRange, String)> {
        let source = self.source().filter(|_| error.code == "tab-indentation")?;
        let line = source.line_range(source.line_col(error.range.start()).line);
        let text = self.text(line);
        let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
        let blanks = text.get(..blanks).filter(|blanks| blanks.contains('\t'))?;
        let range = TextRange::new(line.start(), line.start() + TextSize::of(blanks));
        Some((range, blanks.replace('\t', "  ")))
    }

    /// The whole of an item of a list, with its dash or one comma; `None` where it cannot be told.
    pub(crate) fn whole_item(&self, item: TextRange) -> Option<TextRange> {
        let source = self.source()?;
        let line = source.line_range(source.line_col(item.start()).line);
        let before = self.text(TextRange::new(line.start(), item.start()));
        let before = before.trim_end();
        if before.trim_start() == "-" {
            let dash = line.start() + TextSize::from(before.len() as u32 - 1);
            return Some(self.whole_lines(TextRange::new(dash, item.end())));
        }
        before.ends_with([',', '[']).then(|| self.whole_lines(item))
    }

    /// The lines of an entry or an item, with the line end: what goes when it is removed. Where others
    /// stand in the same lines, only its own text goes, with one comma.
    pub(crate) fn whole_lines(&self, range: TextRange) -> TextRange {
        let Some(source) = self.source() else {
            return range;
        };
        let first = source.line_range(source.line_col(range.start()).line);
        let last = source.line_col(range.end()).line;
        let before = source.slice(TextRange::new(first.start(), range.start()));
        let after = source.slice(TextRange::new(range.end(), source.line_range(last).end()));
        let rest = after.trim_start().trim_start_matches(',').trim_start();
        let alone = before.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'));
        if !alone {
            return without_neighbors(range, &before, &after);
        }
        let end = if last + 1 < source.line_count() {
            source.line_range(last + 1).start()
        } else {
            source.line_range(last).end()
        };
        TextRange::new(first.start(), end)
    }
}

/// An entry between others in a line, with the comma behind it or else the one before it.
fn without_neighbors(range: TextRange, before: &str, after: &str) -> TextRange {
    let behind = after.trim_start();
    if let Some(next) = behind.strip_prefix(',') {
        let gone = after.len() - next.trim_start().len();
        return TextRange::new(range.start(), range.end() + TextSize::from(gone as u32));
    }
    match before.trim_end().strip_suffix(',') {
        Some(kept) => {
            let gone = before.len() - kept.len();
            TextRange::new(range.start() - TextSize::from(gone as u32), range.end())
        }
        None => range,
    }
}
