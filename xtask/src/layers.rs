//! Which crate may depend on which: the diagram of docs/architecture.md, as data.

/// Crates that only compute: they build for the browser and know no clock, file or socket.
pub(crate) const PURE: [&str; 6] = [
    "k8s-schemas",
    "yaml-syntax",
    "yaml-ide",
    "api-types",
    "editor-core",
    "deploy-core",
];

/// Packages that would bring IO or an outside format into a pure crate.
pub(crate) const FORBIDDEN_IN_PURE: [&str; 10] = [
    "axum",
    "kube",
    "ls-types",
    "reqwest",
    "sqlx",
    "tokio",
    "tower-lsp-server",
    "wasm-bindgen",
    "web-sys",
    "yew",
];

/// Each crate with those of ours that it may depend on.
pub(crate) const ALLOWED: [(&str, &[&str]); 12] = [
    ("k8s-schemas", &[]),
    ("yaml-syntax", &[]),
    ("api-types", &[]),
    ("yaml-ide", &["k8s-schemas", "yaml-syntax"]),
    ("lsp-server", &["k8s-schemas", "yaml-ide", "yaml-syntax"]),
    ("editor-core", &["yaml-syntax"]),
    ("editor-wasm", &["api-types", "editor-core", "yaml-syntax"]),
    ("deploy-core", &["k8s-schemas", "yaml-syntax"]),
    ("sandbox", &["k8s-schemas", "yaml-syntax"]),
    (
        "kun-cli",
        &["api-types", "k8s-schemas", "yaml-ide", "yaml-syntax"],
    ),
    (
        "backend",
        &[
            "api-types",
            "deploy-core",
            "k8s-schemas",
            "sandbox",
            "yaml-ide",
            "yaml-syntax",
        ],
    ),
    ("xtask", &["k8s-schemas"]),
];
