//! Deploys: previewed, started, followed and stopped.

use api_types::{Deploy, ErrorBody, LogLine, NewDeploy, NewPreview, Page, Preview};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{
    Body, Deploy as MayDeploy, Known, Member, Path, Query, Read, SignedIn, Trail, require,
    require_within,
};
use crate::http::sets::{self, SetPath};
use crate::http::versions::{self, Paging};
use crate::identity::{Act, Caller};
use crate::store::{DeployFilter, DeployId, NewJob, Role, SetKey, StoreError, VersionKey};

/// Lines of a log that one request returns at most.
const LINES: u32 = 1000;
const MOST_SECONDS: u32 = 6 * 60 * 60;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct DeployPath {
    /// The id of the deploy.
    deploy: String,
}

/// Says what a deploy would do now, as the person who asks.
#[utoipa::path(post, path = "/api/projects/{project}/sets/{set}/previews", tag = "deploys",
    params(SetPath), request_body = NewPreview,
    responses(
        (status = 200, body = Preview),
        (status = "4XX", body = ErrorBody),
        (status = 502, body = ErrorBody),
    ),
)]
pub(super) async fn preview(
    State(state): State<AppState>,
    member: Member<MayDeploy>,
    Path(path): Path<SetPath>,
    Body(request): Body<NewPreview>,
) -> Result<Json<Preview>, ApiError> {
    let key = path.into_key();
    let job = job(&state, &key, request, &member.caller).await?;
    Ok(Json(state.deploys.preview(&job).await?))
}

/// Starts a deploy with the rights of the person who asks.
///
/// One deploy of a set to an environment runs at a time; others wait for it.
#[utoipa::path(post, path = "/api/projects/{project}/sets/{set}/deploys", tag = "deploys",
    params(SetPath), request_body = NewDeploy,
    responses(
        (status = 201, body = Deploy),
        (status = 409, body = ErrorBody),
        (status = "4XX", body = ErrorBody),
    ),
)]
pub(super) async fn start_deploy(
    State(state): State<AppState>,
    member: Member<MayDeploy>,
    Path(path): Path<SetPath>,
    trail: Trail,
    Body(request): Body<NewDeploy>,
) -> Result<(StatusCode, Json<Deploy>), ApiError> {
    let key = path.into_key();
    let wish = NewPreview {
        version: request.version,
        environment: request.environment,
        options: request.options,
    };
    let described = described(&wish);
    trail.about(described.as_str());
    let job = job(&state, &key, wish, &member.caller).await?;
    if let Some(seen) = request.preview {
        let now = state.deploys.preview(&job).await?;
        if now.id != seen {
            return Err(ApiError::PlanChanged);
        }
    }
    let deploy = state.store.create_deploy(job, Timestamp::now()).await?;
    trail.about(format!("{described}, deploy {}", deploy.id));
    Ok((StatusCode::CREATED, Json(deploy)))
}

