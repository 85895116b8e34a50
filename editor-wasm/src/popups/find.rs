//! The search bar.

use std::rc::Rc;

use editor_core::Query;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::view::editing::Editing;

/// The search bar's state.
#[derive(Default)]
pub(crate) struct Find {
    pub(crate) open: bool,
    pub(crate) replacing: bool,
    pub(crate) query: Query,
    pub(crate) replacement: String,
    /// How many matches there are; more than are listed in a text that is full of them.
    pub(crate) count: usize,
    /// What is wrong with the pattern.
    pub(crate) error: Option<String>,
    /// Whether an answer is still to come.
    pub(crate) waiting: bool,
    /// Where the search began: typing goes on finding from there.
    pub(crate) origin: usize,
    /// Counted up to take the focus into the field.
    pub(crate) focus: u32,
}

/// A change of what is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Case,
    Word,
    Regex,
}

impl Find {
    /// What the bar says about the matches; `current` counts from 0.
    pub(crate) fn status(&self, current: Option<usize>) -> String {
        match (self.count, current) {
            _ if self.query.pattern.is_empty() || self.error.is_some() => String::new(),
            (0, _) if self.waiting => String::new(),
            (0, _) => "No results".to_owned(),
            (count, Some(idx)) => format!("{} of {}", grouped(idx + 1), grouped(count)),
            (count, None) => format!("{} found", grouped(count)),
        }
    }

    /// Switches one of the ways to search.
    pub(crate) fn toggle(&mut self, flag: Flag) {
        let query = &mut self.query;
        let switch = match flag {
            Flag::Case => &mut query.match_case,
            Flag::Word => &mut query.whole_word,
            Flag::Regex => &mut query.regex,
        };
        *switch = !*switch;
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Shows the bar.
#[expect(clippy::similar_names, reason = "names that html! makes")]
pub(crate) fn view(
    editing: &Rc<Editing>,
    find: &Find,
    current: Option<usize>,
    fields: &(NodeRef, NodeRef),
) -> Html {
    let none = find.count == 0 && !find.waiting && !find.query.pattern.is_empty();
    let read_only = editing.props.borrow().read_only;
    let replace_all = act(editing, Editing::replace_all);
    html! {
        <div class="ed-find" role="search" onkeydown={keys(editing)}>
            <div class="ed-find-row">
                <div class={classes!("ed-find-field", none.then_some("ed-find-none"))}>
                    <input
                        ref={fields.0.clone()}
                        class="ed-find-pattern"
                        placeholder="Find"
                        aria-label="Find"
                        spellcheck="false"
                        autocomplete="off"
                        aria-invalid={find.error.is_some().to_string()}
                        value={find.query.pattern.clone()}
                        oninput={typed(editing, |it, text| it.find.query.pattern = text)}
                    />
                    { toggle(editing, "Aa", "Match case (Alt+C)", Flag::Case, find.query.match_case) }
                    { toggle(editing, "ab", "Whole word (Alt+W)", Flag::Word, find.query.whole_word) }
                    { toggle(editing, ".*", "Regular expression (Alt+R)", Flag::Regex, find.query.regex) }
                </div>
                <span class="ed-find-status" aria-live="polite">{ find.status(current) }</span>
                { button(editing, "↑", "Previous match (Shift+Enter)", Editing::find_previous) }
                { button(editing, "↓", "Next match (Enter)", Editing::find_next) }
                if !read_only {
                    { button(editing, "⇄", "Replace (Ctrl+H)", Editing::toggle_replace) }
                }
                { button(editing, "✕", "Close (Escape)", |it| { it.close_find(); }) }
            </div>
            if find.replacing && !read_only {
                <div class="ed-find-row">
                    <div class="ed-find-field">
                        <input
                            ref={fields.1.clone()}
                            class="ed-find-replacement"
                            placeholder={if find.query.regex { "Replace, $1 for groups" } else { "Replace" }}
                            aria-label="Replace"
                            spellcheck="false"
                            autocomplete="off"
                            value={find.replacement.clone()}
                            oninput={typed(editing, |it, text| it.find.replacement = text)}
                        />
                    </div>
                    <button type="button" class="ed-find-text" title="Enter" onclick={act(editing, Editing::replace_one)}>{ "Replace" }</button>
                    <button type="button" class="ed-find-text" title="Ctrl+Alt+Enter" onclick={replace_all}>{ "All" }</button>
                </div>
            }
            if let Some(error) = &find.error {
                <p class="ed-find-error" role="alert">{ error }</p>
            }
        </div>
    }
}

fn typed(editing: &Rc<Editing>, set: fn(&mut super::Popups, String)) -> Callback<InputEvent> {
    let editing = editing.clone();
    Callback::from(move |event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        let before = editing.popups.borrow().find.query.clone();
        set(&mut editing.popups.borrow_mut(), text);
        if editing.popups.borrow().find.query != before {
            editing.query_changed();
        }
    })
}

fn act(editing: &Rc<Editing>, action: fn(&Editing)) -> Callback<MouseEvent> {
    let editing = editing.clone();
    Callback::from(move |_| action(&editing))
}

fn button(editing: &Rc<Editing>, sign: &str, title: &'static str, action: fn(&Editing)) -> Html {
    html! {
        <button type="button" class="ed-find-button" {title} aria-label={title} onclick={act(editing, action)}>
            { sign }
        </button>
    }
}

fn toggle(editing: &Rc<Editing>, sign: &str, title: &'static str, flag: Flag, on: bool) -> Html {
    let switch = {
        let editing = editing.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            editing.toggle_flag(flag);
        })
    };
    html! {
        <button
            type="button"
            class="ed-find-toggle"
            {title}
            aria-label={title}
            aria-pressed={on.to_string()}
            onmousedown={switch}
        >
            { sign }
        </button>
    }
}

fn keys(editing: &Rc<Editing>) -> Callback<KeyboardEvent> {
    let editing = editing.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let in_replacement = event
            .target_dyn_into::<HtmlInputElement>()
            .is_some_and(|it| it.class_name() == "ed-find-replacement");
        let command = event.ctrl_key() || event.meta_key();
        match (event.key().as_str(), event.code().as_str()) {
            ("Enter", _) if command && event.alt_key() => editing.replace_all(),
            ("Enter", _) if in_replacement => editing.replace_one(),
            ("Enter" | "F3", _) if event.shift_key() => editing.find_previous(),
            ("Enter" | "F3", _) => editing.find_next(),
            ("Escape", _) => {
                editing.close_find();
            }
            (_, "KeyC") if event.alt_key() => editing.toggle_flag(Flag::Case),
            (_, "KeyW") if event.alt_key() => editing.toggle_flag(Flag::Word),
            (_, "KeyR") if event.alt_key() => editing.toggle_flag(Flag::Regex),
            ("h", _) if command => editing.toggle_replace(),
            ("f", _) if command => {
                editing.run(editor_core::Command::Find);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_counts_matches() {
        let mut find = Find {
            count: 6256,
            ..Find::default()
        };
        assert_eq!(find.status(Some(2)), "");
        find.query.pattern.push('a');
        assert_eq!(find.status(Some(2)), "3 of 6,256");
        assert_eq!(find.status(None), "6,256 found");
        find.count = 0;
        assert_eq!(find.status(None), "No results");
    }
}
