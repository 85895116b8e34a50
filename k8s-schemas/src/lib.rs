//! What Kubernetes objects may contain: every built-in kind of five releases, and custom ones.
//!
//! ```
//! # #[cfg(feature = "embed")] {
//! use k8s_schemas::{Gvk, KubeRelease, SchemaSet, Type};
//!
//! let set = SchemaSet::builtin();
//! let schemas = set.release(KubeRelease::V1_36);
//! let deployment = schemas.kind(&Gvk::new("apps", "v1", "Deployment")).unwrap();
//! let replicas = deployment.schema().field("spec").unwrap().schema.field("replicas").unwrap();
//! assert_eq!(replicas.schema.ty(), Type::Integer);
//! assert!(!replicas.required);
//! # }
//! ```
//!
//! The crate computes only: who reads the bytes of a bundle from where is not its business.
#![deny(missing_docs)]

pub mod bundle;
mod codec;
pub mod docs;
mod field_path;
mod gvk;
pub mod openapi;
mod pool;
mod reader;
pub mod release;
mod schema;
mod texts;

pub use bundle::BundleError;
pub use field_path::{FieldPath, Segment};
pub use gvk::{Gvk, api_version, parse_api_version};
pub use openapi::SchemaError;
pub use pool::{Limits, Scope};
pub use release::{Deprecation, KubeRelease};
pub use schema::{Field, KindInfo, ListType, Schema, Type};

use pool::{Edition, NameId, NodeId, Pool};
use schema::Place;
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};
use texts::Texts;

/// All that is known: the built-in kinds, and what was added to them. Clones are cheap.
#[derive(Debug, Clone, Default)]
pub struct SchemaSet {
    /// Later layers win.
    layers: Vec<Layer>,
    /// Which layers may know a kind or a definition, by the hash of its name; sorted. Made once
    /// somebody asks: of custom resources there may be thousands, a layer each.
    by_name: OnceLock<Arc<[(u64, u32)]>>,
}

/// Definitions that belong together, with their descriptions where those are loaded.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) pool: Arc<Pool>,
    pub(crate) texts: Vec<Arc<Texts>>,
}

impl SchemaSet {
    /// A set that knows nothing.
    pub fn empty() -> SchemaSet {
        SchemaSet::default()
    }

    /// Every built-in kind of every release, with descriptions. Decoded once.
    #[cfg(feature = "embed")]
    pub fn builtin() -> SchemaSet {
        bundle::builtin()
    }

    /// Reads the first part of a bundle. All but the descriptions works at once.
    ///
    /// # Errors
    ///
    /// The bytes are no bundle, or one of another version of this crate.
    pub fn decode(structure: &[u8]) -> Result<SchemaSet, BundleError> {
        let pool = Arc::new(codec::decode(structure)?);
        let layers = vec![Layer {
            pool,
            texts: Vec::new(),
        }];
        Ok(SchemaSet::new(layers))
    }

    /// Adds a further part of the bundle that the set was decoded from.
    ///
    /// # Errors
    ///
    /// The bytes are no descriptions, or those of another bundle. The set stays as it is.
    pub fn load_descriptions(&mut self, descriptions: &[u8]) -> Result<(), BundleError> {
        let layer = self.layers.first_mut().ok_or(BundleError::Mismatch)?;
        let texts = codec::decode_texts(descriptions.to_vec().into(), &layer.pool)?;
        layer.texts.push(Arc::new(texts));
        Ok(())
    }

    /// Whether descriptions of built-in kinds are there.
    pub fn has_descriptions(&self) -> bool {
        self.layers
            .first()
            .is_some_and(|base| !base.texts.is_empty())
    }

    /// The kinds and definitions of one release.
    pub fn release(&self, release: KubeRelease) -> Schemas<'_> {
        Schemas { set: self, release }
    }

    /// A set that knows the kinds of these custom resource definitions as well.
    ///
    /// What is wrong with a definition is told by its place in the list; the others are added.
    pub fn with_crds<'v>(
        &self,
        crds: impl IntoIterator<Item = &'v Value>,
    ) -> (SchemaSet, Vec<(usize, SchemaError)>) {
        let mut layers = self.layers.clone();
        let mut errors = Vec::new();
        for (at, crd) in crds.into_iter().enumerate() {
            match openapi::read_crd(crd) {
                Ok(layer) => layers.push(layer),
                Err(error) => errors.push((at, error)),
            }
        }
        (SchemaSet::new(layers), errors)
    }

    /// Puts all that another set knows before what this one knows.
    pub fn put_before(&mut self, other: &SchemaSet) {
        self.layers.extend_from_slice(&other.layers);
        self.by_name = OnceLock::new();
    }

    /// A set in which the kinds of a live cluster stand before the built-in ones; to read its
    /// documents one at a time, see [`openapi::Documents`].
    ///
    /// A document is what `/openapi/v3/apis/apps/v1` serves: OpenAPI v3 of one group and version.
    /// What is wrong with one is told by its place in the list; the others are added.
    pub fn with_openapi<'v>(
        &self,
        documents: impl IntoIterator<Item = &'v Value>,
    ) -> (SchemaSet, Vec<(usize, SchemaError)>) {
        let mut all = openapi::Documents::new();
        let mut errors = Vec::new();
        for (at, document) in documents.into_iter().enumerate() {
            if let Err(error) = all.add(document) {
                errors.push((at, error));
            }
        }
        let mut set = self.clone();
        set.put_before(&all.finish());
        (set, errors)
    }

    fn of(layer: Layer) -> SchemaSet {
        SchemaSet::new(vec![layer])
    }

    fn new(layers: Vec<Layer>) -> SchemaSet {
        SchemaSet {
            layers,
            by_name: OnceLock::new(),
        }
    }

    /// The layers that may know a kind or a definition of this name, the last first.
    fn layers_knowing(&self, name: &str) -> impl Iterator<Item = &Layer> {
        let by_name = self.by_name.get_or_init(|| names_of(&self.layers));
        let hash = hashed(name);
        let first = by_name.partition_point(|(other, _)| *other < hash);
        let behind = by_name.partition_point(|(other, _)| *other <= hash);
        let known = by_name.get(first..behind).unwrap_or_default();
        let layers = known.iter().rev();
        layers.filter_map(|(_, at)| self.layers.get(*at as usize))
    }
}

