//! Bytes into pools and descriptions. What writes them is `build/encode.rs`.
//!
//! Numbers are LEB128, and columns stand apart, since that is what compresses. Both parts begin
//! with a fingerprint of the structure, so that descriptions of another one are refused.

use crate::pool::{Edition, Extra, FieldRow, KindRow, Limits, Node, Pool, Scope, Shape, Strings};
use crate::texts::Texts;
use std::borrow::Cow;
use std::fmt;

pub(crate) const STRUCTURE: &[u8; 4] = b"KUS1";
pub(crate) const DESCRIPTIONS: &[u8; 4] = b"KUD1";
pub(crate) const HEADER: usize = 12;

/// Why bytes are no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleError {
    /// The bytes do not begin as a bundle of this version does.
    Header,
    /// The bytes end too early, or something in them makes no sense.
    Malformed,
    /// The descriptions belong to another structure.
    Mismatch,
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BundleError::Header => "not a schema bundle of this version",
            BundleError::Malformed => "the schema bundle is damaged",
            BundleError::Mismatch => "the descriptions belong to another schema bundle",
        })
    }
}

impl std::error::Error for BundleError {}

/// Reads the structure.
pub(crate) fn decode(bytes: &[u8]) -> Result<Pool, BundleError> {
    let (stated, body) = split_header(*STRUCTURE, bytes)?;
    if stated != fingerprint(body) {
        return Err(BundleError::Malformed);
    }
    let mut pool = Reader(body).pool().ok_or(BundleError::Malformed)?;
    pool.fingerprint = stated;
    pool.index();
    Ok(pool)
}

/// Reads the descriptions of a pool. What is borrowed stays borrowed.
pub(crate) fn decode_texts(bytes: Cow<'static, [u8]>, pool: &Pool) -> Result<Texts, BundleError> {
    let (stated, body) = split_header(*DESCRIPTIONS, &bytes)?;
    if stated != pool.fingerprint {
        return Err(BundleError::Mismatch);
    }
    let mut reader = Reader(body);
    let (of_node, ends) = reader.text_index().ok_or(BundleError::Malformed)?;
    let start = bytes.len() - reader.0.len();
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(&bytes[start..]).ok().map(Cow::Borrowed),
        Cow::Owned(mut bytes) => {
            bytes.drain(..start);
            String::from_utf8(bytes).ok().map(Cow::Owned)
        }
    };
    let text = text.ok_or(BundleError::Malformed)?;
    Ok(Texts {
        text,
        ends,
        of_node,
    })
}

fn split_header(magic: [u8; 4], bytes: &[u8]) -> Result<(u64, &[u8]), BundleError> {
    let (header, body) = bytes
        .split_first_chunk::<HEADER>()
        .ok_or(BundleError::Header)?;
    let (start, fingerprint) = header.split_first_chunk::<4>().ok_or(BundleError::Header)?;
    let fingerprint = fingerprint.try_into().map_err(|_| BundleError::Header)?;
    if *start != magic {
        return Err(BundleError::Header);
    }
    Ok((u64::from_le_bytes(fingerprint), body))
}

