//! Search and replace: the worker finds, the page shows and replaces.

use editor_core::{
    Caret, ChangeSet, Matches, Origin, Replacement, Selection, Transaction, find_text,
};
use gloo::timers::callback::Timeout;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;

use super::editing::{Editing, File};
use super::viewport::Reveal;
use crate::lsp::LspError;
use crate::popups::find::Flag;

/// How long typing pauses before the text is searched again, in milliseconds.
const PAUSE: u32 = 120;
/// The longest selection that becomes the pattern.
const LONGEST_PATTERN: usize = 200;

impl Editing {
    /// Opens the bar, or takes the focus into it. What is selected becomes the pattern.
    pub(crate) fn open_find(&self, replacing: bool) {
        let (selected, origin) = {
            let file = self.file.borrow();
            let caret = file.state().selection().primary();
            let short = (1..=LONGEST_PATTERN).contains(&caret.range().len());
            let text = short.then(|| file.buffer.text().slice(caret.range()).into_owned());
            (text.filter(|it| !it.contains('\n')), caret.start())
        };
        {
            let find = &mut self.popups.borrow_mut().find;
            let fresh = !find.open;
            find.open = true;
            find.replacing |= replacing;
            find.origin = origin;
            find.focus += 1;
            if let Some(selected) = selected.filter(|_| fresh || !find.query.regex) {
                find.query.pattern = selected;
                find.query.regex = false;
            }
        }
        self.redraw_popups();
        self.search(false);
    }

    /// Closes the bar. Whether it was open.
    #[inline(never)]
    pub(crate) fn close_find(&self) -> bool {
        let was_open = std::mem::take(&mut self.popups.borrow_mut().find.open);
        if was_open {
            self.file.borrow_mut().matches = Matches::default();
            self.popups.borrow_mut().find.replacing = false;
            self.redraw_popups();
            self.ask_frame();
            if let Some(surface) = self.surface.get() {
                surface.focus();
            }
        }
        was_open
    }

    pub(crate) fn toggle_replace(&self) {
        {
            let find = &mut self.popups.borrow_mut().find;
            find.replacing = !find.replacing;
        }
        self.redraw_popups();
    }

    pub(crate) fn toggle_flag(&self, flag: Flag) {
        self.popups.borrow_mut().find.toggle(flag);
        self.query_changed();
    }

    /// Something else is looked for.
    pub(crate) fn query_changed(&self) {
        self.redraw_popups();
        self.search(true);
    }

    /// Looks again if the bar is open, for another text.
    #[inline(never)]
    pub(crate) fn search_again(&self) {
        if self.popups.borrow().find.open {
            self.search(false);
        }
    }

    pub(crate) fn search_later(&self) {
        let Some(me) = self.rc() else { return };
        let pause = Timeout::new(PAUSE, move || me.search_again());
        *self.search_pause.borrow_mut() = Some(pause);
    }

    /// Looks for the pattern; `jump` selects the first match from where the search began.
    fn search(&self, jump: bool) {
        let query = self.popups.borrow().find.query.clone();
        if query.pattern.is_empty() {
            self.found(Matches::default(), 0, false);
            return;
        }
        let Some(lsp) = self.props().lsp else {
            let matches = find_text(self.file.borrow().buffer.text(), &query);
            let count = matches.len();
            self.found(matches, count, jump);
            return;
        };
        self.popups.borrow_mut().find.waiting = true;
        let (Some(params), Some(me)) = (self.search_params(None), self.rc()) else {
            return;
        };
        spawn_local(async move {
            let version = me.file.borrow().version;
            let answer = lsp.newest("search", "kun/search", params).await;
            let is_newest = me.file.borrow().version == version;
            match answer {
                Ok(answer) if is_newest => me.answered(&answer, jump),
                Err(LspError::Failed(error)) => me.search_failed(error),
                // A newer search is on its way.
                Ok(_) | Err(_) => {}
            }
        });
    }

    fn search_params(&self, replacement: Option<&str>) -> Option<Value> {
        let lsp = self.props().lsp?;
        let uri = self.uri();
        let popups = self.popups.borrow();
        let query = &popups.find.query;
        let mut params = json!({
            "textDocument": { "uri": &*uri, "version": lsp.version(&uri)? },
            "pattern": query.pattern,
            "flags": { "case": query.match_case, "word": query.whole_word, "regex": query.regex },
        });
        if let Some(replacement) = replacement {
            params["replacement"] = replacement.into();
        }
        Some(params)
    }

    fn answered(&self, answer: &Value, jump: bool) {
        let count = answer["count"].as_u64().unwrap_or(0) as usize;
        self.found(matches_of(answer), count, jump);
    }

    fn found(&self, matches: Matches, count: usize, jump: bool) {
        self.file.borrow_mut().matches = matches;
        let origin = {
            let find = &mut self.popups.borrow_mut().find;
            find.count = count;
            find.error = None;
            find.waiting = false;
            find.origin
        };
        if jump {
            let first = {
                let file = self.file.borrow();
                file.matches
                    .next_from(origin)
                    .and_then(|it| file.matches.get(it))
            };
            if let Some(first) = first {
                self.select(first, Reveal::Center);
            }
        }
        self.ask_frame();
        self.redraw_popups();
    }

    fn search_failed(&self, error: String) {
        self.file.borrow_mut().matches = Matches::default();
        {
            let find = &mut self.popups.borrow_mut().find;
            find.count = 0;
            find.waiting = false;
            find.error = Some(error);
        }
        self.ask_frame();
        self.redraw_popups();
    }

