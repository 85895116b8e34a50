//! Where the cursor is: in which mapping or list, at a key or a value, and what is typed so far.
//!
//! A word that nobody writes is put where the cursor is, in a copy of the text that is parsed again;
//! the tree then says where the word stands. So there is one way to know the place for all styles.

use yaml_syntax::{
    Document, Node, Parse, Path, PathSegment, ScalarStyle, Source, TextRange, TextSize,
};

use super::outline;
use super::scan::{self, Frame, Open};
use crate::object::{self, Object};
use crate::place;
use crate::rename::TextEdit;
use crate::skeleton::Layout;

/// The word that nobody writes.
pub(super) const MARKER: &str = "kunCursorMarker";

/// The place of the cursor.
pub(crate) struct Context {
    /// The text with the marker.
    parse: Parse,
    /// Where the marker is.
    marker: TextSize,
    /// What may stand there.
    pub(crate) slot: Slot,
    /// What is replaced, in the text as it is.
    pub(crate) token: TextRange,
    /// What is typed of it, without an opening quote.
    pub(crate) typed: String,
    /// The quote that it begins with.
    pub(crate) quote: Option<char>,
    /// The column in which the inserted text will start, after `lead`.
    pub(crate) column: usize,
    /// What must be inserted before the text: a blank, or a dash.
    pub(crate) lead: String,
    /// The indentation, where it has to be another one.
    pub(crate) indent: Option<TextEdit>,
    /// How keys and values are written here.
    pub(crate) style: Style,
    /// Whether a colon follows already, or comes with `tail`.
    pub(crate) has_colon: bool,
    /// What is inserted behind the text: the colon of a key whose value stands below it.
    pub(crate) tail: &'static str,
    /// Whether a comma must follow.
    pub(crate) needs_comma: bool,
    /// How new lines are laid out.
    pub(crate) layout: Layout,
}

/// What may stand at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key of a mapping.
    Key,
    /// The value of a key, in its line, or an item of a flow list.
    Value,
}

/// How keys and values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// In lines.
    Block,
    /// In brackets, without quotes.
    Flow,
    /// In brackets, with double quotes.
    Json,
}

/// Finds out where `offset` is; `None` where nothing can be completed.
pub(crate) fn context(parse: &Parse, offset: TextSize, layout: Layout) -> Option<Context> {
    let source = parse.source();
    let row = source.line_col(offset).line;
    let (start, before) = text_before(source, offset);
    let cursor = Cursor {
        parse,
        source,
        offset,
        row,
        layout,
    };
    match scan::open_at_end(&before) {
        Open::Text => None,
        Open::Flow(frame) => cursor.in_flow(start, frame, &before),
        Open::Quote(at) => {
            let quote = start + TextSize::from(at as u32);
            (quote >= source.line_range(row).start()).then(|| cursor.in_block())?
        }
        Open::Block => cursor.in_block(),
    }
}

/// Whether `offset` is in a comment or in the text of a block scalar.
pub(crate) fn is_text(source: &Source, offset: TextSize) -> bool {
    scan::open_at_end(&text_before(source, offset).1) == Open::Text
}

/// The text before `offset`, from a place where no bracket is open.
fn text_before(source: &Source, offset: TextSize) -> (TextSize, String) {
    let start = scan_start(source, source.line_col(offset).line);
    let text = source.slice(TextRange::new(start, offset));
    (start, text.into_owned())
}

/// The nearest line above that starts a key at the very left: no bracket is open there.
fn scan_start(source: &Source, row: u32) -> TextSize {
    for row in (0..row).rev() {
        let range = source.line_range(row);
        let first = TextRange::new(
            range.start(),
            range.end().min(range.start() + TextSize::from(3)),
        );
        let text = source.slice(first);
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) || text.starts_with("---") {
            return range.start();
        }
    }
    TextSize::from(0)
}

struct Cursor<'a> {
    parse: &'a Parse,
    source: &'a Source,
    offset: TextSize,
    row: u32,
    layout: Layout,
}

