//! The list of what may stand at the caret.

use std::ops::Range;

use editor_core::{Snippet, Text, fuzzy, sort_by_key};
use serde_json::Value;
use yew::prelude::*;

use super::markdown;
use crate::lsp::protocol::{list, text};
use crate::lsp::{TextEdit, sync};
use crate::view::editing::Editing;

/// Rows that are drawn at once.
const ROWS: usize = 10;

/// An open list.
pub(crate) struct Completion {
    items: Vec<Item>,
    /// What fits the typed text, best first, with the letters that fit.
    shown: Vec<(usize, Vec<usize>)>,
    pub(crate) selected: usize,
    /// The first row that is drawn.
    top: usize,
    /// Where what is completed starts, and where the caret was when it was asked for.
    pub(crate) start: usize,
    asked_at: usize,
    incomplete: bool,
    /// Whether a key other than Enter has chosen a row: a list that opened by itself on an empty
    /// place does not take Enter away.
    pub(crate) chosen: bool,
    /// Documentation of the selected item.
    pub(crate) documentation: Option<String>,
}

/// One item.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    label: String,
    kind: u64,
    detail: String,
    filter: String,
    range: Range<usize>,
    insert: String,
    is_snippet: bool,
    more: Vec<(Range<usize>, String)>,
    pub(crate) retrigger: bool,
    deprecated: bool,
    pub(crate) raw: Value,
    sort: std::rc::Rc<str>,
}

impl Item {
    fn read(value: &Value, document: &Text, head: usize) -> Option<Self> {
        let label = value.get("label")?.as_str()?.to_owned();
        let range = |edit: &TextEdit| {
            let start = sync::offset(document, edit.range.start);
            start..sync::offset(document, edit.range.end).max(start)
        };
        let edit = value.get("textEdit").and_then(TextEdit::read);
        let or_label = |key| match &*text(value, key) {
            "" => label.clone(),
            text => text.to_owned(),
        };
        let (at, insert) = match &edit {
            Some(edit) => (range(edit), edit.new_text.to_string()),
            None => (head..head, or_label("insertText")),
        };
        let mut more: Vec<_> = list(value.get("additionalTextEdits"), TextEdit::read)
            .iter()
            .map(|it| (range(it), it.new_text.to_string()))
            .collect();
        sort_by_key(&mut more, |(range, _)| range.start);
        let tagged = value.pointer("/tags/0").and_then(Value::as_u64) == Some(1);
        Some(Self {
            kind: value.get("kind").and_then(Value::as_u64).unwrap_or(0),
            detail: text(value, "detail").to_string(),
            filter: or_label("filterText"),
            range: at,
            insert,
            is_snippet: value.get("insertTextFormat").and_then(Value::as_u64) == Some(2),
            more,
            retrigger: value.get("command").is_some_and(|it| !it.is_null()),
            deprecated: tagged || value.get("deprecated").and_then(Value::as_bool) == Some(true),
            raw: value.clone(),
            sort: sort_key(value).into(),
            label,
        })
    }
}

/// What accepting an item does.
pub(crate) struct Accepted {
    pub(crate) snippet: Snippet,
    pub(crate) range: Range<usize>,
    pub(crate) more: Vec<(Range<usize>, String)>,
    pub(crate) retrigger: bool,
}

impl Completion {
    /// Reads an answer for the caret at `head`. `None` if nothing fits what is typed.
    pub(crate) fn read(
        answer: &Value,
        document: &Text,
        head: usize,
        by_hand: bool,
    ) -> Option<Self> {
        let found = answer.get("items").unwrap_or(answer);
        let mut items = list(Some(found), |it| Item::read(it, document, head));
        sort_by_key(&mut items, |it| it.sort.clone());
        let start = items.iter().map(|it| it.range.start).min()?.min(head);
        let mut completion = Self {
            items,
            shown: Vec::new(),
            selected: 0,
            top: 0,
            start,
            asked_at: head,
            incomplete: answer.get("isIncomplete").and_then(Value::as_bool) == Some(true),
            chosen: by_hand,
            documentation: None,
        };
        completion.filter(document, head).then_some(completion)
    }

