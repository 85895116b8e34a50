//! One editor at work: everything that happens to it ends here and leaves as one frame.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::{Rc, Weak};

use editor_core::commands::block::Block;
use editor_core::{
    Applied, Buffer, Caret, ChangeSet, Colors, Command, Decorations, EditorState, Folds, Matches,
    Origin, Platform, Rows, Selection, Transaction, Wraps, commands, sort_by_key,
};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::Callback;

use super::draw::Drawn;
use super::input::InputWindow;
use super::measure::Metrics;
use super::options::Options;
use super::pointer::Drag;
use super::surface::Surface;
use super::viewport::{Reveal, Viewport};
use super::{EditorProps, LineNote};
use crate::lsp::{Diagnostic, DiagnosticsListener, Link, Location, Position, Severity, sync};
use crate::popups::Popups;

/// One editor at work.
pub(crate) struct Editing {
    me: Weak<Self>,
    pub(crate) props: RefCell<EditorProps>,
    pub(crate) surface: OnceCell<Surface>,
    pub(crate) file: RefCell<File>,
    /// Files that were open before, with their undo.
    parked: RefCell<HashMap<Rc<str>, File>>,
    pub(crate) screen: RefCell<Screen>,
    pub(crate) input: RefCell<InputWindow>,
    pub(crate) drag: RefCell<Option<Drag>>,
    /// The rectangle that was selected last, whether or not it still is.
    pub(crate) block: Cell<Option<Block>>,
    pub(crate) popups: RefCell<Popups>,
    /// The page around the text, once it is there.
    page: RefCell<Option<Callback<()>>>,
    pub(crate) listeners: RefCell<Vec<EventListener>>,
    pub(crate) subscription: RefCell<Option<DiagnosticsListener>>,
    pub(crate) search_pause: RefCell<Option<Timeout>>,
    frame: OnceCell<Closure<dyn FnMut(f64)>>,
    /// What the browser calls the frame that it was asked for.
    frame_asked: Cell<Option<i32>>,
    /// Whether lines may look other than they are drawn: not so after scrolling alone.
    repaints: Cell<bool>,
    pub(crate) platform: Platform,
    pub(crate) options: Cell<Options>,
    /// Whether Tab moves the focus: for good, or once after Escape.
    pub(crate) tab_moves: Cell<TabMoves>,
}

/// What Tab does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TabMoves {
    Never,
    Once,
    Always,
}

/// A file and all that is attached to its text.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) uri: Rc<str>,
    pub(crate) buffer: Buffer,
    pub(crate) colors: Colors,
    pub(crate) folds: Folds,
    /// The lines that are broken, if long ones are.
    pub(crate) wraps: Option<Wraps>,
    /// Where lines are drawn: what is folded has no row.
    pub(crate) rows: Rows,
    pub(crate) problems: Decorations<Problem>,
    /// What the problems say.
    pub(crate) diagnostics: Rc<[Diagnostic]>,
    pub(crate) notes: Decorations<LineNote>,
    pub(crate) hints: Decorations<LineNote>,
    pub(crate) lenses: Decorations<LineNote>,
    /// Words that lead out of the text, by the index of where to.
    pub(crate) links: Decorations<usize>,
    pub(crate) link_goals: Rc<[Link]>,
    /// Where the name at the caret stands.
    pub(crate) occurrences: Decorations<()>,
    /// What each lens is about, by the line of its note.
    pub(crate) lens_places: Vec<Vec<Location>>,
    /// The lines that hints were asked for.
    pub(crate) hinted: Range<usize>,
    pub(crate) matches: Matches,
    /// What an input method has not settled yet.
    pub(crate) composing: Option<Range<usize>>,
    /// The version of the text, counted by the changes seen here.
    pub(crate) version: u32,
    scroll: (f64, f64),
}

/// A problem, where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    /// Index among the diagnostics.
    pub(crate) idx: usize,
}

impl File {
    fn new(uri: &str, text: &str) -> Self {
        Self {
            uri: uri.into(),
            buffer: Buffer::new(text),
            ..Self::default()
        }
    }

    pub(crate) fn state(&self) -> &EditorState {
        self.buffer.state()
    }

    /// The range of the text that a range of the protocol means.
    pub(crate) fn range_of(&self, range: crate::lsp::Range) -> Range<usize> {
        let text = self.buffer.text();
        let start = sync::offset(text, range.start);
        start..sync::offset(text, range.end).max(start)
    }

