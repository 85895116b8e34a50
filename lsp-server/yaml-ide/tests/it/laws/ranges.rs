//! Ranges that features answer with: inside the text, sorted, nested or apart.

use yaml_ide::document_links::document_links;
use yaml_ide::document_symbols::{DocumentSymbol, document_symbols};
use yaml_ide::folding_ranges::folding_ranges;
use yaml_ide::hover::hover;
use yaml_ide::inlay_hints::inlay_hints;
use yaml_ide::linked_editing::linked_editing;
use yaml_ide::selection_ranges::selection_ranges;
use yaml_ide::semantic_tokens::{TokenKind, semantic_tokens};
use yaml_syntax::{TextRange, TextSize};

use super::{FILE, all_sorts, none, open};

#[test]
fn folds_hold_one_another_or_stand_apart() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let analysis = open("a.yaml", &text);
        let source = analysis.source(FILE).expect("the file is open");
        let lines = |range: TextRange| {
            (
                source.line_col(range.start()).line,
                source.line_col(range.end()).line,
                source.line_col(range.end()).col,
            )
        };
        let folds = folding_ranges(&analysis, FILE);
        for (index, fold) in folds.iter().enumerate() {
            let (first, last, col) = lines(fold.range);
            if last <= first || col == 0 {
                wrong.push(format!("{name}: {first} to {last}:{col} {:?}\n", fold.kind));
            }
            if source.slice(source.line_range(last)).trim().is_empty() {
                wrong.push(format!(
                    "{name}: {first} to {last} ends blank {:?}\n",
                    fold.kind
                ));
            }
            for other in &folds[index + 1..] {
                let (start, end, _) = lines(other.range);
                let crosses = start > first && start <= last && end > last;
                if crosses {
                    wrong.push(format!(
                        "{name}: {first}-{last} {:?} crosses {start}-{end} {:?}",
                        fold.kind, other.kind
                    ));
                }
                if (start, end, other.kind) == (first, last, fold.kind) {
                    wrong.push(format!(
                        "{name}: {first}-{last} {:?} twice {:?}",
                        fold.kind, other.kind
                    ));
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn words_are_sorted_apart_and_whole() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let analysis = open("a.yaml", &text);
        let source = analysis.source(FILE).expect("the file is open");
        let tokens = semantic_tokens(&analysis, FILE, None);
        if !tokens.is_sorted_by(|a, b| a.range.end() <= b.range.start()) {
            wrong.push(format!("{name}: words meet"));
        }
        for token in &tokens {
            let word = source.slice(token.range);
            let is_comment = token.kind == TokenKind::Comment;
            if (word.trim() != word && !is_comment) || word.is_empty() || word.contains('\n') {
                wrong.push(format!("{name}: {word:?} is {:?}", token.kind));
            }
        }
        let half = TextSize::from(super::boundary(&text, text.len() / 2) as u32);
        let some = TextRange::new(half, source.len());
        let expected: Vec<_> = tokens.iter().filter(|it| it.range.end() > half).collect();
        let found = semantic_tokens(&analysis, FILE, Some(some));
        let found: Vec<_> = found.iter().filter(|it| it.range.end() > half).collect();
        if expected != found {
            wrong.push(format!("{name}: other words in a range"));
        }
        for link in document_links(&analysis, FILE) {
            let word = source.slice(link.range);
            if word.trim() != word || word.is_empty() || word.contains('\n') {
                wrong.push(format!("{name}: link {word:?}"));
            }
        }
        let all = TextRange::new(TextSize::from(0), source.len());
        for hint in inlay_hints(&analysis, FILE, all) {
            if !text.is_char_boundary(hint.offset.into()) || hint.label.is_empty() {
                wrong.push(format!("{name}: hint {hint:?}"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn outlines_are_nested() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let analysis = open("a.yaml", &text);
        nested(&document_symbols(&analysis, FILE), &name, &mut wrong);
    }
    none(&wrong);
}

fn nested(symbols: &[DocumentSymbol], name: &str, wrong: &mut Vec<String>) {
    for symbol in symbols {
        if !symbol.range.covers(symbol.selection) {
            wrong.push(format!(
                "{name}: {} {:?} {:?}",
                symbol.name, symbol.range, symbol.selection
            ));
        }
        if symbol.name.is_empty() {
            wrong.push(format!("{name}: no name at {:?}", symbol.range));
        }
        for child in &symbol.children {
            if !symbol.range.covers(child.range) {
                wrong.push(format!(
                    "{name}: {} {:?} in {} {:?}",
                    child.name, child.range, symbol.name, symbol.range
                ));
            }
        }
        if !symbol
            .children
            .is_sorted_by(|a, b| a.range.start() <= b.range.start())
        {
            wrong.push(format!("{name}: {} unsorted", symbol.name));
        }
        nested(&symbol.children, name, wrong);
    }
}

#[test]
fn answers_at_a_place_are_around_it() {
    let mut wrong = Vec::new();
    for (index, (name, text)) in all_sorts().into_iter().enumerate() {
        let analysis = open("a.yaml", &text);
        let source = analysis.source(FILE).expect("the file is open");
        for at in (index % 31..text.len()).step_by(31) {
            if !text.is_char_boundary(at) {
                continue;
            }
            let offset = TextSize::from(at as u32);
            if let Some(hover) = hover(&analysis, FILE, offset, 0)
                && (!hover.range.touches(offset) || hover.markdown.trim().is_empty())
            {
                wrong.push(format!("{name}: hover {:?} at {at}", hover.range));
            }
            let ranges = selection_ranges(&analysis, FILE, offset);
            let grows = ranges.is_sorted_by(|a, b| b.covers(*a) && a != b);
            if !grows || ranges.iter().any(|range| !range.touches(offset)) {
                wrong.push(format!("{name}: selections {ranges:?} at {at}"));
            }
            let linked = linked_editing(&analysis, FILE, offset).unwrap_or_default();
            let words: Vec<_> = linked.iter().map(|range| source.slice(*range)).collect();
            let here = linked.is_empty() || linked.iter().any(|range| range.touches(offset));
            if words.iter().any(|word| *word != words[0])
                || !here
                || !linked.is_sorted_by(|a, b| a.end() <= b.start())
            {
                wrong.push(format!("{name}: linked {words:?} {linked:?} at {at}"));
            }
        }
    }
    none(&wrong);
}