    /// Fits the list to what is typed by now. Whether anything is left.
    pub(crate) fn filter(&mut self, document: &Text, head: usize) -> bool {
        if head < self.start || document.line_of(head) != document.line_of(self.start) {
            return false;
        }
        let typed = document.slice(self.start..head);
        let mut fits: Vec<_> = self
            .items
            .iter()
            .enumerate()
            .filter_map(|(idx, item)| {
                let skipped = item.range.start - self.start;
                let fit = fuzzy(typed.get(skipped..)?.trim_start(), &item.filter)?;
                Some((idx, fit))
            })
            .collect();
        // The order of the server decides between equals.
        sort_by_key(&mut fits, |(_, fit)| -fit.score);
        self.shown = fits.into_iter().map(|(idx, fit)| (idx, fit.at)).collect();
        self.selected = 0;
        self.top = 0;
        self.documentation = None;
        self.chosen |= !typed.trim().is_empty();
        let only = match self.shown.as_slice() {
            [(idx, _)] => self.items.get(*idx),
            _ => None,
        };
        let done = only.is_some_and(|it| {
            let range = it.range.start..head;
            it.more.is_empty() && !it.is_snippet && document.slice(range) == it.insert.as_str()
        });
        !self.shown.is_empty() && !done
    }

    /// Whether typing on needs to ask again.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Selects so many rows further, around the ends by single steps only.
    pub(crate) fn step(&mut self, rows: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.selected = match self.selected.checked_add_signed(rows) {
            Some(row) if row <= last => row,
            Some(_) if rows == 1 => 0,
            None if rows == -1 => last,
            Some(_) => last,
            None => 0,
        };
        self.chosen = true;
        self.documentation = None;
        self.top = self
            .top
            .clamp((self.selected + 1).saturating_sub(ROWS), self.selected);
    }

    /// The selected item.
    pub(crate) fn item(&self) -> Option<&Item> {
        let (idx, _) = self.shown.get(self.selected)?;
        self.items.get(*idx)
    }

    /// What accepting the selected item does while the caret stands at `head`.
    pub(crate) fn accept(&self, head: usize) -> Option<Accepted> {
        let item = self.item()?;
        // What was typed since belongs to what is replaced.
        let end = (item.range.end + head).saturating_sub(self.asked_at);
        let snippet = if item.is_snippet {
            Snippet::parse(&item.insert)
        } else {
            Snippet::plain(&item.insert)
        };
        Some(Accepted {
            snippet,
            range: item.range.start..end.max(item.range.start),
            more: item.more.clone(),
            retrigger: item.retrigger,
        })
    }
}

fn sort_key(raw: &Value) -> &str {
    let key = raw.get("sortText").or(raw.get("label"));
    key.and_then(Value::as_str).unwrap_or_default()
}

/// Shows the list.
pub(crate) fn view(editing: &std::rc::Rc<Editing>, list: &Completion) -> Html {
    let rows = list.shown.iter().enumerate().skip(list.top).take(ROWS);
    let rows = rows.filter_map(|(row, (idx, at))| {
        let item = list.items.get(*idx)?;
        Some(view_row(editing, item, at, row, list))
    });
    let count = list.shown.len();
    html! {
        <>
            <ul class="ed-list" role="listbox" id="ed-list" aria-label="Completions">
                { for rows }
                if count > ROWS {
                    <li class="ed-list-count" role="presentation">
                        { format!("{} of {count}", list.selected + 1) }
                    </li>
                }
            </ul>
            if let Some(documentation) = list.documentation.as_deref().filter(|it| !it.is_empty()) {
                <div class="ed-docs">{ markdown::view(documentation) }</div>
            }
        </>
    }
}

