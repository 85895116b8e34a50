//! The data of a module in two parts.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, MemoryId, Module};

use super::links::Links;

/// A shorter piece costs more to place than to leave where it is.
const MIN_PIECE: usize = 12;

/// Bytes, and the address where they stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    address: u32,
    bytes: Vec<u8>,
}

/// The data of both parts.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub(super) first: Vec<Piece>,
    pub(super) rest: Vec<Piece>,
}

/// Cuts the data of a module. `rest` holds the data that only the rest refers to.
pub(super) fn cut(module: &Module, links: &Links, rest: &BTreeSet<usize>) -> Result<Pieces> {
    let mut pieces = Pieces::default();
    for data in module.data.iter() {
        let DataKind::Active { offset, .. } = &data.kind else {
            bail!("a segment of data has no place");
        };
        let ConstExpr::Value(Value::I32(start)) = offset else {
            bail!("a segment of data stands at a place that is not known");
        };
        let start = start.cast_unsigned();
        let is_rest = owners(start, data.value.len(), links, rest);
        let mut at = 0;
        for run in is_rest.chunk_by(|a, b| a == b) {
            let piece = Piece {
                address: start + at as u32,
                bytes: data.value[at..at + run.len()].to_vec(),
            };
            at += run.len();
            if run[0] {
                pieces.rest.push(piece);
            } else {
                pieces.first.push(piece);
            }
        }
    }
    Ok(pieces)
}

/// Of each byte of a segment, whether it belongs to the rest.
fn owners(start: u32, len: usize, links: &Links, rest: &BTreeSet<usize>) -> Vec<bool> {
    let mut owners = vec![false; len];
    let mut end = 0;
    let mut before = false;
    for (at, datum) in links.data.iter().enumerate() {
        let (Some(from), Some(to)) = (
            datum.range.start.checked_sub(start),
            datum.range.end.checked_sub(start),
        ) else {
            continue;
        };
        let (from, to) = (from as usize, (to as usize).min(len));
        if from >= to {
            break;
        }
        let is_rest = rest.contains(&at);
        owners[from..to].fill(is_rest);
        // What lies between two data is nobody's: it must not cut a piece in two.
        owners[end..from].fill(is_rest && before);
        (end, before) = (to, is_rest);
    }
    let mut at = 0;
    while at < len {
        let run = owners[at..]
            .iter()
            .take_while(|it| **it == owners[at])
            .count();
        if run < MIN_PIECE {
            owners[at..at + run].fill(false);
        }
        at += run;
    }
    owners
}

/// Gives a module other data than it had.
pub(super) fn replace(module: &mut Module, memory: MemoryId, pieces: &[Piece]) {
    let old: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for data in old {
        module.data.delete(data);
    }
    let added: Vec<_> = pieces
        .iter()
        .map(|piece| {
            let offset = ConstExpr::Value(Value::I32(piece.address.cast_signed()));
            let kind = DataKind::Active { memory, offset };
            module.data.add(kind, piece.bytes.clone())
        })
        .collect();
    module.memories.get_mut(memory).data_segments = added.into_iter().collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_web::split::links::Datum;

    #[test]
    fn what_only_the_rest_refers_to_is_cut_out() {
        // 16 bytes of the first part, 32 of the rest with a gap in between, 8 of the first part.
        check(
            &[0..16, 16..30, 32..48, 48..56],
            &[1, 2],
            "first 16, rest 32, first 8",
        );
    }

    #[test]
    fn small_pieces_stay_where_they_are() {
        check(&[0..16, 16..20, 20..56], &[1], "first 56");
    }

    #[test]
    fn what_nobody_owns_stays_in_the_first_part() {
        check(&[20..40, 40..56], &[0], "first 20, rest 20, first 16");
    }

    #[track_caller]
    fn check(data: &[std::ops::Range<u32>], rest: &[usize], expected: &str) {
        const START: u32 = 1024;
        let data = data.iter().map(|it| Datum {
            range: it.start + START..it.end + START,
            refers: Vec::new(),
        });
        let links = Links {
            data: data.collect(),
            ..Links::default()
        };
        let owners = owners(START, 56, &links, &rest.iter().copied().collect());
        let runs = owners.chunk_by(|a, b| a == b).map(|run| {
            let part = if run[0] { "rest" } else { "first" };
            format!("{part} {}", run.len())
        });
        assert_eq!(runs.collect::<Vec<_>>().join(", "), expected);
    }
}
