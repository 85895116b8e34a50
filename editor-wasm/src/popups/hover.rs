//! The card about the word under the pointer or the caret.

use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::markdown;
use crate::lsp::{Action, Diagnostic, Severity};
use crate::view::editing::Editing;

/// An open card.
pub(crate) struct Hover {
    /// What it is about.
    pub(crate) range: Range<usize>,
    pub(crate) problems: Vec<Diagnostic>,
    /// What can be done about the problems.
    pub(crate) fixes: Vec<Action>,
    /// What the language server knows.
    pub(crate) markdown: String,
    /// Whether the pointer is on the card.
    pub(crate) held: bool,
}

/// Shows the card.
pub(crate) fn view(editing: &Rc<Editing>, hover: &Hover) -> Html {
    html! {
        <>
            { for hover.problems.iter().map(view_problem) }
            if !hover.fixes.is_empty() {
                <div class="ed-fixes">
                    { for hover.fixes.iter().map(|it| view_fix(editing, it)) }
                </div>
            }
            if !hover.markdown.is_empty() {
                <div class="ed-docs-text">{ markdown::view(&hover.markdown) }</div>
            }
        </>
    }
}

fn view_problem(problem: &Diagnostic) -> Html {
    let (sign, class) = match problem.severity {
        Severity::Error => ("✕", "failed"),
        Severity::Warning => ("▲", "degraded"),
        Severity::Info | Severity::Hint => ("●", "progressing"),
    };
    let code = problem.code();
    let link = problem.link().filter(|it| markdown::is_safe(it));
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
            </span>
        </p>
    }
}

fn view_fix(editing: &Rc<Editing>, fix: &Action) -> Html {
    let apply = {
        let (editing, fix) = (editing.clone(), fix.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            editing.apply_action(&fix);
        })
    };
    html! { <button type="button" class="ed-fix" onmousedown={apply}>{ markdown::view_sentence(&fix.title) }</button> }
}
