//! The editing component: state in, transactions out.

use std::rc::Rc;

use editor_core::Text;
use yew::prelude::*;

use crate::lsp::{Action, Diagnostic, Location, LspClient, Position, Symbol};

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

/// What the shell can do to an editor. Clones are the same editor.
#[derive(Clone)]
pub struct EditorHandle(Rc<()>);

impl PartialEq for EditorHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorHandle {
    /// The text as it is; cheap.
    pub fn text(&self) -> Text {
        Text::default()
    }

    /// The text with the line ends that the file had.
    pub fn contents(&self) -> String {
        String::new()
    }

    /// Replaces the whole text by a change that can be undone.
    pub fn set_text(&self, _text: &str) {}

    /// Takes the focus.
    pub fn focus(&self) {}

    /// Selects a place, scrolls to it and takes the focus.
    pub fn reveal(&self, _range: crate::lsp::Range) {}

    /// Opens the search bar.
    pub fn open_find(&self) {}

    /// Opens the search bar with its replacement.
    pub fn open_replace(&self) {}

    /// Formats the text.
    pub fn format(&self) {}

    /// The fixes for a problem.
    pub async fn fixes(&self, _problem: &Diagnostic) -> Vec<Action> {
        Vec::new()
    }

    /// Applies a fix, by a change that can be undone.
    pub fn apply(&self, _action: &Action) {}

    /// The outline.
    pub async fn symbols(&self) -> Vec<Symbol> {
        Vec::new()
    }
}

/// The editor of one file.
pub struct Editor;

impl Component for Editor {
    type Message = ();
    type Properties = EditorProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        html! { <pre>{ &ctx.props().text }</pre> }
    }
}
