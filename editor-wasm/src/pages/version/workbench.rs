//! The editor with what serves it: files and outline left, deploy right, problems below.

use std::collections::BTreeMap;
use std::rc::Rc;

use editor_core::Text;
use gloo::events::EventListener;
use yew::prelude::*;

use super::files::FileList;
use super::keeper::DraftKeeper;
use super::notes::notes;
use super::outline::Outline;
use super::problems::{self, Problem};
use super::save::SaveDialog;
use super::{FIRST_FILE, Saved, edits, uri};
use crate::drafts::DraftKey;
use crate::lsp::{
    Diagnostic, DiagnosticsListener, FileDiagnostics, Location, LspClient, Position, Range,
    TextEdit,
};
use crate::navigation::{go, window};
use crate::pages::deploy::{DeployPanel, Follower};
use crate::route::Route;
use crate::view::{Editor, EditorHandle};

#[derive(Properties, PartialEq)]
pub(crate) struct WorkbenchProps {
    pub(crate) draft_key: DraftKey,
    pub(crate) saved: Rc<Saved>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) lsp: LspClient,
}

/// What can happen.
pub(crate) enum Msg {
    /// The editor is there.
    Ready(EditorHandle),
    /// The text of the file that is shown was changed.
    Typed(EditorHandle),
    /// A file is to be shown, at a line from 1 on.
    Open(String, Option<u32>),
    Navigate(Location),
    ShowProblem(Problem),
    Diagnosed(FileDiagnostics),
    /// A change here goes on in another file.
    EditedElsewhere(Rc<str>, Rc<[TextEdit]>),
    NewFile(String),
    RemoveFile(String),
    Discard,
    AskName,
    CloseDialog,
    Saved(String),
    DeployStarted(String),
    DeployHeard,
    BackToPreview,
}

/// The editor and its panels.
pub(crate) struct Workbench {
    keeper: Rc<DraftKeeper>,
    handle: Option<EditorHandle>,
    /// The line to show when the editor has its file.
    reveal: Option<u32>,
    diagnostics: BTreeMap<Rc<str>, Rc<[Diagnostic]>>,
    /// The files that the language server was told of because they are not shown.
    others: Vec<String>,
    /// Whether it is to be told anew, as soon as the editor has told of its own.
    others_changed: bool,
    is_naming: bool,
    deploy: Option<Follower>,
    _leaving: EventListener,
    _diagnostics: DiagnosticsListener,
}

