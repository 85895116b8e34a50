//! The body of a request: JSON or YAML, with the duplicate keys that were in it.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::status::{Answer, Failure};

/// How deep a body may be nested.
const DEEPEST: usize = 100;

/// A body that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    value: Option<Value>,
    duplicates: Vec<Duplicate>,
    yaml: bool,
}

#[derive(Debug, Clone)]
enum Duplicate {
    /// The dotted path of a field of a JSON body.
    Field(String),
    /// Line and key of a YAML body.
    Key(u32, String),
}

impl Body {
    /// Reads the body as the media type says. YAML is a superset: JSON is tried first in both.
    pub(crate) fn read(bytes: &[u8], is_yaml: bool) -> Answer<Self> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut duplicates = Vec::new();
        match parse_json(bytes, &mut duplicates) {
            Ok(value) => Ok(Self {
                value: Some(value),
                duplicates,
                yaml: is_yaml,
            }),
            Err(_) if is_yaml => Self::read_yaml(bytes),
            Err(error) => Err(Failure::bad_request(format!(
                "couldn't get version/kind; json parse error: {}",
                go_json_error(&error)
            ))),
        }
    }

    pub(crate) fn of(value: Value) -> Self {
        Self {
            value: Some(value),
            ..Self::default()
        }
    }

    fn read_yaml(bytes: &[u8]) -> Answer<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Failure::bad_request("error decoding YAML: yaml: invalid UTF-8"))?;
        let parsed = yaml_syntax::parse(text);
        if let Some(error) = parsed.errors().first() {
            let line = parsed.source().line_col(error.range.start()).line + 1;
            return Err(Failure::bad_request(format!(
                "error decoding YAML: error converting YAML to JSON: yaml: line {line}: {}",
                error.message
            )));
        }
        let documents: Vec<_> = parsed.documents().collect();
        let Some(document) = documents.first() else {
            return Ok(Self::default());
        };
        let json = yaml_syntax::json::document(*document).map_err(|error| {
            let message = error.message;
            // The reader of the API server names no line for these.
            if message.contains("aliases, far too many") {
                return Failure::bad_request(
                    "error decoding YAML: error converting YAML to JSON: yaml: document contains excessive aliasing",
                );
            }
            let line = parsed.source().line_col(error.range.start()).line + 1;
            Failure::bad_request(format!(
                "error decoding YAML: error converting YAML to JSON: yaml: line {line}: {message}"
            ))
        })?;
        let duplicates = json.duplicates.iter().map(|range| {
            let line = parsed.source().line_col(range.start()).line + 1;
            let key = parsed.source().slice(*range);
            Duplicate::Key(line, key.trim_matches(['"', '\'']).to_owned())
        });
        Ok(Self {
            value: Some(json.value),
            duplicates: duplicates.collect(),
            yaml: true,
        })
    }

    /// The value.
    ///
    /// # Errors
    ///
    /// If there was no body.
    pub(crate) fn value(&self) -> Answer<&Value> {
        self.value
            .as_ref()
            .ok_or_else(|| Failure::bad_request("EOF"))
    }

    pub(crate) fn optional(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// The duplicate keys, each as a warning says it.
    pub(crate) fn duplicates(&self) -> Vec<String> {
        let one = |duplicate: &Duplicate| match duplicate {
            Duplicate::Field(path) if !self.yaml => format!("duplicate field {path:?}"),
            Duplicate::Field(path) => {
                let key = path.rsplit('.').next().unwrap_or(path);
                format!("line 1: key {key:?} already set in map")
            }
            Duplicate::Key(line, key) => format!("line {line}: key {key:?} already set in map"),
        };
        self.duplicates.iter().map(one).collect()
    }
}

/// What a strict apply answers to the duplicates of its body.
pub(crate) fn strict_error(duplicates: &[String]) -> String {
    let lines: Vec<_> = duplicates.iter().map(|line| format!("  {line}")).collect();
    format!(
        "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n{}",
        lines.join("\n")
    )
}

fn go_json_error(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "unexpected end of JSON input".to_owned();
    }
    format!("invalid character or value: {error}")
}

/// Reads JSON, noting each key that stands twice in one object. Of duplicates the last wins.
fn parse_json(bytes: &[u8], duplicates: &mut Vec<Duplicate>) -> Result<Value, serde_json::Error> {
    let mut path = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = de::DeserializeSeed::deserialize(
        Node {
            path: &mut path,
            duplicates,
        },
        &mut reader,
    )?;
    reader.end()?;
    Ok(value)
}

struct Node<'a> {
    path: &'a mut Vec<String>,
    duplicates: &'a mut Vec<Duplicate>,
}

impl<'de> de::DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        self.deeper()?;
        loop {
            self.path.push(format!("[{}]", items.len()));
            let node = Node {
                path: self.path,
                duplicates: self.duplicates,
            };
            let item = access.next_element_seed(node)?;
            self.path.pop();
            match item {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        self.deeper()?;
        while let Some(Key(key)) = access.next_key()? {
            self.path.push(format!(".{key}"));
            if fields.contains_key(&key) {
                let path = self.path.concat();
                let path = path.trim_start_matches('.').to_owned();
                self.duplicates.push(Duplicate::Field(path));
            }
            let node = Node {
                path: self.path,
                duplicates: self.duplicates,
            };
            let value = access.next_value_seed(node)?;
            self.path.pop();
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}

impl Node<'_> {
    fn deeper<E: de::Error>(&self) -> Result<(), E> {
        if self.path.len() >= DEEPEST {
            return Err(E::custom("exceeded max depth"));
        }
        Ok(())
    }
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Key)
    }
}
