//! Copies of a job.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// How many copies of a job run.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Parallel {
    Copies(#[schemars(range(min = 1, max = 200))] i64),
    Matrix(Matrix),
}

/// One copy for each combination of variables.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#parallel*"))]
pub(crate) struct Matrix {
    /// Mappings of variables to their values. Each makes a copy for every combination of its own; at most 200 in all.
    #[schemars(length(max = 200))]
    matrix: Vec<BTreeMap<String, MatrixValue>>,
}

/// One value, or several.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum MatrixValue {
    Text(String),
    Number(f64),
    Several(Vec<MatrixItem>),
}

/// A value.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum MatrixItem {
    Text(String),
    Number(f64),
}
