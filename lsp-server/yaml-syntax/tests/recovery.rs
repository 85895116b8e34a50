//! How much of a damaged manifest is still understood.
//!
//! Valid manifests are damaged as people damage them while they type. Every mapping pair that does
//! not start on the damaged line should be found with the path and the value it had.
#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "the scores are shown")]

use std::collections::BTreeSet;
use std::path::Path;

use yaml_syntax::{Document, Entry, Node, Parse, PathSegment};

/// Cases of each kind.
const CASES: u32 = 120;

/// What is done to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truncate,
    DeleteChar,
    InsertTab,
    BreakQuote,
    HalfKey,
    OpenFlow,
    Misindent,
    Colon,
}

const KINDS: [Kind; 8] = [
    Kind::Truncate,
    Kind::DeleteChar,
    Kind::InsertTab,
    Kind::BreakQuote,
    Kind::HalfKey,
    Kind::OpenFlow,
    Kind::Misindent,
    Kind::Colon,
];

/// A damaged text.
struct Damaged {
    text: String,
    /// The line, in the damaged text, that is not asked about.
    line: u32,
    /// By how much the lines behind it have moved.
    moved: i64,
    /// Lines of the original from here on are gone.
    end: u32,
}

/// A pair: its line, document and path, its value.
type Pair = (u32, String, String);

/// What was found of what there is.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    cases: u32,
    perfect: u32,
    keys: u32,
    found: u32,
    reported: u32,
    keys_in_document: u32,
    found_in_document: u32,
    keys_elsewhere: u32,
    found_elsewhere: u32,
}

#[test]
fn damaged_manifests_are_understood() {
    let manifests = manifests();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut total = Score::default();
    let mut by_kind = Vec::new();
    for kind in KINDS {
        let mut score = Score::default();
        while score.cases < CASES {
            let text = three_of(&manifests, &mut random);
            let Some(damaged) = damage(kind, &text, &mut random) else {
                continue;
            };
            if yaml_syntax::parse(&damaged.text).errors().is_empty() {
                continue;
            }
            judge(kind, &text, &damaged, &mut score);
        }
        by_kind.push((kind, score));
        total.add(score);
    }
    for (kind, score) in &by_kind {
        println!("{kind:?}: {score}");
    }
    println!("all: {total}");
    assert!(total.keys() >= 0.995, "keys");
    assert!(total.in_document() >= 0.97, "keys in the damaged document");
    assert!(total.precision() >= 0.995, "precision");
    assert!(total.perfect() >= 0.85, "perfect");
    assert_eq!(
        total.found_elsewhere, total.keys_elsewhere,
        "other documents"
    );
    for (kind, score) in &by_kind {
        let floor = if *kind == Kind::HalfKey { 1.0 } else { 0.93 };
        assert!(score.in_document() >= floor, "{kind:?}");
    }
}

/// Compares what is there with what should be.
fn judge(kind: Kind, text: &str, damaged: &Damaged, score: &mut Score) {
    let expected: BTreeSet<Pair> = pairs(&yaml_syntax::parse(text))
        .into_iter()
        .filter_map(|pair| damaged.moved(pair))
        .collect();
    let parse = yaml_syntax::parse(&damaged.text);
    let actual = pairs(&parse)
        .into_iter()
        .filter(|pair| pair.0 != damaged.line);
    let actual: BTreeSet<Pair> = actual.collect();
    let document = document_of(&parse, damaged.line);
    let is_inside = |pair: &&Pair| pair.1.starts_with(&document);
    let found: Vec<&Pair> = expected.intersection(&actual).collect();
    let count = |number: usize| u32::try_from(number).unwrap();
    let inside = count(expected.iter().filter(is_inside).count());
    let found_inside = count(found.iter().filter(|pair| is_inside(pair)).count());
    score.cases += 1;
    score.keys += count(expected.len());
    score.found += count(found.len());
    score.reported += count(actual.len());
    score.keys_in_document += inside;
    score.found_in_document += found_inside;
    score.keys_elsewhere += count(expected.len()) - inside;
    score.found_elsewhere += count(found.len()) - found_inside;
    if found.len() == expected.len() && found.len() == actual.len() {
        score.perfect += 1;
    } else if std::env::var("SHOW").is_ok_and(|shown| shown == format!("{kind:?}")) {
        show(damaged, &expected, &actual);
    }
}