impl Component for Workbench {
    type Message = Msg;
    type Properties = WorkbenchProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let keeper = DraftKeeper::new(props.draft_key.clone(), Rc::clone(&props.saved));
        let keeper = Rc::new(keeper);
        let leaving = {
            let keeper = Rc::clone(&keeper);
            EventListener::new(&window(), "pagehide", move |_| keeper.keep())
        };
        Self {
            keeper,
            handle: None,
            reveal: props.line,
            diagnostics: BTreeMap::new(),
            others: Vec::new(),
            others_changed: true,
            is_naming: false,
            deploy: None,
            _leaving: leaving,
            _diagnostics: props
                .lsp
                .on_diagnostics(ctx.link().callback(Msg::Diagnosed)),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let props = ctx.props();
        match msg {
            Msg::Ready(handle) => self.handle = Some(handle),
            Msg::Typed(handle) => return self.typed(&self.path(props), &handle),
            Msg::Open(path, line) => open(&props.draft_key, path, line),
            Msg::Navigate(location) => navigate(&props.draft_key, &location),
            Msg::ShowProblem(problem) => self.show_problem(props, problem),
            Msg::Diagnosed((uri, diagnostics)) => {
                self.diagnostics.insert(uri, diagnostics);
            }
            Msg::EditedElsewhere(uri, edits) => self.edit_elsewhere(props, &uri, &edits),
            Msg::NewFile(path) => {
                self.keeper.set(&path, String::new());
                self.keeper.keep();
                open(&props.draft_key, path, None);
            }
            Msg::RemoveFile(path) => {
                self.keeper.remove(&path);
                self.diagnostics
                    .remove(uri::of(&props.draft_key, &path).as_str());
                self.others_changed = true;
            }
            Msg::Discard => self.discard(props),
            Msg::AskName => self.is_naming = true,
            Msg::CloseDialog => self.is_naming = false,
            Msg::Saved(version) => {
                self.keeper.forget();
                let path = self.path(props);
                let key = DraftKey {
                    version,
                    ..props.draft_key.clone()
                };
                open(&key, path, None);
            }
            Msg::DeployStarted(id) => {
                let heard = ctx.link().callback(|()| Msg::DeployHeard);
                self.deploy = Some(Follower::new(&id, &heard));
            }
            Msg::DeployHeard => {}
            Msg::BackToPreview => self.deploy = None,
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &WorkbenchProps) -> bool {
        let props = ctx.props();
        if (&props.file, props.line) != (&old.file, old.line) {
            self.reveal = props.line;
        }
        self.others_changed = true;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let files = self.keeper.files();
        let path = self.path(ctx.props());
        let on_key = ctx.link().batch_callback(|event: KeyboardEvent| {
            let is_save = (event.ctrl_key() || event.meta_key()) && event.key() == "s";
            if !is_save || event.shift_key() || event.alt_key() {
                return None;
            }
            event.prevent_default();
            Some(Msg::AskName)
        });
        let problems = problems_of(&self.diagnostics, &ctx.props().draft_key);
        html! {
            <div class="workbench" onkeydown={on_key}>
                { self.view_side(ctx, &files, &path, problems.len()) }
                <main class="center">
                    { self.view_bar(ctx, &path) }
                    <div class="editor-area">{ self.view_editor(ctx, &files, &path) }</div>
                    { problems::view(&problems, &ctx.link().callback(Msg::ShowProblem)) }
                </main>
                { self.view_deploy(ctx) }
                if self.is_naming {
                    { view_save(ctx, files) }
                }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.others_changed) {
            self.open_others(ctx.props());
        }
        if let Some(handle) = &self.handle
            && let Some(line) = self.reveal.take()
        {
            handle.reveal(line_range(line.saturating_sub(1)));
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.keeper.keep();
        for path in &self.others {
            ctx.props()
                .lsp
                .close(&uri::of(&ctx.props().draft_key, path));
        }
    }
}

impl Workbench {
    /// The file that is shown.
    fn path(&self, props: &WorkbenchProps) -> String {
        let files = self.keeper.files();
        let asked = props.file.clone().filter(|path| files.contains_key(path));
        asked
            .or_else(|| files.keys().next().cloned())
            .unwrap_or_else(|| FIRST_FILE.to_owned())
    }

    /// Keeps what was typed; says whether anything else looks different now.
    fn typed(&mut self, path: &str, handle: &EditorHandle) -> bool {
        let was_unsaved = self.keeper.is_unsaved();
        self.keeper.set(path, handle.contents());
        was_unsaved != self.keeper.is_unsaved()
    }

    fn show_problem(&mut self, props: &WorkbenchProps, problem: Problem) {
        match &self.handle {
            Some(handle) if problem.file == self.path(props) => {
                handle.reveal(problem.diagnostic.range);
            }
            _ => {
                let line = problem.diagnostic.range.start.line + 1;
                open(&props.draft_key, problem.file, Some(line));
            }
        }
    }

    fn edit_elsewhere(&mut self, props: &WorkbenchProps, uri: &str, edits: &[TextEdit]) {
        let Some(path) = uri::path(&props.draft_key, uri) else {
            return;
        };
        let Some(text) = self.keeper.files().remove(&path) else {
            return;
        };
        let edited = edits::apply(&text, edits);
        props.lsp.open(uri, &Text::new(&edited));
        self.keeper.set(&path, edited);
    }

    fn discard(&mut self, props: &WorkbenchProps) {
        let path = self.path(props);
        self.keeper.forget();
        if let (Some(handle), Some(text)) = (&self.handle, props.saved.files.get(&path)) {
            handle.set_text(text);
        }
        self.others_changed = true;
    }

    /// Tells the language server of the files that are not shown, for what stands across files.
    /// The one that is shown is the editor's.
    fn open_others(&mut self, props: &WorkbenchProps) {
        let shown = self.path(props);
        let mut files = self.keeper.files();
        files.remove(&shown);
        for path in &self.others {
            if *path != shown && !files.contains_key(path) {
                props.lsp.close(&uri::of(&props.draft_key, path));
            }
        }
        for (path, text) in &files {
            props
                .lsp
                .open(&uri::of(&props.draft_key, path), &Text::new(text));
        }
        self.others = files.into_keys().collect();
    }

    fn view_side(
        &self,
        ctx: &Context<Self>,
        files: &BTreeMap<String, String>,
        path: &str,
        problems: usize,
    ) -> Html {
        let link = ctx.link();
        html! {
            <nav class="side" aria-label="Files and outline">
                <FileList
                    files={files.keys().cloned().collect::<Vec<_>>()}
                    shown={path.to_owned()}
                    changed={self.keeper.changed()}
                    on_open={link.callback(|path| Msg::Open(path, None))}
                    on_new_file={link.callback(Msg::NewFile)}
                    on_remove_file={link.callback(Msg::RemoveFile)}
                />
                <Outline handle={self.handle.clone()} round={problems} />
            </nav>
        }
    }

    fn view_bar(&self, ctx: &Context<Self>, path: &str) -> Html {
        let link = ctx.link();
        let is_unsaved = self.keeper.is_unsaved();
        html! {
            <div class="editor-bar">
                <span class="path">{ path }</span>
                if is_unsaved {
                    <span class="unsaved" role="status">{ "● unsaved, kept in this browser" }</span>
                }
                <span class="spacer" />
                if is_unsaved && ctx.props().saved.version.is_some() {
                    <button class="quiet" onclick={link.callback(|_| Msg::Discard)}>{ "Discard changes" }</button>
                }
                <button
                    class={classes!(is_unsaved.then_some("primary"))}
                    onclick={link.callback(|_| Msg::AskName)}
                    title="Ctrl+S"
                >{ "Save as version…" }</button>
            </div>
        }
    }

    fn view_editor(
        &self,
        ctx: &Context<Self>,
        files: &BTreeMap<String, String>,
        path: &str,
    ) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        let objects = self.deploy.as_ref().and_then(Follower::objects);
        html! {
            <Editor
                uri={uri::of(&props.draft_key, path)}
                text={files.get(path).cloned().unwrap_or_default()}
                label={format!("{path}, YAML editor")}
                lsp={props.lsp.clone()}
                notes={notes(&props.saved, path, objects.as_deref().unwrap_or_default())}
                on_ready={link.callback(Msg::Ready)}
                on_change={link.callback(Msg::Typed)}
                on_navigate={link.callback(Msg::Navigate)}
                on_edits={link.callback(|(uri, edits)| Msg::EditedElsewhere(uri, edits))}
            />
        }
    }

    fn view_deploy(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <DeployPanel
                project={props.draft_key.project.clone()}
                set={props.draft_key.set.clone()}
                version={props.saved.version.as_ref().map(|version| version.name.clone())}
                is_unsaved={self.keeper.is_unsaved()}
                followed={self.deploy.as_ref().map(Follower::state)}
                on_started={link.callback(Msg::DeployStarted)}
                on_again={link.callback(|()| Msg::BackToPreview)}
            />
        }
    }
}

