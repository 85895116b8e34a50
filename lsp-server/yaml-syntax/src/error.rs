//! What can be wrong with a text, in words.

use crate::TextRange;

/// One syntax error: at the place where the person went wrong, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place, in bytes of the whole text.
    pub range: TextRange,
    /// A word for machines, such as `unclosed-quote`.
    pub code: &'static str,
    /// A sentence: what is wrong and how to mend it.
    pub message: String,
}

impl SyntaxError {
    /// Whether kubectl and most other readers take it all the same, and read what was meant.
    pub fn is_tolerated(&self) -> bool {
        TOLERATED.iter().any(|code| code.name() == self.code)
    }
}

const TOLERATED: [Code; 5] = [
    Code::FlowIndentation,
    Code::QuoteIndentation,
    Code::CommentWithoutBlank,
    Code::EscapedQuote,
    Code::DashInFlow,
];

/// The kinds of syntax errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    MissingColon,
    MissingBlankAfterDash,
    MissingBlank,
    MissingComma,
    UnexpectedComma,
    UnexpectedCloser,
    UnexpectedText,
    UnexpectedContent,
    UnclosedQuote,
    UnclosedBracket,
    WrongIndentation,
    TabIndentation,
    BlockInLine,
    MappingInLine,
    SequenceAtKey,
    InvalidStart,
    InvalidEscape,
    InvalidBlockHeader,
    InvalidDirective,
    DuplicateDirective,
    DirectiveWithoutDocument,
    InvalidTag,
    UnknownTagHandle,
    InvalidAnchor,
    DuplicateProperty,
    PropertyOfAlias,
    LongKey,
    MultilineKey,
    TooDeep,
    ControlCharacter,
    BlockScalarIndentation,
    FlowIndentation,
    QuoteIndentation,
    DashInFlow,
    CommentWithoutBlank,
    EscapedQuote,
}