impl Cursor<'_> {
    fn in_flow(&self, start: TextSize, frame: Frame, before: &str) -> Option<Context> {
        let line_end = self.source.line_range(self.row).end();
        let after = self.source.slice(TextRange::new(self.offset, line_end));
        let typed = before.get(frame.token..)?;
        if typed.contains('\n') {
            return None;
        }
        let quote = opening(typed);
        let length = match quote {
            Some(quote) => after.find(quote).map_or(0, |at| at + 1),
            None if typed.is_empty() && after.starts_with([' ', '\t']) => 0,
            None => after
                .find([',', '}', ']', ':', '{', '[', ' ', '\t', '"'])
                .unwrap_or(after.len()),
        };
        let rest = after.get(length..)?.trim_start();
        let token = TextRange::new(
            start + TextSize::from(frame.token as u32),
            self.offset + TextSize::from(length as u32),
        );
        let has_colon = rest.starts_with(':');
        let needs_comma = !has_colon && self.goes_on(rest);
        let style = if quote == Some('"') || self.is_json() {
            Style::Json
        } else {
            Style::Flow
        };
        let marker = if quote.is_some() || style == Style::Json {
            format!("\"{MARKER}\"")
        } else {
            MARKER.to_owned()
        };
        let text = if needs_comma {
            format!("{marker},")
        } else {
            marker
        };
        let is_key = frame.mapping && !frame.after_colon;
        Some(Context {
            slot: if is_key { Slot::Key } else { Slot::Value },
            typed: typed.trim_start_matches(['"', '\'']).to_owned(),
            quote: opening(typed),
            column: self.source.line_col(token.start()).col as usize,
            lead: String::new(),
            indent: None,
            style,
            has_colon,
            tail: "",
            needs_comma,
            ..self.marked(token, &text, token.start())
        })
    }

    /// Whether another pair or item follows in the same brackets; `rest` is what is left of the line.
    fn goes_on(&self, rest: &str) -> bool {
        let code = |text: &str| !text.is_empty() && !text.starts_with('#');
        if code(rest) {
            return !rest.starts_with([',', '}', ']']);
        }
        let document = self.parse.document_at(self.offset);
        let end = document.map_or(self.source.len(), |document| document.range().end());
        let rows = self.row + 1..=self.source.line_col(end).line;
        let lines = rows.map(|row| self.source.slice(self.source.line_range(row)));
        let mut lines = lines.map(|line| line.trim().to_owned());
        lines
            .find(|line| code(line))
            .is_some_and(|line| !line.starts_with([',', '}', ']']) && !line.starts_with("---"))
    }

    /// Whether the document is written with brackets and quoted keys.
    fn is_json(&self) -> bool {
        let root = self.parse.document_at(self.offset).and_then(Document::root);
        let Some(root) = root
            .and_then(Node::as_mapping)
            .filter(|root| root.is_flow())
        else {
            return false;
        };
        let first = root.entries().next().and_then(yaml_syntax::Entry::key);
        let scalar = first.and_then(Node::as_scalar);
        scalar.is_some_and(|scalar| scalar.style() == ScalarStyle::DoubleQuoted)
    }

    fn in_block(&self) -> Option<Context> {
        let range = self.source.line_range(self.row);
        let text = self.source.slice(range).into_owned();
        let column = usize::from(self.offset - range.start());
        // What is written in front of a mark would take its place.
        if text.starts_with("---") || text.starts_with("...") {
            return None;
        }
        let line = outline::line(&text);
        let begins = line.dashes.last().map_or(line.content, |dash| dash + 1);
        let empty = line.content >= line.end;
        if column < begins && !(empty && line.dashes.is_empty()) {
            return None;
        }
        match line.colon {
            Some(colon) if column > colon => self.value(range, &text, &line, column),
            _ => self.key(range, &text, &line, column),
        }
    }

    fn value(
        &self,
        range: TextRange,
        text: &str,
        line: &outline::Line,
        column: usize,
    ) -> Option<Context> {
        let colon = line.colon?;
        let value = text.get(line.value..line.end).unwrap_or_default();
        let properties = properties(value);
        let from = (line.value + properties).min(line.end.max(column));
        let has_value = from < line.end;
        let (from, to) = match has_value {
            true if column < from => return None,
            true => (from, line.end.max(column)),
            false => (column, column),
        };
        if text.get(from..to)?.starts_with(['|', '>', '*', '{', '[']) {
            return None;
        }
        let typed = text.get(from..column)?;
        let glued = column == colon + 1;
        let token = outline::range(range.start(), from, to);
        let marker = if glued {
            format!(" {MARKER}")
        } else {
            MARKER.to_owned()
        };
        let shift = TextSize::from(u32::from(glued));
        Some(Context {
            slot: Slot::Value,
            typed: typed.trim_start_matches(['"', '\'']).to_owned(),
            quote: opening(typed),
            column: line.content,
            lead: if glued { " " } else { "" }.to_owned(),
            indent: None,
            style: Style::Block,
            has_colon: false,
            tail: "",
            needs_comma: false,
            ..self.marked(token, &marker, token.start() + shift)
        })
    }

    fn key(
        &self,
        range: TextRange,
        text: &str,
        line: &outline::Line,
        column: usize,
    ) -> Option<Context> {
        let end = line.colon.unwrap_or(line.end);
        let empty = line.content >= end;
        let (from, to) = if empty {
            (column, column)
        } else {
            (line.content, end.max(column))
        };
        let typed = text.get(from..column)?;
        if typed.contains(' ') {
            return None;
        }
        let target = self.target(line, column, from)?;
        let content = target.column + target.dashes + target.lead.len();
        let has_value = line.colon.is_none() && self.has_value_below(line, content);
        if has_value && empty {
            return None;
        }
        let dash = line.dashes.first().copied().unwrap_or(from);
        let tabs = line.colon.is_none() && text.get(..dash)?.contains('\t');
        let indent = (tabs || target.column != dash).then(|| TextEdit {
            range: outline::range(range.start(), 0, dash),
            insert: " ".repeat(target.column),
        });
        let token = outline::range(range.start(), from, to);
        let written = match line.colon {
            Some(_) => MARKER.to_owned(),
            None => format!("{}{MARKER}:", target.lead),
        };
        let marked = if let Some(indent) = &indent {
            let both = TextRange::new(indent.range.start(), token.end());
            let dashes = text.get(dash..from)?;
            let at = indent.range.start() + TextSize::from(content as u32);
            self.marked(both, &format!("{}{dashes}{written}", indent.insert), at)
        } else {
            let at = token.start() + TextSize::from(target.lead.len() as u32);
            self.marked(token, &written, at)
        };
        // Two insertions at one place would come in any order.
        let (lead, indent) = match indent {
            Some(indent) if dash == 0 && from == 0 => (indent.insert + target.lead, None),
            indent => (target.lead.to_owned(), indent),
        };
        Some(Context {
            slot: Slot::Key,
            token,
            typed: typed.trim_start_matches(['"', '\'']).to_owned(),
            quote: opening(typed),
            column: content,
            lead,
            indent,
            style: Style::Block,
            has_colon: line.colon.is_some() || has_value,
            tail: if has_value { ":" } else { "" },
            needs_comma: false,
            ..marked
        })
    }

    /// Where the line of a key that starts at `from` has to start.
    fn target(&self, line: &outline::Line, column: usize, from: usize) -> Option<Target> {
        let Some(dash) = line.dashes.first().copied() else {
            return Some(match line.colon {
                Some(_) => Target {
                    column: from,
                    dashes: 0,
                    lead: "",
                },
                None => self.column(self.wanted(line, from)),
            });
        };
        let glued = line.dashes.last().is_some_and(|dash| column == dash + 1);
        Some(Target {
            column: self.dash_column(dash)?,
            dashes: from - dash,
            lead: if glued { " " } else { "" },
        })
    }

    /// The column in which a line is meant to start: one with tabs goes on with the line above, and
    /// one within a block belongs to the block, however little it is indented.
    fn wanted(&self, line: &outline::Line, from: usize) -> usize {
        let start = self.source.line_range(self.row).start();
        let blanks = self.source.slice(outline::range(start, 0, from));
        let wanted = if blanks.contains('\t') {
            let fresh = outline::columns_above(self.source, self.row).fresh;
            fresh.map_or(usize::MAX, |above| above + self.layout.step)
        } else {
            from
        };
        let empty = line.content >= line.end;
        let below = outline::indent_below(self.source, self.row).filter(|_| empty);
        below.map_or(wanted, |below| wanted.max(below))
    }

    /// The column for a dash that is typed at `dash`: that of an open list, where it is in none.
    fn dash_column(&self, dash: usize) -> Option<usize> {
        let open = outline::columns_above(self.source, self.row);
        let starts = open.fresh.is_some_and(|fresh| fresh <= dash)
            || (open.mappings.is_empty() && open.sequences.is_empty());
        if starts || open.sequences.contains(&dash) {
            return Some(dash);
        }
        let below = outline::dash_below(self.source, self.row);
        let same = open.sequences.iter().find(|column| below == Some(**column));
        let outer = || open.sequences.iter().find(|column| **column < dash);
        same.or_else(outer).or(open.sequences.last()).copied()
    }

    /// Whether the lines below a key without a colon, whose text starts at `content`, are its value.
    fn has_value_below(&self, line: &outline::Line, content: usize) -> bool {
        let deeper = outline::indent_below(self.source, self.row).is_some_and(|it| it > content);
        let item = outline::dash_below(self.source, self.row) == Some(content);
        deeper || (item && (!line.dashes.is_empty() || line.content < line.end))
    }

    /// The column in which a key can stand that is typed at `wanted`: the indentation chooses the
    /// mapping, and where none fits, the next one outwards is meant.
    fn column(&self, wanted: usize) -> Target {
        let open = outline::columns_above(self.source, self.row);
        let at = |column, lead| Target {
            column,
            dashes: 0,
            lead,
        };
        let plain = |column| at(column, "");
        if let Some(above) = open.fresh.filter(|above| wanted > *above) {
            let below = outline::indent_below(self.source, self.row);
            return plain(below.filter(|below| *below > above).unwrap_or(wanted));
        }
        let fits = |columns: &[usize]| columns.iter().copied().find(|column| *column <= wanted);
        // A key above an item of the list in its own column would take that item for its value.
        let item_below = outline::dash_below(self.source, self.row);
        match (fits(&open.mappings), fits(&open.sequences)) {
            (Some(mapping), Some(dash)) if dash > mapping => at(dash, "- "),
            (None, Some(dash)) => at(dash, "- "),
            (Some(mapping), _) if item_below == Some(mapping) => at(mapping, "- "),
            (Some(mapping), _) => plain(mapping),
            (None, None) => {
                let outermost = open.mappings.last().copied();
                let below = outline::indent_below(self.source, self.row);
                plain(outermost.or(below).unwrap_or(0))
            }
        }
    }

    /// The text with `text` in the place of `range`.
    fn marked(&self, range: TextRange, text: &str, marker: TextSize) -> Context {
        let mut parse = self.parse.clone();
        parse.edit(range, text);
        Context {
            parse,
            marker,
            slot: Slot::Key,
            token: range,
            typed: String::new(),
            quote: None,
            column: 0,
            lead: String::new(),
            indent: None,
            style: Style::Block,
            has_colon: false,
            tail: "",
            needs_comma: false,
            layout: self.layout,
        }
    }
}