fn view_save(ctx: &Context<Workbench>, files: BTreeMap<String, String>) -> Html {
    let (props, link) = (ctx.props(), ctx.link());
    html! {
        <SaveDialog
            draft_key={props.draft_key.clone()}
            parent={props.saved.version.as_ref().map(|version| version.name.clone())}
            {files}
            on_saved={link.callback(Msg::Saved)}
            on_close={link.callback(|()| Msg::CloseDialog)}
        />
    }
}

fn open(key: &DraftKey, path: String, line: Option<u32>) {
    go(&Route::Version {
        project: key.project.clone(),
        set: key.set.clone(),
        version: key.version.clone(),
        file: Some(path),
        line,
    });
}

fn navigate(key: &DraftKey, location: &Location) {
    if let Some(path) = uri::path(key, &location.uri) {
        open(key, path, Some(location.range.start.line + 1));
    }
}

fn problems_of(all: &BTreeMap<Rc<str>, Rc<[Diagnostic]>>, key: &DraftKey) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (uri, diagnostics) in all {
        let Some(file) = uri::path(key, uri) else {
            continue;
        };
        problems.extend(diagnostics.iter().map(|diagnostic| Problem {
            file: file.clone(),
            diagnostic: diagnostic.clone(),
        }));
    }
    problems
}

/// The start of a line, from 0 on.
fn line_range(line: u32) -> Range {
    let start = Position { line, character: 0 };
    Range { start, end: start }
}
