//! What the linker knows of a module: where each datum stands, and what refers to what.
//!
//! It writes that down when it is asked to keep its relocations (`--emit-relocs`).

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasmparser::{
    DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocSectionReader,
    RelocationType, SymbolInfo, TypeRef,
};

/// What refers to what.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Disjoint and ascending.
    pub(super) data: Vec<Datum>,
    /// What functions refer to, by their names. Calls are left out: the code tells them.
    pub(super) functions: HashMap<String, Vec<Target>>,
}

/// A piece of memory that is there from the start.
#[derive(Debug)]
pub(super) struct Datum {
    pub(super) range: Range<u32>,
    pub(super) refers: Vec<Target>,
}

/// What is referred to.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// A function, through its place in the table.
    Function(String),
    /// A datum, by its index.
    Datum(usize),
}

impl Links {
    /// Reads what the linker wrote.
    pub(super) fn read(linked: &[u8]) -> Result<Self> {
        Sections::read(linked)?.links()
    }

    /// The datum that an address belongs to.
    fn datum_at(&self, address: u32) -> Option<usize> {
        let at = self.data.partition_point(|it| it.range.end <= address);
        let datum = self.data.get(at)?;
        datum.range.contains(&address).then_some(at)
    }
}

/// The sections that matter. Ranges without a type are of the file.
#[derive(Default)]
struct Sections<'a> {
    imported_functions: usize,
    names: HashMap<u32, &'a str>,
    code_start: usize,
    bodies: Vec<Range<usize>>,
    data_start: usize,
    segments: Vec<Segment>,
    symbols: Vec<SymbolInfo<'a>>,
    of_code: Option<RelocSectionReader<'a>>,
    of_data: Option<RelocSectionReader<'a>>,
}

struct Segment {
    address: u32,
    bytes: Range<usize>,
}

impl<'a> Sections<'a> {
    fn read(linked: &'a [u8]) -> Result<Self> {
        let mut sections = Self::default();
        for payload in Parser::new(0).parse_all(linked) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_));
                        sections.imported_functions += usize::from(is_function);
                    }
                }
                Payload::CodeSectionStart { range, .. } => sections.code_start = range.start,
                Payload::CodeSectionEntry(body) => sections.bodies.push(body.range()),
                Payload::DataSection(data) => {
                    sections.data_start = data.range().start;
                    for segment in data {
                        sections.segments.push(Segment::of(&segment?)?);
                    }
                }
                Payload::CustomSection(custom) => sections.take_custom(&custom)?,
                _ => {}
            }
        }
        Ok(sections)
    }

    fn take_custom(&mut self, custom: &wasmparser::CustomSectionReader<'a>) -> Result<()> {
        match (custom.name(), custom.as_known()) {
            (_, KnownCustom::Name(names)) => {
                for name in names {
                    if let Name::Function(map) = name? {
                        for entry in map {
                            let entry = entry?;
                            self.names.insert(entry.index, entry.name);
                        }
                    }
                }
            }
            (_, KnownCustom::Linking(linking)) => {
                for part in linking.subsections() {
                    if let Linking::SymbolTable(symbols) = part? {
                        self.symbols = symbols.into_iter().collect::<Result<_, _>>()?;
                    }
                }
            }
            ("reloc.CODE", KnownCustom::Reloc(reader)) => self.of_code = Some(reader),
            ("reloc.DATA", KnownCustom::Reloc(reader)) => self.of_data = Some(reader),
            _ => {}
        }
        Ok(())
    }

    fn links(&self) -> Result<Links> {
        let mut links = Links {
            data: self.data(),
            ..Links::default()
        };
        let of_code = self
            .of_code
            .as_ref()
            .context("the linker kept no relocations")?;
        for entry in of_code.entries() {
            let entry = entry?;
            let Some(target) = self.target(&links, entry.ty, entry.index)? else {
                continue;
            };
            let at = self.code_start + entry.offset as usize;
            let body = self.bodies.partition_point(|it| it.end <= at);
            let function = u32::try_from(self.imported_functions + body)?;
            let name = self
                .names
                .get(&function)
                .context("a function has no name")?;
            let refers = links.functions.entry((*name).to_owned()).or_default();
            refers.push(target);
        }
        for entry in self.of_data.iter().flat_map(RelocSectionReader::entries) {
            let entry = entry?;
            let target = self.target(&links, entry.ty, entry.index)?;
            let at = self.data_start + entry.offset as usize;
            let datum = self.address(at).and_then(|it| links.datum_at(it));
            if let (Some(target), Some(datum)) = (target, datum) {
                links.data[datum].refers.push(target);
            } else {
                ensure!(datum.is_some(), "a relocation stands in no datum");
            }
        }
        Ok(links)
    }

    /// What has bytes in the file; where symbols overlap, one datum for all of them.
    fn data(&self) -> Vec<Datum> {
        let mut ranges: Vec<_> = self
            .symbols
            .iter()
            .filter_map(|it| self.range(it))
            .collect();
        ranges.sort_by_key(|it| (it.start, it.end));
        let mut data: Vec<Datum> = Vec::new();
        for range in ranges.into_iter().filter(|it| !it.is_empty()) {
            match data.last_mut() {
                Some(last) if range.start < last.range.end => {
                    last.range.end = last.range.end.max(range.end);
                }
                _ => data.push(Datum {
                    range,
                    refers: Vec::new(),
                }),
            }
        }
        data
    }

    fn range(&self, symbol: &SymbolInfo<'_>) -> Option<Range<u32>> {
        let SymbolInfo::Data { symbol, .. } = symbol else {
            return None;
        };
        let symbol = symbol.as_ref()?;
        let start = self.segments.get(symbol.index as usize)?.address + symbol.offset;
        Some(start..start + symbol.size)
    }

    fn target(&self, links: &Links, ty: RelocationType, index: u32) -> Result<Option<Target>> {
        use RelocationType as Type;
        let symbol = || self.symbols.get(index as usize).context("no such symbol");
        Ok(match ty {
            Type::TableIndexSleb | Type::TableIndexI32 => match symbol()? {
                SymbolInfo::Func { index, .. } => {
                    let name = self.names.get(index).context("a function has no name")?;
                    Some(Target::Function((*name).to_owned()))
                }
                _ => None,
            },
            Type::MemoryAddrLeb | Type::MemoryAddrSleb | Type::MemoryAddrI32 => {
                let range = self.range(symbol()?);
                let datum = range.and_then(|it| links.datum_at(it.start));
                datum.map(Target::Datum)
            }
            Type::FunctionIndexLeb
            | Type::TypeIndexLeb
            | Type::GlobalIndexLeb
            | Type::TableNumberLeb => None,
            other => anyhow::bail!("a relocation is of a kind that is not known: {other:?}"),
        })
    }

    fn address(&self, at: usize) -> Option<u32> {
        let segment = self.segments.iter().find(|it| it.bytes.contains(&at))?;
        Some(segment.address + (at - segment.bytes.start) as u32)
    }
}

impl Segment {
    fn of(data: &wasmparser::Data<'_>) -> Result<Self> {
        let DataKind::Active { offset_expr, .. } = &data.kind else {
            anyhow::bail!("a segment of data has no place");
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            anyhow::bail!("a segment of data stands at a place that is not known");
        };
        Ok(Self {
            address: value.cast_unsigned(),
            bytes: data.range.end - data.data.len()..data.range.end,
        })
    }
}
