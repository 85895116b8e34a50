//! The settings of the server, as a client writes them.

use serde_json::Value;
use yaml_ide::Config;

/// The section of the client's settings that is ours.
pub(crate) const SECTION: &str = "kun";

/// What a person may choose. Unknown settings and values are ignored: a client may be newer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Configuration {
    features: Config,
}

impl Configuration {
    /// Takes over what `settings` names: either our section alone or an object that holds it.
    pub(crate) fn update(&mut self, settings: &Value) {
        let settings = settings.get(SECTION).unwrap_or(settings);
        let features = &mut self.features;
        switch(settings, "inlayHints", &mut features.inlay_hints);
        switch(settings, "codeLenses", &mut features.code_lenses);
        switch(settings, "indentSequences", &mut features.indent_sequences);
    }

    /// The part that the features read.
    pub(crate) fn features(&self) -> Config {
        self.features.clone()
    }
}

fn switch(settings: &Value, name: &str, value: &mut bool) {
    if let Some(wanted) = settings.get(name).and_then(Value::as_bool) {
        *value = wanted;
    }
}