/// FNV-1a over words: guards against mixed up and damaged files, not against forgery.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0xcbf2_9ce4_8422_2325, |hash, chunk| {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        let mixed: u64 = hash ^ u64::from_le_bytes(word);
        mixed.wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn index(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn signed(number: u64) -> i64 {
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    fn delta(&mut self, before: u32) -> Option<u32> {
        let difference = Self::signed(self.number()?);
        i64::from(before).checked_add(difference)?.try_into().ok()
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.length()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    /// How many follow. Each takes a byte at least, so that a damaged count allocates little.
    fn length(&mut self) -> Option<usize> {
        let length = self.number()?.try_into().ok()?;
        (length <= self.0.len()).then_some(length)
    }

    fn all<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.length()?;
        let mut items = Vec::with_capacity(length);
        for _ in 0..length {
            items.push(read(self)?);
        }
        Some(items)
    }

    fn pool(&mut self) -> Option<Pool> {
        let pool = Pool {
            strings: self.strings()?,
            nodes: self.nodes()?,
            fields: self.fields()?,
            extras: self.all(Self::extra)?,
            names: self.all(Self::index)?,
            kinds: self.all(Self::kind)?,
            editions: self.all(Self::edition)?,
            ..Pool::default()
        };
        self.0.is_empty().then_some(pool)
    }

    fn ends(&mut self) -> Option<Vec<u32>> {
        let mut end: u32 = 0;
        self.all(|reader| {
            end = end.checked_add(reader.index()?)?;
            Some(end)
        })
    }

    fn strings(&mut self) -> Option<Strings> {
        let ends = self.ends()?;
        let text = self.bytes(ends.last().copied().unwrap_or(0) as usize)?;
        let text = std::str::from_utf8(text).ok()?.to_owned();
        Some(Strings { text, ends })
    }

    fn nodes(&mut self) -> Option<Vec<Node>> {
        let mut nodes = self.all(|reader| {
            let shape = *Shape::ALL.get(usize::from(reader.byte()?))?;
            Some(Node {
                shape,
                ..Node::default()
            })
        })?;
        for node in &mut nodes {
            node.flags = self.number()?.try_into().ok()?;
        }
        let mut fields: u32 = 0;
        for node in &mut nodes {
            node.fields = fields;
            node.fields_len = self.index()?;
            fields = fields.checked_add(node.fields_len)?;
        }
        for (node, id) in nodes.iter_mut().zip(1u32..) {
            let child = self.index()?;
            node.child = match node.shape {
                Shape::Reference => child,
                _ if child == 0 => 0,
                _ => id.checked_sub(child)?,
            };
        }
        for node in &mut nodes {
            node.extra = self.index()?;
        }
        Some(nodes)
    }

    fn fields(&mut self) -> Option<Vec<FieldRow>> {
        let mut fields = self.all(|reader| {
            let name = reader.index()?;
            Some(FieldRow {
                name: name >> 1,
                node: 0,
                required: name & 1 != 0,
            })
        })?;
        let mut before = 0;
        for field in &mut fields {
            before = self.delta(before)?;
            field.node = before;
        }
        Some(fields)
    }

    fn extra(&mut self) -> Option<Extra> {
        let format = self.text()?.to_owned();
        let pattern = self.text()?.to_owned();
        let json = |text: &str| serde_json::from_str(text).ok();
        let enumeration = self.all(|reader| json(reader.text()?))?;
        let default = match self.text()? {
            "" => None,
            text => Some(json(text)?),
        };
        Some(Extra {
            format,
            pattern,
            enumeration,
            default,
            keys: self.texts()?,
            laws: None,
            limits: self.limits()?,
        })
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        self.all(|reader| reader.text().map(str::to_owned))
    }

    #[expect(clippy::option_option, reason = "damaged bytes, or no bound")]
    fn float(&mut self) -> Option<Option<f64>> {
        if self.number()? == 0 {
            return Some(None);
        }
        let bytes = self.bytes(8)?.try_into().ok()?;
        Some(Some(f64::from_le_bytes(bytes)))
    }

    #[expect(clippy::option_option, reason = "damaged bytes, or no bound")]
    fn count(&mut self) -> Option<Option<u64>> {
        Some(self.number()?.checked_sub(1))
    }

    fn limits(&mut self) -> Option<Limits> {
        let (minimum, maximum, multiple_of) = (self.float()?, self.float()?, self.float()?);
        Some(Limits {
            minimum,
            maximum,
            multiple_of,
            exclusive_minimum: self.number()? != 0,
            exclusive_maximum: self.number()? != 0,
            min_length: self.count()?,
            max_length: self.count()?,
            min_items: self.count()?,
            max_items: self.count()?,
            min_properties: self.count()?,
            max_properties: self.count()?,
        })
    }

    fn kind(&mut self) -> Option<KindRow> {
        let mut row = KindRow {
            group: self.text()?.to_owned(),
            version: self.text()?.to_owned(),
            kind: self.text()?.to_owned(),
            plural: self.text()?.to_owned(),
            singular: self.text()?.to_owned(),
            short_names: self.texts()?,
            categories: self.texts()?,
            ..KindRow::default()
        };
        let bits = self.byte()?;
        row.scope = match bits & 3 {
            0 => Scope::Namespaced,
            1 => Scope::Cluster,
            2 => Scope::Subresource,
            _ => return None,
        };
        row.list = bits & 1 << 2 != 0;
        row.status = bits & 1 << 3 != 0;
        row.scale = bits & 1 << 4 != 0;
        row.definition = self.index()?;
        Some(row)
    }

    fn edition(&mut self) -> Option<Edition> {
        let minor = self.byte()?.checked_sub(1);
        let mut before: u32 = 0;
        let definitions = self.all(|reader| {
            let Some(number) = reader.number()?.checked_sub(1) else {
                return Some(0);
            };
            let node = i64::from(before).checked_add(Self::signed(number))?;
            before = node.try_into().ok()?;
            Some(before)
        })?;
        Some(Edition {
            minor,
            definitions,
            kinds: self.all(Self::index)?,
        })
    }

    /// Which text each node has, and where each text ends; the texts follow.
    fn text_index(&mut self) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut next: u32 = 1;
        let of_node = self.all(|reader| {
            let text = match reader.index()? {
                0 => return Some(0),
                1 => next,
                back => next.checked_sub(back - 1)?,
            };
            next = next.max(text.checked_add(1)?);
            Some(text)
        })?;
        Some((of_node, self.ends()?))
    }
}
