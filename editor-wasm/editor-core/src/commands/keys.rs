//! Which keys ask for which command.

use super::{Command, Motion};

/// Whose habits the keys follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// macOS and iOS: ⌘ where others have Ctrl.
    Mac,
    /// Everything else.
    Other,
}

/// A key that was pressed, as the browser tells it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key that is held or not"
)]
pub struct Chord<'a> {
    /// What the key means, such as `a`, `ArrowUp`.
    pub key: &'a str,
    /// Where the key is, such as `BracketLeft`.
    pub code: &'a str,
    /// Control.
    pub ctrl: bool,
    /// Alt, Option.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// Command, Windows.
    pub meta: bool,
}

/// Keys, keys on a Mac where they differ, and what they ask for. `Mod` is ⌘ on a Mac, else Ctrl.
const BINDINGS: &[(&str, &str, Command)] = &[
    ("ArrowLeft", "", Command::Move(Motion::Left)),
    ("ArrowRight", "", Command::Move(Motion::Right)),
    ("ArrowUp", "", Command::Move(Motion::Up)),
    ("ArrowDown", "", Command::Move(Motion::Down)),
    (
        "Ctrl+ArrowLeft",
        "Alt+ArrowLeft",
        Command::Move(Motion::WordLeft),
    ),
    (
        "Ctrl+ArrowRight",
        "Alt+ArrowRight",
        Command::Move(Motion::WordRight),
    ),
    ("Home", "Meta+ArrowLeft", Command::Move(Motion::LineStart)),
    ("End", "Meta+ArrowRight", Command::Move(Motion::LineEnd)),
    (
        "Ctrl+Home",
        "Meta+ArrowUp",
        Command::Move(Motion::TextStart),
    ),
    ("Ctrl+End", "Meta+ArrowDown", Command::Move(Motion::TextEnd)),
    ("PageUp", "", Command::Move(Motion::PageUp(0))),
    ("PageDown", "", Command::Move(Motion::PageDown(0))),
    ("Mod+a", "", Command::SelectAll),
    ("Mod+l", "", Command::SelectLine),
    ("Mod+d", "", Command::AddNextOccurrence),
    ("Mod+Shift+l", "", Command::SelectOccurrences),
    ("Ctrl+Alt+ArrowUp", "Alt+Meta+ArrowUp", Command::CaretAbove),
    (
        "Ctrl+Alt+ArrowDown",
        "Alt+Meta+ArrowDown",
        Command::CaretBelow,
    ),
    (
        "Ctrl+Alt+Shift+ArrowUp",
        "Alt+Shift+Meta+ArrowUp",
        Command::SelectBlock(Motion::Up),
    ),
    (
        "Ctrl+Alt+Shift+ArrowDown",
        "Alt+Shift+Meta+ArrowDown",
        Command::SelectBlock(Motion::Down),
    ),
    (
        "Ctrl+Alt+Shift+ArrowLeft",
        "Alt+Shift+Meta+ArrowLeft",
        Command::SelectBlock(Motion::Left),
    ),
    (
        "Ctrl+Alt+Shift+ArrowRight",
        "Alt+Shift+Meta+ArrowRight",
        Command::SelectBlock(Motion::Right),
    ),
    (
        "Ctrl+Alt+Shift+PageUp",
        "Alt+Shift+Meta+PageUp",
        Command::SelectBlock(Motion::PageUp(0)),
    ),
    (
        "Ctrl+Alt+Shift+PageDown",
        "Alt+Shift+Meta+PageDown",
        Command::SelectBlock(Motion::PageDown(0)),
    ),
    ("Backspace", "", Command::DeleteBackward),
    ("Shift+Backspace", "", Command::DeleteBackward),
    ("Delete", "", Command::DeleteForward),
    (
        "Ctrl+Backspace",
        "Alt+Backspace",
        Command::DeleteWordBackward,
    ),
    ("Ctrl+Delete", "Alt+Delete", Command::DeleteWordForward),
    (
        "Ctrl+Shift+Backspace",
        "Meta+Backspace",
        Command::DeleteToLineStart,
    ),
    ("Ctrl+Shift+Delete", "Meta+Delete", Command::DeleteToLineEnd),
    ("Enter", "", Command::NewLine),
    ("Shift+Enter", "", Command::NewLine),
    ("Mod+Enter", "", Command::LineBelow),
    ("Mod+Shift+Enter", "", Command::LineAbove),
    ("Tab", "", Command::Tab),
    ("Shift+Tab", "", Command::Outdent),
    ("Mod+]", "", Command::Indent),
    ("Mod+[", "", Command::Outdent),
    ("Mod+/", "", Command::ToggleComment),
    ("Alt+ArrowUp", "", Command::MoveLinesUp),
    ("Alt+ArrowDown", "", Command::MoveLinesDown),
    ("Alt+Shift+ArrowUp", "", Command::CopyLinesUp),
    ("Alt+Shift+ArrowDown", "", Command::CopyLinesDown),
    ("Mod+Shift+k", "", Command::DeleteLines),
    ("Mod+z", "", Command::Undo),
    ("Ctrl+y", "Shift+Meta+z", Command::Redo),
    ("Ctrl+Shift+z", "Shift+Meta+z", Command::Redo),
    ("Escape", "", Command::Cancel),
    ("Mod+f", "", Command::Find),
    ("Ctrl+h", "Alt+Meta+f", Command::Replace),
    ("F3", "Meta+g", Command::FindNext),
    ("Shift+F3", "Shift+Meta+g", Command::FindPrevious),
    ("Ctrl+ ", "", Command::Complete),
    ("Mod+.", "", Command::QuickFix),
    ("F12", "", Command::GoToDefinition),
    ("F2", "", Command::Rename),
    ("Alt+Shift+f", "", Command::Format),
    ("F8", "", Command::NextProblem),
    ("Shift+F8", "", Command::PreviousProblem),
    ("Ctrl+i", "", Command::Hover),
    ("Ctrl+Shift+[", "Alt+Meta+[", Command::Fold),
    ("Ctrl+Shift+]", "Alt+Meta+]", Command::Unfold),
    ("Ctrl+g", "", Command::GoToLine),
    ("Mod+Shift+o", "", Command::GoToSymbol),
    ("Shift+F12", "", Command::References),
    ("Mod+p", "", Command::GoToSymbolAnywhere),
    ("Alt+F12", "", Command::PeekDefinition),
    ("Ctrl+F2", "Meta+F2", Command::EditEverywhere),
    (
        "Alt+Shift+ArrowRight",
        "Ctrl+Shift+Meta+ArrowRight",
        Command::GrowSelection,
    ),
    (
        "Alt+Shift+ArrowLeft",
        "Ctrl+Shift+Meta+ArrowLeft",
        Command::ShrinkSelection,
    ),
    ("F1", "", Command::ShowCommands),
    ("Mod+Shift+p", "", Command::ShowCommands),
    ("Alt+z", "Alt+Meta+z", Command::ToggleWrap),
    ("Ctrl+m", "Ctrl+Shift+m", Command::ToggleTabMoves),
];

