//! The language of `.gitlab-ci.yml` as Rust types: what they derive is its schema.
//!
//! Read only to make that schema, at build time. Attributes of our own, all optional:
//!
//! - `x-page` of a type: where the documentation of its fields stands, below
//!   `https://docs.gitlab.com/ci/`; `*` is the name of the field;
//! - `x-docs` of a field: the same for this field alone;
//! - `x-instead` of a field: deprecated, and what is written instead;
//! - `x-role` of a text: what it names or says, such as `job` or `duration`;
//! - `x-variables` of a list of words: a variable may stand in their place.

mod artifacts;
mod environment;
mod image;
mod include;
mod inputs;
mod job;
mod parallel;
mod release;
mod root;
mod rules;
mod secrets;
mod steps;
mod trigger;

use schemars::JsonSchema;
use serde_json::Value;

/// The JSON Schema of a pipeline file; that of a header stands among its definitions.
pub(crate) fn schema() -> Value {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<inputs::Header>();
    generator
        .into_root_schema_for::<root::Pipeline>()
        .to_value()
}

/// One text or several.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

/// One command, or a list of them; lists in lists are joined.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Script {
    Line(String),
    Lines(Vec<Script>),
}

/// A time in words, such as `1h 30m` or `2 weeks`.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "duration"))]
struct Duration(String);

/// A time in words, or `never`.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "expiry"))]
struct Expiry(String);

/// The name of a job of this pipeline.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "job"))]
struct JobName(String);

/// The name of a job or of a hidden one.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "template"))]
struct TemplateName(String);

/// The name of a stage.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "stage"))]
struct StageName(String);

/// A path in the repository; `*` and `**` stand for parts of it.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "path"))]
struct PathPattern(String);

/// Anything that is one value: GitLab makes a text of it.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Scalar {
    Text(String),
    Number(f64),
    Boolean(bool),
}
