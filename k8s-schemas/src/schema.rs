//! The model that everything asks: a view of one schema, small enough to copy.

use crate::pool::{Edition, FieldRow, KindRow, Limits, Node, NodeId, Pool, Scope, Shape, flag};

use crate::{FieldPath, Gvk, Layer, Schemas, Segment, docs};
use serde_json::Value;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Anything. Fields may be known all the same: [`Schema::fields`].
    Any,
    /// A mapping with known fields.
    Object,
    /// A mapping with free keys; its values: [`Schema::values`].
    Map,
    /// A list; its items: [`Schema::items`].
    List,
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A whole number or a text, such as a port or `25%`.
    IntOrString,
    /// An amount such as `500m` or `1Gi`; a text or a number.
    Quantity,
}

impl Type {
    /// The word that messages use: `object`, `integer or string`, ….
    pub fn name(self) -> &'static str {
        match self {
            Type::Any => "any value",
            Type::Object => "object",
            Type::Map => "map",
            Type::List => "list",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::IntOrString => "integer or string",
            Type::Quantity => "quantity",
        }
    }
}

/// How two writers of one list are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListType<'a> {
    /// As a whole: the last writer wins.
    Atomic,
    /// Item by item, each value once.
    Set,
    /// Item by item, known by these fields. The first one is also the patch merge key.
    Map(&'a [String]),
}

/// One schema, in one release. A copy costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct Schema<'a> {
    schemas: Schemas<'a>,
    /// Where it stands: a field, an item, or the definition itself.
    site: Place<'a>,
    /// What it is: the definition that `site` refers to, or `site`.
    target: Place<'a>,
}

/// A node in one layer of a set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) layer: &'a Layer,
    pub(crate) edition: &'a Edition,
    pub(crate) id: NodeId,
}

impl<'a> Place<'a> {
    pub(crate) fn pool(self) -> &'a Pool {
        &self.layer.pool
    }

    fn node(self) -> Node {
        self.pool().node(self.id)
    }

    fn at(self, id: NodeId) -> Place<'a> {
        Place { id, ..self }
    }

    fn description(self) -> Option<&'a str> {
        self.layer.texts.iter().find_map(|it| it.of(self.id))
    }
}

