//! The pipelines that a project trusts, and the jobs that come with an ID token.

use api_types::{
    ErrorBody, NewPipelineSession, Page, PipelineRule, PipelineSession, Slug, TrustedPipeline,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Manage, Member, Path, Trail};
use crate::http::projects::ProjectPath;
use crate::identity::{self, PIPELINE_PREFIX, Secret};

/// The longest session: no deploy takes longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct PipelinePath {
    /// The project.
    project: Slug,
    /// The rule.
    pipeline: Slug,
}

/// Lists the pipelines that a project trusts, by name, as an owner.
#[utoipa::path(get, path = "/api/projects/{project}/pipelines", tag = "pipelines",
    params(ProjectPath),
    responses((status = 200, body = Page<TrustedPipeline>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn pipelines(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Page<TrustedPipeline>>, ApiError> {
    let items = state.store.pipelines(&path.project).await?;
    Ok(Json(Page { items, next: None }))
}

/// Trusts a pipeline, or changes what it may do, as an owner. Jobs that run sign in again.
#[utoipa::path(put, path = "/api/projects/{project}/pipelines/{pipeline}", tag = "pipelines",
    params(PipelinePath), request_body = PipelineRule,
    responses((status = 200, body = TrustedPipeline), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn put_pipeline(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<PipelinePath>,
    trail: Trail,
    Body(rule): Body<PipelineRule>,
) -> Result<Json<TrustedPipeline>, ApiError> {
    trail.about(format!("{}@{}", rule.gitlab_project, rule.refs.join(",")));
    identity::check_rule(&rule, &state.id_tokens.issuers())
        .map_err(|(place, message)| ApiError::invalid(place, message))?;
    let pipeline = TrustedPipeline {
        name: path.pipeline,
        rule,
    };
    state.store.put_pipeline(&path.project, &pipeline).await?;
    Ok(Json(pipeline))
}

/// Trusts a pipeline no longer, as an owner. The jobs that run are nobody at once.
#[utoipa::path(delete, path = "/api/projects/{project}/pipelines/{pipeline}", tag = "pipelines",
    params(PipelinePath),
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn remove_pipeline(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<PipelinePath>,
) -> Result<StatusCode, ApiError> {
    let PipelinePath { project, pipeline } = &path;
    state.store.remove_pipeline(project, pipeline).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs a job in by the ID token that GitLab gave it.
///
/// The answer's secret works as long as the token, and for what the rules of the project allow.
#[utoipa::path(post, path = "/api/pipeline-sessions", tag = "pipelines",
    request_body = NewPipelineSession,
    responses(
        (status = 201, body = PipelineSession),
        (status = 401, body = ErrorBody),
        (status = "4XX", body = ErrorBody),
        (status = 502, body = ErrorBody),
    ),
)]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    trail: Trail,
    Body(request): Body<NewPipelineSession>,
) -> Result<(StatusCode, Json<PipelineSession>), ApiError> {
    let now = Timestamp::now();
    let NewPipelineSession { project, id_token } = request;
    let claims = state.id_tokens.verify(&id_token, now).await?;
    trail.in_project(&project);
    trail.about(claims.about());
    let rules = state.store.pipelines(&project).await?;
    let (job, rules) =
        identity::session_of(&project, rules, &claims).map_err(ApiError::Forbidden)?;
    let expires_at = claims.expires_at().min(now + LONGEST);
    let secret = Secret::random(PIPELINE_PREFIX);
    let hash = secret.hash();
    state
        .store
        .add_pipeline_session(&hash, &job, &rules, claims.project_id, now, expires_at)
        .await?;
    let session = PipelineSession {
        secret: secret.reveal().to_owned(),
        expires_at: expires_at.to_string(),
        user: identity::pipeline_user(&project),
        scopes: job.scopes,
    };
    Ok((StatusCode::CREATED, Json(session)))
}
