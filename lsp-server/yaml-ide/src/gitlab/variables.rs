//! The variables that GitLab itself sets, and those that tell the runner what to do.

/// A variable: its name, and what it holds.
pub(crate) type Variable = (&'static str, &'static str);

/// The page that lists the variables that GitLab sets.
pub(crate) const PREDEFINED_DOCS: &str =
    "https://docs.gitlab.com/ci/variables/predefined_variables/";

/// The page about those that people set for the runner.
pub(crate) const RUNNER_DOCS: &str = "https://docs.gitlab.com/ci/runners/configure_runners/#configure-runner-behavior-with-variables";

/// What is known of a variable, and the page that explains it.
pub(crate) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let among = |all: &'static [Variable], docs| {
        let found = all.iter().find(|(known, _)| *known == name)?;
        Some((found.1, docs))
    };
    among(PREDEFINED, PREDEFINED_DOCS).or_else(|| among(RUNNER, RUNNER_DOCS))
}

/// What a variable can be compared with.
pub(crate) fn values(name: &str) -> &'static [&'static str] {
    match name {
        "CI_PIPELINE_SOURCE" => &[
            "merge_request_event",
            "push",
            "schedule",
            "web",
            "api",
            "trigger",
            "pipeline",
            "parent_pipeline",
            "external",
            "external_pull_request_event",
            "chat",
            "webide",
            "ondemand_dast_scan",
            "security_orchestration_policy",
        ],
        "CI_MERGE_REQUEST_EVENT_TYPE" => &["detached", "merged_result", "merge_train"],
        "CI_COMMIT_REF_PROTECTED" | "CI_DEPLOY_FREEZE" => &["true", "false"],
        "CI_PROJECT_VISIBILITY" => &["public", "internal", "private"],
        "CI_ENVIRONMENT_TIER" => &["production", "staging", "testing", "development", "other"],
        "CI_JOB_STATUS" => &["success", "failed", "canceled"],
        _ => &[],
    }
}

