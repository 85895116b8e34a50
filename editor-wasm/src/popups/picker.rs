//! A field with a list below it: lines, symbols, uses and commands to choose from.

use std::rc::Rc;

use editor_core::{Command, Selection, fuzzy, sort_by_key};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::peek;
use crate::lsp::Location;
use crate::view::editing::Editing;

/// Rows that are drawn at most: who looks for more types on.
const ROWS: usize = 100;

/// An open list.
pub(crate) struct Picker {
    pub(crate) sort: Sort,
    pub(crate) query: String,
    rows: Vec<Row>,
    /// What fits the query, best first.
    shown: Vec<usize>,
    selected: usize,
    /// Where the carets and the view were, for one who goes back.
    pub(crate) origin: (Selection, f64),
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A line, by its number.
    Line,
    /// A place in the text by its name.
    Symbols,
    /// An object of any file.
    Objects,
    /// A place of those where a name is used.
    Places,
    /// A command.
    Commands,
}

/// One row.
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) detail: String,
    /// How deep it stands below others.
    pub(crate) depth: usize,
    pub(crate) goal: Goal,
}

/// What choosing a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Goal {
    Place(Location),
    Command(Command),
}

impl Row {
    pub(crate) fn new(label: String, detail: String, goal: Goal) -> Self {
        Self {
            label,
            detail,
            depth: 0,
            goal,
        }
    }
}

impl Picker {
    pub(crate) fn new(sort: Sort, rows: Vec<Row>, origin: (Selection, f64)) -> Self {
        let mut picker = Self {
            sort,
            query: String::new(),
            shown: Vec::new(),
            selected: 0,
            rows,
            origin,
        };
        picker.filter("");
        picker
    }

    /// Shows what fits; without a query all, in their order.
    pub(crate) fn filter(&mut self, query: &str) {
        query.clone_into(&mut self.query);
        let query: String = query.chars().filter(|c| !c.is_whitespace()).collect();
        let rows = self.rows.iter().enumerate();
        let fits = rows.filter_map(|(idx, row)| {
            let name = format!("{} {}", row.label, row.detail);
            Some((-fuzzy(&query, &name)?.score, idx))
        });
        let mut fits: Vec<_> = fits.collect();
        sort_by_key(&mut fits, |it| *it);
        self.shown = fits.into_iter().map(|(_, idx)| idx).collect();
        self.selected = 0;
    }

    pub(crate) fn step(&mut self, rows: isize) {
        let count = self.shown.len().clamp(1, ROWS);
        self.selected = (self.selected + count).saturating_add_signed(rows) % count;
    }

    pub(crate) fn select(&mut self, at: usize) {
        self.selected = at;
    }

    /// What is selected.
    pub(crate) fn goal(&self) -> Option<&Goal> {
        let row = self.shown.get(self.selected)?;
        self.rows.get(*row).map(|it| &it.goal)
    }

    /// The line and the column that were typed, from 1 on.
    pub(crate) fn place(&self) -> Option<(u32, u32)> {
        let mut numbers = self
            .query
            .trim()
            .split([':', ','])
            .map(|it| it.trim().parse());
        let line = numbers.next()?.ok()?;
        Some((line, numbers.next().and_then(Result::ok).unwrap_or(1)))
    }

    /// The place around which the text is shown: the one selected among many.
    fn peeked(&self) -> Option<&Location> {
        match self.goal() {
            Some(Goal::Place(place)) if matches!(self.sort, Sort::Places | Sort::Objects) => {
                Some(place)
            }
            _ => None,
        }
    }

