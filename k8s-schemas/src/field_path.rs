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

    /// Reads what [`FieldPath`] prints. A number between the brackets says which item; it is read
    /// and forgotten.
    ///
    /// ```
    /// use k8s_schemas::FieldPath;
    /// let path = FieldPath::parse("metadata.annotations[\"example.com/owner\"]").unwrap();
    /// assert_eq!(path.segments().len(), 3);
    /// ```
    ///
    /// `None` where the text is no path.
    pub fn parse(text: &str) -> Option<FieldPath> {
        let mut path = FieldPath::root();
        let mut rest = text.strip_prefix('.').unwrap_or(text);
        while !rest.is_empty() {
            let (segment, after) = if let Some(inside) = rest.strip_prefix('[') {
                bracket(inside)?
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, after) = rest.split_at_checked(end)?;
                (Segment::Field(name.to_owned()), after)
            };
            if segment == Segment::Field(String::new()) {
                return None;
            }
            path.0.push(segment);
            rest = match after.strip_prefix('.') {
                Some("") => return None,
                Some(after) => after,
                None if after.is_empty() || after.starts_with('[') => after,
                None => return None,
            };
        }
        Some(path)
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

/// Reads what follows `[`: `]`, `0]` or `"key"]`.
fn bracket(inside: &str) -> Option<(Segment, &str)> {
    let Some(quoted) = inside.strip_prefix('"') else {
        let (number, after) = inside.split_once(']')?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then_some((Segment::Item, after));
    };
    let (mut key, mut letters) = (String::new(), quoted.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let after = quoted.get(at + 1..)?.strip_prefix(']')?;
                return Some((Segment::Field(key), after));
            }
            '\\' => key.push(letters.next()?.1),
            other => key.push(other),
        }
    }
    None
}

/// Shows `spec.containers[].image`; keys with other characters than letters, digits, `-`, `_` and
/// `$` are quoted: `metadata.annotations["example.com/owner"]`.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '$');
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Item => f.write_str("[]")?,
                Segment::Field(name) if !name.is_empty() && name.chars().all(plain) => {
                    write!(f, "{}{name}", if at == 0 { "" } else { "." })?;
                }
                Segment::Field(name) => {
                    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
                    write!(f, "[\"{escaped}\"]")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_items_are_read_and_printed() {
        check("spec.containers[].image", "spec.containers[].image");
        check(".spec.replicas", "spec.replicas");
        check("", "");
    }

    #[test]
    fn which_item_is_forgotten() {
        check("spec.containers[12].ports[0]", "spec.containers[].ports[]");
    }

    #[test]
    fn odd_keys_are_quoted() {
        check(r#"metadata.labels["a.b/c"]"#, r#"metadata.labels["a.b/c"]"#);
        check(r#"data["say \"hi\""].x"#, r#"data["say \"hi\""].x"#);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["a..b", "a.", "a[", "a[x]", "a[]b", r#"a["b"#] {
            check(text, "nothing");
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = FieldPath::parse(text).map(|path| path.to_string());
        assert_eq!(shown.as_deref().unwrap_or("nothing"), expected, "{text}");
    }
}
