//! Where the schemas come from: built in natively, files of the page's server in the browser.

use k8s_schemas::SchemaSet;
use serde_json::Value;

/// How far loading has come. In the browser the structure comes first, and the descriptions, most
/// of the bytes, one file after another once the first diagnostics are told.
#[derive(Debug, Default)]
pub(crate) struct SchemaLoader {
    set: SchemaSet,
    structure: Step,
    descriptions: Vec<Step>,
}

/// How far loading one file has come.
#[derive(Debug, Default, PartialEq, Eq)]
enum Step {
    /// There is none to load.
    #[default]
    None,
    Wanted(String),
    Asked(String),
}

/// What a file brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Supplied {
    Nothing,
    /// The kinds: everything is judged by them.
    Structure,
    /// Texts for people, which judge nothing.
    Descriptions,
}

impl SchemaLoader {
    /// Loads what the client names; what is built in, if it names nothing.
    pub(crate) fn new(options: &Value) -> Self {
        let text = |name| options.get(name).and_then(Value::as_str);
        let base = text("schemaBase").unwrap_or_default();
        let file = |file| Step::Wanted(address(base, file));
        let structure = text("structure").map_or(Step::None, file);
        let descriptions = match options.get("descriptions") {
            Some(Value::Array(files)) => files.as_slice(),
            one => one.map_or(&[][..], std::slice::from_ref),
        };
        let descriptions = descriptions.iter().filter_map(Value::as_str);
        let set = if structure == Step::None {
            builtin()
        } else {
            SchemaSet::empty()
        };
        Self {
            set,
            structure,
            descriptions: descriptions.map(file).collect(),
        }
    }

    /// What is loaded.
    pub(crate) fn set(&self) -> SchemaSet {
        self.set.clone()
    }

    /// The address of a file to load now. `is_idle` says that there is time for descriptions.
    pub(crate) fn next_wanted(&mut self, is_idle: bool) -> Option<String> {
        self.structure.ask().or_else(|| {
            let is_time = is_idle && self.structure == Step::None;
            let mut steps = self.descriptions.iter_mut().filter(|_| is_time);
            steps.find(|it| **it != Step::None)?.ask()
        })
    }

    /// Whether nothing is known about kinds yet, and soon will be.
    pub(crate) fn is_awaited(&self) -> bool {
        self.structure != Step::None
    }

    /// Takes in a file that was asked for: what there is in the set now that was not there before.
    ///
    /// # Errors
    ///
    /// A sentence for the person: the bytes are not what they should be.
    pub(crate) fn supply(&mut self, address: &str, bytes: &[u8]) -> Result<Supplied, String> {
        let read = if self.structure.is_answered_by(address) {
            let decoded = SchemaSet::decode(bytes);
            if decoded.is_err() {
                self.descriptions.clear();
            }
            decoded.map(|set| {
                self.set = set;
                Supplied::Structure
            })
        } else if self.are_descriptions(address) {
            let loaded = self.set.load_descriptions(bytes);
            loaded.map(|()| Supplied::Descriptions)
        } else {
            return Ok(Supplied::Nothing);
        };
        read.map_err(|error| fault(address, &error.to_string()))
    }

    /// Takes note that a file could not be loaded: what to tell the person.
    pub(crate) fn fail(&mut self, address: &str, reason: &str) -> String {
        if self.structure.is_answered_by(address) {
            // There is nothing to describe.
            self.descriptions.clear();
        }
        self.are_descriptions(address);
        fault(address, reason)
    }

    /// Whether descriptions were asked for at this address. They are not awaited any more.
    fn are_descriptions(&mut self, address: &str) -> bool {
        let mut steps = self.descriptions.iter_mut();
        steps.any(|it| it.is_answered_by(address))
    }
}

impl Step {
    fn ask(&mut self) -> Option<String> {
        let Self::Wanted(address) = self else {
            return None;
        };
        let address = std::mem::take(address);
        *self = Self::Asked(address.clone());
        Some(address)
    }

    fn is_answered_by(&mut self, address: &str) -> bool {
        let is_answered = matches!(self, Self::Asked(asked) if asked == address);
        if is_answered {
            *self = Self::None;
        }
        is_answered
    }
}

fn fault(address: &str, reason: &str) -> String {
    format!(
        "The Kubernetes schemas could not be loaded from {address}: {reason}. \
         YAML is still checked; reload to try again."
    )
}

fn address(base: &str, file: &str) -> String {
    if file.starts_with('/') || file.contains("://") {
        file.to_owned()
    } else {
        format!("{}/{file}", base.trim_end_matches('/'))
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn builtin() -> SchemaSet {
    SchemaSet::builtin()
}

#[cfg(target_arch = "wasm32")]
fn builtin() -> SchemaSet {
    SchemaSet::empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn descriptions_wait_for_the_structure() {
        let mut loader = SchemaLoader::new(&json!({
            "schemaBase": "/assets/", "structure": "s.bin", "descriptions": "/other/d.bin"
        }));
        assert_eq!(loader.next_wanted(true).as_deref(), Some("/assets/s.bin"));
        assert_eq!(loader.next_wanted(true), None);

        let message = loader
            .supply("/assets/s.bin", b"no bundle")
            .expect_err("a fault");
        assert!(
            message.starts_with("The Kubernetes schemas could not be loaded from /assets/s.bin")
        );
        assert_eq!(loader.next_wanted(true), None, "nothing to describe");
        assert_eq!(loader.supply("/elsewhere", b""), Ok(Supplied::Nothing));
    }

    #[test]
    fn descriptions_come_one_after_another_and_go_on_after_a_failure() {
        let mut loader = SchemaLoader::new(&json!({
            "descriptions": ["usual.bin", "rare.bin"], "schemaBase": "/a"
        }));
        assert_eq!(loader.next_wanted(false), None, "there is no time");
        assert_eq!(loader.next_wanted(true).as_deref(), Some("/a/usual.bin"));
        assert_eq!(loader.next_wanted(true), None, "the first is on its way");
        loader.fail("/a/usual.bin", "no network");
        assert_eq!(loader.next_wanted(true).as_deref(), Some("/a/rare.bin"));
        loader.fail("/a/rare.bin", "no network");
        assert_eq!(loader.next_wanted(true), None);
    }
}
