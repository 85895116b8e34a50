//! What people write again and again: whole pipelines, jobs, and the bodies of keywords.
//!
//! Texts have tab stops and escapes (`\$`); their sequences are indented by two columns, and are
//! laid out like the rest of the file when they are inserted.

use super::schema::{Role, Schema};
use crate::completion::context::Context;
use crate::completion::{CompletionKind, Found};

/// A text with a name.
struct Snippet {
    label: &'static str,
    detail: &'static str,
    text: &'static str,
}

/// Whole jobs, for a place where a job can begin.
pub(super) fn jobs(context: &Context, found: &mut Found<'_>) {
    add(JOBS, context, found);
}

/// Whole pipelines, for an empty file.
pub(super) fn pipelines(context: &Context, found: &mut Found<'_>) {
    add(PIPELINES, context, found);
}

fn add(snippets: &[Snippet], context: &Context, found: &mut Found<'_>) {
    for snippet in snippets {
        let text = laid_out(snippet.text, context);
        let item = found.push(snippet.label, CompletionKind::Snippet, text);
        item.is_snippet = true;
        snippet.detail.clone_into(&mut item.detail);
    }
}

/// What is most often written for a keyword, the keyword included.
pub(super) fn body(name: &str, schema: &Schema) -> Option<&'static str> {
    let found = BODIES.iter().find(|body| {
        let rest = body.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(':'))
    })?;
    // Some names stand for something else elsewhere: `default` in `inherit` is a list of names.
    let is_list = found.lines().nth(1)?.trim_start().starts_with("- ");
    let fits = if is_list {
        schema.items().is_some()
    } else {
        schema.map().is_some()
    };
    fits.then_some(*found)
}

/// Items of lists that are often written.
pub(super) fn items(schema: &Schema) -> &'static [(&'static str, &'static str)] {
    let has = |name| schema.map().is_some_and(|map| map.field(name).is_some());
    if has("if") && has("allow_failure") {
        RULES
    } else if has("if") && has("auto_cancel") {
        WORKFLOW_RULES
    } else if has("local") && has("component") {
        INCLUDES
    } else {
        &[]
    }
}

/// Values that are often written.
pub(super) fn texts(role: Role) -> &'static [&'static str] {
    match role {
        Role::Condition => &[
            "$CI_PIPELINE_SOURCE == \"merge_request_event\"",
            "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "$CI_COMMIT_TAG",
            "$CI_COMMIT_TAG =~ /^v\\d+\\.\\d+\\.\\d+$/",
            "$CI_COMMIT_BRANCH",
            "$CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS",
            "$CI_COMMIT_REF_PROTECTED == \"true\"",
            "$CI_PIPELINE_SOURCE == \"schedule\"",
        ],
        Role::Duration => &["10 minutes", "30 minutes", "1 hour", "1 day"],
        Role::Expiry => &["1 hour", "1 day", "1 week", "30 days", "never"],
        Role::CacheKey => &[
            "$CI_COMMIT_REF_SLUG",
            "$CI_JOB_NAME",
            "$CI_JOB_NAME-$CI_COMMIT_REF_SLUG",
        ],
        Role::Ref => &["branches", "tags", "merge_requests", "schedules", "main"],
        Role::Pattern => &["/^TOTAL.+?(\\d+\\%)$/", "/Coverage: (\\d+\\.\\d+)%/"],
        _ => &[],
    }
}

/// Images that people begin with, and what is in them.
pub(super) fn images(services: bool) -> &'static [(&'static str, &'static str)] {
    if services {
        &[
            ("postgres:17-alpine", "PostgreSQL"),
            ("mysql:8.4", "MySQL"),
            ("mariadb:11.8", "MariaDB"),
            ("redis:8-alpine", "Redis"),
            ("mongo:8.0", "MongoDB"),
            ("rabbitmq:4-alpine", "RabbitMQ"),
            ("docker:28-dind", "Docker; needs a privileged runner"),
        ]
    } else {
        &[
            ("alpine:3.22", "a small system with a shell"),
            ("debian:trixie-slim", "Debian"),
            ("node:22-alpine", "Node.js"),
            ("python:3.13-slim", "Python"),
            ("golang:1.25-alpine", "Go"),
            ("rust:1.91-slim", "Rust"),
            ("eclipse-temurin:21", "Java"),
            ("maven:3.9-eclipse-temurin-21", "Java and Maven"),
            ("gradle:8-jdk21", "Java and Gradle"),
            ("ruby:3.4-slim", "Ruby"),
            ("php:8.4-cli", "PHP"),
            ("mcr.microsoft.com/dotnet/sdk:9.0", ".NET"),
            ("alpine/helm:3.19", "Helm"),
            (
                "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA",
                "what this pipeline built",
            ),
        ]
    }
}

