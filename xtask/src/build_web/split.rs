//! One module of WebAssembly in two files: what is needed before one can type, and the rest.
//!
//! Both share memory, tables and globals, so that the program notices nothing. A function of the
//! rest that the first part calls stands there as a few instructions that call it through the
//! table; the rest fills in the table when it arrives. One that is called before that fetches the
//! rest at once, while the page stands still: a wrong choice of parts costs time and breaks nothing.
//!
//! What belongs to the rest is found by name: the functions of [`LATER`], and all that only they
//! call.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result, bail};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportedFunction, Module, ModuleConfig, TableId, ValType,
};

/// Parts of the names of what is not needed to type.
const LATER: &[&str] = &[
    "yew::",
    "serde::",
    "serde_core::",
    "serde_json::",
    "api_types::",
    "gloo_net::",
    "editor_wasm::api",
    "editor_wasm::app",
    "editor_wasm::drafts",
    "editor_wasm::json",
    "editor_wasm::loading",
    "editor_wasm::lsp",
    "editor_wasm::mount_",
    "editor_wasm::navigation",
    "editor_wasm::pages",
    "editor_wasm::parts",
    "editor_wasm::popups",
    "editor_wasm::route",
    "editor_wasm::time",
    "editor_core::folding",
    "editor_core::wrap",
    "editor_wasm::view::finding",
    "editor_core::commands::titles",
    "editor_core::commands::carets::add_",
    "editor_core::commands::comment",
    "editor_core::commands::lines",
    "commands::Command>::rare_transaction",
    "editor_wasm::storage",
    "editor_wasm::view::language",
    "editor_wasm::view::listing",
    "editor_wasm::view::Editor ",
    "Rc<editor_wasm::view::editing::Editing>>::drop_slow",
    "workbench::mount",
];
/// Files whose methods are not needed to type: a method is named after its type alone.
const LATER_FILES: &[&str] = &[
    include_str!("../../../editor-wasm/src/view/finding.rs"),
    include_str!("../../../editor-wasm/src/view/folding.rs"),
    include_str!("../../../editor-wasm/src/view/hints.rs"),
    include_str!("../../../editor-wasm/src/view/language.rs"),
    include_str!("../../../editor-wasm/src/view/listing.rs"),
    include_str!("../../../editor-wasm/src/view/mirror.rs"),
    include_str!("../../../editor-wasm/src/view/options.rs"),
    include_str!("../../../editor-wasm/src/view/picking.rs"),
];
/// What is generic, and thus named after types of both parts: it goes where it is called.
const SHARED: &[&str] = &[
    "<alloc::",
    "<core::",
    "<implicit_clone::",
    "<std::",
    "<yew::callback::",
    "alloc::",
    "core::",
];

/// The two files.
pub(super) struct Parts {
    pub(super) first: Vec<u8>,
    pub(super) rest: Vec<u8>,
}

/// Splits a module that still has the names of its functions.
pub(super) fn split(wasm: &[u8], keep_names: bool) -> Result<Parts> {
    let (mut first, mut rest) = (parse(wasm, keep_names)?, parse(wasm, keep_names)?);
    let plan = Plan::of(&first)?;
    plan.make_first(&mut first)?;
    plan.make_rest(&mut rest)?;
    walrus::passes::gc::run(&mut first);
    walrus::passes::gc::run(&mut rest);
    Ok(Parts {
        first: first.emit_wasm(),
        rest: rest.emit_wasm(),
    })
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
    /// Those of the rest, with their place in the table if something else refers to them.
    rest: BTreeMap<usize, Option<u32>>,
    /// Those of the first part that the rest calls.
    shared: BTreeSet<usize>,
    /// The places of the table that the rest fills in.
    fills: BTreeMap<u32, usize>,
    table_size: u32,
}

