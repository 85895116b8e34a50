//! One source file of `k8s-openapi`: the schema of its type, its kind, and how its lists merge.

use crate::literal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use syn::{Expr, ImplItem, ItemImpl, Type};

/// What a file says of its type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    /// The Rust name.
    pub(crate) type_name: String,
    /// The name of the definition.
    pub(crate) definition: String,
    /// Its JSON schema; references are Rust paths.
    pub(crate) schema: Value,
    pub(crate) resource: Option<Resource>,
    /// By Rust name of a field.
    pub(crate) merges: BTreeMap<String, Merge>,
}

impl Source {
    /// The names of its fields.
    pub(crate) fn fields(&self) -> Vec<String> {
        let properties = self.schema["properties"].as_object().into_iter().flatten();
        properties.map(|(name, _)| name.clone()).collect()
    }
}

/// A kind, as `impl Resource` and `impl ListableResource` tell it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resource {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) scope: String,
    pub(crate) list_kind: String,
}

/// How a list or a map merges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merge {
    AtomicMap,
    Set,
    /// Rust names of the keys.
    Map(Vec<String>),
}

/// Every file of a release with its path as Rust writes it: `crate::api::core::v1`.
pub(crate) fn files(root: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let mut found = Vec::new();
    walk(root, "crate", &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, module: &str, found: &mut Vec<(String, PathBuf)>) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            walk(&path, &format!("{module}::{name}"), found)?;
        } else if name != "mod.rs" {
            found.push((module.to_owned(), path));
        }
    }
    Ok(())
}

/// Reads a file. `None` where it holds no schema.
pub(crate) fn read(text: &str) -> syn::Result<Option<Source>> {
    let mut source = Source::default();
    for block in blocks(text) {
        let item: ItemImpl = syn::parse_str(block)?;
        let Some((interface, _)) = &item.trait_ else {
            continue;
        };
        let interface = interface.segments.last();
        match interface
            .map_or(String::new(), |last| last.ident.to_string())
            .as_str()
        {
            "Resource" => source.resource = resource(&item),
            "ListableResource" => {
                let list_kind = constant(&item, "LIST_KIND").unwrap_or_default();
                if let Some(resource) = &mut source.resource {
                    resource.list_kind = list_kind;
                }
            }
            "DeepMerge" => source.merges = merges(&item),
            _ => {
                source.type_name = last_name(&item.self_ty);
                (source.definition, source.schema) = schema(&item)?;
            }
        }
    }
    Ok((!source.definition.is_empty()).then_some(source))
}

/// The `impl` blocks that matter. They are a quarter of the text, and parsing is what costs.
/// The files are generated: an item begins and ends at the start of a line.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("\nimpl").map(|(at, _)| at + 1);
    starts.filter_map(|start| {
        let rest = &text[start..];
        let header = rest.lines().next().unwrap_or("");
        let wanted = [
            " crate::Resource for ",
            " crate::ListableResource for ",
            " crate::DeepMerge for ",
            " crate::schemars::JsonSchema for ",
        ];
        let end = rest.find("\n}")? + 2;
        wanted
            .iter()
            .any(|name| header.contains(name))
            .then(|| &rest[..end])
    })
}

/// The kind. `None` for the generic list, whose constants are those of its items.
fn resource(item: &ItemImpl) -> Option<Resource> {
    let scope = item.items.iter().find_map(|item| match item {
        ImplItem::Type(alias) if alias.ident == "Scope" => Some(last_name(&alias.ty)),
        _ => None,
    })?;
    Some(Resource {
        group: constant(item, "GROUP")?,
        version: constant(item, "VERSION")?,
        kind: constant(item, "KIND")?,
        plural: constant(item, "URL_PATH_SEGMENT")?,
        scope,
        list_kind: String::new(),
    })
}

fn constant(item: &ItemImpl, name: &str) -> Option<String> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Const(constant) if constant.ident == name => literal::text(&constant.expr),
        _ => None,
    })
}

fn last_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

fn schema(item: &ItemImpl) -> syn::Result<(String, Value)> {
    let (mut name, mut schema) = (String::new(), Value::Null);
    for item in &item.items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        let Some(syn::Stmt::Expr(body, _)) = function.block.stmts.last() else {
            continue;
        };
        match (function.sig.ident.to_string().as_str(), body) {
            ("schema_name", Expr::MethodCall(call)) => {
                name = literal::text(&call.receiver).unwrap_or_default();
            }
            ("json_schema", Expr::Macro(call)) => schema = literal::json(&call.mac)?,
            _ => {
                return Err(syn::Error::new_spanned(
                    body,
                    "an unknown way to tell a schema",
                ));
            }
        }
    }
    Ok((name, schema))
}

/// Reads the calls `merge_strategies::list::map(&mut self.field, …, &[|lhs, rhs| lhs.key == …], …)`.
fn merges(item: &ItemImpl) -> BTreeMap<String, Merge> {
    let functions = item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(&function.block.stmts),
        _ => None,
    });
    functions.flatten().filter_map(merge).collect()
}

fn merge(statement: &syn::Stmt) -> Option<(String, Merge)> {
    let syn::Stmt::Expr(Expr::Call(call), _) = statement else {
        return None;
    };
    let Expr::Path(function) = &*call.func else {
        return None;
    };
    let path = function.path.segments.iter();
    let path: Vec<String> = path.map(|segment| segment.ident.to_string()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let merge = match path.as_slice() {
        [.., "map", "atomic"] => Merge::AtomicMap,
        [.., "list", "set"] => Merge::Set,
        [.., "list", "map"] => Merge::Map(keys(call.args.get(2)?)?),
        _ => return None,
    };
    let Expr::Reference(field) = call.args.first()? else {
        return None;
    };
    Some((member(&field.expr)?, merge))
}

/// The fields that closures like `|lhs, rhs| lhs.key == rhs.key` compare.
///
/// `None` where one looks deeper, as for templates of volume claims: no server merges by that.
fn keys(comparisons: &Expr) -> Option<Vec<String>> {
    let Expr::Reference(list) = comparisons else {
        return None;
    };
    let Expr::Array(list) = &*list.expr else {
        return None;
    };
    let key = |comparison: &Expr| match comparison {
        Expr::Closure(closure) => match &*closure.body {
            Expr::Binary(binary) => member(&binary.left),
            _ => None,
        },
        _ => None,
    };
    list.elems.iter().map(key).collect()
}

/// The field of `variable.field`.
fn member(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Field(field) if matches!(*field.base, Expr::Path(_)) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}
