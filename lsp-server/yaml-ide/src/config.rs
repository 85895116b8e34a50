//! What a person may switch: one struct, part of every snapshot.

use k8s_schemas::KubeRelease;

/// Settings of the features.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "settings that a person switches one by one"
)]
pub struct Config {
    /// The release of Kubernetes that objects are written for.
    pub release: KubeRelease,
    /// Patterns of paths, and the release that such files are written for. The longest pattern that
    /// fits counts; a file that says `# kun: release=1.35` in front of all else needs none.
    pub releases: Vec<(String, KubeRelease)>,
    /// Whether decoded quantities, defaults and schedules are shown between the words.
    pub inlay_hints: bool,
    /// Whether counts are shown above objects.
    pub code_lenses: bool,
    /// Whether the hover of a value of a Secret shows what its base64 stands for.
    pub reveal_secrets: bool,
    /// Whether the items of a sequence stand deeper than its key when text is inserted or
    /// formatted, where the document does not show it.
    pub indent_sequences: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            release: KubeRelease::NEWEST,
            releases: Vec::new(),
            inlay_hints: true,
            code_lenses: true,
            reveal_secrets: false,
            indent_sequences: true,
        }
    }
}
