//! Who needs whom: functions and data of a module, and what each refers to.

use std::collections::{BTreeSet, HashMap};

use walrus::ir::{Visitor, dfs_in_order};
use walrus::{ElementItems, ExportItem, FunctionId, FunctionKind, Module};

use super::later::Later;
use super::links::{Links, Target};

/// A module as a graph. Its nodes are the functions, counted as they stand in the module, and
/// after them the data.
pub(super) struct Graph {
    /// What is called from outside.
    pub(super) exported: Vec<usize>,
    pub(super) is_local: Vec<bool>,
    pub(super) indexes: HashMap<FunctionId, usize>,
    names: Vec<String>,
    calls: Vec<BTreeSet<usize>>,
    /// What each node refers to without calling it.
    refers: Vec<BTreeSet<usize>>,
    roots: Vec<usize>,
}

impl Graph {
    pub(super) fn of(module: &Module, links: &Links) -> Self {
        let ids = functions(module);
        let indexes: HashMap<_, _> = ids.iter().copied().zip(0..).collect();
        let linked: Vec<_> = ids.iter().map(|id| linked_name(module, *id)).collect();
        let nodes = Nodes::of(&linked);
        let refers = nodes.refers(links);
        let exported: Vec<_> = module
            .exports
            .iter()
            .filter_map(|export| match export.item {
                ExportItem::Function(id) => Some(indexes[&id]),
                _ => None,
            })
            .collect();
        // What stands in the table without the linker's doing is called from outside as well.
        let known: BTreeSet<_> = refers.iter().flatten().copied().collect();
        let listed = module.elements.iter().flat_map(|it| match &it.items {
            ElementItems::Functions(ids) => ids.clone(),
            ElementItems::Expressions(..) => Vec::new(),
        });
        let listed = listed.map(|id| indexes[&id]);
        let started = module.start.map(|id| indexes[&id]);
        Self {
            roots: listed
                .filter(|it| !known.contains(it))
                .chain(exported.iter().copied())
                .chain(started)
                .chain(nodes.of_unknown(links))
                .collect(),
            exported,
            is_local: ids
                .iter()
                .map(|&id| matches!(module.funcs.get(id).kind, FunctionKind::Local(_)))
                .collect(),
            names: linked.iter().map(|it| demangled(it)).collect(),
            calls: ids
                .iter()
                .map(|&id| callees(module, id, &indexes))
                .collect(),
            refers,
            indexes,
        }
    }

    /// All that can be reached without the functions that are needed later.
    pub(super) fn first(&self, later: &Later) -> BTreeSet<usize> {
        let is_later: Vec<_> = self
            .names
            .iter()
            .zip(&self.is_local)
            .map(|(name, is_local)| *is_local && later.has(name))
            .collect();
        let is_later = |it: usize| is_later.get(it) == Some(&true);
        let mut reached = BTreeSet::new();
        let roots = self.roots.iter().copied().filter(|it| !is_later(*it));
        let mut next: Vec<usize> = roots.collect();
        while let Some(node) = next.pop() {
            if reached.insert(node) {
                let needed = self.needs(node);
                next.extend(needed.filter(|it| !is_later(*it) || later.shares(&self.names[*it])));
            }
        }
        reached
    }

    /// What a node needs: what it calls, and what it refers to.
    pub(super) fn needs(&self, node: usize) -> impl Iterator<Item = usize> {
        self.calls(node).chain(self.refers[node].iter().copied())
    }

    /// What a function calls.
    pub(super) fn calls(&self, node: usize) -> impl Iterator<Item = usize> {
        self.calls.get(node).into_iter().flatten().copied()
    }

    /// How many nodes are functions.
    pub(super) fn functions(&self) -> usize {
        self.names.len()
    }

    /// How many nodes there are.
    pub(super) fn nodes(&self) -> usize {
        self.refers.len()
    }
}

/// The functions of a module, in its order.
pub(super) fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(walrus::Function::id).collect()
}

/// A name as a person reads it, without the hashes of crates.
pub(super) fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

fn linked_name(module: &Module, id: FunctionId) -> String {
    module.funcs.get(id).name.clone().unwrap_or_default()
}

/// What the linker names, as nodes.
struct Nodes<'a> {
    by_name: HashMap<&'a str, Vec<usize>>,
    functions: usize,
}

impl<'a> Nodes<'a> {
    fn of(names: &'a [String]) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            by_name.entry(name).or_default().push(at);
        }
        Self {
            by_name,
            functions: names.len(),
        }
    }

    /// The functions of a name. Where wasm-bindgen exports one, it takes a hash off its name.
    fn named(&self, name: &str) -> &[usize] {
        let exported = || name.rsplit_once('_').map_or("", |(name, _hash)| name);
        let found = self.by_name.get(name);
        found
            .or_else(|| self.by_name.get(exported()))
            .map_or(&[], Vec::as_slice)
    }

    fn targets(&self, targets: &[Target]) -> Vec<usize> {
        let node = |target: &Target| match target {
            Target::Function(name) => self.named(name).to_vec(),
            Target::Datum(at) => vec![self.functions + at],
        };
        targets.iter().flat_map(node).collect()
    }

    /// What each node refers to.
    fn refers(&self, links: &Links) -> Vec<BTreeSet<usize>> {
        let mut refers = vec![BTreeSet::new(); self.functions];
        for (name, targets) in &links.functions {
            for function in self.named(name) {
                refers[*function].extend(self.targets(targets));
            }
        }
        let data = links.data.iter().map(|it| self.targets(&it.refers));
        refers.extend(data.map(BTreeSet::from_iter));
        refers
    }

    /// What is referred to by functions that are not there: wasm-bindgen has put others in their
    /// place, which may need the same.
    fn of_unknown(&self, links: &Links) -> Vec<usize> {
        let unknown = links.functions.iter();
        let unknown = unknown.filter(|(name, _)| self.named(name).is_empty());
        unknown.flat_map(|(_, it)| self.targets(it)).collect()
    }
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

fn callees(
    module: &Module,
    id: FunctionId,
    indexes: &HashMap<FunctionId, usize>,
) -> BTreeSet<usize> {
    let mut callees = Callees {
        indexes,
        found: BTreeSet::new(),
    };
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        dfs_in_order(&mut callees, function, function.entry_block());
    }
    callees.found
}
