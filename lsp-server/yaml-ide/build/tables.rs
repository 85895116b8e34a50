//! A JSON Schema as Rust tables of the types of `src/gitlab/schema.rs`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The source text of the tables: `PIPELINE`, and those that it leads to.
///
/// # Errors
///
/// Something stands in the schema that has no table.
pub(crate) fn tables(root: &Value) -> Result<String, String> {
    let root = root.as_object().ok_or("the schema is no object")?;
    let definitions = root.get("$defs").and_then(Value::as_object);
    let writer = Writer {
        definitions: definitions.ok_or("the schema has no definitions")?,
        waiting: RefCell::default(),
    };
    let pipeline = writer.mapping(root)?;
    let mut source = format!(
        "pub(crate) static PIPELINE: Schema = Schema {{ forms: &[Form::Map(&{pipeline})] }};\n"
    );
    let mut written = BTreeSet::new();
    loop {
        let next = writer.waiting.borrow_mut().pop_first();
        let Some((table, name)) = next else {
            return Ok(source);
        };
        if written.insert((table, name)) {
            source.push_str(&writer.definition(table, name)?);
        }
    }
}

/// What is written of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    /// All forms of a value.
    Schema,
    /// Its keywords, which several values may share.
    Map,
}

struct Writer<'a> {
    definitions: &'a Object,
    /// Tables that something refers to.
    waiting: RefCell<BTreeSet<(Table, &'a str)>>,
}

impl<'a> Writer<'a> {
    fn find(&self, name: &str) -> Result<&'a Object, String> {
        let found = self.definitions.get(name).and_then(Value::as_object);
        found.ok_or_else(|| format!("no definition {name}"))
    }

    fn definition(&self, table: Table, name: &str) -> Result<String, String> {
        let constant = constant(name);
        let schema = self.find(name)?;
        Ok(match table {
            Table::Schema => {
                let value = self.table(schema)?;
                format!("pub(crate) static {constant}: Schema = {value};\n")
            }
            Table::Map => {
                let value = self.mapping(schema)?;
                format!("pub(crate) static {constant}_MAP: Map = {value};\n")
            }
        })
    }

    fn wait(&self, table: Table, name: &'a str) {
        self.waiting.borrow_mut().insert((table, name));
    }

    /// A reference to the table of a schema.
    fn reference(&self, schema: &'a Value) -> Result<String, String> {
        let Some(schema) = schema.as_object() else {
            return Ok("&Schema { forms: &[Form::Any] }".to_owned());
        };
        match alone(schema) {
            Some(name) => {
                self.wait(Table::Schema, name);
                Ok(format!("&{}", constant(name)))
            }
            None => Ok(format!("&{}", self.table(schema)?)),
        }
    }

    fn table(&self, schema: &'a Object) -> Result<String, String> {
        let mut forms = Vec::new();
        self.forms(schema, &mut forms)?;
        Ok(format!("Schema {{ forms: &[{}] }}", forms.join(", ")))
    }

    /// What a value may be; alternatives of alternatives are joined, `null` is left out.
    fn forms(&self, schema: &'a Object, forms: &mut Vec<String>) -> Result<(), String> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = short(name);
            let target = self.find(name)?;
            if target.contains_key("properties") {
                self.wait(Table::Map, name);
                forms.push(format!("Form::Map(&{}_MAP)", constant(name)));
                return Ok(());
            }
            return self.forms(target, forms);
        }
        if let Some(words) = words(schema) {
            let variables = schema.contains_key("x-variables");
            forms.push(format!("Form::Words(&[{words}], {variables})"));
            return Ok(());
        }
        let alternatives = ["anyOf", "oneOf"]
            .iter()
            .find_map(|key| schema.get(*key)?.as_array());
        if let Some(alternatives) = alternatives {
            for one in alternatives.iter().filter_map(Value::as_object) {
                self.forms(one, forms)?;
            }
            return Ok(());
        }
        match schema.get("type") {
            Some(Value::String(ty)) => self.form(ty, schema, forms),
            Some(Value::Array(types)) => {
                let mut types = types.iter().filter_map(Value::as_str);
                types.try_for_each(|ty| self.form(ty, schema, forms))
            }
            _ => {
                forms.push("Form::Any".to_owned());
                Ok(())
            }
        }
    }

    fn form(&self, ty: &str, schema: &'a Object, forms: &mut Vec<String>) -> Result<(), String> {
        let number = |key| schema.get(key).and_then(Value::as_i64);
        let form = match ty {
            "null" => return Ok(()),
            "string" => {
                let role = schema.get("x-role").and_then(Value::as_str);
                let role = role.map_or("Plain".to_owned(), camel);
                let most = number("maxLength").unwrap_or(0);
                format!("Form::Text(Role::{role}, {most})")
            }
            "boolean" => "Form::Boolean".to_owned(),
            "number" => "Form::Number".to_owned(),
            "integer" => {
                let bound = |key, open: &str| {
                    number(key).map_or_else(|| open.to_owned(), |bound| bound.to_string())
                };
                let (least, most) = (bound("minimum", "i64::MIN"), bound("maximum", "i64::MAX"));
                format!("Form::Integer({least}, {most})")
            }
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Bool(true));
                let most = number("maxItems").unwrap_or(0);
                format!("Form::List({}, {most})", self.reference(items)?)
            }
            "object" => format!("Form::Map(&{})", self.mapping(schema)?),
            other => return Err(format!("the type {other} has no table")),
        };
        forms.push(form);
        Ok(())
    }

    fn mapping(&self, schema: &'a Object) -> Result<String, String> {
        let page = schema.get("x-page").and_then(Value::as_str).unwrap_or("");
        let required = schema.get("required").and_then(Value::as_array);
        let mut fields = String::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in properties.into_iter().flatten() {
            let field = value.as_object();
            let own = |key: &str| field.and_then(|field| field.get(key));
            let text = |key: &str| own(key).and_then(Value::as_str).unwrap_or("");
            let docs = match text("x-docs") {
                "" => page.replace('*', name),
                docs => docs.to_owned(),
            };
            let default = match own("default") {
                None => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            let instead = own("x-instead").and_then(Value::as_str);
            let is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
            let about = text("description").split_whitespace().collect::<Vec<_>>();
            let schema = self.reference(value)?;
            write!(
                fields,
                "Field {{ name: {name:?}, text: {:?}, docs: {docs:?}, default: {default:?}, \
                 instead: {instead:?}, required: {is_required}, schema: {schema} }}, ",
                about.join(" ")
            )
            .map_err(|error| error.to_string())?;
        }
        let others = match schema.get("additionalProperties") {
            None | Some(Value::Bool(false)) => "None".to_owned(),
            Some(others) => format!("Some({})", self.reference(others)?),
        };
        Ok(format!("Map {{ fields: &[{fields}], others: {others} }}"))
    }
}

