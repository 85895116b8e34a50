//! What commands are called where a person chooses among them.

use super::Command;

/// The commands that have a name, in the order of what they are about.
const TITLES: &[(&str, Command)] = &[
    ("Go to line…", Command::GoToLine),
    ("Go to symbol…", Command::GoToSymbol),
    ("Go to definition", Command::GoToDefinition),
    ("List references", Command::References),
    ("Next problem", Command::NextProblem),
    ("Previous problem", Command::PreviousProblem),
    ("Rename", Command::Rename),
    ("Fixes…", Command::QuickFix),
    ("Explain the word", Command::Hover),
    ("List what may stand here", Command::Complete),
    ("Format", Command::Format),
    ("Find", Command::Find),
    ("Replace", Command::Replace),
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
    ("Comment out or in", Command::ToggleComment),
    ("Indent", Command::Indent),
    ("Indent less", Command::Outdent),
    ("Move lines up", Command::MoveLinesUp),
    ("Move lines down", Command::MoveLinesDown),
    ("Copy lines up", Command::CopyLinesUp),
    ("Copy lines down", Command::CopyLinesDown),
    ("Delete lines", Command::DeleteLines),
    ("Select the line", Command::SelectLine),
    ("Select next occurrence too", Command::AddNextOccurrence),
    ("Select all occurrences", Command::SelectOccurrences),
    ("Caret above", Command::CaretAbove),
    ("Caret below", Command::CaretBelow),
    ("Undo", Command::Undo),
    ("Redo", Command::Redo),
    ("Toggle wrapping of long lines", Command::ToggleWrap),
    ("Toggle hints", Command::ToggleHints),
    ("Toggle visible blanks", Command::ToggleBlanks),
    ("Toggle Tab moving the focus", Command::ToggleTabMoves),
];

/// The commands that a person chooses among, and what they are called.
pub fn titles() -> &'static [(&'static str, Command)] {
    TITLES
}