/// All keys and their commands, for a list that a person can read.
pub fn bindings(platform: Platform) -> impl Iterator<Item = (&'static str, Command)> {
    BINDINGS.iter().map(move |&(keys, mac, command)| {
        let keys = if platform == Platform::Mac && !mac.is_empty() {
            mac
        } else {
            keys
        };
        (keys, command)
    })
}

/// The keys of a command, the usual ones if it has several.
pub fn keys_of(command: Command, platform: Platform) -> Option<&'static str> {
    let mut bindings = bindings(platform);
    bindings.find_map(|(keys, it)| (it == command).then_some(keys))
}

/// Keys as they are printed on a keyboard.
pub fn label(keys: &str, platform: Platform) -> String {
    let is_mac = platform == Platform::Mac;
    let parts = keys.split('+').map(|part| match part {
        "Mod" | "Meta" if is_mac => "⌘".to_owned(),
        "Mod" => "Ctrl".to_owned(),
        "Ctrl" if is_mac => "⌃".to_owned(),
        "Alt" if is_mac => "⌥".to_owned(),
        "Shift" if is_mac => "⇧".to_owned(),
        " " => "Space".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        letter if letter.len() == 1 => letter.to_uppercase(),
        other => other.to_owned(),
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// What a key asks for; `None` for one that types. `page` is how many lines a page has.
pub fn command_for(chord: &Chord<'_>, platform: Platform, page: u32) -> Option<Command> {
    let types = chord.key.chars().count() == 1;
    // AltGr is Ctrl and Alt at once, and Option alone, when they make a character.
    let letter = types && chord.key.chars().all(|c| !c.is_ascii_alphabetic());
    if types && letter && chord.alt && (chord.ctrl || platform == Platform::Mac) && !chord.meta {
        return None;
    }
    let (name, modified) = (name(chord), modifiers(chord));
    let find = |modifiers: &str| {
        bindings(platform).find_map(|(keys, command)| {
            let mac = platform == Platform::Mac;
            let (mods, key) = match keys.strip_suffix('+') {
                Some(_) => ("", keys),
                None => keys.rsplit_once('+').unwrap_or(("", keys)),
            };
            let same = sorted(mods, mac) == modifiers;
            (same && key.eq_ignore_ascii_case(name)).then_some(command)
        })
    };
    let command = find(&modified).or_else(|| {
        // Shift with what moves carets selects.
        let Command::Move(motion) = find(&modified.replace('S', ""))? else {
            return None;
        };
        chord.shift.then_some(Command::Select(motion))
    })?;
    Some(with_page(command, page))
}

/// Letters by what they mean on this keyboard; brackets and digits by where they are, since on
/// many keyboards they need further keys.
fn name<'a>(chord: &Chord<'a>) -> &'a str {
    let is_ascii = chord.key.len() == 1 && chord.key.is_ascii();
    match chord.code {
        "BracketLeft" if !is_ascii || chord.key == "{" => "[",
        "BracketRight" if !is_ascii || chord.key == "}" => "]",
        "Slash" if chord.key == "?" => "/",
        "KeyF" if chord.alt => "f",
        "KeyZ" if chord.alt => "z",
        _ => chord.key,
    }
}

fn modifiers(chord: &Chord<'_>) -> String {
    let mut modifiers = String::new();
    for (held, sign) in [
        (chord.ctrl, 'C'),
        (chord.alt, 'A'),
        (chord.shift, 'S'),
        (chord.meta, 'M'),
    ] {
        if held {
            modifiers.push(sign);
        }
    }
    modifiers
}

fn sorted(modifiers: &str, mac: bool) -> String {
    let has = |name: &str| modifiers.split('+').any(|it| it == name);
    super::keys::modifiers(&Chord {
        ctrl: has("Ctrl") || has("Mod") && !mac,
        alt: has("Alt"),
        shift: has("Shift"),
        meta: has("Meta") || has("Mod") && mac,
        ..Chord::default()
    })
}

fn with_page(command: Command, page: u32) -> Command {
    let motion = |motion| match motion {
        Motion::PageUp(_) => Motion::PageUp(page),
        Motion::PageDown(_) => Motion::PageDown(page),
        other => other,
    };
    match command {
        Command::Move(it) => Command::Move(motion(it)),
        Command::Select(it) => Command::Select(motion(it)),
        Command::SelectBlock(it) => Command::SelectBlock(motion(it)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_elsewhere_is_command_on_a_mac() {
        assert_eq!(pressed("Ctrl+z", Platform::Other), Some(Command::Undo));
        assert_eq!(pressed("Meta+z", Platform::Mac), Some(Command::Undo));
        assert_eq!(pressed("Shift+Meta+z", Platform::Mac), Some(Command::Redo));
        assert_eq!(pressed("Ctrl+z", Platform::Mac), None);
    }

    #[test]
    fn shift_selects_on_the_way() {
        let left = Command::Select(Motion::WordLeft);
        assert_eq!(pressed("Ctrl+Shift+ArrowLeft", Platform::Other), Some(left));
        let page = Command::Select(Motion::PageDown(7));
        assert_eq!(pressed("Shift+PageDown", Platform::Other), Some(page));
    }

    #[test]
    fn letters_type() {
        assert_eq!(pressed("a", Platform::Other), None);
        assert_eq!(pressed("Shift+A", Platform::Other), None);
    }

    #[test]
    fn what_makes_a_character_is_no_command() {
        assert_eq!(pressed("Ctrl+Alt+[", Platform::Other), None);
        assert_eq!(pressed("Alt+]", Platform::Mac), None);
    }

    #[test]
    fn upper_case_counts_as_the_letter() {
        assert_eq!(
            pressed("Ctrl+Shift+K", Platform::Other),
            Some(Command::DeleteLines)
        );
        assert_eq!(
            pressed("Alt+Shift+F", Platform::Other),
            Some(Command::Format)
        );
    }

    #[test]
    fn keys_are_named_as_they_are_printed() {
        let check = |keys, platform, printed| assert_eq!(label(keys, platform), printed);
        check("Mod+Shift+k", Platform::Other, "Ctrl Shift K");
        check("Mod+Shift+k", Platform::Mac, "⌘ ⇧ K");
        check("Ctrl+ ", Platform::Other, "Ctrl Space");
        check("F8", Platform::Other, "F8");
        check("Alt+Shift+ArrowLeft", Platform::Mac, "⌥ ⇧ ←");
    }

    #[test]
    fn the_usual_keys_of_a_command_are_told() {
        assert_eq!(keys_of(Command::Redo, Platform::Other), Some("Ctrl+y"));
        assert_eq!(keys_of(Command::FoldLevel(4), Platform::Other), None);
    }

    fn pressed(keys: &str, platform: Platform) -> Option<Command> {
        let (mods, key) = keys.rsplit_once('+').unwrap_or(("", keys));
        let has = |name: &str| mods.split('+').any(|it| it == name);
        let chord = Chord {
            key,
            code: "",
            ctrl: has("Ctrl"),
            alt: has("Alt"),
            shift: has("Shift"),
            meta: has("Meta"),
        };
        command_for(&chord, platform, 7)
    }
}