    /// Index of the match that is selected.
    pub(crate) fn current_match_idx(&self) -> Option<usize> {
        let file = self.file.borrow();
        file.matches
            .index_of(&file.state().selection().primary().range())
    }

    pub(crate) fn find_next(&self) {
        self.find_from(|file, caret| {
            let from = match file.matches.index_of(&caret.range()) {
                Some(idx) => return Some((idx + 1) % file.matches.len().max(1)),
                None => caret.end(),
            };
            file.matches.next_from(from)
        });
    }

    pub(crate) fn find_previous(&self) {
        self.find_from(|file, caret| file.matches.previous_before(caret.start()));
    }

    fn find_from(&self, idx: impl Fn(&File, &Caret) -> Option<usize>) {
        if !self.popups.borrow().find.open {
            self.open_find(false);
            return;
        }
        let range = {
            let file = self.file.borrow();
            let caret = file.state().selection().primary();
            idx(&file, &caret).and_then(|it| file.matches.get(it))
        };
        if let Some(range) = range {
            self.popups.borrow_mut().find.origin = range.start;
            self.select(range, Reveal::Center);
            self.redraw_popups();
        }
    }

    /// Replaces the match that is selected, or goes to the next.
    pub(crate) fn replace_one(&self) {
        self.with_replacements(|it, replacement| match it.current_match_idx() {
            Some(idx) => it.replace_at(idx, &replacement),
            None => it.find_next(),
        });
    }

    fn replace_at(&self, idx: usize, replacement: &Replacements) {
        let transaction = {
            let file = self.file.borrow();
            let Some(range) = file.matches.get(idx) else {
                return;
            };
            let insert = match replacement {
                Replacements::Same(text) => text.as_str(),
                Replacements::Each(texts) => texts.get(idx).map_or("", String::as_str),
            };
            let end = range.start + insert.len();
            let changes = ChangeSet::replace(file.buffer.text(), range, insert);
            Transaction {
                changes,
                selection: Some(Selection::at(end)),
                origin: Origin::Command,
            }
        };
        {
            let find = &mut self.popups.borrow_mut().find;
            find.count = find.count.saturating_sub(1);
        }
        self.apply(transaction);
        self.find_next();
    }

    /// Replaces all matches by one change.
    pub(crate) fn replace_all(&self) {
        self.with_replacements(|it, replacement| {
            let (changes, count) = {
                let file = it.file.borrow();
                let replacement = match &replacement {
                    Replacements::Same(text) => Replacement::Same(text),
                    Replacements::Each(texts) => Replacement::Each(texts),
                };
                let changes = file.matches.replace(file.buffer.text(), replacement);
                (changes, file.matches.len())
            };
            if count > 0 {
                it.file.borrow_mut().buffer.close_step();
                it.apply(Transaction::change(changes, Origin::Command));
                it.popups.borrow_mut().find.count = 0;
                it.say(&format!("{count} replaced"));
            }
        });
    }

    /// Finds out what matches are replaced by, and goes on with that. Before an answer to what was
    /// typed last the matches are of another pattern: they are looked for again.
    fn with_replacements(&self, then: impl FnOnce(&Self, Replacements) + 'static) {
        let (text, is_regex, is_waiting) = {
            let find = &self.popups.borrow().find;
            (find.replacement.clone(), find.query.regex, find.waiting)
        };
        if self.props().read_only {
            return;
        }
        if !is_regex && !is_waiting {
            then(self, Replacements::Same(text));
            return;
        }
        let template = is_regex.then(|| unescaped(&text));
        let (Some(lsp), Some(params), Some(me)) = (
            self.props().lsp,
            self.search_params(template.as_deref()),
            self.rc(),
        ) else {
            return;
        };
        spawn_local(async move {
            let version = me.file.borrow().version;
            let answer = lsp.newest("search", "kun/search", params).await;
            let Ok(answer) = answer else { return };
            if me.file.borrow().version != version {
                return;
            }
            me.answered(&answer, false);
            let replacements = if is_regex {
                Replacements::Each(texts_of(&answer))
            } else {
                Replacements::Same(text)
            };
            then(&me, replacements);
        });
    }
}

enum Replacements {
    Same(String),
    Each(Vec<String>),
}

fn matches_of(answer: &Value) -> Matches {
    let numbers = answer["ranges"].as_array().map_or(&[][..], Vec::as_slice);
    Matches::from_packed(
        numbers
            .iter()
            .filter_map(|it| it.as_u64().map(|it| it as u32)),
    )
}

fn texts_of(answer: &Value) -> Vec<String> {
    let texts = answer["replacements"].as_array().into_iter().flatten();
    let texts = texts.map(|it| it.as_str().unwrap_or_default().to_owned());
    texts.collect()
}

/// A replacement for a regular expression as the worker reads it: `\n`, `\t` and `\\` are resolved,
/// and a group's number ends where its digits end, so that `$1px` is not a group named `1px`.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n' | 't' | '\\')) => out.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                _ => '\\',
            }),
            ('$', Some('&')) => {
                chars.next();
                out.push_str("${0}");
            }
            ('$', Some('$')) => {
                chars.next();
                out.push_str("$$");
            }
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                out.push_str("${");
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    out.push(digit);
                }
                out.push('}');
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_a_replacement() {
        assert_eq!(unescaped(r"a\n\t\\\d\"), "a\n\t\\\\d\\");
    }

    #[test]
    fn numbers_of_groups_end_with_their_digits() {
        assert_eq!(
            unescaped("$1px ${name} $& $$1 $"),
            "${1}px ${name} ${0} $$1 $"
        );
    }
}
