//! What a person can ask for, and by which keys.
//!
//! A command looks at a state and describes a transaction; it never performs one, so the same
//! function serves a key, a menu and a test.

pub mod block;
pub mod carets;
pub mod comment;
pub mod editing;
pub mod indent;
pub mod lines;
pub mod movement;
pub mod typing;

mod keys;
mod titles;

pub use keys::{Chord, Platform, bindings, command_for, keys_of, label};
pub use movement::Motion;
pub use titles::titles;

use crate::rows::Rows;
use crate::state::EditorState;
use crate::transaction::Transaction;

/// What a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Moves every caret.
    Move(Motion),
    /// Moves the head of every caret and selects on the way.
    Select(Motion),
    /// Selects all text.
    SelectAll,
    /// Selects the lines of the carets.
    SelectLine,
    /// Selects the word, then its next occurrence as well.
    AddNextOccurrence,
    /// A caret at every occurrence.
    SelectOccurrences,
    /// One more caret in the line above.
    CaretAbove,
    /// One more caret in the line below.
    CaretBelow,
    /// Moves a corner of the rectangle that is selected.
    SelectBlock(Motion),
    /// Deletes the character before.
    DeleteBackward,
    /// Deletes the character behind.
    DeleteForward,
    /// Deletes up to the start of the word.
    DeleteWordBackward,
    /// Deletes up to the end of the word.
    DeleteWordForward,
    /// Deletes up to the start of the line.
    DeleteToLineStart,
    /// Deletes up to the end of the line.
    DeleteToLineEnd,
    /// Breaks the line and indents the next.
    NewLine,
    /// Opens a line below.
    LineBelow,
    /// Opens a line above.
    LineAbove,
    /// Indents, or inserts blanks up to the next stop.
    Tab,
    /// Indents less.
    Outdent,
    /// Indents the lines.
    Indent,
    /// Comments the lines out or in.
    ToggleComment,
    /// Moves the lines up.
    MoveLinesUp,
    /// Moves the lines down.
    MoveLinesDown,
    /// Copies the lines above themselves.
    CopyLinesUp,
    /// Copies the lines below themselves.
    CopyLinesDown,
    /// Deletes the lines.
    DeleteLines,
    /// Takes the last step back.
    Undo,
    /// Makes it again.
    Redo,
    /// Ends what is open: popups, search, snippet, further carets.
    Cancel,
    /// Opens search.
    Find,
    /// Opens search with its replacement.
    Replace,
    /// Goes to the next match.
    FindNext,
    /// Goes to the match before.
    FindPrevious,
    /// Lists what may stand here.
    Complete,
    /// Lists the fixes.
    QuickFix,
    /// Shows what is known about the word.
    Hover,
    /// Goes to the definition.
    GoToDefinition,
    /// Renames.
    Rename,
    /// Formats the text.
    Format,
    /// Goes to the next problem.
    NextProblem,
    /// Goes to the problem before.
    PreviousProblem,
    /// Makes Tab move the focus, or indent again.
    ToggleTabMoves,
    /// Folds what stands below the lines of the carets or around them.
    Fold,
    /// Unfolds the lines of the carets.
    Unfold,
    /// Folds what is unfolded at the carets, and the other way.
    ToggleFold,
    /// Folds the lines of the carets and all within.
    FoldAllWithin,
    /// Unfolds the lines of the carets and all within.
    UnfoldAllWithin,
    /// Folds all that can be folded.
    FoldAll,
    /// Folds what stands so deep, from 1 on.
    FoldLevel(u32),
    /// Folds all comments of several lines.
    FoldComments,
    /// Unfolds all.
    UnfoldAll,
    /// Asks for a line to go to.
    GoToLine,
    /// Lists what the text holds, to go to.
    GoToSymbol,
    /// Lists what all files hold, to go to.
    GoToSymbolAnywhere,
    /// Lists where the name is used.
    References,
    /// Shows the definition without going there.
    PeekDefinition,
    /// A caret at each place of the file where the name stands.
    EditEverywhere,
    /// Selects what stands around the selection: a value, its field, its object.
    GrowSelection,
    /// Selects what was selected before that.
    ShrinkSelection,
    /// Lists the commands.
    ShowCommands,
    /// Breaks long lines on the screen, or lets them run on.
    ToggleWrap,
    /// Shows what the language server knows behind lines, or not.
    ToggleHints,
    /// Shows blanks, or not.
    ToggleBlanks,
}

