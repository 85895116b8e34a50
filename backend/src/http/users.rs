//! Users: added by an admin, signed in by a link, signed out everywhere.

use api_types::{ErrorBody, NewUser, Page, PutUser, SignInLink, UserAccount};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Admin, Body, Path, SignedIn, Trail};
use crate::identity::{self, LOGIN_LIFETIME};
use crate::store::{StoreError, User};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct UserPath {
    /// The name of the user.
    user: String,
}

/// Lists the users, by name, as an admin.
#[utoipa::path(get, path = "/api/users", tag = "people", responses(
    (status = 200, body = Page<UserAccount>),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn users(
    State(state): State<AppState>,
    _admin: Admin,
) -> Result<Json<Page<UserAccount>>, ApiError> {
    let items = state.store.users().await?;
    Ok(Json(Page { items, next: None }))
}

/// Adds a user, as an admin. They sign in with a link that is made for them.
#[utoipa::path(post, path = "/api/users", tag = "people", request_body = NewUser, responses(
    (status = 201, body = UserAccount),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn add_user(
    State(state): State<AppState>,
    _admin: Admin,
    trail: Trail,
    Body(NewUser { name, admin }): Body<NewUser>,
) -> Result<(StatusCode, Json<UserAccount>), ApiError> {
    identity::check_user_name(&name).map_err(|error| ApiError::invalid("name", error))?;
    trail.about(format!("{name}{}", if admin { ", an admin" } else { "" }));
    let user = User { name, admin };
    let account = state.store.add_user(&user, Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(account)))
}

/// Makes a user an admin or takes that back, as an admin; nobody does it to themselves.
#[utoipa::path(put, path = "/api/users/{user}", tag = "people", params(UserPath),
    request_body = PutUser,
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn put_user(
    State(state): State<AppState>,
    Admin(own): Admin,
    Path(path): Path<UserPath>,
    trail: Trail,
    Body(PutUser { admin }): Body<PutUser>,
) -> Result<StatusCode, ApiError> {
    let user = found(&state, &path.user).await?;
    if user.name == own.name && !admin {
        let message = "ask another admin: you cannot take it from yourself";
        return Err(ApiError::invalid("admin", message));
    }
    trail.about(if admin { "an admin" } else { "no admin" });
    let user = User { admin, ..user };
    state.store.put_user(&user, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a link that signs a user in once within a day, as an admin.
#[utoipa::path(post, path = "/api/users/{user}/sign-in-links", tag = "people",
    params(UserPath),
    responses((status = 201, body = SignInLink), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn sign_in_link(
    State(state): State<AppState>,
    _admin: Admin,
    Path(path): Path<UserPath>,
) -> Result<(StatusCode, Json<SignInLink>), ApiError> {
    let user = found(&state, &path.user).await?.name;
    let now = Timestamp::now();
    let token = identity::new_login_token(&*state.store, &user, now).await?;
    let link = SignInLink {
        user,
        path: format!("/login?token={}", token.reveal()),
        expires_at: (now + LOGIN_LIFETIME).to_string(),
    };
    Ok((StatusCode::CREATED, Json(link)))
}

/// Signs a user out everywhere: sessions, tokens and links stop working. For an admin, or the user.
#[utoipa::path(delete, path = "/api/users/{user}/credentials", tag = "people",
    params(UserPath),
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn end_credentials(
    State(state): State<AppState>,
    SignedIn(own): SignedIn,
    Path(path): Path<UserPath>,
) -> Result<StatusCode, ApiError> {
    if own.name != path.user && !own.admin {
        let message = format!(
            "`{}` may not do this: it takes an admin of this server",
            own.name
        );
        return Err(ApiError::Forbidden(message));
    }
    let user = found(&state, &path.user).await?;
    state.store.end_credentials(&user.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(state: &AppState, name: &str) -> Result<User, ApiError> {
    let user = state.store.user(name).await?;
    Ok(user.ok_or_else(|| StoreError::not_found("user", name))?)
}