fn show(damaged: &Damaged, expected: &BTreeSet<Pair>, actual: &BTreeSet<Pair>) {
    let lines = damaged.text.lines().enumerate();
    let near = lines.filter(|(at, _)| at.abs_diff(damaged.line as usize) < 7);
    for (at, line) in near {
        let mark = if at == damaged.line as usize {
            ">"
        } else {
            " "
        };
        println!("{mark}{at} {line}");
    }
    let missing: Vec<_> = expected.difference(actual).take(4).collect();
    let wrong: Vec<_> = actual.difference(expected).take(4).collect();
    println!("missing {missing:?}\nwrong {wrong:?}\n");
}

impl Damaged {
    /// Where an original pair should be now; `None` where nobody asks about it.
    fn moved(&self, (line, path, value): Pair) -> Option<Pair> {
        // Of two lines that became one both are damaged.
        let is_joined = self.moved < 0 && line <= self.line + 1;
        if line >= self.end || (line >= self.line && is_joined) {
            return None;
        }
        let line = if line >= self.line {
            u32::try_from(i64::from(line) + self.moved).unwrap()
        } else {
            line
        };
        // A line that only moved is still there, but where it was is the damage.
        (line != self.line).then_some((line, path, value))
    }
}

fn document_of(parse: &Parse, line: u32) -> String {
    let start = parse.source().line_range(line).start();
    let document = parse.document_at(start).map_or(0, Document::index);
    format!("{document}:")
}

fn pairs(parse: &Parse) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for document in parse.documents() {
        for (path, entry) in document.entries() {
            let line = parse.source().line_col(entry.range().start()).line;
            let path: Vec<String> = path.iter().map(step).collect();
            pairs.push((
                line,
                format!("{}:{}", document.index(), path.join("/")),
                value(entry),
            ));
        }
    }
    pairs
}

fn step(segment: &PathSegment) -> String {
    match segment {
        PathSegment::Key(key) => key.clone(),
        PathSegment::Index(index) => index.to_string(),
    }
}