impl Code {
    /// The word for machines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingColon => "missing-colon",
            Self::MissingBlankAfterDash => "missing-blank-after-dash",
            Self::MissingBlank => "missing-blank",
            Self::MissingComma => "missing-comma",
            Self::UnexpectedComma => "unexpected-comma",
            Self::UnexpectedCloser => "unexpected-closer",
            Self::UnexpectedText => "unexpected-text",
            Self::UnexpectedContent => "unexpected-content",
            Self::UnclosedQuote => "unclosed-quote",
            Self::UnclosedBracket => "unclosed-bracket",
            Self::WrongIndentation => "wrong-indentation",
            Self::TabIndentation => "tab-indentation",
            Self::BlockInLine => "block-in-line",
            Self::MappingInLine => "mapping-in-line",
            Self::SequenceAtKey => "sequence-at-key",
            Self::InvalidStart => "invalid-start",
            Self::InvalidEscape => "invalid-escape",
            Self::InvalidBlockHeader => "invalid-block-header",
            Self::InvalidDirective => "invalid-directive",
            Self::DuplicateDirective => "duplicate-directive",
            Self::DirectiveWithoutDocument => "directive-without-document",
            Self::InvalidTag => "invalid-tag",
            Self::UnknownTagHandle => "unknown-tag-handle",
            Self::InvalidAnchor => "invalid-anchor",
            Self::DuplicateProperty => "duplicate-property",
            Self::PropertyOfAlias => "property-of-alias",
            Self::LongKey => "long-key",
            Self::MultilineKey => "multiline-key",
            Self::TooDeep => "too-deep",
            Self::ControlCharacter => "control-character",
            Self::BlockScalarIndentation => "block-scalar-indentation",
            Self::FlowIndentation => "flow-indentation",
            Self::QuoteIndentation => "quote-indentation",
            Self::DashInFlow => "dash-in-flow",
            Self::CommentWithoutBlank => "comment-without-blank",
            Self::EscapedQuote => "escaped-quote",
        }
    }

    /// The sentence about `text`, what stands at the place.
    pub(crate) fn message(self, text: &str) -> String {
        let text = shortened(text);
        match self {
            Self::MissingColon => format!("`{text}` is no `key: value` pair; add `:` behind the key"),
            Self::MissingBlankAfterDash => "add a blank behind the `-`".to_owned(),
            Self::MissingBlank => format!("add a blank in front of `{text}`"),
            Self::MissingComma => format!("add a `,` in front of `{text}`"),
            Self::UnexpectedComma => "nothing stands in front of this `,`; remove it".to_owned(),
            Self::UnexpectedCloser => {
                format!("`{text}` closes nothing that is open; remove it")
            }
            Self::UnexpectedText => {
                format!("the value ends in front of `{text}`; remove this, or put all in quotes")
            }
            Self::UnexpectedContent => {
                format!("the document is complete in front of `{text}`; start another with `---`")
            }
            Self::UnclosedQuote => format!("the quote `{text}` is not closed"),
            Self::UnclosedBracket => format!("the bracket `{text}` is not closed"),
            Self::WrongIndentation => {
                "the indentation matches no line above; align it with its siblings".to_owned()
            }
            Self::TabIndentation => "indent with spaces; YAML allows no tabs here".to_owned(),
            Self::BlockInLine => {
                format!("`{text}` starts a block inside of a line; put it on a line of its own")
            }
            Self::MappingInLine => {
                "a second `:` in one line; put the value in quotes, or the inner key on a line of its own"
                    .to_owned()
            }
            Self::SequenceAtKey => {
                "a list item where a key is expected; indent it below the key it belongs to".to_owned()
            }
            Self::InvalidStart => format!("a value cannot start with `{text}`; put it in quotes"),
            Self::InvalidEscape => {
                format!("`{text}` is no escape in a double-quoted text; write `\\\\` for a backslash")
            }
            Self::InvalidBlockHeader => {
                format!("`{text}` is no header of a block text; write `|` or `>`, then `-`, `+` or a digit")
            }
            Self::InvalidDirective => format!("`{text}` is no directive that YAML knows"),
            Self::DuplicateDirective => format!("`{text}` stands twice in front of a document"),
            Self::DirectiveWithoutDocument => {
                "a directive needs a `---` behind it".to_owned()
            }
            Self::InvalidTag => format!("`{text}` is no tag"),
            Self::UnknownTagHandle => {
                format!("the handle of the tag `{text}` is not declared by a `%TAG` directive")
            }
            Self::InvalidAnchor => format!("`{text}` has no name"),
            Self::DuplicateProperty => {
                format!("`{text}` is the second of its kind at one node; keep one")
            }
            Self::PropertyOfAlias => "an alias has no anchor or tag of its own".to_owned(),
            Self::LongKey => "a key has at most 1024 characters; write `? ` in front of it".to_owned(),
            Self::MultilineKey => "a key stands on one line; write `? ` in front of it".to_owned(),
            Self::TooDeep => "nested too deeply".to_owned(),
            Self::ControlCharacter => {
                "a control character; write it as an escape in double quotes".to_owned()
            }
            Self::FlowIndentation => {
                "indent this line deeper than the key its brackets belong to".to_owned()
            }
            Self::QuoteIndentation => {
                "indent this line deeper than the key its quotes belong to".to_owned()
            }
            Self::DashInFlow => "put a lone `-` in quotes".to_owned(),
            Self::CommentWithoutBlank => "add a blank in front of the `#`".to_owned(),
            Self::EscapedQuote => "a `'` needs no backslash in double quotes".to_owned(),
            Self::BlockScalarIndentation => {
                "an empty line at the start of a block text is indented deeper than the text".to_owned()
            }
        }
    }

    /// Whether kubectl reads on where the specification of YAML would not, and both mean the same.
    pub(crate) fn is_tolerated(self) -> bool {
        TOLERATED.contains(&self)
    }

    /// The error about `text`, which stands at `range`.
    pub(crate) fn error(self, range: TextRange, text: &str) -> SyntaxError {
        SyntaxError {
            range,
            code: self.name(),
            message: self.message(text),
        }
    }
}

/// The first line of `text`, at most 40 characters of it.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}
