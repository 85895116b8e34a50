//! Every command: the list of keys shows them, the palette runs them.

use editor_core::Platform;
use editor_core::commands::{keys_of, label, titles};
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, KeyboardEvent, KeyboardEventInit};

use crate::navigation::window;
use crate::route::{Module, Route};
use crate::view::{COMMAND, platform};

/// Where a command works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Everywhere,
    /// On the page of a version.
    Workbench,
    /// In the text.
    Editor,
}

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// Such as `Mod+Shift+k`, where `Mod` is ⌘ on a Mac and Ctrl elsewhere; empty if it has none.
    keys: &'static str,
    pub(crate) place: Place,
}

const fn command(place: Place, name: &'static str, keys: &'static str) -> Command {
    Command { name, keys, place }
}

/// The one that opens the palette.
const SEARCH: Command = command(Place::Everywhere, "Search, and list commands", "Mod+k");

/// Those of the page; those of the text are the editor's.
const OF_PAGE: [Command; 6] = [
    SEARCH,
    command(Place::Everywhere, "Search", "/"),
    command(Place::Everywhere, "List the keys", "?"),
    command(Place::Workbench, "Save as version", "Mod+s"),
    command(Place::Workbench, "Go to the deploy panel", "Alt+Shift+d"),
    command(Place::Workbench, "Go to the files", "Alt+Shift+e"),
];

/// The one that opens the palette.
pub(crate) fn search() -> Command {
    SEARCH
}

/// The commands of a page.
pub(crate) fn of(route: &Route) -> impl Iterator<Item = Command> {
    let has_editor = route.module() == Module::Workbench;
    let of_page = OF_PAGE.into_iter();
    let of_page = of_page.filter(move |it| has_editor || it.place == Place::Everywhere);
    of_page.chain(of_text().filter(move |_| has_editor))
}

fn of_text() -> impl Iterator<Item = Command> {
    let platform = platform();
    titles().iter().map(move |&(name, it)| {
        let keys = keys_of(it, platform).unwrap_or_default();
        command(Place::Editor, name, keys)
    })
}

impl Command {
    /// Its keys, as they are printed on a keyboard; empty if it has none.
    pub(crate) fn label(self) -> String {
        label(self.keys, platform())
    }

    /// Does it, where a person would press its keys.
    pub(crate) fn run(self) {
        // After the palette has gone and given the focus back.
        Timeout::new(0, move || self.run_now()).forget();
    }

    fn run_now(self) {
        let Some(document) = window().document() else {
            return;
        };
        let (target, event) = match self.place {
            Place::Everywhere => {
                let body = document.body().map(HtmlElement::unchecked_into);
                (body, press(self.keys))
            }
            Place::Workbench => (find(&document, ".workbench"), press(self.keys)),
            Place::Editor => {
                let text = find(&document, ".workbench [aria-roledescription=editor]");
                // What cannot take the focus runs no command either.
                let text = text.filter(|it| it.focus().is_ok());
                (text, order(self.name).map(JsCast::unchecked_into))
            }
        };
        if let (Some(target), Some(event)) = (target, event) {
            // Whether somebody took it is theirs to say.
            let _ = target.dispatch_event(&event);
        }
    }
}

/// What tells the editor to run a command.
fn order(name: &str) -> Option<CustomEvent> {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_detail(&JsValue::from_str(name));
    CustomEvent::new_with_event_init_dict(COMMAND, &init).ok()
}

fn find(document: &web_sys::Document, selector: &str) -> Option<HtmlElement> {
    let element = document.query_selector(selector).ok().flatten();
    element.and_then(|it| it.dyn_into().ok())
}

fn press(keys: &str) -> Option<web_sys::Event> {
    let mac = platform() == Platform::Mac;
    let (modifiers, key) = keys.rsplit_once('+').unwrap_or(("", keys));
    let has = |name: &str| modifiers.split('+').any(|it| it == name);
    let init = KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_key(key);
    if key.len() == 1 && key.as_bytes().iter().all(u8::is_ascii_alphabetic) {
        init.set_code(&format!("Key{}", key.to_ascii_uppercase()));
    }
    init.set_ctrl_key(has("Ctrl") || has("Mod") && !mac);
    init.set_meta_key(has("Meta") || has("Mod") && mac);
    init.set_alt_key(has("Alt"));
    init.set_shift_key(has("Shift"));
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).ok()?;
    Some(event.unchecked_into())
}
