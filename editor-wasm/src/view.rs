//! The editing component: state in, transactions out.

mod draw;
mod edit_context;
pub(crate) mod editing;
mod handle;
mod input;
mod language;
mod layers;
mod lines;
mod measure;
mod paint;
mod pointer;
mod surface;
mod viewport;

pub use handle::EditorHandle;

use std::rc::Rc;

use yew::prelude::*;

use crate::lsp::{Diagnostic, Location, LspClient, Position};
use editing::Editing;

/// A note at the end of a line, such as `● 3/3 ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNote {
    /// The line, from 0, of the text that the note was made for; edits carry it along.
    pub line: u32,
    /// What it says.
    pub text: AttrValue,
    /// The CSS class that colors it, such as `healthy` or `failed`.
    pub class: AttrValue,
    /// More, shown while the pointer rests on it.
    pub title: AttrValue,
}

/// What an [`Editor`] shows and whom it tells.
#[derive(Properties, Clone, PartialEq)]
pub struct EditorProps {
    /// The file, as the language server knows it. Another one starts anew with `text`; going back
    /// to one that was open before goes on with its text, undo included.
    pub uri: AttrValue,
    /// The text to start with. Later it is read only when `uri` changes.
    pub text: AttrValue,
    /// What assistive technology calls it.
    #[prop_or(AttrValue::Static("YAML editor"))]
    pub label: AttrValue,
    /// Whether the text can only be read.
    #[prop_or_default]
    pub read_only: bool,
    /// The language server.
    #[prop_or_default]
    pub lsp: Option<LspClient>,
    /// What stands beside lines.
    #[prop_or_default]
    pub notes: Rc<[LineNote]>,
    /// Called once, with what the shell can do to the editor.
    #[prop_or_default]
    pub on_ready: Callback<EditorHandle>,
    /// Called after each change of the text.
    #[prop_or_default]
    pub on_change: Callback<EditorHandle>,
    /// Called when the problems of this file change.
    #[prop_or_default]
    pub on_problems: Callback<Rc<[Diagnostic]>>,
    /// Called when the caret stands somewhere else.
    #[prop_or_default]
    pub on_caret: Callback<Position>,
    /// Called to go to another file.
    #[prop_or_default]
    pub on_navigate: Callback<Location>,
}

/// The editor of one file.
pub struct Editor {
    editing: Rc<Editing>,
    surface: NodeRef,
}

impl Component for Editor {
    type Message = ();
    type Properties = EditorProps;

    fn create(ctx: &Context<Self>) -> Self {
        let redraw_popups = ctx.link().callback(|()| ());
        Self {
            editing: Editing::new(ctx.props(), redraw_popups),
            surface: NodeRef::default(),
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &EditorProps) -> bool {
        self.editing.set_props(ctx.props());
        true
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let said = self.editing.popups.borrow().said.clone();
        html! {
            <div class="ed">
                <div class="ed-surface" ref={self.surface.clone()} />
                <div class="ed-said" aria-live="polite">{ said }</div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        if let Some(parent) = self.surface.cast::<web_sys::Element>()
            && self.editing.mount(&parent).is_ok()
        {
            ctx.props()
                .on_ready
                .emit(EditorHandle(self.editing.clone()));
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        self.editing.unmount();
    }
}