fn names_of(layers: &[Layer]) -> Arc<[(u64, u32)]> {
    let mut names: Vec<(u64, u32)> = Vec::new();
    for (layer, at) in layers.iter().zip(0..) {
        let kinds = layer.pool.kinds.iter();
        names.extend(kinds.map(|row| (hashed(&row.kind), at)));
        let definitions = 0..layer.pool.names.len() as NameId;
        names.extend(definitions.map(|id| (hashed(layer.pool.name(id)), at)));
    }
    names.sort_unstable();
    names.dedup();
    names.into()
}

fn hashed(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// A set, seen as one release. A copy costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct Schemas<'a> {
    set: &'a SchemaSet,
    release: KubeRelease,
}

impl<'a> Schemas<'a> {
    /// The release looked at.
    pub fn kube_release(self) -> KubeRelease {
        self.release
    }

    /// The kinds that the release serves, without lists of them; what was added last comes first.
    pub fn kinds(self) -> impl Iterator<Item = KindInfo<'a>> + Clone {
        self.kinds_and_lists().filter(|kind| !kind.is_list())
    }

    /// The kinds that the release serves, and the lists of them.
    pub fn kinds_and_lists(self) -> impl Iterator<Item = KindInfo<'a>> + Clone {
        let layers = self.layers();
        let all = layers.flat_map(move |(layer, edition)| {
            let rows = edition.kinds.iter();
            rows.filter_map(move |row| self.kind_at(layer, edition, *row))
        });
        all.filter(move |kind| self.wins(kind))
    }

    /// Whether no later layer has the same kind.
    fn wins(self, kind: &KindInfo<'a>) -> bool {
        self.set.layers.len() == 1
            || self
                .find(kind.group(), kind.version(), kind.kind())
                .is_some_and(|winner| std::ptr::eq(winner.row, kind.row))
    }

    /// The kind of this name, also a list such as `DeploymentList` or `v1 List`.
    pub fn kind(self, gvk: &Gvk) -> Option<KindInfo<'a>> {
        self.find(&gvk.group, &gvk.version, &gvk.kind)
    }

    fn find(self, group: &str, version: &str, kind: &str) -> Option<KindInfo<'a>> {
        self.layers_knowing(kind).find_map(|(layer, edition)| {
            let rows = &edition.kinds;
            let key = |row: &u32| {
                layer.pool.kinds.get(*row as usize).map(|row| {
                    let own = (row.group.as_str(), row.version.as_str(), row.kind.as_str());
                    own.cmp(&(group, version, kind))
                })
            };
            let at = rows
                .binary_search_by(|row| key(row).unwrap_or(std::cmp::Ordering::Less))
                .ok()?;
            self.kind_at(layer, edition, *rows.get(at)?)
        })
    }

    /// The definition of this name, such as `io.k8s.api.core.v1.Container`.
    pub fn definition(self, name: &str) -> Option<Schema<'a>> {
        let place = self.definition_place(name)?;
        Some(Schema::new(self, place))
    }

    /// The names of all definitions of the release, in no order.
    pub fn definition_names(self) -> impl Iterator<Item = &'a str> {
        self.layers().flat_map(|(layer, edition)| {
            let nodes = edition.definitions.iter().zip(0..);
            nodes
                .filter(|(node, _)| **node != 0)
                .map(|(_, name): (_, NameId)| layer.pool.name(name))
        })
    }

    fn definition_place(self, name: &str) -> Option<Place<'a>> {
        self.layers_knowing(name).find_map(|(layer, edition)| {
            let id = edition.definition(layer.pool.name_id(name)?)?;
            Some(Place { layer, edition, id })
        })
    }

    /// The definition that a node of `from` refers to: in its own layer, or in any.
    pub(crate) fn resolve(self, from: Place<'a>, name: NameId) -> Option<Place<'a>> {
        match from.edition.definition(name) {
            Some(id) => Some(Place { id, ..from }),
            None => self.definition_place(from.pool().name(name)),
        }
    }

    fn layers(self) -> impl Iterator<Item = (&'a Layer, &'a Edition)> + Clone {
        let layers = self.set.layers.iter().rev();
        layers.filter_map(move |layer| self.edition(layer))
    }

    fn layers_knowing(self, name: &str) -> impl Iterator<Item = (&'a Layer, &'a Edition)> {
        let layers = self.set.layers_knowing(name);
        layers.filter_map(move |layer| self.edition(layer))
    }

    fn edition(self, layer: &'a Layer) -> Option<(&'a Layer, &'a Edition)> {
        Some((layer, layer.pool.edition(self.release.minor())?))
    }

    fn kind_at(self, layer: &'a Layer, edition: &'a Edition, row: NodeId) -> Option<KindInfo<'a>> {
        let row = layer.pool.kinds.get(row as usize)?;
        Some(KindInfo {
            schemas: self,
            layer,
            edition,
            row,
        })
    }
}
