//! What is kept of a job.

use schemars::JsonSchema;

use super::job::Outcome;
use super::{Expiry, OneOrMore, PathPattern};

/// Files and reports that are kept.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#artifacts*"))]
pub(crate) struct Artifacts {
    /// What is kept: patterns of paths in the project.
    paths: Option<Vec<PathPattern>>,
    /// What is left out of it.
    exclude: Option<Vec<PathPattern>>,
    /// When the files are deleted: a time in words, or `never`.
    #[schemars(extend("default" = "30 days"))]
    expire_in: Option<Expiry>,
    /// The title of a link in the merge request; needs `paths` without `*`.
    #[schemars(length(max = 100))]
    expose_as: Option<String>,
    /// The name of the archive.
    #[schemars(extend("default" = "artifacts"))]
    name: Option<String>,
    /// Results that GitLab understands; they are kept however the job ends.
    reports: Option<Reports>,
    /// Whether files that git does not know are kept too.
    #[schemars(extend("default" = false))]
    untracked: Option<bool>,
    /// After which jobs the files are kept.
    #[schemars(extend("default" = "on_success"))]
    when: Option<Outcome>,
    /// Who may download the files.
    #[schemars(extend("default" = "all"))]
    access: Option<Access>,
    /// Whether everybody may download the files.
    #[schemars(extend("default" = true, "x-instead" = "access"))]
    public: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Access {
    /// Everybody who sees the pipeline.
    All,
    /// Developers of the project and above.
    Developer,
    /// Maintainers of the project and above.
    Maintainer,
    /// Nobody; later jobs can.
    None,
}

/// Results that GitLab understands.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/artifacts_reports/#artifactsreports*"))]
struct Reports {
    /// Accessibility of pages (JSON of pa11y).
    accessibility: Option<PathPattern>,
    /// Links that are shown on the page of the job (JSON).
    annotations: Option<PathPattern>,
    /// Findings of fuzzing an API.
    api_fuzzing: Option<OneOrMore<PathPattern>>,
    /// Performance of pages in a browser (JSON of sitespeed).
    browser_performance: Option<PathPattern>,
    /// Findings on the quality of code (JSON, as Code Climate writes it).
    codequality: Option<OneOrMore<PathPattern>>,
    /// Vulnerabilities of container images.
    container_scanning: Option<OneOrMore<PathPattern>>,
    /// Findings of fuzzing with coverage.
    coverage_fuzzing: Option<OneOrMore<PathPattern>>,
    /// Test coverage by line, for the merge request.
    coverage_report: Option<CoverageReport>,
    /// A bill of materials (CycloneDX).
    cyclonedx: Option<OneOrMore<PathPattern>>,
    /// Findings of dynamic application security testing.
    dast: Option<OneOrMore<PathPattern>>,
    /// Vulnerabilities of dependencies.
    dependency_scanning: Option<OneOrMore<PathPattern>>,
    /// Lines `NAME=value` that become variables of later jobs and may fill in `environment:url`.
    dotenv: Option<OneOrMore<PathPattern>>,
    /// Results of tests (JUnit XML), shown in the merge request.
    junit: Option<OneOrMore<PathPattern>>,
    /// Licences of dependencies.
    license_scanning: Option<OneOrMore<PathPattern>>,
    /// Licences of dependencies, by an old name.
    #[schemars(extend("x-instead" = "license_scanning"))]
    license_management: Option<OneOrMore<PathPattern>>,
    /// Results of load tests (JSON of k6).
    load_performance: Option<OneOrMore<PathPattern>>,
    /// An index for navigation in code (LSIF).
    lsif: Option<OneOrMore<PathPattern>>,
    /// Figures that are compared in the merge request (OpenMetrics).
    metrics: Option<OneOrMore<PathPattern>>,
    /// What the code is built with.
    #[schemars(extend("x-instead" = ""))]
    repository_xray: Option<OneOrMore<PathPattern>>,
    /// Requirements that are met.
    requirements: Option<OneOrMore<PathPattern>>,
    /// Findings of static analysis (SARIF).
    sarif: Option<OneOrMore<PathPattern>>,
    /// Findings of static application security testing.
    sast: Option<OneOrMore<PathPattern>>,
    /// Secrets that were found in the repository.
    secret_detection: Option<OneOrMore<PathPattern>>,
    /// A plan of Terraform or OpenTofu (JSON), shown in the merge request.
    terraform: Option<OneOrMore<PathPattern>>,
}

/// Test coverage by line.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/artifacts_reports/#artifactsreportscoverage_report"))]
struct CoverageReport {
    /// How the file is written.
    coverage_format: CoverageFormat,
    /// The file.
    path: PathPattern,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum CoverageFormat {
    /// Cobertura XML.
    Cobertura,
    /// JaCoCo XML.
    Jacoco,
}
