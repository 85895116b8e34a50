//! Pools and descriptions into bytes. What reads them is `src/codec.rs`.

use crate::codec::{DESCRIPTIONS, HEADER, STRUCTURE, fingerprint};
use crate::pool::{Edition, Extra, FieldRow, KindRow, Limits, Node, Pool, Shape, Strings};
use crate::texts::Texts;

/// Writes the structure, and the two parts of the descriptions that belong to it.
pub(crate) fn encode(pool: &Pool, usual: &Texts, rare: &Texts) -> [Vec<u8>; 3] {
    let mut body = Writer::default();
    body.pool(pool);
    let fingerprint = fingerprint(&body.0);
    let descriptions = |texts| {
        let mut writer = Writer::default();
        writer.texts(texts);
        with_header(*DESCRIPTIONS, fingerprint, &writer.0)
    };
    [
        with_header(*STRUCTURE, fingerprint, &body.0),
        descriptions(usual),
        descriptions(rare),
    ]
}

fn with_header(magic: [u8; 4], fingerprint: u64, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.extend_from_slice(&magic);
    bytes.extend_from_slice(&fingerprint.to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn index(&mut self, value: u32) {
        self.number(u64::from(value));
    }

    fn length(&mut self, value: usize) {
        self.number(value as u64);
    }

    /// The difference from the one before: small both ways.
    fn delta(&mut self, before: u32, value: u32) {
        let difference = i64::from(value) - i64::from(before);
        self.number(((difference << 1) ^ (difference >> 63)).cast_unsigned());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn all<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.length(items.len());
        for item in items {
            write(self, item);
        }
    }

    fn pool(&mut self, pool: &Pool) {
        self.strings(&pool.strings);
        self.nodes(&pool.nodes);
        self.fields(&pool.fields);
        self.all(&pool.extras, Self::extra);
        self.all(&pool.names, |writer, name| writer.index(*name));
        self.all(&pool.kinds, Self::kind);
        self.all(&pool.editions, Self::edition);
    }

    fn strings(&mut self, strings: &Strings) {
        let mut start = 0;
        self.all(&strings.ends, |writer, end| {
            writer.index(end - start);
            start = *end;
        });
        self.0.extend_from_slice(strings.text.as_bytes());
    }

    fn nodes(&mut self, nodes: &[Node]) {
        self.all(nodes, |writer, node| writer.0.push(node.shape as u8));
        for node in nodes {
            self.index(u32::from(node.flags));
        }
        // Where the fields of a node begin follows from how many there were before.
        for node in nodes {
            self.index(node.fields_len);
        }
        for (node, id) in nodes.iter().zip(1..) {
            match node.shape {
                Shape::Reference => self.index(node.child),
                _ if node.child == 0 => self.index(0),
                _ => self.index(id - node.child),
            }
        }
        for node in nodes {
            self.index(node.extra);
        }
    }

    fn fields(&mut self, fields: &[FieldRow]) {
        self.all(fields, |writer, field| {
            writer.index(field.name << 1 | u32::from(field.required));
        });
        let mut before = 0;
        for field in fields {
            self.delta(before, field.node);
            before = field.node;
        }
    }

    fn extra(&mut self, extra: &Extra) {
        self.text(&extra.format);
        self.text(&extra.pattern);
        self.all(&extra.enumeration, |writer, value| {
            writer.text(&value.to_string());
        });
        let default = extra.default.as_ref().map(ToString::to_string);
        self.text(&default.unwrap_or_default());
        self.all(&extra.keys, |writer, key| writer.text(key));
        self.limits(&extra.limits);
    }

    fn limits(&mut self, limits: &Limits) {
        for float in [limits.minimum, limits.maximum, limits.multiple_of] {
            self.number(u64::from(float.is_some()));
            if let Some(float) = float {
                self.0.extend_from_slice(&float.to_le_bytes());
            }
        }
        self.number(u64::from(limits.exclusive_minimum));
        self.number(u64::from(limits.exclusive_maximum));
        for count in [
            limits.min_length,
            limits.max_length,
            limits.min_items,
            limits.max_items,
            limits.min_properties,
            limits.max_properties,
        ] {
            self.number(count.map_or(0, |count| count.saturating_add(1)));
        }
    }

    fn kind(&mut self, kind: &KindRow) {
        for text in [
            &kind.group,
            &kind.version,
            &kind.kind,
            &kind.plural,
            &kind.singular,
        ] {
            self.text(text);
        }
        self.all(&kind.short_names, |writer, name| writer.text(name));
        self.all(&kind.categories, |writer, name| writer.text(name));
        let bits = [kind.list, kind.status, kind.scale];
        let bits = bits
            .iter()
            .rev()
            .fold(0, |all, bit| all << 1 | u8::from(*bit));
        self.0.push(bits << 2 | kind.scope as u8);
        self.index(kind.definition);
    }

    fn edition(&mut self, edition: &Edition) {
        self.0.push(edition.minor.map_or(0, |minor| minor + 1));
        let mut before = 0;
        self.all(&edition.definitions, |writer, node| {
            // Most definitions follow the one before.
            if *node == 0 {
                writer.number(0);
            } else {
                let difference = i64::from(*node) - i64::from(before);
                writer.number(((difference << 1) ^ (difference >> 63)).cast_unsigned() + 1);
                before = *node;
            }
        });
        self.all(&edition.kinds, |writer, kind| writer.index(*kind));
    }

    fn texts(&mut self, texts: &Texts) {
        let mut next = 1;
        self.all(&texts.of_node, |writer, text| {
            // A text that was not seen before is the next one: 1. No text: 0.
            let number = match *text {
                0 => 0,
                text if text == next => 1,
                text => 1 + next - text,
            };
            next = next.max(*text + 1);
            writer.index(number);
        });
        let mut start = 0;
        self.all(&texts.ends, |writer, end| {
            writer.index(end - start);
            start = *end;
        });
        self.0.extend_from_slice(texts.text.as_bytes());
    }
}
