//! Between the protocol's words and ours. Nothing is decided here.

pub(crate) mod from_proto;
pub(crate) mod to_proto;

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
    /// The one of those that the client offers that costs us least.
    pub(crate) fn choose(offered: &[&str]) -> Self {
        if offered.contains(&Self::Utf8.name()) {
            Self::Utf8
        } else if offered.first() == Some(&Self::Utf32.name()) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// How much `text` counts.
    pub(crate) fn len(self, text: &str) -> u32 {
        let len = match self {
            _ if text.is_ascii() => text.len(),
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
