//! A place in the tree, and the ways from there.

use crate::source::{Piece, Source};
use crate::tree::{Kind, NONE};
use crate::{TextRange, TextSize};

/// An element of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) source: &'a Source,
    /// The document's number.
    pub(crate) document: u32,
    pub(crate) at: Place,
}

/// Where an element stands: its piece and its index there. In order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) piece: u32,
    pub(crate) idx: u32,
}

impl<'a> Cursor<'a> {
    pub(crate) fn piece(self) -> &'a Piece {
        // A cursor is only made by `Source::element`, which checks the piece.
        &self.source.pieces[self.at.piece as usize]
    }

    pub(crate) fn kind(self) -> Kind {
        self.piece().segment.kind(self.at.idx)
    }

    /// The place of a branch, the start of a token; [`NONE`] stays.
    pub(crate) fn start(self) -> u32 {
        let start = self.piece().segment.start(self.at.idx);
        if start == NONE {
            NONE
        } else {
            self.piece().start + start
        }
    }

    /// The number of an element that is no offset.
    pub(crate) fn number(self) -> u32 {
        self.piece().segment.start(self.at.idx)
    }

    /// The end of a token.
    pub(crate) fn end(self) -> u32 {
        self.piece().start + self.piece().segment.end(self.at.idx)
    }

    pub(crate) fn range(self) -> TextRange {
        TextRange::new(TextSize::from(self.start()), TextSize::from(self.end()))
    }

    /// The text of a token.
    pub(crate) fn text(self) -> &'a str {
        let piece = self.piece();
        piece.slice(self.start(), self.end())
    }

    /// The element behind it, a child if it has one.
    pub(crate) fn next(self) -> Option<Self> {
        let idx = self.at.idx + 1;
        self.to(Place { idx, ..self.at })
    }

    /// The element in front of it.
    pub(crate) fn previous(self) -> Option<Self> {
        self.before(self.at)
    }

    /// The element in front of `place` in its document.
    pub(crate) fn before(self, place: Place) -> Option<Self> {
        let (first, _) = self.source.pieces_of(self.document);
        let mut piece = place.piece;
        let mut idx = place.idx;
        while idx == 0 {
            if piece <= first {
                return None;
            }
            piece -= 1;
            idx = self.source.pieces.get(piece as usize)?.segment.len();
        }
        let at = Place {
            piece,
            idx: idx - 1,
        };
        Some(Self { at, ..self })
    }

    /// The element at `place` or the first behind it in its document.
    pub(crate) fn to(self, place: Place) -> Option<Self> {
        // Nearly always it stands in the same piece.
        if place.piece == self.at.piece && place.idx < self.piece().segment.len() {
            return Some(Self { at: place, ..self });
        }
        let (_, last) = self.source.pieces_of(self.document);
        let mut at = place;
        while at.piece < last {
            let piece = self.source.pieces.get(at.piece as usize)?;
            if at.idx < piece.segment.len() {
                return Some(Self { at, ..self });
            }
            at = Place {
                piece: at.piece + 1,
                idx: 0,
            };
        }
        None
    }

    /// Where its descendants end.
    pub(crate) fn subtree_end(self) -> Place {
        let segment = &self.piece().segment;
        if !segment.kind(self.at.idx).is_branch() {
            return Place {
                idx: self.at.idx + 1,
                ..self.at
            };
        }
        let end = segment.end(self.at.idx);
        if end != NONE {
            return Place {
                idx: end,
                ..self.at
            };
        }
        let (_, last) = self.source.pieces_of(self.document);
        let slot = segment.slot(self.at.idx).unwrap_or(NONE);
        let later = self.at.piece + 1..last;
        let exit = later.clone().find_map(|piece| {
            let segment = &self.source.pieces.get(piece as usize)?.segment;
            let idx = segment.exits.get(slot as usize).copied()?;
            (idx != NONE).then_some(Place { piece, idx })
        });
        exit.unwrap_or(Place {
            piece: last,
            idx: 0,
        })
    }

    /// The direct children, tokens included.
    pub(crate) fn children(self) -> Children<'a> {
        let end = self.subtree_end();
        Children {
            next: self.next().filter(|next| next.at < end),
            end,
        }
    }

    /// The first node among its children.
    pub(crate) fn nodes(self) -> impl Iterator<Item = Self> + use<'a> {
        self.children().filter(|child| child.kind().is_node())
    }

    /// Behind the last byte of it that is no blank, comment or line break.
    pub(crate) fn content_end(self) -> u32 {
        let kind = self.kind();
        if !kind.is_branch() {
            return self.token_content_end();
        }
        let end = self.subtree_end();
        let mut last = self.before(end);
        let mut best = 0;
        while let Some(cursor) = last {
            match cursor.kind() {
                Kind::Comment | Kind::Indent => {}
                Kind::Entry => {
                    let colon = cursor.start();
                    return if colon == NONE {
                        best
                    } else {
                        best.max(colon + 1)
                    };
                }
                Kind::Item if best == 0 => {
                    let dash = cursor.start();
                    return dash + u32::from(cursor.piece().slice(dash, dash + 1) == "-");
                }
                kind if kind.is_branch() => return best.max(cursor.start()),
                _ => best = best.max(cursor.token_content_end()),
            }
            if cursor.at <= self.at {
                break;
            }
            last = cursor.previous();
        }
        best
    }

    fn token_content_end(self) -> u32 {
        match self.kind() {
            Kind::Literal | Kind::Folded => self.start() + self.text().trim_end().len() as u32,
            _ => self.end(),
        }
    }

    /// Where the first token of it starts.
    pub(crate) fn content_start(self) -> u32 {
        if self.kind() != Kind::Entry {
            return self.start();
        }
        let colon = self.start();
        let first = self.next().filter(|next| next.at < self.subtree_end());
        let first = first.map_or(NONE, |first| match first.kind() {
            Kind::Entry => first.content_start(),
            Kind::Indent => first.next().map_or(NONE, Self::start),
            _ => first.start(),
        });
        colon.min(first)
    }
}

/// See [`Cursor::children`].
#[derive(Debug, Clone)]
pub(crate) struct Children<'a> {
    next: Option<Cursor<'a>>,
    end: Place,
}

impl<'a> Iterator for Children<'a> {
    type Item = Cursor<'a>;

    fn next(&mut self) -> Option<Cursor<'a>> {
        let child = self.next?;
        let behind = child.to(child.subtree_end());
        self.next = behind.filter(|next| next.at < self.end);
        Some(child)
    }
}

impl Source {
    /// The first piece of a document, and that behind its last.
    pub(crate) fn pieces_of(&self, document: u32) -> (u32, u32) {
        let first = self.documents.get(document as usize).copied();
        let behind = self.documents.get(document as usize + 1).copied();
        let all = self.pieces.len() as u32;
        (first.unwrap_or(all), behind.unwrap_or(all))
    }

    /// The first element of a document.
    pub(crate) fn first_element(&self, document: u32) -> Option<Cursor<'_>> {
        let (piece, _) = self.pieces_of(document);
        let at = Place { piece, idx: 0 };
        let cursor = Cursor {
            source: self,
            document,
            at,
        };
        cursor.to(at)
    }
}