impl<'a> Schema<'a> {
    /// A schema where it stands. A reference to a definition that nobody has is any value.
    pub(crate) fn new(schemas: Schemas<'a>, site: Place<'a>) -> Schema<'a> {
        let mut target = site;
        // A definition may be no more than a reference to another one; a circle of them is no type.
        for _ in 0..8 {
            let node = target.node();
            if node.shape != Shape::Reference {
                break;
            }
            let Some(next) = schemas.resolve(target, node.child) else {
                break;
            };
            target = next;
        }
        Schema {
            schemas,
            site,
            target,
        }
    }

    fn under(self, id: NodeId) -> Schema<'a> {
        Schema::new(self.schemas, self.target.at(id))
    }

    fn has(self, flags: u16) -> bool {
        (self.site.node().flags | self.target.node().flags) & flags != 0
    }

    /// What the value must be.
    pub fn ty(self) -> Type {
        match self.target.node().shape {
            Shape::Any | Shape::Reference => Type::Any,
            Shape::Object => Type::Object,
            Shape::Map => Type::Map,
            Shape::List => Type::List,
            Shape::String => Type::String,
            Shape::Integer => Type::Integer,
            Shape::Number => Type::Number,
            Shape::Boolean => Type::Boolean,
            Shape::IntOrString => Type::IntOrString,
            Shape::Quantity => Type::Quantity,
        }
    }

    /// The name of the definition, such as `io.k8s.api.apps.v1.Deployment`.
    ///
    /// `None` for a type that has no name, such as a plain string.
    pub fn definition(self) -> Option<&'a str> {
        let place = self.target;
        if place.node().flags & flag::DEFINITION == 0 {
            return None;
        }
        place.pool().definition_name(place.id)
    }

    /// What this place is for; where nothing is said of it, what its definition is for.
    ///
    /// `None` until the descriptions are loaded.
    pub fn description(self) -> Option<&'a str> {
        self.site
            .description()
            .or_else(|| self.target.description())
    }

    /// The fields, sorted by name.
    pub fn fields(self) -> impl ExactSizeIterator<Item = Field<'a>> + Clone {
        let owner = self.owner();
        let pool = owner.target.pool();
        pool.fields_of(owner.target.node())
            .iter()
            .map(move |row| owner.row(row))
    }

    /// The field of this name.
    pub fn field(self, name: &str) -> Option<Field<'a>> {
        let owner = self.owner();
        let pool = owner.target.pool();
        let rows = pool.fields_of(owner.target.node());
        let at = rows
            .binary_search_by(|row| pool.strings.get(row.name).cmp(name))
            .ok()?;
        rows.get(at).map(|row| owner.row(row))
    }

    /// The schema whose fields are meant: its own, or for a choice of types the one with fields.
    fn owner(self) -> Schema<'a> {
        let node = self.target.node();
        match (node.shape, node.child.checked_sub(1)) {
            (Shape::Any, Some(child)) => self.under(child),
            _ => self,
        }
    }

    fn row(self, row: &FieldRow) -> Field<'a> {
        Field {
            name: self.target.pool().strings.get(row.name),
            required: row.required,
            schema: self.under(row.node),
        }
    }

    /// The schema at a path below this one: through fields, values of maps and items of lists.
    pub fn descend(self, path: &FieldPath) -> Option<Schema<'a>> {
        path.segments()
            .iter()
            .try_fold(self, |schema, segment| match segment {
                Segment::Item => schema.items(),
                Segment::Field(name) => match schema.field(name) {
                    Some(field) => Some(field.schema),
                    None => schema.values(),
                },
            })
    }

    /// What the items of a list must be.
    pub fn items(self) -> Option<Schema<'a>> {
        self.child(Shape::List)
    }

    /// What the values under free keys must be. Objects with known fields may have some too.
    pub fn values(self) -> Option<Schema<'a>> {
        self.child(Shape::Map).or_else(|| self.child(Shape::Object))
    }

    fn child(self, shape: Shape) -> Option<Schema<'a>> {
        let node = self.target.node();
        let child = (node.shape == shape).then_some(node.child)?;
        child.checked_sub(1).map(|id| self.under(id))
    }

    /// How a list is merged; `None` for what is no list.
    pub fn list_type(self) -> Option<ListType<'a>> {
        let node = self.target.node();
        (node.shape == Shape::List).then(|| match node.flags {
            flags if flags & flag::LIST_MAP != 0 => ListType::Map(&self.target.extra().keys),
            flags if flags & flag::LIST_SET != 0 => ListType::Set,
            _ => ListType::Atomic,
        })
    }

    /// Whether a map or an object is merged as a whole: the last writer wins.
    pub fn is_atomic_map(self) -> bool {
        self.has(flag::ATOMIC_MAP) && !self.is_granular_map()
    }

    /// Whether this place is merged field by field, though its definition is not.
    pub(crate) fn is_granular_map(self) -> bool {
        self.site.node().flags & flag::GRANULAR_MAP != 0
    }

    /// The values that are allowed; empty where any is.
    pub fn enum_values(self) -> &'a [Value] {
        match &*self.site.extra().enumeration {
            [] => &self.target.extra().enumeration,
            own => own,
        }
    }

    /// What the server fills in where nothing is written.
    pub fn default(self) -> Option<&'a Value> {
        let own = self.site.extra().default.as_ref();
        own.or(self.target.extra().default.as_ref())
    }

    /// The format of a text or number: `int32`, `date-time`, `byte` (base64), ….
    pub fn format(self) -> Option<&'a str> {
        let format = self.target.extra().format.as_str();
        (!format.is_empty()).then_some(format)
    }

    /// The regular expression that a text must contain a match of.
    pub fn pattern(self) -> Option<&'a str> {
        let pattern = self.target.extra().pattern.as_str();
        (!pattern.is_empty()).then_some(pattern)
    }

    /// The bounds of the value.
    pub fn limits(self) -> &'a Limits {
        &self.target.extra().limits
    }

    /// `allOf`, `anyOf`, `oneOf` and `not` of a custom resource, in one object.
    pub fn laws(self) -> Option<&'a Value> {
        self.target.extra().laws.as_ref()
    }

    /// Whether `null` may stand here and is kept.
    pub fn is_nullable(self) -> bool {
        self.has(flag::NULLABLE)
    }

    /// Whether fields that the schema does not list are allowed and kept.
    pub fn allows_unknown_fields(self) -> bool {
        self.ty() == Type::Any || self.has(flag::UNKNOWN_FIELDS)
    }

    /// Whether the value is an object with `apiVersion`, `kind` and `metadata` of its own.
    pub fn is_embedded_object(self) -> bool {
        self.has(flag::EMBEDDED)
    }

    /// Whether the documentation calls this place deprecated.
    pub fn is_deprecated(self) -> bool {
        self.site.node().flags & flag::DEPRECATED != 0
    }

    /// Whether only the system writes here.
    pub fn is_read_only(self) -> bool {
        self.site.node().flags & flag::READ_ONLY != 0
    }

    /// The definition that this place refers to, if it is no more than a reference.
    pub(crate) fn reference(self) -> Option<&'a str> {
        let node = self.site.node();
        (node.shape == Shape::Reference).then(|| self.site.pool().name(node.child))
    }

    /// What is said of this place itself.
    pub(crate) fn own_description(self) -> Option<&'a str> {
        self.site.description()
    }

    /// What this place itself defaults to.
    pub(crate) fn own_default(self) -> Option<&'a Value> {
        self.site.extra().default.as_ref()
    }

    /// The official reference of the definition, in the release looked at.
    pub fn docs_url(self) -> Option<String> {
        docs::definition_url(self.schemas.kube_release(), self.definition()?)
    }
}

