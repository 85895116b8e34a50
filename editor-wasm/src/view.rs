//! The editing component: state in, transactions out.

mod cards;
mod dispatch;
mod draw;
mod edit_context;
pub(crate) mod editing;
mod finding;
mod fixing;
mod float;
mod folding;
mod handle;
mod hints;
mod input;
mod language;
mod layers;
mod lines;
mod listing;
mod marks;
mod measure;
mod mirror;
mod naming;
mod occurrences;
mod options;
pub(crate) mod paint;
mod picking;
mod pointer;
mod selecting;
mod surface;
mod viewport;

pub(crate) use dispatch::COMMAND;
pub(crate) use editing::platform;
pub use handle::EditorHandle;
pub(crate) use picking::place_name;
pub(crate) use selecting::Grown;

use std::rc::Rc;

use yew::prelude::*;

use crate::early;
use crate::lsp::{Location, LspClient, Position, TextEdit};
use crate::popups::{completion, find, fixes, hover, picker, rename};
use editing::Editing;

/// A note at the end of a line, such as `● 3/3 ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNote {
    /// The line, from 0, of the text that the note was made for; edits carry it along.
    pub line: u32,
    /// What it says.
    pub text: AttrValue,
    /// The CSS class that colors it, such as `is-healthy` or `is-failed`.
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
    /// Called when the caret stands somewhere else.
    #[prop_or_default]
    pub on_caret: Callback<Position>,
    /// Called to go to another file.
    #[prop_or_default]
    pub on_navigate: Callback<Location>,
    /// Called with edits of another file, such as the other uses of a name that was changed here.
    #[prop_or_default]
    pub on_edits: Callback<(Rc<str>, Rc<[TextEdit]>)>,
}

impl EditorProps {
    /// What shows a text before there is a page.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            uri: AttrValue::default(),
            text: AttrValue::from(text.to_owned()),
            label: AttrValue::Static("YAML editor"),
            read_only: false,
            lsp: None,
            notes: Rc::default(),
            on_ready: Callback::noop(),
            on_change: Callback::noop(),
            on_caret: Callback::noop(),
            on_navigate: Callback::noop(),
            on_edits: Callback::noop(),
        }
    }
}

/// The editor of one file.
pub struct Editor {
    editing: Rc<Editing>,
    surface: NodeRef,
    float: NodeRef,
    /// The fields of the search bar.
    fields: (NodeRef, NodeRef),
    new_name: NodeRef,
    picked: NodeRef,
    /// How often the search bar has asked for the focus, as far as it was given.
    focused: u32,
}

impl Component for Editor {
    type Message = ();
    type Properties = EditorProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let editing = early::take(&props.text).unwrap_or_else(|| Editing::new(props));
        editing.attach(props, ctx.link().callback(|()| ()));
        Self {
            editing,
            surface: NodeRef::default(),
            float: NodeRef::default(),
            fields: Default::default(),
            new_name: NodeRef::default(),
            picked: NodeRef::default(),
            focused: 0,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &EditorProps) -> bool {
        self.editing.set_props(ctx.props());
        true
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let current = self.editing.current_match_idx();
        let popups = self.editing.popups.borrow();
        html! {
            <div class="ed">
                if popups.find.open {
                    { find::view(&self.editing, &popups.find, current, &self.fields) }
                }
                <div class="ed-surface" ref={self.surface.clone()} />
                { self.view_float() }
                if let Some(open) = &popups.picker {
                    <div class="ed-float ed-picker">{ picker::view(&self.editing, open, &self.picked) }</div>
                }
                <div class="ed-said" aria-live="polite">{ &popups.said }</div>
                if popups.told.1 > 0 {
                    <div key={popups.told.1} class="ed-told" aria-hidden="true">{ &popups.told.0 }</div>
                }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first
            && let Some(parent) = self.surface.cast::<web_sys::Element>()
            && self.editing.mount(&parent).is_ok()
        {
            early::uncover();
            self.editing.opened();
            self.editing.connect();
            let handle = EditorHandle(self.editing.clone());
            let props = ctx.props();
            if self.editing.is_changed() {
                props.on_change.emit(handle.clone());
            }
            props.on_ready.emit(handle);
        }
        self.focus_fields();
        if let Some(float) = self.float.cast::<web_sys::HtmlElement>() {
            self.editing.place_float(&float);
        }
        self.editing.describe_list();
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        self.editing.unmount();
    }
}

impl Editor {
    /// The list, box or card that is open: one at a time.
    fn view_float(&self) -> Html {
        let (editing, popups) = (&self.editing, self.editing.popups.borrow());
        let (class, inner) = if let Some(open) = &popups.rename {
            (
                "ed-float ed-box",
                rename::view(editing, open, &self.new_name),
            )
        } else if let Some(open) = &popups.completion {
            ("ed-float ed-completion", completion::view(editing, open))
        } else if let Some(open) = &popups.fixes {
            ("ed-float", fixes::view(editing, open))
        } else if let Some(open) = &popups.hover {
            ("ed-float ed-card", hover::view(editing, open))
        } else {
            return Html::default();
        };
        let hold = |held| {
            let editing = editing.clone();
            Callback::from(move |_: MouseEvent| editing.hold_card(held))
        };
        let leave = {
            let editing = editing.clone();
            Callback::from(move |event: KeyboardEvent| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                    editing.close_popups();
                    editing.take_focus();
                }
            })
        };
        html! {
            <div
                {class}
                ref={self.float.clone()}
                onmouseenter={hold(true)}
                onmouseleave={hold(false)}
                onkeydown={leave}
            >
                { inner }
            </div>
        }
    }

    /// Takes the focus into a field that was just opened, and selects its text.
    fn focus_fields(&mut self) {
        let wanted = {
            let popups = self.editing.popups.borrow();
            let find = popups.find.focus != self.focused && popups.find.open;
            self.focused = popups.find.focus;
            if find {
                Some(&self.fields.0)
            } else if popups.rename.is_some() {
                Some(&self.new_name)
            } else if popups.picker.is_some() {
                Some(&self.picked)
            } else {
                None
            }
        };
        if let Some(field) = wanted.and_then(NodeRef::cast::<web_sys::HtmlInputElement>) {
            let document = field.owner_document();
            let active = document.and_then(|it| it.active_element());
            if active.as_ref() != Some(field.as_ref()) || wanted == Some(&self.fields.0) {
                // A field that is not on the page any more cannot be focused: nothing is lost.
                let _ = field.focus();
                field.select();
            }
        }
    }
}