    /// Carries all that is attached to the text through a change of it.
    fn carry_along(&mut self, applied: &Applied) {
        let (before, changes) = (applied.before.text(), &applied.changes);
        self.version += 1;
        self.colors.apply(before, changes, self.buffer.text());
        self.problems.map(changes);
        self.notes.map(changes);
        self.hints.map(changes);
        self.lenses.map(changes);
        self.links.map(changes);
        self.occurrences.map(changes);
        self.matches.map(changes);
        self.composing = self.composing.take().map(|it| changes.map_growing(&it));
    }

    /// The match that is selected.
    pub(crate) fn current_match(&self) -> Option<Range<usize>> {
        let range = self.state().selection().primary().range();
        self.matches.index_of(&range).map(|_| range)
    }

    pub(crate) fn position_of(&self, offset: usize) -> Position {
        sync::place(self.buffer.text(), offset)
    }
}

/// What is on the screen.
#[derive(Default)]
pub(crate) struct Screen {
    pub(crate) view: Viewport,
    pub(crate) metrics: Metrics,
    pub(crate) focused: bool,
    pub(crate) reveal: Option<Reveal>,
    pub(crate) drawn: Drawn,
}

impl Editing {
    pub(crate) fn new(props: &EditorProps) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            props: RefCell::new(props.clone()),
            surface: OnceCell::new(),
            file: RefCell::new(File::new(&props.uri, &props.text)),
            parked: RefCell::default(),
            screen: RefCell::default(),
            input: RefCell::default(),
            drag: RefCell::default(),
            block: Cell::new(None),
            popups: RefCell::default(),
            page: RefCell::default(),
            listeners: RefCell::default(),
            subscription: RefCell::default(),
            search_pause: RefCell::default(),
            frame: OnceCell::new(),
            frame_asked: Cell::new(None),
            repaints: Cell::new(true),
            platform: platform(),
            options: Cell::default(),
            tab_moves: Cell::new(TabMoves::Never),
        })
    }

    /// Draws into `parent` from now on.
    pub(crate) fn mount(&self, parent: &Element) -> Result<(), JsValue> {
        if let Some(surface) = self.surface.get() {
            surface.move_to(parent)?;
            self.resized();
            return Ok(());
        }
        let surface = {
            let props = self.props.borrow();
            Surface::new(parent, &props.label, props.read_only)?
        };
        let _ = self.surface.set(surface);
        let me = self.me.clone();
        let _ = self.frame.set(Closure::new(move |_| {
            if let Some(editing) = me.upgrade() {
                editing.frame_asked.set(None);
                editing.draw();
            }
        }));
        self.listen();
        self.resized();
        self.sync_input();
        self.ask_frame();
        Ok(())
    }

    /// Serves a page with a language server, lists and cards from now on; `redraw` draws them.
    pub(crate) fn attach(&self, props: &EditorProps, redraw: Callback<()>) {
        *self.page.borrow_mut() = Some(redraw);
        self.read_options();
        let old = self.props.replace(props.clone());
        if let Some(surface) = self.surface.get()
            && old.label != props.label
        {
            surface.set_label(&props.label);
        }
        self.file.borrow_mut().uri = (&*props.uri).into();
    }

    /// Whether there is a page around the text: without one it is text and carets, no more.
    pub(crate) fn is_attached(&self) -> bool {
        self.page.borrow().is_some()
    }

    /// Draws the lists and cards again.
    pub(crate) fn redraw_popups(&self) {
        let redraw = self.page.borrow().clone();
        if let Some(redraw) = redraw {
            redraw.emit(());
        }
    }

    /// Whether the text was changed since it was opened.
    pub(crate) fn is_changed(&self) -> bool {
        self.file.borrow().version > 0
    }

    /// Lets go of the page.
    pub(crate) fn unmount(&self) {
        self.listeners.borrow_mut().clear();
        self.subscription.take();
        let mut popups = self.popups.borrow_mut();
        popups.pointer = None;
        popups.pause = None;
        popups.hints = None;
        popups.occurrences = None;
        popups.mirror = None;
        self.search_pause.take();
    }

    /// The editor as others hold it.
    pub(crate) fn rc(&self) -> Option<Rc<Self>> {
        self.me.upgrade()
    }

    pub(crate) fn props(&self) -> EditorProps {
        self.props.borrow().clone()
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.props.borrow().read_only
    }

    pub(crate) fn uri(&self) -> Rc<str> {
        self.file.borrow().uri.clone()
    }

    /// Takes in what the page wants shown.
    pub(crate) fn set_props(&self, props: &EditorProps) {
        let old = self.props.replace(props.clone());
        if old.uri != props.uri {
            self.switch_file(&props.uri, &props.text);
        }
        if let Some(surface) = self.surface.get()
            && old.label != props.label
        {
            surface.set_label(&props.label);
        }
        if old.uri != props.uri || old.notes != props.notes {
            self.set_notes();
        }
    }

    fn switch_file(&self, uri: &str, text: &str) {
        let next = self.parked.borrow_mut().remove(uri);
        let mut next = next.unwrap_or_else(|| File::new(uri, text));
        if let Some(applied) = next.buffer.set_text(text, now()) {
            // A fix in another file has changed it meanwhile.
            next.carry_along(&applied);
            next.rows_along(&applied);
        }
        let scroll = next.scroll;
        let mut old = self.file.replace(next);
        {
            let mut screen = self.screen.borrow_mut();
            old.scroll = (screen.view.top, screen.view.left);
            screen.drawn.widest = 0;
            screen.reveal = None;
        }
        old.composing = None;
        self.parked.borrow_mut().insert(old.uri.clone(), old);
        self.close_popups();
        self.opened();
        self.scroll_to(scroll.0, scroll.1);
    }

    fn set_notes(&self) {
        let mut file = self.file.borrow_mut();
        let notes = self.props.borrow().notes.clone();
        let text = file.buffer.text().clone();
        let place = |note: &LineNote| {
            let start = text.line_start(note.line as usize);
            (start..start, note.clone())
        };
        file.notes = Decorations::new(notes.iter().map(place).collect());
        drop(file);
        self.ask_frame();
    }

    /// Another text is shown.
    pub(crate) fn opened(&self) {
        self.set_notes();
        self.open_in_server();
        self.sync_input();
        self.ask_frame();
        self.search_again();
    }

    /// Applies a transaction.
    pub(crate) fn apply(&self, transaction: Transaction) {
        if self.is_read_only() && !transaction.changes.is_empty() {
            return;
        }
        let applied = self.file.borrow_mut().buffer.apply(transaction, now());
        self.applied(&applied);
    }

    /// Changes the buffer and takes in what came of it.
    pub(crate) fn with_buffer(&self, change: impl FnOnce(&mut Buffer) -> Option<Applied>) -> bool {
        let applied = change(&mut self.file.borrow_mut().buffer);
        if let Some(applied) = &applied {
            self.applied(applied);
        }
        applied.is_some()
    }

    fn applied(&self, applied: &Applied) {
        let changed = !applied.changes.is_empty();
        let moved = self.carry_along(applied);
        if self.is_attached() {
            self.rows_follow(applied);
            if changed {
                self.tell_server(applied);
                self.hints_later();
            }
        }
        {
            let mut screen = self.screen.borrow_mut();
            if applied.origin != Origin::Pointer {
                screen.reveal = Some(screen.reveal.unwrap_or(Reveal::Nearest));
            }
            screen.drawn.restart_blink = true;
        }
        if self.is_attached() {
            self.popups_follow(applied);
        }
        if self.input.borrow().composing.is_none() {
            self.sync_input();
        }
        self.ask_frame();
        if self.is_attached() {
            self.tell_page(changed, moved);
        }
    }

    /// Carries all that is attached to the text along. Whether the caret moved.
    fn carry_along(&self, applied: &Applied) -> bool {
        let mut file = self.file.borrow_mut();
        if !applied.changes.is_empty() {
            file.carry_along(applied);
            let (before, after) = (applied.before.text(), file.buffer.text());
            let lines = &mut self.screen.borrow_mut().drawn.lines;
            lines.shift(before, &applied.changes, after);
        }
        applied.before.selection() != file.buffer.state().selection()
    }

    /// Runs a command. Whether there was something to do.
    pub(crate) fn run(&self, command: Command) -> bool {
        if command.edits() && self.is_read_only() {
            return false;
        }
        match command {
            Command::Undo => self.with_buffer(Buffer::undo),
            Command::Redo => self.with_buffer(Buffer::redo),
            Command::DeleteBackward => self.with_buffer(|it| it.delete_backward(now())),
            Command::ToggleTabMoves => self.toggle_tab(),
            Command::Cancel => self.cancel(),
            _ => {
                let transaction = {
                    let file = self.file.borrow();
                    command.transaction(file.state(), &file.rows)
                };
                match transaction {
                    Some(transaction) => {
                        self.apply(transaction);
                        true
                    }
                    None => self.is_attached() && self.run_popup(command),
                }
            }
        }
    }

    fn toggle_tab(&self) -> bool {
        let (moves, said) = match self.tab_moves.get() {
            TabMoves::Always => (TabMoves::Never, "Tab indents"),
            _ => (TabMoves::Always, "Tab moves the focus"),
        };
        self.tab_moves.set(moves);
        self.say(said);
        true
    }

    /// Ends what is open, the nearest first.
    fn cancel(&self) -> bool {
        let done = self.is_attached() && self.cancel_popup()
            || self.file.borrow_mut().buffer.end_snippet()
            || self.with_buffer(|it| it.one_caret(now()))
            || self.is_attached() && self.close_find();
        if done {
            self.ask_frame();
        } else if self.tab_moves.get() == TabMoves::Never {
            self.tab_moves.set(TabMoves::Once);
        }
        done
    }

    /// Replaces ranges of the protocol by texts, as one step.
    pub(crate) fn apply_edits(&self, edits: &[crate::lsp::TextEdit]) {
        let transaction = {
            let file = self.file.borrow();
            let mut places: Vec<_> = edits
                .iter()
                .map(|it| (file.range_of(it.range), it.new_text.to_string()))
                .collect();
            sort_by_key(&mut places, |(range, _)| (range.start, range.end));
            let changes = ChangeSet::of(file.buffer.text(), places);
            Transaction::change(changes, Origin::Command)
        };
        if transaction.changes.is_empty() {
            return;
        }
        self.file.borrow_mut().buffer.close_step();
        self.apply(transaction);
        self.file.borrow_mut().buffer.close_step();
    }

    /// Selects a range and scrolls to it.
    pub(crate) fn select(&self, range: Range<usize>, how: Reveal) {
        let transaction = {
            let file = self.file.borrow();
            let selection: Selection = Caret::new(range.start, range.end).into();
            Transaction::select(file.state(), selection, Origin::Move)
        };
        self.screen.borrow_mut().reveal = Some(how);
        self.apply(transaction);
    }

    /// Types a text at every caret.
    pub(crate) fn type_text(&self, text: &str) {
        if self.is_read_only() {
            return;
        }
        if text == "\n" {
            self.run(Command::NewLine);
            return;
        }
        self.with_buffer(|it| Some(it.type_text(text, now())));
    }

    /// Pastes a text; whole lines go above the line of the caret.
    pub(crate) fn paste(&self, text: &str, whole_lines: bool) {
        let transaction = {
            let file = self.file.borrow();
            commands::editing::paste(file.state(), text, whole_lines)
        };
        self.file.borrow_mut().buffer.close_step();
        self.apply(transaction);
    }

    /// Where the caret stands.
    pub(crate) fn caret(&self) -> Position {
        let file = self.file.borrow();
        file.position_of(file.state().selection().primary().head)
    }

    /// Draws once before the next frame is shown.
    pub(crate) fn ask_frame(&self) {
        self.repaints.set(true);
        self.ask_frame_to_scroll();
    }

    /// The same if all that is drawn stays as it is.
    pub(crate) fn ask_frame_to_scroll(&self) {
        if self.frame_asked.get().is_some() {
            return;
        }
        if let (Some(window), Some(frame)) = (web_sys::window(), self.frame.get()) {
            let asked = window.request_animation_frame(frame.as_ref().unchecked_ref());
            self.frame_asked.set(asked.ok());
        }
    }

    /// Whether the lines that are drawn have to be looked at again, told once.
    pub(crate) fn take_repaints(&self) -> bool {
        self.repaints.take()
    }

    /// Scrolls to a place in pixels.
    pub(crate) fn scroll_to(&self, top: f64, left: f64) {
        if let Some(surface) = self.surface.get() {
            surface.scroller.set_scroll_top(top as i32);
            surface.scroller.set_scroll_left(left as i32);
        }
        let mut screen = self.screen.borrow_mut();
        screen.view.top = top;
        screen.view.left = left;
        drop(screen);
        self.ask_frame();
    }

    /// Tells people who listen rather than look.
    pub(crate) fn say(&self, words: &str) {
        words.clone_into(&mut self.popups.borrow_mut().said);
        self.redraw_popups();
    }
}

impl Drop for Editing {
    /// The browser would call a frame that is gone.
    fn drop(&mut self) {
        if let (Some(window), Some(asked)) = (web_sys::window(), self.frame_asked.get()) {
            let _ = window.cancel_animation_frame(asked);
        }
    }
}

/// Milliseconds since the page was loaded.
pub(crate) fn now() -> f64 {
    web_sys::window()
        .and_then(|it| it.performance())
        .map_or(0.0, |it| it.now())
}

/// Whose habits the keys follow.
pub(crate) fn platform() -> Platform {
    let name = web_sys::window().and_then(|it| it.navigator().platform().ok());
    match name {
        Some(name) if name.starts_with("Mac") || name.starts_with("iP") => Platform::Mac,
        _ => Platform::Other,
    }
}