/// A text as the file is laid out: later lines at the column of the cursor, and sequences indented
/// as its others are.
pub(super) fn laid_out(text: &str, context: &Context) -> String {
    let mut laid_out = String::new();
    let mut dashes: Vec<usize> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let written = line.trim_start();
        let indent = line.len() - written.len();
        let is_item = written.starts_with("- ");
        let inner = |dash: usize| dash > indent || (dash == indent && !is_item);
        while dashes.last().is_some_and(|dash| inner(*dash)) {
            dashes.pop();
        }
        if is_item && dashes.last() != Some(&indent) && number > 0 {
            dashes.push(indent);
        }
        let out = if context.layout.indent_sequences {
            0
        } else {
            2 * dashes.len()
        };
        if number > 0 {
            laid_out.push('\n');
            if !written.is_empty() {
                let column = context.column + indent.saturating_sub(out);
                laid_out.push_str(&" ".repeat(column));
            }
        }
        laid_out.push_str(written);
    }
    laid_out
}

const BODIES: &[&str] = &[
    "stages:\n  - ${1:build}\n  - ${2:test}\n  - ${3:deploy}",
    "variables:\n  ${1:NAME}: ${2:value}",
    "workflow:\n  rules:\n    - if: ${1:\\$CI_PIPELINE_SOURCE == \"merge_request_event\"}\n    - if: ${2:\\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH}\n    - if: ${3:\\$CI_COMMIT_TAG}",
    "default:\n  image: ${1:alpine:3.22}\n  interruptible: ${2|true,false|}",
    "include:\n  - local: ${1:/.gitlab/ci/build.yml}",
    "spec:\n  inputs:\n    ${1:stage}:\n      default: ${2:test}",
    "inputs:\n  ${1:name}: $0",
    "script:\n  - $0",
    "before_script:\n  - $0",
    "after_script:\n  - $0",
    "services:\n  - name: ${1:postgres:17}\n    alias: ${2:db}",
    "needs:\n  - ${1:job}",
    "dependencies:\n  - ${1:job}",
    "rules:\n  - if: ${1:\\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH}",
    "changes:\n  - ${1:src/**/*}",
    "exists:\n  - ${1:Dockerfile}",
    "artifacts:\n  paths:\n    - ${1:dist/}\n  expire_in: ${2:1 week}",
    "reports:\n  junit: ${1:report.xml}",
    "coverage_report:\n  coverage_format: ${1|cobertura,jacoco|}\n  path: ${2:coverage.xml}",
    "cache:\n  key:\n    files:\n      - ${1:package-lock.json}\n  paths:\n    - ${2:.npm/}",
    "key:\n  files:\n    - ${1:package-lock.json}",
    "paths:\n  - ${1:dist/}",
    "environment:\n  name: ${1:production}\n  url: ${2:https://example.com}",
    "parallel:\n  matrix:\n    - ${1:VERSION}: [${2:\"3.12\", \"3.13\"}]",
    "matrix:\n  - ${1:VERSION}: [${2:\"3.12\", \"3.13\"}]",
    "retry:\n  max: ${1:2}\n  when:\n    - ${2:runner_system_failure}",
    "id_tokens:\n  ${1:KUN_ID_TOKEN}:\n    aud: ${2:https://kun.example.com}",
    "trigger:\n  include:\n    - local: ${1:child/.gitlab-ci.yml}\n  strategy: ${2|mirror,depend|}",
    "tags:\n  - $0",
    "release:\n  tag_name: ${1:\\$CI_COMMIT_TAG}\n  description: ${2:Release \\$CI_COMMIT_TAG}",
    "secrets:\n  ${1:DATABASE_PASSWORD}:\n    vault: ${2:production/db/password@ops}",
];

const RULES: &[(&str, &str)] = &[
    (
        "- if: merge request",
        "- if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"",
    ),
    (
        "- if: default branch",
        "- if: \\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH",
    ),
    (
        "- if: release tag",
        "- if: \\$CI_COMMIT_TAG =~ /^v\\\\d+\\\\.\\\\d+\\\\.\\\\d+\\$/",
    ),
    ("- changes", "- changes:\n    - ${1:src/**/*}"),
    (
        "- if: manual gate",
        "- if: ${1:\\$CI_COMMIT_TAG}\n  when: manual",
    ),
    ("- when: never", "- when: never"),
];

