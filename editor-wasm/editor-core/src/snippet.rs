//! Texts with places to fill in: tab stops, mirrors, choices.

use std::ops::Range;

use crate::change::{ChangeSet, Side};
use crate::order::sort_by_key;
use crate::selection::{Caret, Selection};
use crate::text::Text;

/// A template, read: the text to insert and the places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The text, with every place filled by what it suggests.
    pub text: String,
    /// The places in the order of visiting.
    pub fields: Vec<Field>,
}

/// One place to fill in. All its ranges hold the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The number in the template; 0 is where the caret ends up.
    pub number: u32,
    /// Where it stands. The first is edited, the others follow it.
    pub ranges: Vec<Range<usize>>,
    /// What can be chosen from.
    pub choices: Vec<String>,
}

impl Snippet {
    /// Reads the syntax of the language server protocol: `$1`, `${2:text}`, `${3|a,b|}`, `$0`,
    /// escapes by `\`. What is not that is text.
    pub fn parse(template: &str) -> Self {
        let mut reader = Reader {
            rest: template,
            text: String::new(),
            fields: Vec::new(),
        };
        reader.read(false);
        reader.finish()
    }

    /// A text without places; the caret ends up behind it.
    pub fn plain(text: &str) -> Self {
        let behind = text.len()..text.len();
        let end = Field {
            number: 0,
            ranges: vec![behind],
            choices: Vec::new(),
        };
        Self {
            text: text.to_owned(),
            fields: vec![end],
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    text: String,
    fields: Vec<Field>,
}

impl Reader<'_> {
    /// Reads up to the end, or in a placeholder up to its brace.
    fn read(&mut self, nested: bool) {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '}' if nested => return,
                '\\' => self.escaped(),
                '$' => self.dollar(),
                _ => self.text.push(c),
            }
        }
    }

    fn escaped(&mut self) {
        match self.rest.chars().next() {
            Some(c @ ('$' | '}' | '\\')) => {
                self.text.push(c);
                self.rest = &self.rest[1..];
            }
            _ => self.text.push('\\'),
        }
    }

    fn dollar(&mut self) {
        if let Some(number) = self.number() {
            self.field(number, self.text.len(), Vec::new());
            return;
        }
        let before = self.rest;
        if let Some(rest) = self.rest.strip_prefix('{') {
            self.rest = rest;
            let number = self.number();
            let named = self.skip_name();
            let start = self.text.len();
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                return number
                    .into_iter()
                    .for_each(|it| self.field(it, start, Vec::new()));
            }
            if let Some(rest) = self.rest.strip_prefix(':') {
                self.rest = rest;
                self.read(true);
                return number
                    .into_iter()
                    .for_each(|it| self.field(it, start, Vec::new()));
            }
            if let (Some(number), false) = (number, named)
                && let Some(rest) = self.rest.strip_prefix('|')
                && let Some((choices, rest)) = choices(rest)
            {
                self.rest = rest;
                self.text
                    .push_str(choices.first().map_or("", String::as_str));
                return self.field(number, start, choices);
            }
        }
        self.rest = before;
        self.text.push('$');
    }

    fn number(&mut self) -> Option<u32> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(number)
    }

    /// Skips the name of a variable: there are none that we know, so it stands for its default.
    fn skip_name(&mut self) -> bool {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
        end > 0
    }

    fn field(&mut self, number: u32, start: usize, choices: Vec<String>) {
        let range = start..self.text.len();
        match self.fields.iter_mut().find(|it| it.number == number) {
            Some(field) => {
                field.ranges.push(range);
                if field.choices.is_empty() {
                    field.choices = choices;
                }
            }
            None => self.fields.push(Field {
                number,
                ranges: vec![range],
                choices,
            }),
        }
    }

    fn finish(mut self) -> Snippet {
        let end = self.text.len();
        if !self.fields.iter().any(|it| it.number == 0) {
            self.field(0, end, Vec::new());
        }
        self.fill_mirrors();
        // 0 comes last.
        sort_by_key(&mut self.fields, |it| it.number.wrapping_sub(1));
        Snippet {
            text: self.text,
            fields: self.fields,
        }
    }

    /// Gives mirrors the text that their placeholder suggests, wherever it stands.
    fn fill_mirrors(&mut self) {
        for idx in 0..self.fields.len() {
            let Some(main) = self.fields[idx].ranges.iter().position(|it| !it.is_empty()) else {
                continue;
            };
            self.fields[idx].ranges.swap(0, main);
            let wanted = self.text[self.fields[idx].ranges[0].clone()].to_owned();
            for mirror in 1..self.fields[idx].ranges.len() {
                let range = self.fields[idx].ranges[mirror].clone();
                if range.is_empty() {
                    self.insert(range.start, &wanted, (idx, mirror));
                }
            }
        }
    }

    fn insert(&mut self, at: usize, insert: &str, grown: (usize, usize)) {
        self.text.insert_str(at, insert);
        for (idx, field) in self.fields.iter_mut().enumerate() {
            for (mirror, range) in field.ranges.iter_mut().enumerate() {
                if (idx, mirror) == grown {
                    range.end += insert.len();
                } else if range.start >= at {
                    *range = range.start + insert.len()..range.end + insert.len();
                } else if range.end > at {
                    range.end += insert.len();
                }
            }
        }
    }
}