/// The name of the definition that a schema refers to, if that is all it says of the value.
///
/// A mapping is shared by its table of keywords.
fn alone(schema: &Object) -> Option<&str> {
    let direct = schema.get("$ref").and_then(Value::as_str);
    let optional = || {
        let [one, null] = schema.get("anyOf")?.as_array()?.as_slice() else {
            return None;
        };
        let is_null = null.get("type").and_then(Value::as_str) == Some("null");
        one.get("$ref").and_then(Value::as_str).filter(|_| is_null)
    };
    direct.or_else(optional).map(short)
}

/// The words of a closed list with what they mean.
fn words(schema: &Object) -> Option<String> {
    let mut words = String::new();
    let mut add = |word: &str, text: &str| {
        words.push_str("Word { word: ");
        words.push_str(&literal(word));
        words.push_str(", text: ");
        words.push_str(&literal(text));
        words.push_str(" }, ");
    };
    if let Some(listed) = schema.get("enum").and_then(Value::as_array) {
        for word in listed.iter().filter_map(Value::as_str) {
            add(word, "");
        }
        return Some(words);
    }
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        add(word, "");
        return Some(words);
    }
    for one in schema.get("oneOf")?.as_array()? {
        let text = one.get("description").and_then(Value::as_str).unwrap_or("");
        let word = one.get("const").and_then(Value::as_str);
        let listed = one.get("enum").and_then(Value::as_array);
        let listed = listed.into_iter().flatten().filter_map(Value::as_str);
        let both: Vec<&str> = word.into_iter().chain(listed).collect();
        if both.is_empty() {
            return None;
        }
        for word in both {
            add(word, text);
        }
    }
    Some(words)
}

/// A text as Rust writes it.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

fn short(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// `JobRule` as `JOB_RULE`.
fn constant(name: &str) -> String {
    let mut constant = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !constant.is_empty() && !constant.ends_with('_') {
            constant.push('_');
        }
        constant.extend(c.to_uppercase());
    }
    constant
}

/// `cache-key` as `CacheKey`.
fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    name.split('-').map(capital).collect()
}
