//! One module of WebAssembly in two files: what is needed at once, and the rest.
//!
//! Both share memory, tables and globals, so that the program notices nothing. A function of the
//! rest that the first part calls stands there as a few instructions that call it through the
//! table; the rest fills in the table when it arrives. One that is called before that fetches the
//! rest at once, while all else stands still: a wrong choice of parts costs time and breaks nothing.
//!
//! What belongs to the rest is found by name ([`Later`]): those functions, and all functions and
//! data that only they need. What needs which data the linker tells ([`Links`]).

mod data;
mod graph;
mod later;
mod links;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportedFunction, MemoryId, Module, ModuleConfig, TableId, ValType,
};

use data::Pieces;
use graph::{Graph, demangled, functions};
pub(super) use later::Later;
use links::Links;

/// The two files.
pub(super) struct Parts {
    pub(super) first: Vec<u8>,
    pub(super) rest: Vec<u8>,
}

/// Splits a module: `linked` is what the linker wrote, `wasm` the same with its bindings, in which
/// functions still have their names.
pub(super) fn split(linked: &[u8], wasm: &[u8], later: &Later, keep_names: bool) -> Result<Parts> {
    let (mut first, mut rest) = (parse(wasm, keep_names)?, parse(wasm, keep_names)?);
    let plan = Plan::of(&first, &Links::read(linked)?, later)?;
    plan.make_first(&mut first)?;
    plan.make_rest(&mut rest)?;
    Ok(Parts {
        first: emit(first),
        rest: emit(rest),
    })
}

fn emit(mut module: Module) -> Vec<u8> {
    walrus::passes::gc::run(&mut module);
    for function in module.funcs.iter_mut() {
        let readable = function.name.as_deref().map(demangled);
        function.name = readable;
    }
    module.emit_wasm()
}

fn parse(wasm: &[u8], keep_names: bool) -> Result<Module> {
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(keep_names)
        .generate_producers_section(false);
    Module::from_buffer_with_config(wasm, &config).context("could not read the module")
}

/// What goes where. Functions are counted as they stand in the module, which both copies share.
struct Plan {
    /// Those of the rest that the first part needs, with their place in the table.
    forwarded: BTreeMap<usize, u32>,
    /// Those of the first part that the rest calls.
    shared: BTreeSet<usize>,
    /// The places of the table that the first part fills in.
    first_fills: BTreeMap<u32, usize>,
    /// The places of the table that the rest fills in.
    fills: BTreeMap<u32, usize>,
    table_size: u32,
    pieces: Pieces,
}

impl Plan {
    fn of(module: &Module, links: &Links, later: &Later) -> Result<Self> {
        let table = main_table(module)?;
        let graph = Graph::of(module, links);
        let first = graph.first(later);
        let count = graph.functions();
        let is_rest = |it: &usize| *it < count && graph.is_local[*it] && !first.contains(it);
        let needed = first.iter().flat_map(|it| graph.needs(*it));
        let needed: BTreeSet<_> = needed.chain(graph.exported.iter().copied()).collect();
        let forwarded: BTreeSet<_> = needed.into_iter().filter(is_rest).collect();
        let shared = (0..graph.nodes()).filter(|it| !first.contains(it));
        let shared = shared.flat_map(|it| graph.calls(it));
        let shared = shared.filter(|it| graph.is_local[*it] && first.contains(it));
        let items = table_items(module, table)?;
        let items = items
            .into_iter()
            .map(|(slot, id)| (slot, graph.indexes[&id]));
        let (fills, first_fills): (BTreeMap<_, _>, BTreeMap<_, _>) =
            items.partition(|(_, function)| is_rest(function));
        let rest_data = 0..links.data.len();
        let rest_data = rest_data.filter(|it| !first.contains(&(count + it)));
        let mut plan = Self {
            forwarded: BTreeMap::new(),
            shared: shared.collect(),
            first_fills,
            fills,
            table_size: u32::try_from(module.tables.get(table).initial)?,
            pieces: data::cut(module, links, &rest_data.collect())?,
        };
        for function in forwarded {
            plan.forward(function);
        }
        Ok(plan)
    }

    /// Lets the first part call a function of the rest.
    fn forward(&mut self, function: usize) {
        let listed = self.fills.iter().filter(|(_, it)| **it == function);
        let listed: Vec<_> = listed.map(|(slot, _)| *slot).collect();
        for slot in &listed {
            self.first_fills.insert(*slot, function);
        }
        let slot = listed.first().copied().unwrap_or_else(|| {
            self.fills.insert(self.table_size, function);
            self.table_size += 1;
            self.table_size - 1
        });
        self.forwarded.insert(function, slot);
    }

    fn make_first(&self, module: &mut Module) -> Result<()> {
        let ids = functions(module);
        let is_complete = {
            let zero = ConstExpr::Value(Value::I32(0));
            module.globals.add_local(ValType::I32, true, false, zero)
        };
        module.exports.add("is_complete", is_complete);
        let nothing = module.types.add(&[], &[]);
        let (demand, _) = module.add_import_func("later", "demand", nothing);
        let mut ensure = FunctionBuilder::new(&mut module.types, &[], &[]);
        ensure
            .func_body()
            .global_get(is_complete)
            .unop(walrus::ir::UnaryOp::I32Eqz)
            .if_else(None, |then| _ = then.call(demand), |_| {});
        let ensure = ensure.finish(vec![], &mut module.funcs);
        let table = main_table(module)?;
        for (&function, &slot) in &self.forwarded {
            forward(module, ids[function], (table, slot), ensure);
        }
        fill(module, table, &ids, &self.first_fills);
        self.resize(module, table);
        data::replace(module, main_memory(module)?, &self.pieces.first);
        for &function in &self.shared {
            module.exports.add(&format!("f{function}"), ids[function]);
        }
        for (name, item) in places(module) {
            module.exports.add(&name, item);
        }
        Ok(())
    }

