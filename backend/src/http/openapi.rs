//! The description of the API: generated from the handlers, framed here.

use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use crate::identity::SESSION_COOKIE;

/// Routes that nobody needs to sign in for.
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

const ABOUT: &str = "Resource sets, their versions, and deploys of them.\n\n\
    Every answer of 400 and above is an `ErrorBody`. Lists are pages: send `next` as `after`. \
    Times are RFC 3339 in UTC. Requests other than GET carry `Content-Type: application/json`.";

/// The description before any route is in it.
pub(super) fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("KUN")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .build();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE)));
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new()
        .security_scheme("session", cookie)
        .security_scheme("token", token)
        .build();
    let none: [&str; 0] = [];
    let security = [
        SecurityRequirement::new("session", none),
        SecurityRequirement::new("token", none),
    ];
    let tags = [
        ("session", "Signing in and out, and tokens."),
        ("clusters", "Clusters, registered once for the platform."),
        ("projects", "Projects, and the search over everything."),
        ("people", "Users, members of projects, and what they did."),
        (
            "pipelines",
            "Which jobs of GitLab may push and deploy, and how they sign in.",
        ),
        ("environments", "Where a project deploys to."),
        ("sets", "Resource sets, and where their versions run."),
        (
            "versions",
            "Versions: pushed, read and compared, never changed.",
        ),
        (
            "deploys",
            "Deploys: previewed, started, followed and stopped.",
        ),
        ("operation", "For whoever runs the server."),
    ];
    let tags = tags.map(|(name, about)| {
        TagBuilder::new()
            .name(name)
            .description(Some(about))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some(security))
        .tags(Some(tags))
        .build()
}

/// Mends what differs between the router's patterns and the description's.
pub(super) fn finish(mut description: OpenApi) -> OpenApi {
    let paths = std::mem::take(&mut description.paths.paths);
    description.paths.paths = paths
        .into_iter()
        .map(|(path, mut item)| {
            if OPEN.contains(&path.as_str())
                && let Some(operation) = &mut item.get
            {
                operation.security = Some(Vec::new());
            }
            (path.replace("{*", "{"), item)
        })
        .collect();
    description
}
