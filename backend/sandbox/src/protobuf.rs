//! Bodies in protobuf: what `kubectl create` and its like send. They are read into JSON; answers are always JSON.

mod messages;

use serde_json::{Map, Value, json};

use crate::status::{Answer, Failure};

/// What every such body begins with.
const MAGIC: &[u8] = b"k8s\0";

/// The media type of such bodies.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.kubernetes.protobuf";

/// Reads a body into the object that JSON would say.
pub(crate) fn read(bytes: &[u8]) -> Answer<Value> {
    decode(bytes)
        .map_err(|why| Failure::bad_request(format!("cannot read the protobuf body: {why}")))
}

fn decode(bytes: &[u8]) -> Result<Value, String> {
    let bytes = bytes
        .strip_prefix(MAGIC)
        .ok_or("it does not begin with k8s\\0")?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in Fields(bytes) {
        match field? {
            (1, Wire::Bytes(type_meta)) => {
                for field in Fields(type_meta) {
                    match field? {
                        (1, Wire::Bytes(text)) => api_version = utf8(text)?,
                        (2, Wire::Bytes(text)) => kind = utf8(text)?,
                        _ => {}
                    }
                }
            }
            (2, Wire::Bytes(body)) => raw = body,
            _ => {}
        }
    }
    let mut value = message(&kind, raw)?;
    value["apiVersion"] = api_version.into();
    value["kind"] = kind.into();
    Ok(value)
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "a text is not UTF-8".to_owned())
}

/// One value on the wire.
enum Wire<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message: number and value.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Wire<'a>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or_else(|| "it ends in the middle of a field".to_owned()))
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Wire<'a>)> {
        let tag = self.varint()?;
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()?),
            1 => Wire::Bytes(self.take(8)?),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Bytes(self.take(4)?),
            _ => return None,
        };
        Some((tag >> 3, wire))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << (place * 7);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// A message of a known name.
fn message(name: &str, bytes: &[u8]) -> Result<Value, String> {
    match name {
        "Quantity" => return scalar_message(bytes, 1),
        "Time" => return time(bytes),
        "IntOrString" => return int_or_string(bytes),
        _ => {}
    }
    let known = messages::fields(name)
        .ok_or_else(|| format!("the sandbox reads no {name} from it; send JSON or YAML"))?;
    let mut object = Map::new();
    for field in Fields(bytes) {
        let (number, wire) = field?;
        let found = known.clone().find(|it| it.0 == number);
        let Some((_, field, ty)) = found else {
            // Go writes the empty value of every field that is no pointer.
            if matches!(wire, Wire::Number(0) | Wire::Bytes([])) {
                continue;
            }
            return Err(format!(
                "the sandbox reads no field {number} of {name} from it; send JSON or YAML"
            ));
        };
        put(&mut object, field, ty, wire)?;
    }
    Ok(Value::Object(object))
}

/// Puts one field into its object: `*` repeats, `{}` is a map, `-` is read over, `+` joins the parent.
fn put(
    object: &mut Map<String, Value>,
    name: &str,
    ty: &str,
    wire: Wire<'_>,
) -> Result<(), String> {
    if ty == "-" {
        return Ok(());
    }
    if let (Some(inner), Wire::Bytes(bytes)) = (ty.strip_prefix('+'), &wire) {
        if let Value::Object(fields) = message(inner, bytes)? {
            object.extend(fields);
        }
        return Ok(());
    }
    if let (Some(inner), Wire::Bytes(bytes)) = (ty.strip_suffix("{}"), &wire) {
        let (mut key, mut value) = (String::new(), json!(""));
        for field in Fields(bytes) {
            match field? {
                (1, Wire::Bytes(text)) => key = utf8(text)?,
                (2, wire) => value = single(inner, wire)?,
                _ => {}
            }
        }
        let map = object.entry(name).or_insert_with(|| json!({}));
        map[key] = value;
        return Ok(());
    }
    if let Some(inner) = ty.strip_suffix('*') {
        let value = single(inner, wire)?;
        if let Value::Array(items) = object.entry(name).or_insert_with(|| json!([])) {
            items.push(value);
        }
        return Ok(());
    }
    let value = single(ty, wire)?;
    // Empty texts and absent times are how Go writes what nobody said.
    if value != "" && !value.is_null() {
        object.insert(name.to_owned(), value);
    }
    Ok(())
}

fn single(ty: &str, wire: Wire<'_>) -> Result<Value, String> {
    match (ty, wire) {
        ("int", Wire::Number(number)) => Ok(number.cast_signed().into()),
        ("bool", Wire::Number(number)) => Ok((number != 0).into()),
        ("text", Wire::Bytes(bytes)) => Ok(utf8(bytes)?.into()),
        ("bytes", Wire::Bytes(bytes)) => {
            use base64::Engine as _;
            Ok(base64::engine::general_purpose::STANDARD
                .encode(bytes)
                .into())
        }
        (name, Wire::Bytes(bytes)) => message(name, bytes),
        (name, Wire::Number(_)) => Err(format!("a number stands where {name} should")),
    }
}

fn scalar_message(bytes: &[u8], wanted: u64) -> Result<Value, String> {
    for field in Fields(bytes) {
        if let (number, Wire::Bytes(text)) = field?
            && number == wanted
        {
            return Ok(utf8(text)?.into());
        }
    }
    Ok("".into())
}

fn time(bytes: &[u8]) -> Result<Value, String> {
    for field in Fields(bytes) {
        if let (1, Wire::Number(seconds)) = field? {
            let at = jiff::Timestamp::from_second(seconds.cast_signed())
                .map_err(|error| error.to_string())?;
            return Ok(crate::world::time(at).into());
        }
    }
    Ok(Value::Null)
}

fn int_or_string(bytes: &[u8]) -> Result<Value, String> {
    let (mut is_text, mut number, mut text) = (false, 0, String::new());
    for field in Fields(bytes) {
        match field? {
            (1, Wire::Number(kind)) => is_text = kind == 1,
            (2, Wire::Number(value)) => number = value.cast_signed(),
            (3, Wire::Bytes(value)) => text = utf8(value)?,
            _ => {}
        }
    }
    Ok(if is_text { text.into() } else { number.into() })
}
