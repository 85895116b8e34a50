//! Between the protocol's words and ours. Nothing is decided here.

pub(crate) mod from_proto;
pub(crate) mod to_proto;

use tower_lsp::ls_types as lsp;
use yaml_syntax::Source;

/// What `character` of a position counts. Agreed with the client once, when it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes: what we count ourselves.
    Utf8,
    /// What every client can count.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first one that the client offers and that costs us least.
    pub(crate) fn choose(offered: &[lsp::PositionEncodingKind]) -> Self {
        let offers = |kind| offered.contains(&kind);
        if offers(lsp::PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(lsp::PositionEncodingKind::UTF32)
            && !offers(lsp::PositionEncodingKind::UTF16)
        {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn kind(self) -> lsp::PositionEncodingKind {
        match self {
            Self::Utf8 => lsp::PositionEncodingKind::UTF8,
            Self::Utf16 => lsp::PositionEncodingKind::UTF16,
            Self::Utf32 => lsp::PositionEncodingKind::UTF32,
        }
    }

    /// How much `text` counts.
    pub(crate) fn len(self, text: &str) -> u32 {
        let len = match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        };
        len as u32
    }
}

/// A text with the encoding in which the client counts its columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines<'a> {
    pub(crate) source: &'a Source,
    pub(crate) encoding: Encoding,
}