    fn make_rest(&self, module: &mut Module) -> Result<()> {
        let ids = functions(module);
        for export in module
            .exports
            .iter()
            .map(walrus::Export::id)
            .collect::<Vec<_>>()
        {
            module.exports.delete(export);
        }
        for (name, item) in places(module) {
            import(module, &name, item)?;
        }
        for &function in &self.shared {
            let id = ids[function];
            let ty = module.funcs.get(id).ty();
            let import = module.imports.add("first", &format!("f{function}"), id);
            let imported = ImportedFunction { import, ty };
            module.funcs.get_mut(id).kind = FunctionKind::Import(imported);
        }
        module.start = None;
        let table = main_table(module)?;
        self.resize(module, table);
        fill(module, table, &ids, &self.fills);
        data::replace(module, main_memory(module)?, &self.pieces.rest);
        Ok(())
    }

    fn resize(&self, module: &mut Module, table: TableId) {
        let table = module.tables.get_mut(table);
        table.initial = self.table_size.into();
        table.maximum = table.maximum.map(|it| it.max(self.table_size.into()));
    }
}

/// Lets a function call the one at a place of a table.
fn forward(module: &mut Module, id: FunctionId, place: (TableId, u32), ensure: FunctionId) {
    let (table, slot) = place;
    let ty = module.funcs.get(id).ty();
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let arguments: Vec<_> = params.iter().map(|it| module.locals.add(*it)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    body.call(ensure);
    for argument in &arguments {
        body.local_get(*argument);
    }
    body.i32_const(slot.cast_signed());
    body.call_indirect(ty, table);
    let function = builder.local_func(arguments);
    module.funcs.get_mut(id).kind = FunctionKind::Local(function);
}

fn main_table(module: &Module) -> Result<TableId> {
    let table = module.tables.main_function_table()?;
    table.context("the module has no table of functions")
}

fn main_memory(module: &Module) -> Result<MemoryId> {
    let memory = module.memories.iter().next();
    Ok(memory.context("the module has no memory")?.id())
}

/// Fills places of a table, and no others.
fn fill(module: &mut Module, table: TableId, ids: &[FunctionId], places: &BTreeMap<u32, usize>) {
    let segments = std::mem::take(&mut module.tables.get_mut(table).elem_segments);
    for segment in segments {
        module.elements.delete(segment);
    }
    for (start, run) in runs(places) {
        let kind = ElementKind::Active {
            table,
            offset: ConstExpr::Value(Value::I32(start.cast_signed())),
        };
        let items = run.into_iter().map(|it| ids[it]).collect();
        let segment = module.elements.add(kind, ElementItems::Functions(items));
        let table = module.tables.get_mut(table);
        table.elem_segments.insert(segment);
    }
}

/// The functions of a table, with their places.
fn table_items(module: &Module, wanted: TableId) -> Result<Vec<(u32, FunctionId)>> {
    let mut items = Vec::new();
    for element in module.elements.iter() {
        match (&element.kind, &element.items) {
            (ElementKind::Active { table, offset }, ElementItems::Functions(ids))
                if *table == wanted =>
            {
                let ConstExpr::Value(Value::I32(start)) = offset else {
                    bail!("a table begins at a place that is not known");
                };
                items.extend((start.cast_unsigned()..).zip(ids.iter().copied()));
            }
            (ElementKind::Declared, _) => {}
            _ => bail!("a segment of functions is of a kind that is not known"),
        }
    }
    Ok(items)
}

/// What both parts share, with the names that they know it by.
fn places(module: &Module) -> Vec<(String, ExportItem)> {
    let memories = module.memories.iter().map(|it| ExportItem::Memory(it.id()));
    let tables = module.tables.iter().map(|it| ExportItem::Table(it.id()));
    let globals = module.globals.iter().map(|it| ExportItem::Global(it.id()));
    let items = memories.chain(tables).chain(globals);
    (0..)
        .zip(items)
        .map(|(number, item): (u32, _)| (format!("s{number}"), item))
        .collect()
}

/// Takes something from the first part instead of having it.
fn import(module: &mut Module, name: &str, item: ExportItem) -> Result<()> {
    match item {
        ExportItem::Memory(id) => {
            let import = module.imports.add("first", name, id);
            module.memories.get_mut(id).import = Some(import);
        }
        ExportItem::Table(id) => {
            let import = module.imports.add("first", name, id);
            module.tables.get_mut(id).import = Some(import);
        }
        ExportItem::Global(id) => {
            let import = module.imports.add("first", name, id);
            module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        ExportItem::Function(_) | ExportItem::Tag(_) => bail!("{name} cannot be shared"),
    }
    Ok(())
}

/// Neighbors in a table, each run with its start.
fn runs(fills: &BTreeMap<u32, usize>) -> Vec<(u32, Vec<usize>)> {
    let mut runs: Vec<(u32, Vec<usize>)> = Vec::new();
    for (&slot, &function) in fills {
        match runs.last_mut() {
            Some((start, run)) if *start as usize + run.len() == slot as usize => {
                run.push(function);
            }
            _ => runs.push((slot, vec![function])),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_in_a_table_are_filled_in_together() {
        let fills = BTreeMap::from([(3, 30), (4, 40), (9, 90)]);
        assert_eq!(runs(&fills), [(3, vec![30, 40]), (9, vec![90])]);
    }
}
