//! Secrets of vaults.

use schemars::JsonSchema;

/// A secret, from one of the vaults.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#secrets*"))]
pub(crate) struct Secret {
    /// A secret of HashiCorp Vault: `path/field@mount`, or in parts.
    vault: Option<Vault>,
    /// A secret of Google Cloud Secret Manager.
    gcp_secret_manager: Option<GcpSecret>,
    /// A secret of Azure Key Vault.
    azure_key_vault: Option<AzureSecret>,
    /// A secret of AWS Secrets Manager, by its name or in parts.
    #[schemars(extend("x-docs" = "secrets/aws_secrets_manager/"))]
    aws_secrets_manager: Option<AwsSecret>,
    /// A secret that GitLab itself keeps.
    #[schemars(extend("x-docs" = "secrets/secrets_manager/"))]
    gitlab_secrets_manager: Option<GitlabSecret>,
    /// Whether the variable holds the path of a file with the secret, or the secret itself.
    #[schemars(extend("default" = true))]
    file: Option<bool>,
    /// The token of `id_tokens` to show, as `$NAME`.
    token: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Vault {
    Short(String),
    Settings(VaultSettings),
}

/// A secret of HashiCorp Vault.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#secretsvault"))]
struct VaultSettings {
    /// The engine that keeps it.
    engine: VaultEngine,
    /// Where it is kept.
    path: String,
    /// The part of it that is wanted.
    field: String,
}

/// The engine that keeps a secret.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#secretsvault"))]
struct VaultEngine {
    /// What it is: `kv-v2`, `kv-v1` or `generic`.
    name: String,
    /// Where it is mounted.
    path: String,
}

/// A secret of Google Cloud Secret Manager.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#secretsgcp_secret_manager"))]
struct GcpSecret {
    /// The name.
    name: String,
    /// The version.
    #[schemars(extend("default" = "latest"))]
    version: Option<super::Scalar>,
}

/// A secret of Azure Key Vault.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#secretsazure_key_vault"))]
struct AzureSecret {
    /// The name.
    name: String,
    /// The version; the newest unless set.
    version: Option<super::Scalar>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum AwsSecret {
    Short(String),
    Settings(AwsSecretSettings),
}

/// A secret of AWS Secrets Manager.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "secrets/aws_secrets_manager/"))]
struct AwsSecretSettings {
    /// The name or address (ARN).
    secret_id: String,
    /// The version.
    version_id: Option<String>,
    /// The label of the version.
    version_stage: Option<String>,
    /// The region.
    region: Option<String>,
    /// The role to take on.
    role_arn: Option<String>,
    /// The name of the session in that role.
    role_session_name: Option<String>,
    /// The part of a JSON secret that is wanted.
    field: Option<String>,
}

/// A secret that GitLab itself keeps.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "secrets/secrets_manager/"))]
struct GitlabSecret {
    /// The name.
    name: String,
    /// Whose secret it is: of the project, or of a group.
    source: Option<String>,
}
