//! The editor with what serves it: files and outline left, deploy right, problems below.

use std::rc::Rc;

use editor_core::{OutlineItem, Text, outline};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::files::FileList;
use super::keeper::DraftKeeper;
use super::notes::notes;
use super::outline::Outline;
use super::problems::Problems;
use super::save::SaveDialog;
use super::status::Status;
use super::{FIRST_FILE, Saved, edits, uri};
use crate::drafts::DraftKey;
use crate::lsp::{Location, LspClient, Position, Range, TextEdit};
use crate::navigation::{go, window};
use crate::pages::deploy::{DeployPanel, Follower};
use crate::route::Route;
use crate::view::{Editor, EditorHandle};

/// How long a pause in typing is before the draft is kept and the outline is made anew, in
/// milliseconds. Leaving the page keeps the draft at once.
const PAUSE: u32 = 300;

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
    /// Typing has paused.
    Paused,
    ShowProblem(Rc<str>, Range),
    Reveal(Range),
    CaretMoved(Position),
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
    /// The file that is shown, and the text that it is opened with.
    path: String,
    text: AttrValue,
    outline: Rc<[OutlineItem]>,
    /// Says where the caret stands; written at each key, so not by Yew.
    caret: NodeRef,
    pause: Option<Timeout>,
    /// The files that the language server was told of because they are not shown.
    others: Vec<String>,
    /// Whether it is to be told anew, as soon as the editor has told of its own.
    others_changed: bool,
    is_naming: bool,
    deploy: Option<Follower>,
    _leaving: EventListener,
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
        let mut workbench = Self {
            keeper,
            handle: None,
            reveal: props.line,
            path: String::new(),
            text: AttrValue::default(),
            outline: Rc::default(),
            caret: NodeRef::default(),
            pause: None,
            others: Vec::new(),
            others_changed: true,
            is_naming: false,
            deploy: None,
            _leaving: leaving,
        };
        workbench.choose(props);
        workbench
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let props = ctx.props();
        match msg {
            Msg::Ready(handle) => {
                self.handle = Some(handle);
                self.wait_for_pause(ctx);
            }
            Msg::Typed(handle) => {
                self.wait_for_pause(ctx);
                return self.keeper.typed(&self.path, &handle);
            }
            Msg::Paused => return self.paused(),
            Msg::CaretMoved(caret) => {
                self.show_caret(caret);
                return false;
            }
            Msg::Open(path, line) => open(&props.draft_key, path, line),
            Msg::Navigate(location) => navigate(&props.draft_key, &location),
            Msg::ShowProblem(file, range) => self.show_problem(props, &file, range),
            Msg::Reveal(range) => {
                if let Some(handle) = &self.handle {
                    handle.reveal(range);
                }
                return false;
            }
            Msg::EditedElsewhere(uri, edits) => self.edit_elsewhere(props, &uri, &edits),
            Msg::NewFile(path) => {
                self.keeper.set(&path, String::new());
                self.keeper.keep();
                open(&props.draft_key, path, None);
            }
            Msg::RemoveFile(path) => {
                self.keeper.remove(&path);
                self.choose(props);
                self.others_changed = true;
            }
            Msg::Discard => self.discard(props),
            Msg::AskName => self.is_naming = true,
            Msg::CloseDialog => self.is_naming = false,
            Msg::Saved(version) => {
                self.keeper.forget();
                let path = self.path.clone();
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
        self.keeper.take_in();
        self.choose(props);
        self.others_changed = true;
        self.wait_for_pause(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_key = ctx.link().batch_callback(|event: KeyboardEvent| {
            let is_save = (event.ctrl_key() || event.meta_key()) && event.key() == "s";
            if !is_save || event.shift_key() || event.alt_key() {
                return None;
            }
            event.prevent_default();
            Some(Msg::AskName)
        });
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <div class="workbench" onkeydown={on_key}>
                { self.view_side(ctx) }
                <main class="center">
                    { self.view_bar(ctx) }
                    <div class="editor-area">{ self.view_editor(ctx) }</div>
                    <Problems
                        draft_key={props.draft_key.clone()}
                        lsp={props.lsp.clone()}
                        on_problem={link.callback(|(file, range)| Msg::ShowProblem(file, range))}
                    />
                    <Status lsp={props.lsp.clone()} caret={self.caret.clone()} />
                </main>
                { self.view_deploy(ctx) }
                if self.is_naming {
                    { self.view_save(ctx) }
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
    /// Chooses the file to show: the one that is asked for, or the first.
    fn choose(&mut self, props: &WorkbenchProps) {
        let paths = self.keeper.paths();
        let asked = props.file.as_ref().filter(|path| paths.contains(path));
        let path = asked.or(paths.first()).cloned();
        self.path = path.unwrap_or_else(|| FIRST_FILE.to_owned());
        self.text = self.keeper.text(&self.path).unwrap_or_default().into();
    }

    fn show_caret(&self, caret: Position) {
        if let Some(span) = self.caret.cast::<web_sys::Element>() {
            let (line, column) = (caret.line + 1, caret.character + 1);
            span.set_text_content(Some(&format!("Ln {line}, Col {column}")));
        }
    }

    fn wait_for_pause(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        self.pause = Some(Timeout::new(PAUSE, move || link.send_message(Msg::Paused)));
    }

    /// Does what is too much for each key. Whether anything looks different now.
    fn paused(&mut self) -> bool {
        self.pause = None;
        let was_unsaved = self.keeper.is_unsaved();
        self.keeper.keep();
        let outline: Rc<[OutlineItem]> = match &self.handle {
            Some(handle) => outline(&handle.contents()).into(),
            None => Rc::default(),
        };
        let is_other = outline != self.outline;
        if is_other {
            self.outline = outline;
        }
        is_other || was_unsaved != self.keeper.is_unsaved()
    }

    fn show_problem(&mut self, props: &WorkbenchProps, file: &str, range: Range) {
        match &self.handle {
            Some(handle) if file == self.path => handle.reveal(range),
            _ => open(
                &props.draft_key,
                file.to_owned(),
                Some(range.start.line + 1),
            ),
        }
    }

    fn edit_elsewhere(&mut self, props: &WorkbenchProps, uri: &str, edits: &[TextEdit]) {
        let Some(path) = uri::path(&props.draft_key, uri) else {
            return;
        };
        let Some(text) = self.keeper.text(&path) else {
            return;
        };
        let edited = edits::apply(&text, edits);
        props.lsp.open(uri, &Text::new(&edited));
        self.keeper.set(&path, edited);
        self.keeper.keep();
    }

    fn discard(&mut self, props: &WorkbenchProps) {
        self.keeper.forget();
        self.choose(props);
        if let (Some(handle), Some(text)) = (&self.handle, props.saved.files.get(&self.path)) {
            handle.set_text(text);
        }
        self.others_changed = true;
    }

    /// Tells the language server of the files that are not shown, for what stands across files.
    /// The one that is shown is the editor's.
    fn open_others(&mut self, props: &WorkbenchProps) {
        let mut files = self.keeper.files();
        files.remove(&self.path);
        for path in &self.others {
            if *path != self.path && !files.contains_key(path) {
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

    fn view_side(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        html! {
            <nav class="side" aria-label="Files and outline">
                <FileList
                    files={self.keeper.paths()}
                    shown={self.path.clone()}
                    changed={self.keeper.changed()}
                    on_open={link.callback(|path| Msg::Open(path, None))}
                    on_new_file={link.callback(Msg::NewFile)}
                    on_remove_file={link.callback(Msg::RemoveFile)}
                />
                <Outline items={Rc::clone(&self.outline)} on_open={link.callback(Msg::Reveal)} />
            </nav>
        }
    }

    fn view_bar(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let is_unsaved = self.keeper.is_unsaved();
        html! {
            <div class="editor-bar">
                <span class="path">{ &self.path }</span>
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

    fn view_editor(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        let objects = self.deploy.as_ref().and_then(Follower::objects);
        html! {
            <Editor
                uri={uri::of(&props.draft_key, &self.path)}
                text={self.text.clone()}
                label={format!("{}, YAML editor", self.path)}
                lsp={props.lsp.clone()}
                notes={notes(&props.saved, &self.path, objects.as_deref().unwrap_or_default())}
                on_ready={link.callback(Msg::Ready)}
                on_change={link.callback(Msg::Typed)}
                on_caret={link.callback(Msg::CaretMoved)}
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

    fn view_save(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <SaveDialog
                draft_key={props.draft_key.clone()}
                parent={props.saved.version.as_ref().map(|version| version.name.clone())}
                files={self.keeper.files()}
                on_saved={link.callback(Msg::Saved)}
                on_close={link.callback(|()| Msg::CloseDialog)}
            />
        }
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

/// The start of a line, from 0 on.
fn line_range(line: u32) -> Range {
    let start = Position { line, character: 0 };
    Range { start, end: start }
}