/// Where a line starts, and what goes before its key.
struct Target {
    column: usize,
    /// How wide the dashes are that stand there already.
    dashes: usize,
    lead: &'static str,
}

/// The quote that a text begins with.
fn opening(typed: &str) -> Option<char> {
    typed.chars().next().filter(|c| matches!(c, '"' | '\''))
}

/// How long the anchor and the tag before a value are.
fn properties(value: &str) -> usize {
    let mut length = 0;
    for word in value.split_inclusive(' ') {
        let is_property = word.starts_with(['&', '!']) && word.ends_with(' ');
        if !is_property && !word.trim().is_empty() {
            break;
        }
        length += word.len();
    }
    length
}

impl Context {
    /// The document with the marker.
    pub(crate) fn document(&self) -> Option<Document<'_>> {
        self.parse.document_at(self.marker)
    }

    /// The steps to the mapping of the key, or to the value, that is completed.
    pub(crate) fn path(&self) -> Option<Path> {
        let place = place::at(self.document()?, self.marker);
        let mut path = place.path;
        let at_key = matches!(path.last(), Some(PathSegment::Key(key)) if key.contains(MARKER));
        if self.slot == Slot::Key && at_key {
            path.pop();
        }
        Some(path)
    }

    /// The object whose key is completed, with the marker in it.
    pub(crate) fn object(&self, path: &[PathSegment]) -> Option<Object<'_>> {
        let document = self.document()?;
        if path.is_empty() {
            let root = document.root()?.as_mapping()?;
            return Some(Object::new(document, root));
        }
        object::value_at(document, path)?.object()
    }

    /// Whether the marker is all there is in `object`.
    pub(crate) fn is_alone(object: Object<'_>) -> bool {
        !object.pairs().any(|(key, _, _)| !key.contains(MARKER))
    }
}