impl<'a> Place<'a> {
    fn extra(self) -> &'a crate::pool::Extra {
        let pool = self.pool();
        let at = self.node().extra as usize;
        pool.extras.get(at).unwrap_or(crate::pool::NO_EXTRA)
    }
}

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The key.
    pub name: &'a str,
    /// Whether an object without it is refused.
    pub required: bool,
    /// What the value must be, with its description, default and allowed values.
    pub schema: Schema<'a>,
}

impl<'a> Field<'a> {
    /// What the field is for. `None` until the descriptions are loaded.
    pub fn description(self) -> Option<&'a str> {
        self.schema.description()
    }

    /// Whether the documentation calls the field deprecated.
    pub fn is_deprecated(self) -> bool {
        self.schema.is_deprecated()
    }
}

/// A kind that an API server of the release serves.
#[derive(Debug, Clone, Copy)]
pub struct KindInfo<'a> {
    pub(crate) schemas: Schemas<'a>,
    pub(crate) layer: &'a Layer,
    pub(crate) edition: &'a Edition,
    pub(crate) row: &'a KindRow,
}

impl<'a> KindInfo<'a> {
    /// Group, version and kind.
    pub fn gvk(self) -> Gvk {
        Gvk::new(self.group(), self.version(), self.kind())
    }

    /// The API group; empty for the core group.
    pub fn group(self) -> &'a str {
        &self.row.group
    }

    /// The version within the group.
    pub fn version(self) -> &'a str {
        &self.row.version
    }

    /// The kind, such as `Deployment`.
    pub fn kind(self) -> &'a str {
        &self.row.kind
    }

    /// The name in URLs, such as `deployments`; empty for kinds that are never stored.
    pub fn plural(self) -> &'a str {
        &self.row.plural
    }

    /// The name that `kubectl` takes, such as `deployment`.
    pub fn singular(self) -> &'a str {
        &self.row.singular
    }

    /// Short names that `kubectl` takes, such as `deploy`.
    pub fn short_names(self) -> &'a [String] {
        &self.row.short_names
    }

    /// Groups of resources that `kubectl` takes, such as `all`.
    pub fn categories(self) -> &'a [String] {
        &self.row.categories
    }

    /// Where objects of the kind live.
    pub fn scope(self) -> Scope {
        self.row.scope
    }

    /// Whether objects of the kind live in a namespace.
    pub fn is_namespaced(self) -> bool {
        self.row.scope == Scope::Namespaced
    }

    /// Whether the kind is a list of another one, such as `DeploymentList`.
    pub fn is_list(self) -> bool {
        self.row.list
    }

    /// Whether `status` is written through a subresource of its own.
    pub fn has_status(self) -> bool {
        self.row.status
    }

    /// Whether `kubectl scale` works.
    pub fn has_scale(self) -> bool {
        self.row.scale
    }

    /// The schema of a whole object.
    pub fn schema(self) -> Schema<'a> {
        let id = self.edition.definition(self.row.definition);
        let place = Place {
            layer: self.layer,
            edition: self.edition,
            // A number out of range is the empty node: any value.
            id: id.unwrap_or(NodeId::MAX),
        };
        Schema::new(self.schemas, place)
    }
}
