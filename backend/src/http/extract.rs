//! What handlers take out of a request, with our own words where it cannot be taken.

use std::convert::Infallible;
use std::marker::PhantomData;

use api_types::Slug;
use axum::body::Bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(super) use crate::http::audit::Trail;
use crate::http::error::ApiError;
use crate::http::{AppState, BODY_LIMIT};
use crate::identity::{Access, Act, Caller, Credential};
use crate::store::{Role, StoreError, User};

/// The names in the URL.
pub(super) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(path_error(rejection)),
        }
    }
}

fn path_error(rejection: PathRejection) -> ApiError {
    let PathRejection::FailedToDeserializePathParams(failure) = rejection else {
        return ApiError::parameter("URL", rejection.body_text());
    };
    match failure.into_kind() {
        ErrorKind::DeserializeError { key, message, .. } => ApiError::parameter(key, message),
        ErrorKind::InvalidUtf8InPathParam { key } => ApiError::parameter(key, "is not UTF-8"),
        // What a name says of itself where it is parsed.
        ErrorKind::Message(message) => ApiError::Name(message),
        other => ApiError::parameter("URL", other.to_string()),
    }
}

/// The parameters after `?`.
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(ApiError::parameter("query", rejection.body_text())),
        }
    }
}

/// A JSON body.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let bytes =
            Bytes::from_request(request, state)
                .await
                .map_err(|rejection| match rejection {
                    BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                        ApiError::TooLarge { limit: BODY_LIMIT }
                    }
                    _ => ApiError::BodyEnded,
                })?;
        Ok(Self(serde_json::from_slice(&bytes)?))
    }
}

impl FromRequestParts<AppState> for Trail {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Infallible> {
        let trail = parts.extensions.get::<Self>();
        Ok(trail.cloned().unwrap_or_default())
    }
}

/// Whoever is known, also a pipeline or a token that may do less than its owner.
pub(super) struct Known(pub Caller);

impl FromRequestParts<AppState> for Known {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let credential = Credential::of(&parts.headers).ok_or(ApiError::NotSignedIn)?;
        let caller = credential.caller(&*state.store, Timestamp::now()).await?;
        let caller = caller.ok_or(ApiError::NotSignedIn)?;
        if let Some(trail) = parts.extensions.get::<Trail>() {
            trail.is_of(&caller);
        }
        Ok(Self(caller))
    }
}

/// Whoever is signed in as a person, with all that they may do.
pub(super) struct SignedIn(pub User);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Known(caller) = Known::from_request_parts(parts, state).await?;
        match caller.access {
            Access::All => Ok(Self(caller.user)),
            Access::Limited(_) | Access::Pipeline(_) => Err(beyond_the_token()),
        }
    }
}

fn beyond_the_token() -> ApiError {
    ApiError::Forbidden("this token is limited, and this is not part of what it may do".to_owned())
}

/// An admin of the platform.
pub(super) struct Admin(pub User);

impl FromRequestParts<AppState> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let SignedIn(user) = SignedIn::from_request_parts(parts, state).await?;
        if !user.admin {
            return Err(ApiError::Forbidden(format!(
                "`{}` may not do this: it takes an admin of this server",
                user.name
            )));
        }
        Ok(Self(user))
    }
}

/// What a route asks of a member.
pub(super) trait Right: Send + 'static {
    const ROLE: Role;
    const ACT: Act<'static>;
}

/// The right to look.
pub(super) struct Read;
/// The right to push versions.
pub(super) struct Push;
/// The right to deploy. To which environment is asked where that is known.
pub(super) struct Deploy;
/// The right of a developer to all else.
pub(super) struct Write;
/// The right to change environments and sets.
pub(super) struct Manage;

impl Right for Read {
    const ROLE: Role = Role::Viewer;
    const ACT: Act<'static> = Act::Read;
}
impl Right for Push {
    const ROLE: Role = Role::Developer;
    const ACT: Act<'static> = Act::Push;
}
impl Right for Deploy {
    const ROLE: Role = Role::Developer;
    const ACT: Act<'static> = Act::Deploy(None);
}
impl Right for Write {
    const ROLE: Role = Role::Developer;
    const ACT: Act<'static> = Act::Change;
}
impl Right for Manage {
    const ROLE: Role = Role::Owner;
    const ACT: Act<'static> = Act::Change;
}

/// A member of the project in the URL who has the right `R`.
pub(super) struct Member<R> {
    pub caller: Caller,
    right: PhantomData<R>,
}

#[derive(Deserialize)]
struct InProject {
    project: Slug,
    #[serde(default)]
    set: Option<Slug>,
}

impl<R: Right> FromRequestParts<AppState> for Member<R> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Known(caller) = Known::from_request_parts(parts, state).await?;
        let Path(InProject { project, set }) = Path::from_request_parts(parts, state).await?;
        require(state, &caller, &project, R::ROLE).await?;
        require_within(&caller, &project, set.as_ref(), R::ACT)?;
        Ok(Self {
            caller,
            right: PhantomData,
        })
    }
}

/// Fails unless `caller` has `role` in `project`, or more.
///
/// To whoever is no member a project looks as if it were not there.
pub(super) async fn require(
    state: &AppState,
    caller: &Caller,
    project: &Slug,
    role: Role,
) -> Result<(), ApiError> {
    let unknown = || StoreError::not_found("project", project);
    if !caller.is_within(project, None, Act::Read) {
        return Err(unknown().into());
    }
    let own = match &caller.access {
        // Its rules stand in for a membership.
        Access::Pipeline(_) => Role::Developer,
        Access::All | Access::Limited(_) if caller.user.admin => {
            state.store.project(project).await?.ok_or_else(unknown)?;
            return Ok(());
        }
        Access::All | Access::Limited(_) => {
            let own = state.store.role(project, &caller.user.name).await?;
            own.ok_or_else(unknown)?
        }
    };
    if own < role {
        return Err(ApiError::Forbidden(format!(
            "`{}` is {} of `{project}`, and this takes {}",
            caller.user.name,
            word(own),
            word(role)
        )));
    }
    Ok(())
}

/// Fails if the token of `caller` does not reach so far, whatever the person behind it may do.
pub(super) fn require_within(
    caller: &Caller,
    project: &Slug,
    set: Option<&Slug>,
    act: Act<'_>,
) -> Result<(), ApiError> {
    if caller.is_within(project, set, act) {
        return Ok(());
    }
    let Act::Deploy(Some(environment)) = act else {
        return Err(beyond_the_token());
    };
    let message = format!("this token may not deploy to `{environment}`");
    Err(ApiError::Forbidden(message))
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "a viewer",
        Role::Developer => "a developer",
        Role::Owner => "an owner",
    }
}