impl Command {
    /// What it does to the text and the carets, where lines are drawn in `rows`; `None` if that is
    /// nothing, or not decided by them, or by [`Command::rare_transaction`].
    pub fn transaction(self, state: &EditorState, rows: &Rows) -> Option<Transaction> {
        match self {
            Self::Move(motion) => movement::move_carets(state, rows, motion),
            Self::Select(motion) => movement::select(state, rows, motion),
            Self::SelectAll => carets::select_all(state),
            Self::DeleteBackward => typing::delete_backward(state, &[]),
            Self::DeleteForward => editing::delete_forward(state),
            Self::DeleteWordBackward => editing::delete_word_backward(state),
            Self::DeleteWordForward => editing::delete_word_forward(state),
            Self::NewLine => indent::new_line(state),
            Self::Tab => indent::tab(state),
            Self::Outdent => indent::outdent(state),
            _ => None,
        }
    }

    /// The same for what a person does less often than typing: the page loads it later.
    #[inline(never)]
    pub fn rare_transaction(self, state: &EditorState, rows: &Rows) -> Option<Transaction> {
        match self {
            Self::SelectLine => lines::select(state),
            Self::AddNextOccurrence => carets::add_next_occurrence(state),
            Self::SelectOccurrences => carets::select_occurrences(state),
            Self::CaretAbove => carets::add_above(state, rows),
            Self::CaretBelow => carets::add_below(state, rows),
            Self::DeleteToLineStart => editing::delete_to_line_start(state),
            Self::DeleteToLineEnd => editing::delete_to_line_end(state),
            Self::LineBelow => indent::line_below(state),
            Self::LineAbove => indent::line_above(state),
            Self::Indent => indent::indent(state),
            Self::ToggleComment => comment::toggle(state),
            Self::MoveLinesUp => lines::move_up(state),
            Self::MoveLinesDown => lines::move_down(state),
            Self::CopyLinesUp => lines::copy_up(state),
            Self::CopyLinesDown => lines::copy_down(state),
            Self::DeleteLines => lines::delete(state),
            _ => None,
        }
    }

    /// Whether it changes the text, so that a text that can only be read refuses it.
    pub fn edits(self) -> bool {
        !matches!(
            self,
            Self::Move(_)
                | Self::Select(_)
                | Self::SelectAll
                | Self::SelectLine
                | Self::AddNextOccurrence
                | Self::SelectOccurrences
                | Self::CaretAbove
                | Self::CaretBelow
                | Self::SelectBlock(_)
                | Self::Cancel
                | Self::Find
                | Self::Replace
                | Self::FindNext
                | Self::FindPrevious
                | Self::Hover
                | Self::GoToDefinition
                | Self::NextProblem
                | Self::PreviousProblem
                | Self::ToggleTabMoves
                | Self::Fold
                | Self::Unfold
                | Self::ToggleFold
                | Self::FoldAllWithin
                | Self::UnfoldAllWithin
                | Self::FoldAll
                | Self::FoldLevel(_)
                | Self::FoldComments
                | Self::UnfoldAll
                | Self::GoToLine
                | Self::GoToSymbol
                | Self::GoToSymbolAnywhere
                | Self::References
                | Self::PeekDefinition
                | Self::GrowSelection
                | Self::ShrinkSelection
                | Self::ShowCommands
                | Self::ToggleWrap
                | Self::ToggleHints
                | Self::ToggleBlanks
        )
    }
}
