//! The editor with what serves it: what can happen to it, and what comes of that.

use std::rc::Rc;

use editor_core::{OutlineItem, Step, Text, outline};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::drawer::{self, Drawer};
use super::dropping::{self, Dropped};
use super::keeper::DraftKeeper;
use super::keys::listen_to_keys;
use super::{FIRST_FILE, Saved, edits, uri};
use crate::drafts::DraftKey;
use crate::lsp::{Location, LspClient, Position, Range, TextEdit};
use crate::navigation::{go, window};
use crate::pages::deploy::Follower;
use crate::route::{Route, Wish};
use crate::view::EditorHandle;
use crate::{storage, time};

/// How long a pause in typing is before the draft is kept and the outline is made anew, in
/// milliseconds. Leaving the page keeps the draft at once.
const PAUSE: u32 = 300;

/// How long the caret rests before the way to it is told, in milliseconds.
const REST: u32 = 120;

/// How long the result of a job stays in place of the preview over a reload, in milliseconds.
const FRESH: i64 = 10_000;

#[derive(Properties, PartialEq)]
pub(crate) struct WorkbenchProps {
    pub(crate) draft_key: DraftKey,
    pub(crate) saved: Rc<Saved>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) wish: Option<Wish>,
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
    CaretRested,
    /// A change here goes on in another file.
    EditedElsewhere(Rc<str>, Rc<[TextEdit]>),
    NewFile(String),
    /// Files were dropped, and read.
    Dropped(Dropped),
    RemoveFile(String),
    Discard,
    AskName,
    CloseDialog,
    Saved(String),
    DeployStarted(String),
    DeployHeard,
    BackToPreview,
    /// An environment is looked at.
    Environment(String),
    /// A drawer is opened, or shut if it is open.
    Toggle(Drawer),
    /// The focus goes to a panel, which is opened if it is a drawer.
    Focus(Drawer),
    ShutDrawer,
    /// Another tab may have changed the draft.
    KeptElsewhere,
}

/// The editor and its panels.
pub(crate) struct Workbench {
    pub(super) keeper: Rc<DraftKeeper>,
    pub(super) handle: Option<EditorHandle>,
    /// The line to show when the editor has its file.
    reveal: Option<u32>,
    /// The file that is shown, and the text that it is opened with.
    pub(super) path: String,
    pub(super) text: AttrValue,
    pub(super) outline: Rc<[OutlineItem]>,
    /// Says where the caret stands; written at each key, so not by Yew.
    pub(super) caret: NodeRef,
    /// The keys that the caret stands below, made anew when it rests.
    pub(super) trail: Rc<[Step]>,
    caret_line: u32,
    rest: Option<Timeout>,
    pause: Option<Timeout>,
    /// The files that the language server was told of because they are not shown.
    others: Vec<String>,
    /// Whether it is to be told anew, as soon as the editor has told of its own.
    others_changed: bool,
    pub(super) is_naming: bool,
    pub(super) deploy: Option<Follower>,
    /// Whether that job was watched before a reload, and nothing is heard of it yet.
    is_resumed: bool,
    /// The environment that is looked at, once it is known.
    pub(super) environment: Option<String>,
    /// What the address asked for last.
    pub(super) wish: Option<Wish>,
    pub(super) drawer: Option<Drawer>,
    /// Why what was dropped was not taken.
    pub(super) refused: String,
    _listeners: [EventListener; 4],
}