impl Plan {
    fn of(module: &Module) -> Result<Self> {
        let table = main_table(module)?;
        let graph = Graph::of(module);
        let rest = graph.rest();
        let mut plan = Self {
            rest: rest.iter().map(|&it| (it, None)).collect(),
            shared: BTreeSet::new(),
            fills: BTreeMap::new(),
            table_size: u32::try_from(module.tables.get(table).initial)?,
        };
        for (slot, id) in table_items(module, table)? {
            let function = graph.indexes[&id];
            if let Some(place) = plan.rest.get_mut(&function) {
                place.get_or_insert(slot);
                plan.fills.insert(slot, function);
            }
        }
        for (caller, callees) in graph.calls.iter().enumerate() {
            for &callee in callees {
                match (rest.contains(&caller), rest.contains(&callee)) {
                    (true, false) => drop(plan.shared.insert(callee)),
                    (false, true) => plan.add_place(callee),
                    _ => {}
                }
            }
        }
        for export in module.exports.iter() {
            if let ExportItem::Function(id) = export.item {
                let function = graph.indexes[&id];
                if rest.contains(&function) {
                    plan.add_place(function);
                }
            }
        }
        plan.shared.retain(|&it| graph.is_local[it]);
        Ok(plan)
    }

    /// Gives a function of the rest a place in the table.
    fn add_place(&mut self, function: usize) {
        if let Some(place @ None) = self.rest.get_mut(&function) {
            *place = Some(self.table_size);
            self.fills.insert(self.table_size, function);
            self.table_size += 1;
        }
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
        for (&function, place) in &self.rest {
            if let Some(slot) = place {
                forward(module, ids[function], (table, *slot), ensure);
            }
        }
        self.resize(module, table);
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
        let segments: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
        for segment in segments {
            module.elements.delete(segment);
        }
        let data: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
        for segment in data {
            module.data.delete(segment);
        }
        module.start = None;
        let table = main_table(module)?;
        self.resize(module, table);
        for (start, run) in runs(&self.fills) {
            let kind = ElementKind::Active {
                table,
                offset: ConstExpr::Value(Value::I32(start.cast_signed())),
            };
            let items = run.into_iter().map(|it| ids[it]).collect();
            let segment = module.elements.add(kind, ElementItems::Functions(items));
            let table = module.tables.get_mut(table);
            table.elem_segments.insert(segment);
        }
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

/// Who calls whom.
struct Graph {
    names: Vec<String>,
    calls: Vec<Vec<usize>>,
    is_local: Vec<bool>,
    /// What is called from outside, through the table or as an export.
    roots: Vec<usize>,
    indexes: HashMap<FunctionId, usize>,
}

impl Graph {
    fn of(module: &Module) -> Self {
        let ids = functions(module);
        let indexes: HashMap<_, _> = ids.iter().copied().zip(0..).collect();
        let name = |id: &FunctionId| module.funcs.get(*id).name.clone().unwrap_or_default();
        let exported = module
            .exports
            .iter()
            .filter_map(|export| match export.item {
                ExportItem::Function(id) => Some(id),
                _ => None,
            });
        let listed = module.elements.iter().flat_map(|it| match &it.items {
            ElementItems::Functions(ids) => ids.clone(),
            ElementItems::Expressions(..) => Vec::new(),
        });
        let roots = exported.chain(listed).chain(module.start);
        Self {
            names: ids.iter().map(|id| plain(&name(id))).collect(),
            calls: ids
                .iter()
                .map(|&id| callees(module, id, &indexes))
                .collect(),
            is_local: ids
                .iter()
                .map(|&id| matches!(module.funcs.get(id).kind, FunctionKind::Local(_)))
                .collect(),
            roots: roots.map(|id| indexes[&id]).collect(),
            indexes,
        }
    }

    /// What cannot be reached without the functions that are needed later.
    fn rest(&self) -> BTreeSet<usize> {
        let later = Later::new();
        let is_later = |it: usize| self.is_local[it] && later.has(&self.names[it]);
        let is_shared = |it: usize| SHARED.iter().any(|part| self.names[it].starts_with(part));
        let roots = self.roots.iter().copied().filter(|it| !is_later(*it));
        let mut reached = BTreeSet::new();
        let mut next: Vec<usize> = roots.collect();
        while let Some(function) = next.pop() {
            if reached.insert(function) {
                let calls = self.calls[function].iter().copied();
                next.extend(calls.filter(|it| !is_later(*it) || is_shared(*it)));
            }
        }
        let all = 0..self.names.len();
        all.filter(|it| self.is_local[*it] && !reached.contains(it))
            .collect()
    }
}

/// What the names of later functions hold.
struct Later(Vec<String>);

impl Later {
    fn new() -> Self {
        let methods = LATER_FILES.iter().flat_map(|file| methods(file));
        let methods = methods.map(|it| format!("editing::Editing>::{it}"));
        Self(
            LATER
                .iter()
                .map(|it| (*it).to_owned())
                .chain(methods)
                .collect(),
        )
    }

    fn has(&self, name: &str) -> bool {
        // The export, and what wasm-bindgen wraps around it.
        let is_export = name == "mount" || name.starts_with("mount externref");
        is_export || self.0.iter().any(|part| mentions(name, part))
    }
}

/// Whether a name holds a part, up to the end of a word.
fn mentions(name: &str, part: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let cut = |(at, _): (usize, &str)| {
        let next = name.get(at + part.len()..).and_then(|it| it.chars().next());
        part.ends_with([':', '_', ' ']) || !next.is_some_and(is_word)
    };
    name.match_indices(part).any(cut)
}

/// The methods of a file of Rust.
fn methods(file: &str) -> impl Iterator<Item = &str> {
    let lines = file.lines().filter(|line| line.starts_with("    "));
    lines.filter_map(|line| {
        let declared = line.trim_start();
        let declared = declared.strip_prefix("pub(crate) ").unwrap_or(declared);
        let declared = declared.strip_prefix("async ").unwrap_or(declared);
        let name = declared.strip_prefix("fn ")?;
        name.split(['(', '<']).next()
    })
}

/// A name without the hashes of crates: `alloc[1a2b]::vec` is `alloc::vec`.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match after.split_once(']') {
            Some((hash, after)) if hash.len() == 16 => after,
            _ => {
                plain.push('[');
                after
            }
        };
    }
    plain + rest
}

fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(walrus::Function::id).collect()
}

struct Callees<'a> {
    indexes: &'a HashMap<FunctionId, usize>,
    found: BTreeSet<usize>,
}

impl Visitor<'_> for Callees<'_> {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.found.extend(self.indexes.get(function));
    }
}

fn callees(module: &Module, id: FunctionId, indexes: &HashMap<FunctionId, usize>) -> Vec<usize> {
    let FunctionKind::Local(function) = &module.funcs.get(id).kind else {
        return Vec::new();
    };
    let mut callees = Callees {
        indexes,
        found: BTreeSet::new(),
    };
    dfs_in_order(&mut callees, function, function.entry_block());
    callees.found.into_iter().collect()
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
            let memory = module.memories.get_mut(id);
            memory.import = Some(import);
            memory.data_segments.clear();
        }
        ExportItem::Table(id) => {
            let import = module.imports.add("first", name, id);
            let table = module.tables.get_mut(id);
            table.import = Some(import);
            table.elem_segments.clear();
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
    fn hashes_of_crates_are_left_out_of_names() {
        assert_eq!(
            plain("<alloc[0123456789abcdef]::vec::Vec<[u8]>>::push"),
            "<alloc::vec::Vec<[u8]>>::push"
        );
    }

    #[test]
    fn methods_are_known_by_the_file_they_stand_in() {
        let file =
            "impl A {\n    pub(crate) fn ask(&self) {\n    }\n    fn is<T>() {}\n}\nfn free() {}";
        assert_eq!(methods(file).collect::<Vec<_>>(), ["ask", "is"]);
        assert!(mentions("<x::Editing>::ask::{closure#0}", "Editing>::ask"));
        assert!(!mentions("<x::Editing>::ask_frame", "Editing>::ask"));
    }

    #[test]
    fn neighbors_in_a_table_are_filled_in_together() {
        let fills = BTreeMap::from([(3, 30), (4, 40), (9, 90)]);
        assert_eq!(runs(&fills), [(3, vec![30, 40]), (9, vec![90])]);
    }
}