fn value(entry: Entry<'_>) -> String {
    match entry.value() {
        None => "=".to_owned(),
        Some(Node::Mapping(_)) => "{".to_owned(),
        Some(Node::Sequence(_)) => "[".to_owned(),
        Some(Node::Alias(alias)) => format!("*{}", alias.name()),
        Some(Node::Scalar(scalar)) => format!("={}", scalar.text()),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a kind")]
fn damage(kind: Kind, text: &str, random: &mut Random) -> Option<Damaged> {
    let text = &(text.lines().collect::<Vec<_>>().join("\n") + "\n");
    let lines: Vec<&str> = text.lines().collect();
    let at = random.below(lines.len());
    let line = lines[at];
    let content = line.trim_start();
    if content.is_empty() || content.starts_with('#') || line.starts_with("---") || !line.is_ascii()
    {
        return None;
    }
    let indent = line.len() - content.len();
    let replaced = |new: String| {
        let mut lines: Vec<&str> = lines.clone();
        lines[at] = &new;
        Some(Damaged {
            text: lines.join("\n") + "\n",
            line: at as u32,
            moved: 0,
            end: u32::MAX,
        })
    };
    match kind {
        Kind::Truncate => {
            let before: usize = lines[..at].iter().map(|line| line.len() + 1).sum();
            let end = before + random.below(line.len() + 1);
            Some(Damaged {
                text: text[..end].to_owned(),
                line: at as u32,
                moved: 0,
                end: at as u32,
            })
        }
        Kind::DeleteChar => {
            let gone = random.below(line.len() + 1);
            if gone == line.len() {
                // The line break: the next line is damaged too, as it is the same one then.
                let mut lines: Vec<&str> = lines.clone();
                let joined = format!("{line}{}", lines.get(at + 1)?);
                lines[at] = &joined;
                lines.remove(at + 1);
                return Some(Damaged {
                    text: lines.join("\n") + "\n",
                    line: at as u32,
                    moved: -1,
                    end: u32::MAX,
                });
            }
            replaced(format!("{}{}", &line[..gone], &line[gone + 1..]))
        }
        Kind::InsertTab => {
            let place = if random.below(4) > 0 {
                random.below(indent + 1)
            } else {
                random.below(line.len() + 1)
            };
            replaced(format!("{}\t{}", &line[..place], &line[place..]))
        }
        Kind::BreakQuote => {
            let quotes: Vec<usize> = line
                .char_indices()
                .filter(|(_, char)| matches!(char, '"' | '\''))
                .map(|(at, _)| at)
                .collect();
            if !quotes.is_empty() {
                let gone = quotes[random.below(quotes.len())];
                return replaced(format!("{}{}", &line[..gone], &line[gone + 1..]));
            }
            let quote = if random.below(2) == 0 { '"' } else { '\'' };
            let starts = [
                Some(indent),
                content.find(": ").map(|colon| indent + colon + 2),
                content.starts_with("- ").then_some(indent + 2),
            ];
            let place = starts[random.below(3)]?;
            replaced(format!("{}{quote}{}", &line[..place], &line[place..]))
        }
        Kind::HalfKey => {
            let words = ["sel", "met", "apiVersion", "x", "replicas", "na"];
            let half = format!("{}{}", &line[..indent], words[random.below(words.len())]);
            if !content.contains(": ") && !content.ends_with(':')
                || content.starts_with('-')
                || is_in_block_scalar(text, at)
            {
                return None;
            }
            let mut lines: Vec<&str> = lines.clone();
            lines.insert(at, &half);
            Some(Damaged {
                text: lines.join("\n") + "\n",
                line: at as u32,
                moved: 1,
                end: u32::MAX,
            })
        }
        Kind::OpenFlow => {
            let closers: Vec<usize> = line
                .char_indices()
                .filter(|(_, char)| matches!(char, ']' | '}'))
                .map(|(at, _)| at)
                .collect();
            if !closers.is_empty() {
                let gone = closers[random.below(closers.len())];
                return replaced(format!("{}{}", &line[..gone], &line[gone + 1..]));
            }
            let open = if random.below(2) == 0 { '[' } else { '{' };
            let starts = [
                Some(indent),
                content.find(": ").map(|colon| indent + colon + 2),
                content.ends_with(':').then_some(line.len()),
                content.starts_with("- ").then_some(indent + 2),
            ];
            let place = starts[random.below(4)]?;
            let blank = if place == line.len() { " " } else { "" };
            replaced(format!("{}{blank}{open}{}", &line[..place], &line[place..]))
        }
        Kind::Misindent => {
            let by = [-2, -1, 1, 2][random.below(4)];
            let new = usize::try_from(i64::try_from(indent).unwrap() + by).ok()?;
            replaced(format!("{}{content}", " ".repeat(new)))
        }
        Kind::Colon => {
            let colon = line
                .find(": ")
                .or_else(|| line.ends_with(':').then(|| line.len() - 1))?;
            let with_blank = random.below(3) == 0 && line.len() > colon + 1;
            let from = if with_blank { colon + 1 } else { colon };
            replaced(format!("{}{}", &line[..from], &line[from + 1..]))
        }
    }
}

/// Whether a line is text rather than structure.
fn is_in_block_scalar(text: &str, line: usize) -> bool {
    let parse = yaml_syntax::parse(text);
    let start = parse.source().line_range(line as u32).end();
    let document = parse.document_at(start).unwrap();
    document.node_at(start).is_some_and(|node| {
        let first = parse.source().line_col(node.range().start()).line;
        node.as_scalar().is_some() && (first as usize) < line
    })
}

fn three_of(manifests: &[String], random: &mut Random) -> String {
    let parts: Vec<&str> = (0..3)
        .map(|_| manifests[random.below(manifests.len())].as_str())
        .collect();
    parts.join("---\n")
}

fn manifests() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths.sort();
    assert!(paths.len() >= 60);
    let texts = paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap());
    // Two markers in a row would be an empty document.
    let texts = texts.map(|text| {
        text.strip_prefix("---\n")
            .map(str::to_owned)
            .unwrap_or(text)
    });
    texts
        .map(|text| {
            if text.ends_with('\n') {
                text
            } else {
                text + "\n"
            }
        })
        .collect()
}

/// Xorshift: the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

impl Score {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.perfect += other.perfect;
        self.keys += other.keys;
        self.found += other.found;
        self.reported += other.reported;
        self.keys_in_document += other.keys_in_document;
        self.found_in_document += other.found_in_document;
        self.keys_elsewhere += other.keys_elsewhere;
        self.found_elsewhere += other.found_elsewhere;
    }

    fn keys(&self) -> f64 {
        share(self.found, self.keys)
    }

    fn in_document(&self) -> f64 {
        share(self.found_in_document, self.keys_in_document)
    }

    fn precision(&self) -> f64 {
        share(self.found, self.reported)
    }

    fn perfect(&self) -> f64 {
        share(self.perfect, self.cases)
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "keys {:.4}, in the damaged document {:.4}, elsewhere {:.4}, precision {:.4}, perfect {:.3} of {}",
            self.keys(),
            self.in_document(),
            share(self.found_elsewhere, self.keys_elsewhere),
            self.precision(),
            self.perfect(),
            self.cases,
        )
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        1.0
    } else {
        f64::from(part) / f64::from(whole)
    }
}