fn choices(rest: &str) -> Option<(Vec<String>, &str)> {
    let mut choices = vec![String::new()];
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '|' => return Some((choices, rest[at + 1..].strip_prefix('}')?)),
            ',' => choices.push(String::new()),
            '\\' => choices.last_mut()?.push(chars.next()?.1),
            _ => choices.last_mut()?.push(c),
        }
    }
    None
}

/// A snippet in the text that is being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnippetSession {
    fields: Vec<Field>,
    current: usize,
}

impl SnippetSession {
    /// The places of `snippet`, inserted at `offset`; `None` if there is nothing to fill in.
    pub fn start(snippet: &Snippet, offset: usize) -> Option<Self> {
        let mut fields = snippet.fields.clone();
        for range in fields.iter_mut().flat_map(|it| &mut it.ranges) {
            *range = range.start + offset..range.end + offset;
        }
        (fields.len() > 1).then_some(Self { fields, current: 0 })
    }

    /// The place that is filled in now.
    pub fn field(&self) -> Option<&Field> {
        self.fields.get(self.current)
    }

    /// All ranges, for marking them.
    pub fn ranges(&self) -> impl Iterator<Item = &Range<usize>> {
        self.fields
            .iter()
            .filter(|it| it.number != 0)
            .flat_map(|it| &it.ranges)
    }

    /// The carets that select the place to fill in.
    pub fn selection(&self) -> Option<Selection> {
        let range = self.field()?.ranges.first()?;
        Some(Caret::new(range.start, range.end).into())
    }

    /// Goes to the next place. Whether that was not the last.
    pub fn forward(&mut self) -> bool {
        self.current = (self.current + 1).min(self.fields.len() - 1);
        self.current + 1 < self.fields.len()
    }

    /// Goes to the place before, if there is one.
    pub fn back(&mut self) {
        self.current = self.current.saturating_sub(1);
    }

    /// Carries the places through a change; what is typed at the ends of the current place
    /// belongs to it. Whether there still is a place.
    pub fn map(&mut self, changes: &ChangeSet) -> bool {
        for (idx, field) in self.fields.iter_mut().enumerate() {
            for range in &mut field.ranges {
                *range = match idx.cmp(&self.current) {
                    std::cmp::Ordering::Equal => changes.map_growing(range),
                    // An empty place right behind the current one stays behind what is typed.
                    std::cmp::Ordering::Greater => changes.map_range(range),
                    std::cmp::Ordering::Less => {
                        let start = changes.map(range.start, Side::Before);
                        start..changes.map(range.end, Side::Before)
                    }
                };
            }
        }
        self.fields.len() > 1
    }

    /// Whether a caret stands in the current place.
    pub fn holds(&self, caret: &Caret) -> bool {
        let mut ranges = self.field().into_iter().flat_map(|it| &it.ranges);
        ranges.any(|it| it.start <= caret.start() && caret.end() <= it.end)
    }

    /// What makes the mirrors of the current place follow it.
    pub fn mirror(&self, text: &Text) -> Option<ChangeSet> {
        let (main, mirrors) = self.field()?.ranges.split_first()?;
        let wanted = text.slice(main.clone()).into_owned();
        let mut edits: Vec<_> = mirrors
            .iter()
            .filter(|it| text.slice((*it).clone()) != wanted.as_str())
            .map(|it| (it.clone(), wanted.as_str()))
            .collect();
        sort_by_key(&mut edits, |(range, _)| range.start);
        (!edits.is_empty()).then(|| ChangeSet::of(text, edits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn stops_placeholders_and_choices() {
        check(
            "name: ${1:web}\nimage: $2\npull: ${3|Always,Never|}\n$0",
            &expect![[r"
                name: web
                image: 
                pull: Always

                1: 6..9
                2: 17..17
                3: 24..30 Always,Never
                0: 31..31"]],
        );
    }

    #[test]
    fn mirrors_repeat_the_placeholder() {
        check(
            "$1: ${1:web} $1",
            &expect![[r"
                web: web web
                1: 5..8 0..3 9..12
                0: 12..12"]],
        );
    }

    #[test]
    fn nested_placeholders_and_escapes() {
        check(
            r"\$a ${1:x ${2:y} \}} ${NAME:z} $ ${",
            &expect![[r"
                $a x y } z $ ${
                1: 3..8
                2: 5..6
                0: 15..15"]],
        );
    }

    #[test]
    fn mirrors_follow_what_is_typed() {
        let snippet = Snippet::parse("${1:a}: $1, $2");
        let mut text = Text::new(&snippet.text);
        let mut session = SnippetSession::start(&snippet, 0).unwrap();
        let change = ChangeSet::replace(&text, 0..1, "web");
        text = change.apply(&text);
        assert!(session.map(&change));
        let mirror = session.mirror(&text).unwrap();
        text = mirror.apply(&text);
        session.map(&mirror);
        assert_eq!(text.to_string(), "web: web, ");
        assert!(session.forward());
        assert_eq!(session.selection(), Some(Selection::at(10)));
        assert!(!session.forward(), "the end");
    }

    #[track_caller]
    fn check(template: &str, expected: &Expect) {
        let snippet = Snippet::parse(template);
        let mut shown = snippet.text.clone();
        for field in &snippet.fields {
            let ranges: Vec<_> = field.ranges.iter().map(|it| format!("{it:?}")).collect();
            let mut line = vec![format!("\n{}:", field.number), ranges.join(" ")];
            if !field.choices.is_empty() {
                line.push(field.choices.join(","));
            }
            shown.push_str(&line.join(" "));
        }
        expected.assert_eq(&shown);
    }
}
