//! The problems of all files of a version.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::uri;
use crate::drafts::DraftKey;
use crate::lsp::{Diagnostic, DiagnosticsListener, FileDiagnostics, LspClient, Range, Severity};
use crate::parts::rows::Rows;
use crate::popups::markdown;

/// How long the list waits for more before it is drawn again, in milliseconds: typing brings new
/// problems with every key.
const WAIT: u32 = 100;

/// From bad to harmless.
const BY_SEVERITY: [Severity; 4] = [
    Severity::Error,
    Severity::Warning,
    Severity::Info,
    Severity::Hint,
];

#[derive(Properties, PartialEq)]
pub(crate) struct ProblemsProps {
    pub(crate) draft_key: DraftKey,
    pub(crate) lsp: LspClient,
    /// With the file and the place of a problem that was chosen.
    pub(crate) on_problem: Callback<(Rc<str>, Range)>,
}

/// The list below the text; each problem leads to its place.
pub(crate) struct Problems {
    files: BTreeMap<Rc<str>, Rc<[Diagnostic]>>,
    shown: Rc<[Problem]>,
    wait: Option<Timeout>,
    _listener: DiagnosticsListener,
}

/// A complaint about one of the files.
#[derive(Clone)]
struct Problem {
    file: Rc<str>,
    diagnostic: Diagnostic,
}

pub(crate) enum Msg {
    Diagnosed(FileDiagnostics),
    Show,
}

impl Component for Problems {
    type Message = Msg;
    type Properties = ProblemsProps;

    fn create(ctx: &Context<Self>) -> Self {
        let lsp = &ctx.props().lsp;
        Self {
            files: BTreeMap::new(),
            shown: Rc::default(),
            wait: None,
            _listener: lsp.on_diagnostics(ctx.link().callback(Msg::Diagnosed)),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Diagnosed((uri, found)) => {
                if let Some(file) = uri::path(&ctx.props().draft_key, &uri) {
                    self.files.insert(file.into(), found);
                }
                let link = ctx.link().clone();
                let show = || Timeout::new(WAIT, move || link.send_message(Msg::Show));
                self.wait.get_or_insert_with(show);
                false
            }
            Msg::Show => {
                self.wait = None;
                let old = std::mem::replace(&mut self.shown, sorted(&self.files));
                !(old.is_empty() && self.shown.is_empty())
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (problems, on_problem) = (Rc::clone(&self.shown), ctx.props().on_problem.clone());
        let row = Callback::from(move |idx: usize| match problems.get(idx) {
            Some(problem) => row(problem, &on_problem),
            None => Html::default(),
        });
        html! {
            <details class="problems" open={true}>
                <summary>{ title(&self.shown) }</summary>
                <Rows label="Problems" count={self.shown.len()} {row} />
            </details>
        }
    }
}

fn sorted(files: &BTreeMap<Rc<str>, Rc<[Diagnostic]>>) -> Rc<[Problem]> {
    let mut problems = Vec::new();
    for severity in BY_SEVERITY {
        for (file, found) in files {
            let found = found.iter().filter(|it| it.severity == severity);
            problems.extend(found.map(|diagnostic| Problem {
                file: Rc::clone(file),
                diagnostic: diagnostic.clone(),
            }));
        }
    }
    problems.into()
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

fn row(problem: &Problem, on_problem: &Callback<(Rc<str>, Range)>) -> Html {
    let (shape, class, word) = match problem.diagnostic.severity {
        Severity::Error => ("✕", "is-failed", "error"),
        Severity::Warning => ("▲", "is-degraded", "warning"),
        Severity::Info => ("●", "is-progressing", "information"),
        Severity::Hint => ("○", "is-waiting", "hint"),
    };
    let range = problem.diagnostic.range;
    let on_click = {
        let file = Rc::clone(&problem.file);
        on_problem.reform(move |_: MouseEvent| (Rc::clone(&file), range))
    };
    let message = problem.diagnostic.message();
    html! {
        <button class="quiet" onclick={on_click} title={message.clone()}>
            <span class={classes!("badge", class)} role="img" aria-label={word}>{ shape }</span>
            <span class="message">{ markdown::view_sentence(&message) }</span>
            <span class="quiet place">{ format!("{}:{}", problem.file, range.start.line + 1) }</span>
            <span class="quiet code">{ problem.diagnostic.code() }</span>
        </button>
    }
}