const WORKFLOW_RULES: &[(&str, &str)] = &[
    (
        "- if: merge request",
        "- if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"",
    ),
    (
        "- if: branch without merge request",
        "- if: \\$CI_COMMIT_BRANCH && \\$CI_OPEN_MERGE_REQUESTS\n  when: never\n- if: \\$CI_COMMIT_BRANCH",
    ),
    ("- if: tag", "- if: \\$CI_COMMIT_TAG"),
];

const INCLUDES: &[(&str, &str)] = &[
    (
        "- project",
        "- project: ${1:group/project}\n  ref: ${2:main}\n  file: ${3:/templates/build.yml}",
    ),
    (
        "- component",
        "- component: \\$CI_SERVER_FQDN/${1:group/project/name}@${2:1.0.0}\n  inputs:\n    ${3:stage}: ${4:test}",
    ),
    ("- remote", "- remote: ${1:https://example.com/ci.yml}"),
    ("- template", "- template: ${1:Jobs/SAST.gitlab-ci.yml}"),
];

const JOBS: &[Snippet] = &[
    Snippet {
        label: "job",
        detail: "a job with a script",
        text: "${1:job}:\n  stage: ${2:test}\n  image: ${3:alpine:3.22}\n  script:\n    - $0",
    },
    Snippet {
        label: "job with rules",
        detail: "for merge requests and the default branch",
        text: "${1:job}:\n  stage: ${2:test}\n  script:\n    - $3\n  rules:\n    - if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"\n    - if: \\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH",
    },
    Snippet {
        label: "hidden job",
        detail: "keywords for others to extend",
        text: ".${1:base}:\n  image: ${2:alpine:3.22}\n  $0",
    },
    Snippet {
        label: "test with cache",
        detail: "a cache by lock file, results in the merge request",
        text: "${1:test}:\n  stage: ${2:test}\n  image: ${3:node:22}\n  cache:\n    key:\n      files:\n        - ${4:package-lock.json}\n    paths:\n      - ${5:.npm/}\n  script:\n    - ${6:npm ci --cache .npm --prefer-offline}\n    - ${7:npm test}\n  artifacts:\n    when: always\n    reports:\n      junit: ${8:junit.xml}",
    },
    Snippet {
        label: "parallel matrix",
        detail: "one job for each combination",
        text: "${1:test}:\n  stage: ${2:test}\n  image: ${3:python}:\\$VERSION\n  parallel:\n    matrix:\n      - VERSION: [${4:\"3.12\", \"3.13\"}]\n  script:\n    - $0",
    },
    Snippet {
        label: "build image (Kaniko)",
        detail: "in a container without privileges",
        text: "${1:build-image}:\n  stage: ${2:build}\n  image:\n    name: ${3:registry.example.com/kaniko/executor:v1.28.3-debug}\n    entrypoint: [\"\"]\n  script:\n    - mkdir -p /kaniko/.docker\n    - auth=\\$(printf '%s:%s' \"\\$CI_REGISTRY_USER\" \"\\$CI_REGISTRY_PASSWORD\" | base64 | tr -d '\\\\n')\n    - printf '{\"auths\":{\"%s\":{\"auth\":\"%s\"\\}\\}\\}' \"\\$CI_REGISTRY\" \"\\$auth\" > /kaniko/.docker/config.json\n    - >-\n      /kaniko/executor\n      --context \"\\$CI_PROJECT_DIR\"\n      --dockerfile \"${4:Dockerfile}\"\n      --destination \"\\$CI_REGISTRY_IMAGE:${5:\\$CI_COMMIT_SHORT_SHA}\"\n      --cache=true --cache-repo \"\\$CI_REGISTRY_IMAGE/cache\"\n      --digest-file digest.txt\n  artifacts:\n    paths:\n      - digest.txt",
    },
    Snippet {
        label: "build image (BuildKit rootless)",
        detail: "in a container without root",
        text: "${1:build-image}:\n  stage: ${2:build}\n  image:\n    name: ${3:moby/buildkit:rootless}\n    entrypoint: [\"\"]\n  variables:\n    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox\n  script:\n    - mkdir -p ~/.docker\n    - auth=\\$(printf '%s:%s' \"\\$CI_REGISTRY_USER\" \"\\$CI_REGISTRY_PASSWORD\" | base64 | tr -d '\\\\n')\n    - printf '{\"auths\":{\"%s\":{\"auth\":\"%s\"\\}\\}\\}' \"\\$CI_REGISTRY\" \"\\$auth\" > ~/.docker/config.json\n    - >-\n      buildctl-daemonless.sh build\n      --frontend dockerfile.v0\n      --local context=.\n      --local dockerfile=.\n      --output \"type=image,name=\\$CI_REGISTRY_IMAGE:${4:\\$CI_COMMIT_SHORT_SHA},push=true\"",
    },
    Snippet {
        label: "deploy with kun",
        detail: "push a version, deploy it, wait until it is healthy",
        text: "${1:deploy}:\n  stage: ${2:deploy}\n  image: ${3:registry.example.com/kun:0.1.0}\n  id_tokens:\n    KUN_ID_TOKEN:\n      aud: ${4:https://kun.example.com}\n  environment:\n    name: ${5:production}\n  resource_group: \\$CI_ENVIRONMENT_NAME\n  script:\n    - kun push --project ${6:shop} --resource-set ${7:web} --version \"\\$CI_COMMIT_TAG\" -f ${8:deploy/}\n    - kun deploy --project ${6:shop} --resource-set ${7:web} --version \"\\$CI_COMMIT_TAG\" --environment \"\\$CI_ENVIRONMENT_NAME\" --wait\n  rules:\n    - if: \\$CI_COMMIT_TAG",
    },
    Snippet {
        label: "deploy to an environment",
        detail: "by hand, one at a time",
        text: "${1:deploy}:\n  stage: ${2:deploy}\n  environment:\n    name: ${3:production}\n    url: ${4:https://example.com}\n  resource_group: ${3:production}\n  script:\n    - $5\n  rules:\n    - if: \\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH\n      when: manual",
    },
    Snippet {
        label: "review environment",
        detail: "with the job that stops it",
        text: "${1:review}:\n  stage: ${2:deploy}\n  environment:\n    name: review/\\$CI_COMMIT_REF_SLUG\n    url: https://\\$CI_ENVIRONMENT_SLUG.${3:example.com}\n    on_stop: ${4:stop review}\n    auto_stop_in: ${5:1 week}\n  script:\n    - $6\n  rules:\n    - if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"\n\n${4:stop review}:\n  stage: ${2:deploy}\n  environment:\n    name: review/\\$CI_COMMIT_REF_SLUG\n    action: stop\n  script:\n    - $7\n  rules:\n    - if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"\n      when: manual\n      allow_failure: true",
    },
    Snippet {
        label: "scheduled job",
        detail: "runs in pipelines of a schedule only",
        text: "${1:nightly}:\n  stage: ${2:test}\n  script:\n    - $0\n  rules:\n    - if: \\$CI_PIPELINE_SOURCE == \"schedule\"",
    },
    Snippet {
        label: "child pipeline",
        detail: "a job that starts another pipeline",
        text: "${1:child}:\n  stage: ${2:test}\n  trigger:\n    include:\n      - local: ${3:child/.gitlab-ci.yml}\n    strategy: mirror",
    },
    Snippet {
        label: "pages",
        detail: "publishes to GitLab Pages",
        text: "${1:publish}:\n  stage: ${2:deploy}\n  script:\n    - ${3:make html}\n  pages:\n    publish: ${4:public}\n  rules:\n    - if: \\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH",
    },
    Snippet {
        label: "release",
        detail: "for a tag",
        text: "${1:release}:\n  stage: ${2:deploy}\n  image: ${3:gitlab/glab:v1.79.0}\n  script:\n    - echo \"Release \\$CI_COMMIT_TAG\"\n  release:\n    tag_name: \\$CI_COMMIT_TAG\n    description: ${4:Release \\$CI_COMMIT_TAG}\n  rules:\n    - if: \\$CI_COMMIT_TAG",
    },
];

const PIPELINES: &[Snippet] = &[
    Snippet {
        label: "pipeline",
        detail: "stages, rules and two jobs",
        text: "stages:\n  - build\n  - test\n\nworkflow:\n  rules:\n    - if: \\$CI_PIPELINE_SOURCE == \"merge_request_event\"\n    - if: \\$CI_COMMIT_BRANCH == \\$CI_DEFAULT_BRANCH\n    - if: \\$CI_COMMIT_TAG\n\ndefault:\n  image: ${1:alpine:3.22}\n  interruptible: true\n\nbuild:\n  stage: build\n  script:\n    - ${2:make}\n  artifacts:\n    paths:\n      - ${3:dist/}\n\ntest:\n  stage: test\n  script:\n    - ${4:make test}",
    },
    Snippet {
        label: "component",
        detail: "a reusable file with inputs",
        text: "spec:\n  inputs:\n    stage:\n      default: test\n    ${1:image}:\n      default: ${2:alpine:3.22}\n---\n\"${3:job} \\$[[ inputs.stage ]]\":\n  stage: \\$[[ inputs.stage ]]\n  image: \\$[[ inputs.${1:image} ]]\n  script:\n    - $0",
    },
];