/// Set by GitLab, the most used first.
pub(crate) const PREDEFINED: &[Variable] = &[
    (
        "CI_PIPELINE_SOURCE",
        "How the pipeline came about: `push`, `merge_request_event`, `schedule`, `web`, `api`, `trigger`, `pipeline`, `parent_pipeline` …",
    ),
    (
        "CI_COMMIT_BRANCH",
        "The branch. Not set in pipelines of tags and merge requests.",
    ),
    ("CI_COMMIT_TAG", "The tag. Set in pipelines of tags only."),
    ("CI_DEFAULT_BRANCH", "The default branch of the project."),
    (
        "CI_COMMIT_REF_NAME",
        "The branch or tag that the project is built for.",
    ),
    (
        "CI_COMMIT_REF_SLUG",
        "`CI_COMMIT_REF_NAME` in lower case, at most 63 characters, with `-` for all but letters and digits: good in host names and as a key of a cache.",
    ),
    (
        "CI_COMMIT_REF_PROTECTED",
        "`true` if the branch or tag is protected.",
    ),
    ("CI_COMMIT_SHA", "The commit, in full."),
    (
        "CI_COMMIT_SHORT_SHA",
        "The first eight characters of the commit.",
    ),
    ("CI_COMMIT_MESSAGE", "The message of the commit, in full."),
    (
        "CI_COMMIT_TITLE",
        "The first line of the message of the commit.",
    ),
    (
        "CI_COMMIT_DESCRIPTION",
        "The message of the commit without its first line.",
    ),
    (
        "CI_COMMIT_AUTHOR",
        "The author of the commit, as `Name <address>`.",
    ),
    (
        "CI_COMMIT_BEFORE_SHA",
        "The commit that the branch or tag was at before; zeros for new branches and in merge requests.",
    ),
    ("CI_COMMIT_TAG_MESSAGE", "The message of the tag."),
    (
        "CI_COMMIT_TIMESTAMP",
        "When the commit was made, as ISO 8601.",
    ),
    (
        "CI_OPEN_MERGE_REQUESTS",
        "Open merge requests of this branch, at most four, as `group/project!number`.",
    ),
    (
        "CI_MERGE_REQUEST_IID",
        "The number of the merge request within the project.",
    ),
    (
        "CI_MERGE_REQUEST_ID",
        "The number of the merge request in all of this GitLab.",
    ),
    (
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "The branch that the merge request comes from.",
    ),
    (
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
        "The newest commit of that branch; set in pipelines of merged results only.",
    ),
    (
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "The branch that the merge request goes to.",
    ),
    (
        "CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED",
        "`true` if that branch is protected.",
    ),
    (
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA",
        "The newest commit of that branch; set in pipelines of merged results only.",
    ),
    (
        "CI_MERGE_REQUEST_DIFF_BASE_SHA",
        "The commit that the merge request is compared with.",
    ),
    (
        "CI_MERGE_REQUEST_EVENT_TYPE",
        "`detached`, `merged_result` or `merge_train`.",
    ),
    (
        "CI_MERGE_REQUEST_LABELS",
        "The labels of the merge request, with commas between them.",
    ),
    (
        "CI_MERGE_REQUEST_MILESTONE",
        "The milestone of the merge request.",
    ),
    (
        "CI_MERGE_REQUEST_APPROVED",
        "`true` if the merge request is approved.",
    ),
    (
        "CI_MERGE_REQUEST_ASSIGNEES",
        "Who the merge request is assigned to.",
    ),
    (
        "CI_MERGE_REQUEST_PROJECT_ID",
        "The number of the project that the merge request goes to.",
    ),
    (
        "CI_MERGE_REQUEST_PROJECT_PATH",
        "The path of the project that the merge request goes to.",
    ),
    (
        "CI_MERGE_REQUEST_PROJECT_URL",
        "The address of the project that the merge request goes to.",
    ),
    (
        "CI_MERGE_REQUEST_REF_PATH",
        "The ref of the merge request: `refs/merge-requests/1/head`.",
    ),
    (
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH",
        "The path of the project that the merge request comes from.",
    ),
    (
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL",
        "The address of the project that the merge request comes from.",
    ),
    ("CI_MERGE_REQUEST_TITLE", "The title of the merge request."),
    (
        "CI_MERGE_REQUEST_DESCRIPTION",
        "The description of the merge request.",
    ),
    ("CI_REGISTRY", "The container registry of this GitLab."),
    (
        "CI_REGISTRY_IMAGE",
        "Where images of the project stand in the registry.",
    ),
    (
        "CI_REGISTRY_USER",
        "The user under which the job may push to the registry of the project.",
    ),
    (
        "CI_REGISTRY_PASSWORD",
        "The password for that user; valid while the job runs.",
    ),
    (
        "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
        "What to write before an image to have it pulled through the proxy of the group.",
    ),
    (
        "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
        "What to write before an image to have it pulled through the proxy of the group that the project is in.",
    ),
    ("CI_DEPENDENCY_PROXY_SERVER", "The host of the proxy."),
    ("CI_DEPENDENCY_PROXY_USER", "The user for the proxy."),
    (
        "CI_DEPENDENCY_PROXY_PASSWORD",
        "The password for the proxy.",
    ),
    ("CI_JOB_NAME", "The name of the job."),
    (
        "CI_JOB_NAME_SLUG",
        "The name of the job in lower case, with `-` for all but letters and digits.",
    ),
    ("CI_JOB_STAGE", "The stage of the job."),
    ("CI_JOB_ID", "The number of the job."),
    ("CI_JOB_URL", "The page of the job."),
    (
        "CI_JOB_TOKEN",
        "A token for the API, valid while the job runs.",
    ),
    (
        "CI_JOB_STATUS",
        "How the job stands, for `after_script`: `success`, `failed` or `canceled`.",
    ),
    ("CI_JOB_IMAGE", "The image that the job runs in."),
    ("CI_JOB_MANUAL", "`true` if somebody started the job."),
    ("CI_JOB_STARTED_AT", "When the job started, as ISO 8601."),
    ("CI_JOB_TIMEOUT", "How many seconds the job may take."),
    (
        "CI_JOB_GROUP_NAME",
        "The name of the job without what tells its copies apart.",
    ),
    (
        "CI_NODE_INDEX",
        "Which copy of a parallel job it is, from 1 on.",
    ),
    (
        "CI_NODE_TOTAL",
        "How many copies of the parallel job there are.",
    ),
    (
        "CI_PIPELINE_ID",
        "The number of the pipeline in all of this GitLab.",
    ),
    (
        "CI_PIPELINE_IID",
        "The number of the pipeline within the project.",
    ),
    ("CI_PIPELINE_URL", "The page of the pipeline."),
    (
        "CI_PIPELINE_NAME",
        "The title of the pipeline, from `workflow: name`.",
    ),
    (
        "CI_PIPELINE_CREATED_AT",
        "When the pipeline was made, as ISO 8601.",
    ),
    ("CI_PIPELINE_TRIGGERED", "`true` if the job was triggered."),
    (
        "CI_PIPELINE_SCHEDULE_DESCRIPTION",
        "The description of the schedule that started the pipeline.",
    ),
    (
        "CI_PROJECT_DIR",
        "The folder that the repository is in, and the job runs in.",
    ),
    ("CI_PROJECT_ID", "The number of the project."),
    ("CI_PROJECT_NAME", "The name of the project's folder."),
    (
        "CI_PROJECT_TITLE",
        "The name of the project as people read it.",
    ),
    ("CI_PROJECT_DESCRIPTION", "The description of the project."),
    (
        "CI_PROJECT_PATH",
        "The path of the project with its namespace.",
    ),
    (
        "CI_PROJECT_PATH_SLUG",
        "That path in lower case, with `-` for all but letters and digits.",
    ),
    (
        "CI_PROJECT_NAMESPACE",
        "The path of the group or user that the project belongs to.",
    ),
    (
        "CI_PROJECT_NAMESPACE_ID",
        "The number of that group or user.",
    ),
    (
        "CI_PROJECT_NAMESPACE_SLUG",
        "The path of that group or user in lower case, with `-` for all but letters and digits.",
    ),
    (
        "CI_PROJECT_ROOT_NAMESPACE",
        "The first part of the path of the project.",
    ),
    ("CI_PROJECT_URL", "The page of the project."),
    (
        "CI_PROJECT_VISIBILITY",
        "`public`, `internal` or `private`.",
    ),
    (
        "CI_PROJECT_CLASSIFICATION_LABEL",
        "The label by which access to the project is decided elsewhere.",
    ),
    (
        "CI_PROJECT_REPOSITORY_LANGUAGES",
        "The languages of the repository in lower case, with commas between them.",
    ),
    (
        "CI_REPOSITORY_URL",
        "The address to clone from, with the token of the job.",
    ),
    ("CI_CONFIG_PATH", "The path of the pipeline file."),
    ("CI_ENVIRONMENT_NAME", "The environment of the job."),
    (
        "CI_ENVIRONMENT_SLUG",
        "The environment in a form that fits host names and Kubernetes.",
    ),
    ("CI_ENVIRONMENT_URL", "The address of the environment."),
    (
        "CI_ENVIRONMENT_ACTION",
        "What the job does to the environment: `start`, `prepare`, `stop`, `verify` or `access`.",
    ),
    ("CI_ENVIRONMENT_TIER", "What sort of environment it is."),
    ("CI_ENVIRONMENT_ID", "The number of the environment."),
    (
        "CI_DEPLOY_USER",
        "The user of the deploy token `gitlab-deploy-token`.",
    ),
    ("CI_DEPLOY_PASSWORD", "The password of that deploy token."),
    ("CI_DEPLOY_FREEZE", "`true` while deployments are frozen."),
    (
        "CI_KUBERNETES_ACTIVE",
        "`true` if the pipeline has a cluster.",
    ),
    (
        "KUBECONFIG",
        "The path of a file with contexts for the agents that the project may use.",
    ),
    ("CI_API_V4_URL", "The address of the API."),
    ("CI_API_GRAPHQL_URL", "The address of the GraphQL API."),
    ("CI_SERVER_URL", "The address of this GitLab."),
    ("CI_SERVER_HOST", "The host of this GitLab."),
    (
        "CI_SERVER_FQDN",
        "The host of this GitLab, with its port where that is unusual.",
    ),
    ("CI_SERVER_PORT", "The port of this GitLab."),
    ("CI_SERVER_PROTOCOL", "`http` or `https`."),
    ("CI_SERVER_NAME", "The name of the server: `GitLab`."),
    ("CI_SERVER_VERSION", "The version of GitLab."),
    ("CI_SERVER_VERSION_MAJOR", "The first part of that version."),
    (
        "CI_SERVER_VERSION_MINOR",
        "The second part of that version.",
    ),
    ("CI_SERVER_VERSION_PATCH", "The third part of that version."),
    ("CI_SERVER_REVISION", "The revision of GitLab."),
    ("CI_SERVER_SHELL_SSH_HOST", "The host for git over SSH."),
    ("CI_SERVER_SHELL_SSH_PORT", "The port for git over SSH."),
    (
        "CI_SERVER_TLS_CA_FILE",
        "A file with the authority that signed the certificate of the server.",
    ),
    (
        "CI_SERVER_TLS_CERT_FILE",
        "A file with the certificate of the runner.",
    ),
    (
        "CI_SERVER_TLS_KEY_FILE",
        "A file with the key of the runner.",
    ),
    ("CI_RUNNER_ID", "The number of the runner."),
    ("CI_RUNNER_DESCRIPTION", "The description of the runner."),
    ("CI_RUNNER_TAGS", "The tags of the runner."),
    ("CI_RUNNER_VERSION", "The version of the runner."),
    ("CI_RUNNER_REVISION", "The revision of the runner."),
    (
        "CI_RUNNER_EXECUTABLE_ARCH",
        "System and architecture of the runner; that of the job may be another one.",
    ),
    (
        "CI_RUNNER_SHORT_TOKEN",
        "The beginning of the token of the runner.",
    ),
    (
        "CI_CONCURRENT_ID",
        "Tells jobs apart that a runner runs at the same time.",
    ),
    (
        "CI_CONCURRENT_PROJECT_ID",
        "Tells jobs of the project apart that a runner runs at the same time.",
    ),
    ("CI_BUILDS_DIR", "The folder in which jobs run."),
    ("CI_PAGES_DOMAIN", "The domain of GitLab Pages."),
    ("CI_PAGES_HOSTNAME", "The host of the project's pages."),
    ("CI_PAGES_URL", "The address of the project's pages."),
    (
        "CI_TEMPLATE_REGISTRY_HOST",
        "The registry that templates take images from.",
    ),
    ("CI_GITLAB_FIPS_MODE", "`true` if GitLab runs in FIPS mode."),
    (
        "CI_HAS_OPEN_REQUIREMENTS",
        "`true` if the project has open requirements.",
    ),
    (
        "CI_TRIGGER_SHORT_TOKEN",
        "The beginning of the token that triggered the job.",
    ),
    (
        "TRIGGER_PAYLOAD",
        "The path of a file with the body of the webhook that started the pipeline.",
    ),
    (
        "CHAT_CHANNEL",
        "The chat channel that the job was started from.",
    ),
    ("CHAT_INPUT", "What was said to start the job from chat."),
    ("CHAT_USER_ID", "Who started the job from chat."),
    (
        "GITLAB_USER_LOGIN",
        "The login of who started the pipeline, or a manual job.",
    ),
    ("GITLAB_USER_NAME", "The name of that person."),
    ("GITLAB_USER_EMAIL", "The mail address of that person."),
    ("GITLAB_USER_ID", "The number of that person."),
    ("GITLAB_CI", "`true`: the job runs in GitLab."),
    (
        "GITLAB_FEATURES",
        "The licensed features of this GitLab, with commas between them.",
    ),
    ("CI", "`true`: this is continuous integration."),
];

