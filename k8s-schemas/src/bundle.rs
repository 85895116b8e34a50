//! The bundle of the built-in kinds, in three parts: the structure, and the descriptions, which are
//! most of the bytes and come later: first those of the kinds that most applications are made of.

pub use crate::codec::BundleError;

/// The structure of all built-in definitions, for [`crate::SchemaSet::decode`].
#[cfg(feature = "embed")]
pub static STRUCTURE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/structure.bin"));

/// What is said of usual kinds, for [`crate::SchemaSet::load_descriptions`].
#[cfg(feature = "embed")]
pub static DESCRIPTIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptions.bin"));

/// What is said of all else, for the same.
#[cfg(feature = "embed")]
pub static RARE_DESCRIPTIONS: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/descriptions_rare.bin"));

/// What all parts make. Decoded at the first call; the texts stay where the program holds them.
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
        let texts = [DESCRIPTIONS, RARE_DESCRIPTIONS];
        let texts = texts.map(|it| codec::decode_texts(it.into(), &pool));
        let layer = Layer {
            texts: texts.into_iter().flatten().map(Arc::new).collect(),
            pool: Arc::new(pool),
        };
        SchemaSet::of(layer)
    });
    BUILTIN.clone()
}
