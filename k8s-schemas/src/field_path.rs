//! Paths such as `spec.containers[].image`.

use std::fmt;

/// The place of a field within an object, with no regard to which item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FieldPath(Vec<Segment>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Into the field or key of this name.
    Field(String),
    /// Into any item of a list.
    Item,
}

impl FieldPath {
    /// The path of the whole object.
    pub fn root() -> FieldPath {
        FieldPath::default()
    }

    /// Reads what [`FieldPath`] prints. Keys with other characters are quoted:
    /// `metadata.annotations["a.b/c"]`.
    ///
    /// `None` where the text is no path.
    pub fn parse(_text: &str) -> Option<FieldPath> {
        None
    }

    /// The path of a field below this one.
    #[must_use]
    pub fn field(mut self, name: &str) -> FieldPath {
        self.0.push(Segment::Field(name.to_owned()));
        self
    }

    /// The path of the items below this one.
    #[must_use]
    pub fn item(mut self) -> FieldPath {
        self.0.push(Segment::Item);
        self
    }

    /// The steps, from the object inwards.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            match segment {
                Segment::Field(name) => write!(f, ".{name}")?,
                Segment::Item => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}
