//! Keeping the language server and the text in step, and asking it.

use std::rc::Rc;

use editor_core::{Applied, Decorations};
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::EditorHandle;
use super::editing::{Editing, Problem};
use crate::lsp::{Diagnostic, FileDiagnostics, LspError, sync};

pub(crate) type Then = Box<dyn FnOnce(&Editing, Result<Value, LspError>)>;

impl Editing {
    /// Listens to the server from now on.
    #[inline(never)]
    pub(crate) fn connect(&self) {
        let (Some(lsp), Some(me)) = (self.props().lsp, self.rc()) else {
            return;
        };
        self.take_orders();
        let me = Rc::downgrade(&me);
        let other = me.clone();
        let listener = lsp.on_diagnostics(Callback::from(move |(uri, found): FileDiagnostics| {
            if let Some(editing) = me.upgrade() {
                editing.diagnosed(&uri, &found);
            }
        }));
        *self.subscription.borrow_mut() = Some(listener);
        lsp.on_refresh(Callback::from(move |()| {
            if let Some(editing) = other.upgrade() {
                editing.hints_later();
            }
        }));
    }

    #[inline(never)]
    pub(crate) fn open_in_server(&self) {
        if let Some(lsp) = self.props().lsp {
            let (uri, text) = {
                let file = self.file.borrow();
                (file.uri.clone(), file.buffer.text().clone())
            };
            lsp.open(&uri, &text);
            self.hints_later();
            self.diagnosed(&uri, &lsp.diagnostics(&uri));
        }
    }

    #[inline(never)]
    pub(crate) fn tell_server(&self, applied: &Applied) {
        if let Some(lsp) = self.props().lsp {
            let file = self.file.borrow();
            let before = applied.before.text();
            lsp.change(&file.uri, before, &applied.changes, file.buffer.text());
        }
    }

    /// Tells the page what has happened to the text.
    #[inline(never)]
    pub(crate) fn tell_page(&self, changed: bool, moved: bool) {
        let props = self.props();
        if changed && let Some(me) = self.rc() {
            props.on_change.emit(EditorHandle(me));
        }
        if moved {
            props.on_caret.emit(self.caret());
        }
    }

    fn diagnosed(&self, uri: &str, found: &Rc<[Diagnostic]>) {
        {
            let mut file = self.file.borrow_mut();
            if *file.uri != *uri {
                return;
            }
            let text = file.buffer.text();
            let place = |(idx, it): (usize, &Diagnostic)| {
                let start = sync::nearby(text, it.range.start);
                let end = sync::nearby(text, it.range.end).max(start);
                let severity = it.severity;
                (start..end, Problem { severity, idx })
            };
            let problems = Decorations::new(found.iter().enumerate().map(place).collect());
            file.problems = problems;
            file.diagnostics = found.clone();
        }
        self.ask_frame();
    }

    /// Asks for something about this text; an answer about an older text is dropped.
    pub(crate) fn ask(
        &self,
        purpose: &'static str,
        method: &'static str,
        params: Value,
        then: Then,
    ) {
        let (Some(lsp), Some(me)) = (self.props().lsp, self.rc()) else {
            return;
        };
        let (uri, version) = self.stamp();
        spawn_local(async move {
            let answer = lsp.newest(purpose, method, params).await;
            if me.stamp() == (uri, version) {
                then(&me, answer);
            }
        });
    }

    fn stamp(&self) -> (Rc<str>, u32) {
        let file = self.file.borrow();
        (file.uri.clone(), file.version)
    }

    /// The parameters that most requests take.
    pub(crate) fn place(&self, offset: usize) -> Value {
        let file = self.file.borrow();
        json!({
            "textDocument": { "uri": &*file.uri },
            "position": sync::place(file.buffer.text(), offset).json(),
        })
    }

    pub(crate) fn head(&self) -> usize {
        self.file.borrow().state().selection().primary().head
    }
}