fn view_row(
    editing: &std::rc::Rc<Editing>,
    item: &Item,
    at: &[usize],
    row: usize,
    list: &Completion,
) -> Html {
    let selected = row == list.selected;
    let accept = {
        let editing = editing.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            editing.accept_row(row);
        })
    };
    let (sign, kind) = sign(item.kind);
    let id = if selected { "ed-selected" } else { "" };
    let state = match (selected, list.chosen) {
        (true, true) => "ed-chosen",
        (true, false) => "ed-suggested",
        _ => "",
    };
    html! {
        <li
            key={row}
            id={(!id.is_empty()).then_some(id)}
            class={classes!("ed-row", state, item.deprecated.then_some("ed-deprecated"))}
            role="option"
            aria-selected={selected.to_string()}
            onmousedown={accept}
        >
            <span class={classes!("ed-sign", format!("ed-sign-{kind}"))} title={kind}>{ sign }</span>
            <span class="ed-label">{ for letters(&item.label, at) }</span>
            <span class="ed-detail">{ &item.detail }</span>
        </li>
    }
}

/// The letters of a label, those that were typed marked.
fn letters(label: &str, at: &[usize]) -> Vec<Html> {
    let mut parts = Vec::new();
    let mut from = 0;
    for &hit in at {
        let Some(letter) = label.get(hit..).and_then(|it| it.chars().next()) else {
            continue;
        };
        let end = hit + letter.len_utf8();
        parts.push(html! { { label.get(from..hit).unwrap_or_default() } });
        parts.push(html! { <b>{ label.get(hit..end).unwrap_or_default() }</b> });
        from = end;
    }
    parts.push(html! { { label.get(from..).unwrap_or_default() } });
    parts
}

/// A letter and a name for each sort of item, by the numbers of the protocol.
fn sign(kind: u64) -> (&'static str, &'static str) {
    match kind {
        5 | 10 => ("f", "field"),
        7 | 22 | 25 => ("K", "kind"),
        15 => ("❐", "snippet"),
        18 => ("→", "reference"),
        20 | 21 => ("=", "choice"),
        _ => ("v", "value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_narrows_as_letters_are_typed() {
        let (mut list, _) = opened("na", 2);
        assert_eq!(labels(&list), ["name", "namespace"]);
        assert!(list.filter(&Text::new("names"), 5));
        assert_eq!(labels(&list), ["namespace"]);
        assert!(!list.filter(&Text::new("namex"), 5));
    }

    #[test]
    fn accepting_replaces_what_was_typed_since() {
        let (mut list, _) = opened("na", 2);
        list.filter(&Text::new("names"), 5);
        let accepted = list.accept(5).unwrap();
        assert_eq!(accepted.range, 0..5);
        assert_eq!(accepted.snippet.text, "namespace: ");
    }

    #[test]
    fn steps_go_around_and_pages_stop() {
        let (mut list, _) = opened("", 0);
        list.step(-1);
        assert_eq!(list.selected, 2);
        list.step(1);
        assert_eq!(list.selected, 0);
        list.step(10);
        assert_eq!(list.selected, 2);
    }

    #[test]
    fn a_list_on_an_empty_place_leaves_enter_alone() {
        assert!(!opened("", 0).0.chosen);
        assert!(opened("n", 1).0.chosen);
    }

    fn opened(typed: &str, head: usize) -> (Completion, Text) {
        let text = Text::new(typed);
        let range = json!({
            "start": { "line": 0, "character": 0 },
            "end": { "line": 0, "character": head },
        });
        let item = |label: &str, sort: &str| {
            let edit = json!({ "range": range, "newText": format!("{label}: ") });
            json!({ "label": label, "sortText": sort, "textEdit": edit })
        };
        let answer =
            json!({ "items": [item("namespace", "1"), item("name", "0"), item("labels", "2")] });
        (Completion::read(&answer, &text, head, false).unwrap(), text)
    }

    fn labels(list: &Completion) -> Vec<&str> {
        let label = |(idx, _): &(usize, Vec<usize>)| list.items[*idx].label.as_str();
        list.shown.iter().map(label).collect()
    }
}