    fn placeholder(&self) -> &'static str {
        match self.sort {
            Sort::Line => "Line, or line:column",
            Sort::Symbols => "Go to symbol",
            Sort::Objects => "Go to object in any file",
            Sort::Places => "Go to a place",
            Sort::Commands => "Run a command",
        }
    }

    fn help(&self, lines: usize) -> Option<String> {
        match (self.sort, self.place()) {
            (Sort::Line, Some((line, _))) => Some(format!("Go to line {line}")),
            (Sort::Line, None) => Some(format!("Type a line between 1 and {lines}")),
            _ if self.shown.is_empty() => Some("Nothing is called that".to_owned()),
            _ if self.shown.len() > ROWS => Some(format!("{} more", self.shown.len() - ROWS)),
            _ => None,
        }
    }
}

/// Shows the field and the list.
pub(crate) fn view(editing: &Rc<Editing>, picker: &Picker, field: &NodeRef) -> Html {
    let on_input = {
        let editing = editing.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            editing.pick_from(&field.value());
        })
    };
    let on_key = {
        let editing = editing.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => editing.step_picker(1),
                "ArrowUp" => editing.step_picker(-1),
                "Enter" => editing.pick(),
                "Escape" => editing.cancel_picker(),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let on_blur = {
        let editing = editing.clone();
        Callback::from(move |_: FocusEvent| editing.close_picker())
    };
    let lines = editing.file.borrow().buffer.text().line_count();
    html! {
        <>
            <input
                ref={field.clone()}
                class="ed-field-input"
                role="combobox"
                aria-expanded="true"
                aria-controls="ed-list"
                aria-activedescendant="ed-selected"
                aria-label={picker.placeholder()}
                placeholder={picker.placeholder()}
                autocomplete="off"
                spellcheck="false"
                oninput={on_input}
                onkeydown={on_key}
                onblur={on_blur}
            />
            <ul class="ed-list" role="listbox" id="ed-list" aria-label={picker.placeholder()}>
                { for picker.shown.iter().take(ROWS).enumerate().map(|(at, row)| view_row(editing, picker, at, *row)) }
            </ul>
            if let Some(place) = picker.peeked() {
                { peek::view(editing, place) }
            }
            if let Some(help) = picker.help(lines) {
                <p class="ed-list-count" role="status">{ help }</p>
            }
        </>
    }
}

fn view_row(editing: &Rc<Editing>, picker: &Picker, at: usize, row: usize) -> Html {
    let Some(row) = picker.rows.get(row) else {
        return Html::default();
    };
    let choose = {
        let editing = editing.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            editing.pick_row(at);
        })
    };
    let selected = at == picker.selected;
    let depth = if picker.query.is_empty() {
        row.depth
    } else {
        0
    };
    html! {
        <li
            key={at}
            class={classes!("ed-row", selected.then_some("ed-chosen"))}
            id={selected.then_some("ed-selected")}
            role="option"
            aria-selected={selected.to_string()}
            style={format!("padding-left:{}px", 8 + 16 * depth.min(12))}
            onmousedown={choose}
        >
            <span class="ed-label">{ &row.label }</span>
            <span class="ed-detail">{ &row.detail }</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_typed_with_or_without_a_column() {
        let mut picker = Picker::new(Sort::Line, Vec::new(), (Selection::default(), 0.0));
        let mut typed = |query| {
            picker.filter(query);
            picker.place()
        };
        assert_eq!(typed("12"), Some((12, 1)));
        assert_eq!(typed(" 12:5"), Some((12, 5)));
        assert_eq!(typed("x"), None);
    }

    #[test]
    fn rows_keep_their_order_until_something_is_typed() {
        let row = |label: &str| Row {
            label: label.to_owned(),
            detail: String::new(),
            depth: 0,
            goal: Goal::Command(Command::Undo),
        };
        let rows = vec![row("Fold"), row("Unfold"), row("Find")];
        let mut picker = Picker::new(Sort::Commands, rows, (Selection::default(), 0.0));
        assert_eq!(picker.shown, [0, 1, 2]);
        picker.filter("fi");
        assert_eq!(picker.shown, [2]);
        picker.step(1);
        assert_eq!(picker.selected, 0);
    }
}
