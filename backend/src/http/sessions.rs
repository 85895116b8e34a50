//! Signing in and out, and tokens for those who are not at a browser.

use api_types::{CreatedToken, ErrorBody, NewToken, Page, Scope, Session, SignIn, Token};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Known, Path, Query, SignedIn, Trail, require};
use crate::http::sets;
use crate::identity::{
    self, Caller, Credential, SESSION_COOKIE, SESSION_LIFETIME, Secret, TOKEN_PREFIX,
};
use crate::store::{Role, SetKey, StoreError, User};

const MOST_DAYS: u32 = 365;

#[derive(Deserialize)]
pub(super) struct LoginLink {
    #[serde(default)]
    token: String,
}

/// Signs in whoever opens the printed link, and goes to the start page.
///
/// It is a page and no part of the API: a sign-in that failed is shown by the start page too.
pub(super) async fn login(
    State(state): State<AppState>,
    trail: Trail,
    Query(link): Query<LoginLink>,
) -> Result<Response, ApiError> {
    let token = Secret::given(&link.token);
    let signed_in = identity::sign_in(&*state.store, &token, Timestamp::now()).await?;
    let Some((user, session)) = signed_in else {
        trail.about("the link is spent");
        return Ok(Redirect::to("/?signin=spent").into_response());
    };
    trail.is_signed_in(&user);
    let cookie = session_cookie(&state, session.reveal(), SESSION_LIFETIME);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Returns who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session", responses(
    (status = 200, body = Session),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn session(Known(caller): Known) -> Json<Session> {
    let limits = caller.limits().and_then(<[_]>::first).cloned();
    Json(Session {
        scope: limits,
        ..shown(caller.user)
    })
}

/// Signs in with a one-time token, and sets the cookie of the session.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Session),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    trail: Trail,
    Body(request): Body<SignIn>,
) -> Result<Response, ApiError> {
    let token = Secret::given(&request.token);
    let signed_in = identity::sign_in(&*state.store, &token, Timestamp::now()).await?;
    let (user, session) = signed_in.ok_or(ApiError::LoginTokenSpent)?;
    trail.is_signed_in(&user);
    let cookie = session_cookie(&state, session.reveal(), SESSION_LIFETIME);
    Ok(([(header::SET_COOKIE, cookie)], Json(shown(user))).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = 204)))]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(Credential::Session(secret)) = Credential::of(&headers) {
        state.store.end_session(&secret.hash()).await?;
    }
    let cookie = session_cookie(&state, "", SignedDuration::ZERO);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Lists one's tokens, newest first.
#[utoipa::path(get, path = "/api/tokens", tag = "session", responses(
    (status = 200, body = Page<Token>),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn tokens(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Json<Page<Token>>, ApiError> {
    let items = state.store.tokens(&user.name).await?;
    Ok(Json(Page { items, next: None }))
}

/// Makes a token. The answer is the only time that its secret is shown.
#[utoipa::path(post, path = "/api/tokens", tag = "session", request_body = NewToken, responses(
    (status = 201, body = CreatedToken),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn create_token(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    trail: Trail,
    Body(request): Body<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), ApiError> {
    let label = request.label.trim();
    if label.is_empty() || label.chars().count() > 100 {
        let message = "say what the token is for, in 1 to 100 characters";
        return Err(ApiError::invalid("label", message));
    }
    if !(1..=MOST_DAYS).contains(&request.days) {
        let message = format!("a token lives for 1 to {MOST_DAYS} days");
        return Err(ApiError::invalid("days", message));
    }
    if let Some(scope) = &request.scope {
        check_scope(&state, &user, scope).await?;
    }
    trail.about(format!("{label}, for {} days", request.days));
    let now = Timestamp::now();
    let expires_at = now + SignedDuration::from_hours(24 * i64::from(request.days));
    let secret = Secret::random(TOKEN_PREFIX);
    let scope = request.scope.as_ref();
    let token = state
        .store
        .add_token(&secret.hash(), &user.name, label, scope, now, expires_at)
        .await?;
    let secret = secret.reveal().to_owned();
    Ok((StatusCode::CREATED, Json(CreatedToken { token, secret })))
}

/// Fails unless what a token is limited to is there: a slip of the pen would make one that does
/// nothing.
async fn check_scope(state: &AppState, user: &User, scope: &Scope) -> Result<(), ApiError> {
    let project = &scope.project;
    let owner = Caller::person(user.clone());
    require(state, &owner, project, Role::Viewer).await?;
    for set in &scope.sets {
        let key = SetKey {
            project: project.clone(),
            set: set.clone(),
        };
        sets::found(state, &key).await?;
    }
    for environment in &scope.deploy_to {
        let found = state.store.environment(project, environment).await?;
        found.ok_or_else(|| StoreError::not_found("environment", environment))?;
    }
    Ok(())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct TokenPath {
    token: String,
}

/// Revokes a token.
#[utoipa::path(delete, path = "/api/tokens/{token}", tag = "session", params(TokenPath),
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn revoke_token(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Path(path): Path<TokenPath>,
) -> Result<StatusCode, ApiError> {
    state.store.revoke_token(&user.name, &path.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(user: User) -> Session {
    Session {
        user: user.name,
        admin: user.admin,
        scope: None,
    }
}

fn session_cookie(state: &AppState, value: &str, lifetime: SignedDuration) -> String {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let seconds = lifetime.as_secs();
    format!(
        "{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    )
}
