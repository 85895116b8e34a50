//! The argument of `json_schema!`: JSON in which parenthesized expressions name other types.

use serde_json::{Map, Value};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Expr, GenericArgument, Lit, LitStr, Macro, Stmt, Token, Type, braced, bracketed, parenthesized,
};

/// Reads `json_schema!({ … })`. A type becomes `{"$ref": "crate::path::Type"}`.
pub(crate) fn json(call: &Macro) -> syn::Result<Value> {
    Ok(call.parse_body::<Json>()?.0)
}

/// A text literal.
pub(crate) fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

struct Json(Value);

struct Entry {
    key: LitStr,
    value: Json,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse()?;
        input.parse::<Token![:]>()?;
        let value = input.parse()?;
        Ok(Entry { key, value })
    }
}

impl Parse for Json {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        if input.peek(syn::token::Brace) {
            braced!(content in input);
            let entries = Punctuated::<Entry, Token![,]>::parse_terminated(&content)?;
            let entries = entries.into_iter();
            let object: Map<String, Value> = entries
                .map(|entry| (entry.key.value(), entry.value.0))
                .collect();
            return Ok(Json(Value::Object(object)));
        }
        if input.peek(syn::token::Bracket) {
            bracketed!(content in input);
            let items = Punctuated::<Json, Token![,]>::parse_terminated(&content)?;
            return Ok(Json(items.into_iter().map(|item| item.0).collect()));
        }
        if input.peek(Lit) {
            return literal(&input.parse()?).map(Json);
        }
        if input.peek(syn::token::Paren) {
            parenthesized!(content in input);
            return reference(&content.parse()?).map(Json);
        }
        reference(&input.parse()?).map(Json)
    }
}

fn literal(lit: &Lit) -> syn::Result<Value> {
    match lit {
        Lit::Str(text) => Ok(text.value().into()),
        Lit::Bool(value) => Ok(value.value.into()),
        Lit::Int(number) => Ok(number.base10_parse::<i64>()?.into()),
        other => Err(syn::Error::new_spanned(other, "an unknown literal")),
    }
}

/// Reads `__gen.subschema_for::<T>()`, alone or in a block that adds a description.
fn reference(expr: &Expr) -> syn::Result<Value> {
    let unknown = || syn::Error::new_spanned(expr, "an unknown way to name a type");
    let block = match expr {
        Expr::MethodCall(_) => return Ok(subschema(expr).ok_or_else(unknown)?.into()),
        Expr::Block(block) => &block.block,
        _ => return Err(unknown()),
    };
    let mut schema = Map::new();
    for statement in &block.stmts {
        match statement {
            Stmt::Local(local) => {
                let value = local.init.as_ref().ok_or_else(unknown)?;
                schema = subschema(&value.expr).ok_or_else(unknown)?;
            }
            Stmt::Expr(Expr::MethodCall(insert), Some(_)) if insert.method == "insert" => {
                let mut arguments = insert.args.iter().map(converted);
                let (Some(Some(key)), Some(Some(value))) = (arguments.next(), arguments.next())
                else {
                    return Err(unknown());
                };
                schema.insert(key, value.into());
            }
            Stmt::Expr(Expr::Path(_), None) => {}
            _ => return Err(unknown()),
        }
    }
    Ok(schema.into())
}

/// The text of `"…".into()`.
fn converted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::MethodCall(call) if call.method == "into" => text(&call.receiver),
        _ => None,
    }
}

fn subschema(expr: &Expr) -> Option<Map<String, Value>> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    let arguments = call.turbofish.as_ref()?;
    if call.method != "subschema_for" {
        return None;
    }
    let GenericArgument::Type(Type::Path(path)) = arguments.args.first()? else {
        return None;
    };
    let segments = path.path.segments.iter();
    let names: Vec<String> = segments.map(|segment| segment.ident.to_string()).collect();
    Some(Map::from_iter([(
        "$ref".to_owned(),
        names.join("::").into(),
    )]))
}
