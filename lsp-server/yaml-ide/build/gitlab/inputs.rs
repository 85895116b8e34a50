//! The header of a reusable file, and the inputs of jobs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

/// What a reusable file asks of those who include it.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#spec*"))]
pub(crate) struct Header {
    /// The values it takes, by name; used as `$[[ inputs.name ]]`.
    inputs: Option<BTreeMap<String, Input>>,
    /// Files from which further inputs come.
    include: Option<Vec<super::include::IncludeSettings>>,
    /// What the file wants to know of the component that it is: used as `$[[ component.name ]]`.
    component: Option<Vec<ComponentFact>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum ComponentFact {
    /// The name of the component.
    Name,
    /// The commit it is taken from.
    Sha,
    /// The version it is taken in.
    Version,
    /// What stands behind the `@`.
    Reference,
}

/// A value that is asked for. Nothing but the name asks for a text.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#specinputs*"))]
pub(crate) struct Input {
    /// What the value must be.
    #[schemars(extend("default" = "string"))]
    r#type: Option<InputType>,
    /// The value if none is given; without it one must be given.
    default: Option<Value>,
    /// What it is for. Markdown.
    #[schemars(length(max = 1024))]
    description: Option<String>,
    /// The values it may have, at most 50.
    #[schemars(length(max = 50))]
    options: Option<Vec<super::Scalar>>,
    /// A pattern that a text must match (RE2), without slashes.
    regex: Option<String>,
    /// Other options and defaults under conditions.
    #[schemars(extend("x-docs" = "yaml/#specinputs"))]
    rules: Option<Vec<InputRule>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum InputType {
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
}

/// Options and default of an input under a condition.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#specinputs"))]
struct InputRule {
    /// A condition over other inputs.
    r#if: Option<String>,
    /// The values it may have then.
    options: Option<Vec<super::Scalar>>,
    /// The value if none is given then.
    default: Option<Value>,
}
