//! The bundle of the built-in kinds, in two parts: the structure, and the descriptions, which are
//! most of the bytes and come later.

pub use crate::codec::BundleError;

/// The structure of all built-in definitions, for [`crate::SchemaSet::decode`].
#[cfg(feature = "embed")]
pub static STRUCTURE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/structure.bin"));

/// Their descriptions, for [`crate::SchemaSet::load_descriptions`].
#[cfg(feature = "embed")]
pub static DESCRIPTIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptions.bin"));

/// What both parts make. Decoded at the first call; the texts stay where the program holds them.
#[cfg(feature = "embed")]
pub(crate) fn builtin() -> crate::SchemaSet {
    use crate::{Layer, SchemaSet, codec};
    use std::sync::{Arc, LazyLock};

    static BUILTIN: LazyLock<SchemaSet> = LazyLock::new(|| {
        // The build wrote these bytes, and the tests decode them: a failure cannot be of this
        // machine's making.
        let Ok(pool) = codec::decode(STRUCTURE) else {
            return SchemaSet::empty();
        };
        let texts = codec::decode_texts(DESCRIPTIONS.into(), &pool);
        let layer = Layer {
            texts: texts.ok().map(Arc::new),
            pool: Arc::new(pool),
        };
        SchemaSet {
            layers: vec![layer],
        }
    });
    BUILTIN.clone()
}
