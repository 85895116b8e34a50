//! The words for a place in an object: `Deployment.spec.replicas`.

use std::fmt;

/// Where a value stands, for messages: a chain from the value up to its object.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'p> {
    /// The object, by its kind.
    Kind(&'p str),
    /// In a field.
    Field(&'p At<'p>, &'p str),
    /// In a list.
    Item(&'p At<'p>, usize),
}

impl<'p> At<'p> {
    pub(crate) fn field(&'p self, name: &'p str) -> At<'p> {
        At::Field(self, name)
    }

    pub(crate) fn item(&'p self, index: usize) -> At<'p> {
        At::Item(self, index)
    }

    /// The last part: the name of the field, also of one whose items are meant.
    pub(crate) fn name(&self) -> &'p str {
        match self {
            At::Kind(name) | At::Field(_, name) => name,
            At::Item(list, _) => list.name(),
        }
    }

    /// What stands here, for a sentence: `` `env` `` or ``an item of `args` ``.
    pub(crate) fn words(&self) -> String {
        match self {
            At::Kind(name) | At::Field(_, name) => format!("`{name}`"),
            At::Item(list, _) => format!("an item of `{}`", list.name()),
        }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Kind(kind) => f.write_str(kind),
            At::Field(outer, name) => write!(f, "{outer}.{name}"),
            At::Item(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}
