//! What commands are called where a person chooses among them.

use super::{Command, Motion};

/// The commands that have a name, in the order of what they are about.
const TITLES: &[(&str, Command)] = &[
    ("List what may stand here", Command::Complete),
    ("Fixes…", Command::QuickFix),
    ("Explain the word at the caret", Command::Hover),
    ("Next problem", Command::NextProblem),
    ("Previous problem", Command::PreviousProblem),
    ("Go to definition", Command::GoToDefinition),
    ("Peek at the definition", Command::PeekDefinition),
    ("List references", Command::References),
    ("Go to line…", Command::GoToLine),
    ("Go to symbol…", Command::GoToSymbol),
    ("Go to object in any file…", Command::GoToSymbolAnywhere),
    ("List the commands of the text", Command::ShowCommands),
    ("Rename everywhere…", Command::Rename),
    (
        "Edit the name everywhere in this file",
        Command::EditEverywhere,
    ),
    ("Format the text or what is selected", Command::Format),
    ("Find in the text", Command::Find),
    ("Find and replace", Command::Replace),
    ("Fold", Command::Fold),
    ("Unfold", Command::Unfold),
    ("Toggle fold", Command::ToggleFold),
    ("Fold with all within", Command::FoldAllWithin),
    ("Unfold with all within", Command::UnfoldAllWithin),
    ("Fold all", Command::FoldAll),
    ("Unfold all", Command::UnfoldAll),
    ("Fold comments", Command::FoldComments),
    ("Fold level 1", Command::FoldLevel(1)),
    ("Fold level 2", Command::FoldLevel(2)),
    ("Fold level 3", Command::FoldLevel(3)),
    ("Fold level 4", Command::FoldLevel(4)),
    ("Select what is around", Command::GrowSelection),
    ("Select less again", Command::ShrinkSelection),
    ("Select the line", Command::SelectLine),
    ("Select the next occurrence too", Command::AddNextOccurrence),
    ("Select all occurrences", Command::SelectOccurrences),
    ("Add a caret above", Command::CaretAbove),
    ("Add a caret below", Command::CaretBelow),
    ("Select a rectangle up", Command::SelectBlock(Motion::Up)),
    (
        "Select a rectangle down",
        Command::SelectBlock(Motion::Down),
    ),
    (
        "Select a rectangle to the left",
        Command::SelectBlock(Motion::Left),
    ),
    (
        "Select a rectangle to the right",
        Command::SelectBlock(Motion::Right),
    ),
    ("Comment lines out or in", Command::ToggleComment),
    ("Indent lines", Command::Indent),
    ("Outdent lines", Command::Outdent),
    ("Move lines up", Command::MoveLinesUp),
    ("Move lines down", Command::MoveLinesDown),
    ("Copy lines up", Command::CopyLinesUp),
    ("Copy lines down", Command::CopyLinesDown),
    ("Delete lines", Command::DeleteLines),
    ("Undo", Command::Undo),
    ("Redo", Command::Redo),
    ("Toggle wrapping of long lines", Command::ToggleWrap),
    ("Toggle hints", Command::ToggleHints),
    ("Toggle visible blanks", Command::ToggleBlanks),
    (
        "Let Tab move the focus, or indent again",
        Command::ToggleTabMoves,
    ),
];

/// The commands that a person chooses among, and what they are called.
pub fn titles() -> &'static [(&'static str, Command)] {
    TITLES
}

#[cfg(test)]
mod tests {
    use super::TITLES;

    #[test]
    fn no_two_commands_share_a_name() {
        for (idx, (title, _)) in TITLES.iter().enumerate() {
            let others = TITLES.get(idx + 1..).unwrap_or_default();
            assert!(others.iter().all(|(other, _)| other != title), "{title}");
        }
    }
}