/// Set by people, read by the runner.
pub(crate) const RUNNER: &[Variable] = &[
    (
        "GIT_STRATEGY",
        "How the repository is fetched: `fetch`, `clone`, `empty` or `none`.",
    ),
    (
        "GIT_DEPTH",
        "How many commits are fetched; `0` fetches all.",
    ),
    (
        "GIT_SUBMODULE_STRATEGY",
        "Whether submodules are fetched: `none`, `normal` or `recursive`.",
    ),
    (
        "GIT_SUBMODULE_DEPTH",
        "How many commits of submodules are fetched.",
    ),
    ("GIT_SUBMODULE_PATHS", "Which submodules are fetched."),
    ("GIT_CHECKOUT", "`false` leaves the working copy as it is."),
    (
        "GIT_CLEAN_FLAGS",
        "Options of `git clean` before the job; `none` cleans nothing.",
    ),
    ("GIT_FETCH_EXTRA_FLAGS", "More options of `git fetch`."),
    (
        "GIT_CLONE_PATH",
        "The folder to clone into, within `$CI_BUILDS_DIR`.",
    ),
    (
        "GET_SOURCES_ATTEMPTS",
        "How often fetching the repository is tried, from 1 to 10.",
    ),
    (
        "ARTIFACT_DOWNLOAD_ATTEMPTS",
        "How often fetching artifacts is tried, from 1 to 10.",
    ),
    (
        "RESTORE_CACHE_ATTEMPTS",
        "How often fetching the cache is tried, from 1 to 10.",
    ),
    (
        "EXECUTOR_JOB_SECTION_ATTEMPTS",
        "How often a part of a job is tried if its container is lost.",
    ),
    (
        "CACHE_COMPRESSION_LEVEL",
        "How hard the cache is compressed: `fastest`, `fast`, `default`, `slow` or `slowest`.",
    ),
    (
        "ARTIFACT_COMPRESSION_LEVEL",
        "How hard artifacts are compressed: `fastest`, `fast`, `default`, `slow` or `slowest`.",
    ),
    (
        "CACHE_REQUEST_TIMEOUT",
        "How many minutes fetching or storing a cache may take.",
    ),
    (
        "TRANSFER_METER_FREQUENCY",
        "How often the progress of transfers is shown, such as `2s`.",
    ),
    ("RUNNER_SCRIPT_TIMEOUT", "How long `script` may take."),
    (
        "RUNNER_AFTER_SCRIPT_TIMEOUT",
        "How long `after_script` may take.",
    ),
    (
        "CI_DEBUG_TRACE",
        "`true` shows every command and all variables, secret ones too.",
    ),
    ("CI_DEBUG_SERVICES", "`true` shows what services write."),
    (
        "FF_USE_FASTZIP",
        "`true` packs caches and artifacts faster.",
    ),
    (
        "FF_SCRIPT_SECTIONS",
        "`true` folds each command of a script in the log.",
    ),
    (
        "FF_TIMESTAMPS",
        "`true` shows a time before each line of the log.",
    ),
    (
        "DOCKER_HOST",
        "Where the Docker daemon listens, such as `tcp://docker:2376`.",
    ),
    (
        "DOCKER_TLS_CERTDIR",
        "The folder of the certificates that job and daemon share; empty: no TLS.",
    ),
    (
        "SECURE_ANALYZERS_PREFIX",
        "Where the images of security scanners come from.",
    ),
    (
        "KUBERNETES_CPU_REQUEST",
        "The share of a CPU that the container of the job asks for.",
    ),
    (
        "KUBERNETES_CPU_LIMIT",
        "The share of a CPU that the container of the job may use.",
    ),
    (
        "KUBERNETES_MEMORY_REQUEST",
        "The memory that the container of the job asks for.",
    ),
    (
        "KUBERNETES_MEMORY_LIMIT",
        "The memory that the container of the job may use.",
    ),
    (
        "KUBERNETES_NAMESPACE_OVERWRITE",
        "The namespace that the pod of the job runs in.",
    ),
    (
        "KUBERNETES_SERVICE_ACCOUNT_OVERWRITE",
        "The service account that the pod of the job runs as.",
    ),
];
