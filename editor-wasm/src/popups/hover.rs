//! The card about the word under the pointer or the caret.

use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::markdown;
use crate::lsp::{Action, Diagnostic, Link, Location, Severity};
use crate::view::editing::Editing;
use crate::view::place_name;

/// An open card.
pub(crate) struct Hover {
    /// What it is about.
    pub(crate) range: Range<usize>,
    pub(crate) problems: Vec<Diagnostic>,
    /// What can be done about the problems.
    pub(crate) fixes: Vec<Action>,
    /// Where the word leads to, outside of the text.
    pub(crate) link: Option<Link>,
    /// What the language server knows.
    pub(crate) markdown: String,
    /// Whether the pointer is on the card.
    pub(crate) held: bool,
}

/// Shows the card.
pub(crate) fn view(editing: &Rc<Editing>, hover: &Hover) -> Html {
    html! {
        <>
            { for hover.problems.iter().map(|it| view_problem(editing, it)) }
            if !hover.fixes.is_empty() {
                <div class="ed-fixes">
                    { for hover.fixes.iter().map(|it| view_fix(editing, it)) }
                </div>
            }
            if !hover.markdown.is_empty() {
                <div class="ed-docs-text">{ markdown::view(&hover.markdown) }</div>
            }
            if let Some(link) = &hover.link {
                <p class="ed-leads">{ markdown::external(&link.url, &link.title) }</p>
            }
        </>
    }
}

fn view_problem(editing: &Rc<Editing>, problem: &Diagnostic) -> Html {
    let (sign, class) = match problem.severity {
        Severity::Error => ("✕", "failed"),
        Severity::Warning => ("▲", "degraded"),
        Severity::Info | Severity::Hint => ("●", "progressing"),
    };
    let code = problem.code();
    let link = problem.link();
    html! {
        <p class="ed-problem">
            <span class={classes!("ed-problem-sign", class)} aria-hidden="true">{ sign }</span>
            <span>
                { markdown::view_sentence(&problem.message()) }
                { " " }
                if let Some(link) = link {
                    { markdown::external(&link, &code) }
                } else {
                    <span class="ed-code">{ code }</span>
                }
                { for problem.related().into_iter().map(|(place, words)| view_related(editing, place, &words)) }
            </span>
        </p>
    }
}

/// A place that belongs to a problem, as a button that leads there; pressed, it leaves the focus in
/// the text.
fn view_related(editing: &Rc<Editing>, place: Location, words: &str) -> Html {
    let name = place_name(&place);
    let editing = editing.clone();
    let go = Callback::from(move |_: MouseEvent| {
        editing.close_popups();
        editing.go_to(&place);
        editing.take_focus();
    });
    html! {
        <span class="ed-related">
            <button type="button" class="ed-place" onmousedown={|event: MouseEvent| event.prevent_default()} onclick={go}>{ name }</button>
            { " " }
            { markdown::view_sentence(words) }
        </span>
    }
}

fn view_fix(editing: &Rc<Editing>, fix: &Action) -> Html {
    let apply = {
        let (editing, fix) = (editing.clone(), fix.clone());
        Callback::from(move |_: MouseEvent| editing.apply_action(&fix))
    };
    html! { <button type="button" class="ed-fix" onmousedown={|event: MouseEvent| event.prevent_default()} onclick={apply}>{ markdown::view_sentence(&fix.title) }</button> }
}