impl Component for Workbench {
    type Message = Msg;
    type Properties = WorkbenchProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let keeper = DraftKeeper::new(props.draft_key.clone(), Rc::clone(&props.saved));
        let keeper = Rc::new(keeper);
        let keep_on = |event: &'static str| {
            let keeper = Rc::clone(&keeper);
            EventListener::new(&window(), event, move |_| keeper.keep())
        };
        let kept_elsewhere = ctx.link().callback(|()| Msg::KeptElsewhere);
        let listeners = [
            keep_on("pagehide"),
            // Another tab, which the person turns to, follows.
            keep_on("blur"),
            EventListener::new(&window(), "storage", move |_| kept_elsewhere.emit(())),
            listen_to_keys(ctx),
        ];
        let deploy = storage::get_in_tab(&job_key(&props.draft_key));
        let deploy = deploy.map(|id| follow(ctx, &id));
        let drawer = props.wish.is_some().then_some(Drawer::Deploy);
        let mut workbench = Self {
            keeper,
            handle: None,
            reveal: props.line,
            path: String::new(),
            text: AttrValue::default(),
            outline: Rc::default(),
            caret: NodeRef::default(),
            trail: Rc::default(),
            caret_line: 0,
            rest: None,
            pause: None,
            others: Vec::new(),
            others_changed: true,
            is_naming: false,
            is_resumed: deploy.is_some(),
            // What is asked for goes before what was watched before a reload.
            deploy: deploy.filter(|_| props.wish.is_none()),
            environment: None,
            wish: props.wish.clone(),
            drawer,
            refused: String::new(),
            _listeners: listeners,
        };
        workbench.choose(props);
        workbench
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let props = ctx.props();
        match msg {
            Msg::Ready(handle) => {
                if drawer::has_nothing_the_focus() {
                    handle.focus();
                }
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
                self.caret_line = caret.line;
                let link = ctx.link().clone();
                let rested = move || link.send_message(Msg::CaretRested);
                self.rest = Some(Timeout::new(REST, rested));
                return false;
            }
            Msg::CaretRested => return self.follow_caret(),
            Msg::Open(path, line) => {
                self.drawer = None;
                self.refused.clear();
                open(&props.draft_key, path, line);
            }
            Msg::Navigate(location) => navigate(&props.draft_key, &location),
            Msg::ShowProblem(file, range) => self.show_problem(props, &file, range),
            Msg::Reveal(range) => {
                let had_drawer = self.drawer.take().is_some();
                if let Some(handle) = &self.handle {
                    handle.reveal(range);
                }
                return had_drawer;
            }
            Msg::EditedElsewhere(uri, edits) => self.edit_elsewhere(props, &uri, &edits),
            Msg::NewFile(path) => {
                self.keeper.set(&path, String::new());
                self.keeper.keep();
                open(&props.draft_key, path, None);
            }
            Msg::Dropped(dropped) => self.take_dropped(props, dropped),
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
                storage::set_in_tab(&job_key(&props.draft_key), Some(&id));
                self.deploy = Some(follow(ctx, &id));
            }
            Msg::DeployHeard => self.heard(props),
            Msg::Environment(name) => {
                let is_other = self.environment.as_ref() != Some(&name);
                self.environment = Some(name);
                return is_other;
            }
            Msg::BackToPreview => {
                storage::set_in_tab(&job_key(&props.draft_key), None);
                self.deploy = None;
            }
            Msg::Toggle(drawer) => {
                self.drawer = (self.drawer != Some(drawer)).then_some(drawer);
                if self.drawer.is_some() {
                    drawer.focus();
                }
            }
            Msg::Focus(drawer) => {
                self.drawer = Some(drawer);
                drawer.focus();
            }
            Msg::ShutDrawer => self.drawer = None,
            Msg::KeptElsewhere => return self.follow_other_tab(props),
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &WorkbenchProps) -> bool {
        let props = ctx.props();
        if (&props.file, props.line) != (&old.file, old.line) {
            self.reveal = props.line;
        }
        if props.wish.is_some() && props.wish != old.wish {
            self.wish.clone_from(&props.wish);
            self.deploy = None;
            self.drawer = Some(Drawer::Deploy);
        }
        self.keeper.take_in();
        self.choose(props);
        self.others_changed = true;
        self.wait_for_pause(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.lay_out(ctx)
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.others_changed) {
            self.open_others(ctx.props());
        }
        if let Some(handle) = &self.handle
            && let Some(line) = self.reveal.take()
        {
            handle.reveal(Range::at_line(line.saturating_sub(1)));
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.keeper.keep();
        // The editor opened the one that is shown.
        for path in self.others.iter().chain([&self.path]) {
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

    /// Goes back to the preview if the job that was watched before a reload is over for long.
    fn heard(&mut self, props: &WorkbenchProps) {
        let state = self.deploy.as_ref().map(Follower::state);
        let Some(deploy) = state.as_ref().and_then(|it| it.deploy.as_ref()) else {
            return;
        };
        let finished = deploy.finished_at.as_deref().map(time::parse);
        let is_over = finished.is_some_and(|at| time::now() - at > FRESH);
        if std::mem::take(&mut self.is_resumed) && is_over {
            storage::set_in_tab(&job_key(&props.draft_key), None);
            self.deploy = None;
        }
    }

    fn show_caret(&self, caret: Position) {
        if let Some(span) = self.caret.cast::<web_sys::Element>() {
            let (line, column) = (caret.line + 1, caret.character + 1);
            span.set_text_content(Some(&format!("Ln {line}, Col {column}")));
        }
    }

    /// Tells the way to the caret. Whether it is another one.
    fn follow_caret(&mut self) -> bool {
        let steps = self.steps().into();
        let is_other = self.trail != steps;
        self.trail = steps;
        is_other
    }

    /// The object that the caret stands in, and the keys below which it stands there.
    fn steps(&self) -> Vec<Step> {
        let Some(handle) = &self.handle else {
            return Vec::new();
        };
        let line = self.caret_line as usize;
        let steps = handle.trail(self.caret_line);
        let first = steps.first().map_or(line, |it| it.line);
        let mut objects = self.outline.iter().rev().filter(|it| it.depth == 0);
        let object = objects.find(|it| it.line <= first);
        // One without a name has none here either.
        let object = object.filter(|it| !it.detail.is_empty()).map(|it| Step {
            line: it.line,
            name: format!("{} {}", it.name, it.detail),
        });
        object.into_iter().chain(steps).collect()
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
        self.follow_caret() || is_other || was_unsaved != self.keeper.is_unsaved()
    }

    /// Takes over what another tab of this browser made of the same draft.
    fn follow_other_tab(&mut self, props: &WorkbenchProps) -> bool {
        if !self.keeper.reload() {
            return false;
        }
        self.choose(props);
        if let Some(handle) = &self.handle
            && *handle.contents() != *self.text
        {
            handle.set_text(&self.text);
        }
        self.others_changed = true;
        true
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

    /// Adds files that were dropped, and shows the last.
    fn take_dropped(&mut self, props: &WorkbenchProps, dropped: Dropped) {
        self.refused = dropped.refused.join(" ");
        let mut last = None;
        for (name, text) in dropped.files {
            let path = dropping::path_for(&self.keeper.files(), &name, &text);
            if let Some(handle) = self.handle.as_ref().filter(|_| path == self.path) {
                handle.set_text(&text);
            }
            self.keeper.set(&path, text);
            last = Some(path);
        }
        self.keeper.keep();
        if let Some(path) = last {
            open(&props.draft_key, path, None);
        }
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
}

fn open(key: &DraftKey, path: String, line: Option<u32>) {
    go(&Route::Version {
        project: key.project.clone(),
        set: key.set.clone(),
        version: key.version.clone(),
        file: Some(path),
        line,
        wish: None,
    });
}

/// Under which name this tab knows the job that it watches beside a version.
fn job_key(key: &DraftKey) -> String {
    format!("kun:job:{}/{}/{}", key.project, key.set, key.version)
}

fn follow(ctx: &Context<Workbench>, id: &str) -> Follower {
    Follower::new(id, &ctx.link().callback(|()| Msg::DeployHeard))
}

fn navigate(key: &DraftKey, location: &Location) {
    if let Some(path) = uri::path(key, &location.uri) {
        open(key, path, Some(location.range.start.line + 1));
    }
}
