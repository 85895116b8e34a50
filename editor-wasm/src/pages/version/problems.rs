//! The problems of all files of a version.

use yew::prelude::*;

use crate::lsp::{Diagnostic, Severity};

/// A complaint about one of the files.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) file: String,
    pub(crate) diagnostic: Diagnostic,
}

/// From bad to harmless.
const BY_SEVERITY: [Severity; 4] = [
    Severity::Error,
    Severity::Warning,
    Severity::Info,
    Severity::Hint,
];

/// The list below the text; each problem leads to its place.
pub(super) fn view(problems: &[Problem], on_problem: &Callback<Problem>) -> Html {
    let with = |severity| {
        let problems = problems.iter();
        problems.filter(move |it| it.diagnostic.severity == severity)
    };
    html! {
        <details class="problems" open={true}>
            <summary>{ title(problems) }</summary>
            <ul>
                { for BY_SEVERITY.into_iter().flat_map(with).map(|it| row(it, on_problem)) }
            </ul>
        </details>
    }
}

fn title(problems: &[Problem]) -> String {
    let errors = problems
        .iter()
        .filter(|it| it.diagnostic.severity == Severity::Error)
        .count();
    match (problems.len(), errors) {
        (0, _) => "No problems".to_owned(),
        (1, 0) => "1 problem, no error".to_owned(),
        (all, 0) => format!("{all} problems, no error"),
        (1, _) => "1 problem".to_owned(),
        (all, errors) if all == errors => format!("{all} problems"),
        (all, errors) => format!("{all} problems, {errors} of them errors"),
    }
}

fn row(problem: &Problem, on_problem: &Callback<Problem>) -> Html {
    let (shape, class, word) = match problem.diagnostic.severity {
        Severity::Error => ("✕", "is-failed", "error"),
        Severity::Warning => ("▲", "is-degraded", "warning"),
        Severity::Info => ("●", "is-progressing", "information"),
        Severity::Hint => ("○", "is-waiting", "hint"),
    };
    let on_click = {
        let problem = problem.clone();
        on_problem.reform(move |_: MouseEvent| problem.clone())
    };
    let line = problem.diagnostic.range.start.line + 1;
    html! {
        <li>
            <button class="quiet" onclick={on_click}>
                <span class={classes!("badge", class)} role="img" aria-label={word}>{ shape }</span>
                <span class="message">{ &*problem.diagnostic.message }</span>
                <span class="quiet place">{ format!("{}:{line}", problem.file) }</span>
                <span class="quiet code">{ &*problem.diagnostic.code }</span>
            </button>
        </li>
    }
}
