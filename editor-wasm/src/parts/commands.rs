//! Every command that has a key: the list of keys shows them, the palette runs them.

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, KeyboardEventInit};

use crate::navigation::window;
use crate::route::{Module, Route};

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
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// Such as `Mod+Shift+k`, where `Mod` is ⌘ on a Mac and Ctrl elsewhere.
    keys: &'static str,
    /// Its keys on a Mac, where they are others.
    mac: &'static str,
    pub(crate) place: Place,
}

const fn command(
    place: Place,
    name: &'static str,
    keys: &'static str,
    mac: &'static str,
) -> Command {
    Command {
        name,
        keys,
        mac,
        place,
    }
}

/// All commands, by place.
pub(crate) const COMMANDS: &[Command] = {
    use Place::{Editor, Everywhere, Workbench};
    &[
        command(Everywhere, "Search, and list commands", "Mod+k", ""),
        command(Everywhere, "Search", "/", ""),
        command(Everywhere, "List the keys", "?", ""),
        command(Workbench, "Save as version", "Mod+s", ""),
        command(Workbench, "Go to the deploy panel", "Alt+Shift+d", ""),
        command(Workbench, "Go to the files", "Alt+Shift+e", ""),
        command(Editor, "List what may stand here", "Ctrl+ ", ""),
        command(Editor, "List the fixes", "Mod+.", ""),
        command(Editor, "Explain the word at the caret", "Ctrl+i", ""),
        command(Editor, "Next problem", "F8", ""),
        command(Editor, "Problem before", "Shift+F8", ""),
        command(Editor, "Go to the definition", "F12", ""),
        command(Editor, "List references", "Shift+F12", ""),
        command(Editor, "Go to line…", "Ctrl+g", ""),
        command(Editor, "Go to symbol…", "Mod+Shift+o", ""),
        command(Editor, "All commands of the text", "F1", ""),
        command(Editor, "Rename", "F2", ""),
        command(Editor, "Format the text", "Alt+Shift+f", ""),
        command(Editor, "Find in the text", "Mod+f", ""),
        command(Editor, "Find and replace", "Ctrl+h", "Alt+Meta+f"),
        command(Editor, "Fold", "Ctrl+Shift+[", "Alt+Meta+["),
        command(Editor, "Unfold", "Ctrl+Shift+]", "Alt+Meta+]"),
        command(
            Editor,
            "Toggle wrapping of long lines",
            "Alt+z",
            "Alt+Meta+z",
        ),
        command(Editor, "Comment lines out or in", "Mod+/", ""),
        command(Editor, "Indent lines", "Mod+]", ""),
        command(Editor, "Outdent lines", "Mod+[", ""),
        command(Editor, "Move lines up", "Alt+ArrowUp", ""),
        command(Editor, "Move lines down", "Alt+ArrowDown", ""),
        command(Editor, "Copy lines up", "Alt+Shift+ArrowUp", ""),
        command(Editor, "Copy lines down", "Alt+Shift+ArrowDown", ""),
        command(Editor, "Delete lines", "Mod+Shift+k", ""),
        command(Editor, "Select the next occurrence too", "Mod+d", ""),
        command(Editor, "Select all occurrences", "Mod+Shift+l", ""),
        command(
            Editor,
            "Add a caret above",
            "Ctrl+Alt+ArrowUp",
            "Alt+Meta+ArrowUp",
        ),
        command(
            Editor,
            "Add a caret below",
            "Ctrl+Alt+ArrowDown",
            "Alt+Meta+ArrowDown",
        ),
        command(
            Editor,
            "Select a rectangle up",
            "Ctrl+Alt+Shift+ArrowUp",
            "Alt+Shift+Meta+ArrowUp",
        ),
        command(
            Editor,
            "Select a rectangle down",
            "Ctrl+Alt+Shift+ArrowDown",
            "Alt+Shift+Meta+ArrowDown",
        ),
        command(
            Editor,
            "Select a rectangle to the left",
            "Ctrl+Alt+Shift+ArrowLeft",
            "Alt+Shift+Meta+ArrowLeft",
        ),
        command(
            Editor,
            "Select a rectangle to the right",
            "Ctrl+Alt+Shift+ArrowRight",
            "Alt+Shift+Meta+ArrowRight",
        ),
        command(Editor, "Undo", "Mod+z", ""),
        command(Editor, "Redo", "Ctrl+Shift+z", "Shift+Meta+z"),
        command(
            Editor,
            "Let Tab move the focus, or indent again",
            "Ctrl+m",
            "Ctrl+Shift+m",
        ),
    ]
};

/// The one that opens the palette.
pub(crate) fn search() -> &'static Command {
    &COMMANDS[0]
}

/// The commands of a page.
pub(crate) fn of(route: &Route) -> impl Iterator<Item = &'static Command> {
    let has_editor = route.module() == Module::Workbench;
    let is_here = move |it: &&Command| has_editor || it.place == Place::Everywhere;
    COMMANDS.iter().filter(is_here)
}

impl Command {
    fn keys(&self) -> &'static str {
        if is_mac() && !self.mac.is_empty() {
            self.mac
        } else {
            self.keys
        }
    }

    /// Its keys, as they are printed on a keyboard.
    pub(crate) fn label(&self) -> String {
        label(self.keys(), is_mac())
    }

    /// Presses its keys, where a person would press them.
    pub(crate) fn run(&'static self) {
        // After the palette has gone and given the focus back.
        Timeout::new(0, move || press(self.place, self.keys(), is_mac())).forget();
    }
}

fn label(keys: &str, mac: bool) -> String {
    let parts = keys.split('+').map(|part| match part {
        "Mod" | "Meta" if mac => "⌘",
        "Mod" => "Ctrl",
        "Ctrl" if mac => "⌃",
        "Alt" if mac => "⌥",
        "Shift" if mac => "⇧",
        " " => "Space",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        other => other,
    });
    let parts = parts.map(|part| {
        let is_letter = part.len() == 1;
        if is_letter {
            part.to_uppercase()
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

fn press(place: Place, keys: &str, mac: bool) {
    let Some(document) = window().document() else {
        return;
    };
    let target = match place {
        Place::Everywhere => document.body().map(HtmlElement::unchecked_into),
        Place::Workbench => find(&document, ".workbench"),
        Place::Editor => find(&document, ".workbench [aria-roledescription=editor]"),
    };
    let Some(target): Option<HtmlElement> = target else {
        return;
    };
    if place == Place::Editor {
        // What cannot take the focus takes no key either.
        let _ = target.focus();
    }
    if let Some(event) = event(keys, mac) {
        // Whether somebody took it is theirs to say.
        let _ = target.dispatch_event(&event);
    }
}

fn find(document: &web_sys::Document, selector: &str) -> Option<HtmlElement> {
    let element = document.query_selector(selector).ok().flatten();
    element.and_then(|it| it.dyn_into().ok())
}

fn event(keys: &str, mac: bool) -> Option<KeyboardEvent> {
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
    KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).ok()
}

fn is_mac() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_they_are_printed() {
        assert_eq!(label("Mod+Shift+k", false), "Ctrl Shift K");
        assert_eq!(label("Mod+Shift+k", true), "⌘ ⇧ K");
        assert_eq!(label("Ctrl+ ", false), "Ctrl Space");
        assert_eq!(label("F8", false), "F8");
        assert_eq!(label("?", false), "?");
    }

    #[test]
    fn no_two_commands_share_a_name() {
        for (idx, one) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS.iter().skip(idx + 1).all(|it| it.name != one.name));
        }
    }
}
