//! JSON as the types of the API, in little code.
//!
//! For each type that is read, `serde_json` compiles the parser anew: the fields in any order or as
//! a list, and each mistake in words. A page needs none of that, and its size is the first thing
//! that a person waits for. Here a text becomes a [`Value`] once, and [`read`] takes a type out of
//! it: fields in the order of their declaration, and no words for what does not fit.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Map, Value};

/// The text is not JSON, or not of that type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit;

/// Reads a text.
pub(crate) fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Unfit> {
    read(&value(text)?)
}

/// Reads a value.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, Unfit> {
    T::deserialize(Reader(Some(value)))
}

/// Reads a text as whatever JSON it is.
pub(crate) fn value(text: &str) -> Result<Value, Unfit> {
    serde_json::from_str(text).map_err(|_| Unfit)
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not what was expected")
    }
}

impl std::error::Error for Unfit {}

impl serde::de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A value to read; `None` is a field that is not there.
#[derive(Clone, Copy)]
struct Reader<'a>(Option<&'a Value>);

impl Reader<'_> {
    fn number(self) -> Result<u64, Unfit> {
        self.0.and_then(Value::as_u64).ok_or(Unfit)
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0.ok_or(Unfit)? {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, Some(number)) => visitor.visit_f64(number),
                (None, None) => Err(Unfit),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items.iter())),
            Value::Object(object) => visitor.visit_map(Entries::of(object)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_bool(self.0.and_then(Value::as_bool).ok_or(Unfit)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_i64(self.0.and_then(Value::as_i64).ok_or(Unfit)?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_u64(self.number()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_u64(self.number()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_str(self.0.and_then(Value::as_str).ok_or(Unfit)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let items = self.0.and_then(Value::as_array).ok_or(Unfit)?;
        visitor.visit_seq(Items(items.iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let object = self.0.and_then(Value::as_object).ok_or(Unfit)?;
        visitor.visit_map(Entries::of(object))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let object = self.0.and_then(Value::as_object).ok_or(Unfit)?;
        visitor.visit_seq(Fields {
            object,
            names: fields.iter(),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let (word, content) = match self.0 {
            Some(Value::String(word)) => (word, None),
            Some(Value::Object(object)) => match object.iter().next() {
                Some((word, content)) => (word, Some(content)),
                None => return Err(Unfit),
            },
            _ => return Err(Unfit),
        };
        let place = variants.iter().position(|variant| variant == word);
        visitor.visit_enum(Variant {
            place: place.ok_or(Unfit)? as u32,
            content,
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// The items of a list.
struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        match self.0.next() {
            Some(item) => seed.deserialize(Reader(Some(item))).map(Some),
            None => Ok(None),
        }
    }
}

/// The fields of an object, in the order in which its type declares them.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        let Some(name) = self.names.next() else {
            return Ok(None);
        };
        let field = self.object.get(*name);
        match seed.deserialize(Reader(field)) {
            Ok(value) => Ok(Some(value)),
            // The type has a default for it, or refuses.
            Err(Unfit) if field.is_none() => Ok(None),
            Err(Unfit) => Err(Unfit),
        }
    }
}

/// The entries of an object whose keys are data.
struct Entries<'a> {
    entries: serde_json::map::Iter<'a>,
    value: Option<&'a Value>,
}

impl<'a> Entries<'a> {
    fn of(object: &'a Map<String, Value>) -> Self {
        Self {
            entries: object.iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unfit> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let key: StrDeserializer<'_, Unfit> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        seed.deserialize(Reader(self.value.take()))
    }
}

/// A variant, by its place in the enum: a word, or an object of one field that names it.
struct Variant<'a> {
    place: u32,
    content: Option<&'a Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unfit> {
        let place: U32Deserializer<Unfit> = self.place.into_deserializer();
        Ok((seed.deserialize(place)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(Reader(self.content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, Unfit> {
        Err(Unfit)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Unfit> {
        Err(Unfit)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use api_types::{Comparison, Deploy, DeployEvent, Page, Preview, Version, VersionFiles};

    use super::*;

    #[test]
    fn types_are_read_as_serde_json_reads_them() {
        check::<Version>(VERSION);
        check::<Page<Version>>(&format!(r#"{{"items": [{VERSION}, {VERSION}]}}"#));
        check::<VersionFiles>(&format!(
            r#"{{"files": {{"b.yaml": "", "a.yaml": "kind: X\n"}}, "version": {VERSION}}}"#
        ));
        check::<Comparison>(
            r#"{"from": "v1", "to": "v2", "objects": [
                {"api_version": "v1", "kind": "Service", "name": "web", "change": "replace",
                 "fields": [{"path": "spec.x", "from": null, "to": [1, -2, 1.5, true, {"a": "b"}]}]}]}"#,
        );
        check::<Preview>(
            r#"{"id": "1", "missing_rights": [], "warnings": ["w"], "objects": [
                {"diff": {"api_version": "v1", "kind": "Pod", "name": "a", "change": "create"},
                 "conflicts": [{"field": "f", "manager": "m"}], "problem": "p"},
                {"diff": {"api_version": "v1", "kind": "Pod", "name": "b", "change": "remove"}}]}"#,
        );
        check::<Deploy>(
            r#"{"id": "d1", "project": "shop", "set": "web", "version": "v1", "environment": "dev",
                "options": {"timeout_seconds": 9}, "by": "ada", "state": "waiting", "reason": "",
                "created_at": "t", "later": "unknown fields are left out", "objects": [
                {"api_version": "v1", "kind": "Pod", "name": "web", "stage": 2, "state": "healthy",
                 "reason": "", "change": "change"}]}"#,
        );
    }

    #[test]
    fn events_are_read_by_their_name() {
        check::<DeployEvent>(
            r#"{"line": {"sequence": 1, "at": "t", "level": "error", "message": "m"}}"#,
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            &VERSION.replace("\"sequence\": -7", "\"sequence\": \"7\""),
            &VERSION.replace("v1.2", "../v1"),
        ] {
            assert_eq!(parse::<Version>(text), Err(Unfit), "{text}");
        }
    }

    const VERSION: &str = r#"{"name": "v1.2", "content_hash": "c", "created_at": "t",
        "provenance": {"author": "ada", "commit": null}, "sequence": -7, "objects": [
        {"api_version": "v1", "kind": "Pod", "name": "x", "file": "a.yaml", "line": 4294967295}]}"#;

    #[track_caller]
    fn check<T: for<'de> Deserialize<'de> + Debug + PartialEq>(text: &str) {
        let expected: T = serde_json::from_str(text).expect("the text fits the type");
        assert_eq!(parse::<T>(text), Ok(expected));
    }
}
