//! Every failure that a client can see, and the only choice of status codes.

use std::time::Duration;

use api_types::{ErrorBody, ErrorDetail};
use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::cluster::ClusterError;
use crate::deploy::DeployError;
use crate::identity::IdTokenError;
use crate::push::Refused;
use crate::store::StoreError;

/// Why a request was not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error(
        "sign in first: open the link that the server printed when it started, or send `Authorization: Bearer kun_…`"
    )]
    NotSignedIn,
    #[error(
        "this sign-in link was used already or has expired: restart the server, and it prints another"
    )]
    LoginTokenSpent,
    #[error("the ID token is refused: {0}")]
    IdToken(#[from] IdTokenError),
    #[error("{0}")]
    Forbidden(String),
    #[error("the request comes from another site ({0}), so it was not carried out")]
    ForeignOrigin(String),
    #[error("there is no `{0}` here: the routes are listed in /api/openapi.json")]
    UnknownRoute(String),
    #[error("{0} is not possible here: the routes are listed in /api/openapi.json")]
    MethodNotAllowed(Method),
    #[error("{0}")]
    Name(String),
    #[error("{place}: {message}")]
    Parameter { place: String, message: String },
    #[error("the body must be JSON: send `Content-Type: application/json`")]
    ContentType,
    #[error("the body is not what this route takes: {0}")]
    Body(#[from] serde_json::Error),
    #[error("the connection ended before the body did")]
    BodyEnded,
    #[error("the body is larger than {} kB, which is the most that this route takes", limit / 1000)]
    TooLarge { limit: usize },
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("{message}")]
    Invalid {
        place: &'static str,
        message: String,
    },
    #[error("what this deploy would do has changed since you looked: look at the preview again")]
    PlanChanged,
    #[error("too many streams are open at this server: try again in a moment")]
    TooManyStreams,
    #[error("that was too often: try again in {} seconds", seconds(*.0))]
    TooOften(Duration),
    #[error(transparent)]
    Deploy(#[from] DeployError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApiError {
    /// A parameter of the URL that cannot be read.
    pub(super) fn parameter(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Parameter {
            place: place.into(),
            message: message.into(),
        }
    }

    /// A field of the request that is well-formed and yet cannot be.
    pub(super) fn invalid(place: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            place,
            message: message.into(),
        }
    }

    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in"),
            Self::LoginTokenSpent => (StatusCode::UNAUTHORIZED, "login_token_spent"),
            Self::IdToken(IdTokenError::Keys { .. }) => {
                (StatusCode::BAD_GATEWAY, "issuer_unreachable")
            }
            Self::IdToken(_) => (StatusCode::UNAUTHORIZED, "id_token_refused"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::ForeignOrigin(_) => (StatusCode::FORBIDDEN, "foreign_origin"),
            Self::UnknownRoute(_) => (StatusCode::NOT_FOUND, "unknown_route"),
            Self::MethodNotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::Name(_) => (StatusCode::BAD_REQUEST, "invalid_name"),
            Self::Parameter { .. } => (StatusCode::BAD_REQUEST, "invalid_parameter"),
            Self::ContentType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_content_type"),
            Self::Body(_) => (StatusCode::BAD_REQUEST, "invalid_body"),
            Self::BodyEnded => (StatusCode::BAD_REQUEST, "body_ended"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_manifest"),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::PlanChanged => (StatusCode::CONFLICT, "plan_changed"),
            Self::TooManyStreams => (StatusCode::SERVICE_UNAVAILABLE, "too_many_streams"),
            Self::TooOften(_) => (StatusCode::TOO_MANY_REQUESTS, "too_often"),
            Self::Deploy(error) => deploy_kind(error),
            Self::Cluster(error) => cluster_kind(error),
            Self::Store(error) => store_kind(error),
        }
    }

    fn details(&self) -> Vec<ErrorDetail> {
        match self {
            Self::Refused(refused) => refused.details.clone(),
            Self::Invalid { place, message } => vec![ErrorDetail {
                place: (*place).to_owned(),
                line: None,
                column: None,
                code: None,
                message: message.clone(),
            }],
            _ => Vec::new(),
        }
    }
}

fn deploy_kind(error: &DeployError) -> (StatusCode, &'static str) {
    match error {
        DeployError::Manifests(_) | DeployError::Duplicate { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_manifest")
        }
        DeployError::ApplySet(_) => (StatusCode::CONFLICT, "other_apply_set"),
        DeployError::Parent(..) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_parent"),
        DeployError::Store(error) => store_kind(error),
        DeployError::Cluster(error) => cluster_kind(error),
    }
}

fn cluster_kind(error: &ClusterError) -> (StatusCode, &'static str) {
    match error {
        ClusterError::Unknown(_) => (StatusCode::NOT_FOUND, "not_found"),
        ClusterError::OfSomebodyElse { .. } => (StatusCode::FORBIDDEN, "forbidden"),
        ClusterError::Kubeconfig(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_kubeconfig"),
        ClusterError::Refused(status) if status.code == 403 => {
            (StatusCode::FORBIDDEN, "forbidden_by_cluster")
        }
        ClusterError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused_by_cluster"),
        ClusterError::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "cluster_unreachable"),
        ClusterError::Unreadable { .. } => (StatusCode::BAD_GATEWAY, "cluster_unreadable"),
    }
}

fn store_kind(error: &StoreError) -> (StatusCode, &'static str) {
    match error {
        StoreError::NotFound { .. } => (StatusCode::NOT_FOUND, "not_found"),
        StoreError::Exists { .. } => (StatusCode::CONFLICT, "exists"),
        StoreError::VersionExists { .. } => (StatusCode::CONFLICT, "version_exists"),
        StoreError::Sealed { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "sealed"),
        StoreError::LastOwner { .. } => (StatusCode::CONFLICT, "last_owner"),
        StoreError::InUse { .. } => (StatusCode::CONFLICT, "in_use"),
        StoreError::Fenced => (StatusCode::CONFLICT, "taken_over"),
        StoreError::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.kind();
        if let Self::Store(StoreError::Unavailable(source))
        | Self::Deploy(DeployError::Store(StoreError::Unavailable(source))) = &self
        {
            // Details belong in the log: a client can only try again.
            tracing::error!(error = %source, "the database did not answer as it should");
        }
        let body = ErrorBody {
            code: code.to_owned(),
            message: self.to_string(),
            details: self.details(),
        };
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let value = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, value);
        }
        if let Self::TooOften(after) = self {
            let value = HeaderValue::from(seconds(after));
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

/// Whole seconds, and never none.
fn seconds(after: Duration) -> u64 {
    after.as_secs() + 1
}