/// Lists the deploys of a set, newest first, without their objects.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/deploys", tag = "deploys",
    params(SetPath, Paging),
    responses((status = 200, body = Page<Deploy>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn deploys_of_set(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<SetPath>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Deploy>>, ApiError> {
    let key = path.into_key();
    sets::found(&state, &key).await?;
    let filter = DeployFilter {
        set: Some(key),
        ..DeployFilter::default()
    };
    page(&state, filter, &paging).await
}

/// Lists the deploys of all projects that one may see, newest first, without their objects.
#[utoipa::path(get, path = "/api/deploys", tag = "deploys", params(Paging), responses(
    (status = 200, body = Page<Deploy>),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn deploys(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Deploy>>, ApiError> {
    let filter = DeployFilter {
        member: (!user.admin).then_some(user.name),
        ..DeployFilter::default()
    };
    page(&state, filter, &paging).await
}

/// Returns a deploy with its objects.
#[utoipa::path(get, path = "/api/deploys/{deploy}", tag = "deploys", params(DeployPath),
    responses((status = 200, body = Deploy), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn deploy(
    State(state): State<AppState>,
    Known(caller): Known,
    Path(path): Path<DeployPath>,
) -> Result<Json<Deploy>, ApiError> {
    let (_, deploy) = found(&state, &caller, &path, Role::Viewer).await?;
    Ok(Json(deploy))
}

/// Asks a deploy to stop. What is applied stays applied.
#[utoipa::path(post, path = "/api/deploys/{deploy}/cancel", tag = "deploys", params(DeployPath),
    responses((status = 200, body = Deploy), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn cancel(
    State(state): State<AppState>,
    Known(caller): Known,
    Path(path): Path<DeployPath>,
    trail: Trail,
) -> Result<Json<Deploy>, ApiError> {
    let (id, deploy) = found(&state, &caller, &path, Role::Developer).await?;
    let act = Act::Deploy(Some(&deploy.environment));
    require_within(&caller, &deploy.project, Some(&deploy.set), act)?;
    trail.in_project(&deploy.project);
    trail.about(format!("{} to {}", deploy.version, deploy.environment));
    let deploy = state
        .store
        .request_cancel(id, &caller.user.name, Timestamp::now())
        .await?;
    Ok(Json(deploy))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The sequence of the last line that is known.
    #[serde(default)]
    pub after: i64,
}

/// Returns lines of a deploy's log, oldest first.
#[utoipa::path(get, path = "/api/deploys/{deploy}/log", tag = "deploys",
    params(DeployPath, After),
    responses((status = 200, body = Page<LogLine>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn log(
    State(state): State<AppState>,
    Known(caller): Known,
    Path(path): Path<DeployPath>,
    Query(query): Query<After>,
) -> Result<Json<Page<LogLine>>, ApiError> {
    let (id, _) = found(&state, &caller, &path, Role::Viewer).await?;
    let items = state.store.log(id, query.after, LINES).await?;
    let full = items.len() == LINES as usize;
    let next = items
        .last()
        .filter(|_| full)
        .map(|line| line.sequence.to_string());
    Ok(Json(Page { items, next }))
}

/// What an audit tells of a deploy.
fn described(wish: &NewPreview) -> String {
    let options = [
        (wish.options.prune, ", prune"),
        (wish.options.force_conflicts, ", force"),
    ];
    let options = options.iter().filter(|(on, _)| *on).map(|(_, word)| *word);
    let options: String = options.collect();
    format!("{} to {}{options}", wish.version, wish.environment)
}

/// Returns a deploy of a project in which `caller` has `role`.
pub(super) async fn found(
    state: &AppState,
    caller: &Caller,
    path: &DeployPath,
    role: Role,
) -> Result<(DeployId, Deploy), ApiError> {
    let unknown = || StoreError::not_found("deploy", &path.deploy);
    let id: DeployId = path.deploy.parse().map_err(|_| unknown())?;
    let deploy = state.store.deploy(id).await?.ok_or_else(unknown)?;
    match require(state, caller, &deploy.project, role).await {
        // To whoever may not see the project, its deploys are not there either.
        Err(ApiError::Store(StoreError::NotFound { .. })) => Err(unknown().into()),
        other => other.map(|()| (id, deploy)),
    }
}

async fn page(
    state: &AppState,
    mut filter: DeployFilter,
    paging: &Paging,
) -> Result<Json<Page<Deploy>>, ApiError> {
    if let Some(after) = &paging.after {
        filter.before = Some(after.parse().map_err(|_| versions::not_a_page(after))?);
    }
    let items = state.store.deploys(filter, paging.limit()).await?;
    let full = items.len() == paging.limit() as usize;
    let next = items
        .last()
        .filter(|_| full)
        .map(|deploy| deploy.id.clone());
    Ok(Json(Page { items, next }))
}

/// Puts together what a deploy would be, if its version and environment are there.
async fn job(
    state: &AppState,
    set: &SetKey,
    wish: NewPreview,
    caller: &Caller,
) -> Result<NewJob, ApiError> {
    let act = Act::Deploy(Some(&wish.environment));
    require_within(caller, &set.project, Some(&set.set), act)?;
    check_timeout(wish.options.timeout_seconds)?;
    let key = VersionKey {
        set: set.clone(),
        version: wish.version,
    };
    versions::found(state, &key).await?;
    let environment = state
        .store
        .environment(&set.project, &wish.environment)
        .await?;
    let environment =
        environment.ok_or_else(|| StoreError::not_found("environment", &wish.environment))?;
    Ok(NewJob {
        set: key.set,
        version: key.version,
        environment: environment.name,
        cluster: environment.cluster,
        namespace: environment.namespace,
        options: wish.options,
        by: caller.user.name.clone(),
    })
}

fn check_timeout(seconds: Option<u32>) -> Result<(), ApiError> {
    if seconds.is_none_or(|it| (1..=MOST_SECONDS).contains(&it)) {
        return Ok(());
    }
    let message = format!("give a deploy 1 to {MOST_SECONDS} seconds");
    Err(ApiError::invalid("options.timeout_seconds", message))
}
