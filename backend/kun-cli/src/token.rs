//! `kun token`: tokens for pipelines and other programs.

use anyhow::Result;
use api_types::{CreatedToken, NewToken, Page, Scope, Slug, Token as Listed};
use clap::Subcommand;

use crate::client::Client;
use crate::{Outcome, Output};

#[derive(Subcommand)]
pub(crate) enum Token {
    /// Make a token; its secret is shown once.
    Create {
        /// What it is for.
        label: String,
        /// Days until it expires.
        #[arg(long, default_value_t = 90)]
        days: u32,
        /// The only project that it can reach.
        #[arg(short, long)]
        project: Option<Slug>,
        /// A set that it may change and deploy; all of the project if none is given.
        #[arg(
            short = 'r',
            long = "resource-set",
            value_name = "SET",
            requires = "project"
        )]
        sets: Vec<Slug>,
        /// It may push versions.
        #[arg(long, requires = "project")]
        push: bool,
        /// An environment that it may deploy to.
        #[arg(long, value_name = "ENVIRONMENT", requires = "project")]
        deploy_to: Vec<Slug>,
    },
    /// List your tokens.
    List,
    /// Revoke a token.
    Revoke {
        /// Its id, as `kun token list` shows it.
        id: String,
    },
}

impl Token {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let client = Client::connect(None).await?;
        match self {
            Self::Create {
                label,
                days,
                project,
                sets,
                push,
                deploy_to,
            } => {
                let scope = project.map(|project| Scope {
                    project,
                    sets,
                    push,
                    deploy_to,
                });
                let wish = NewToken { label, days, scope };
                let (_, created): (_, CreatedToken) = client.post("/api/tokens", &wish).await?;
                match output {
                    Output::Json => println!("{}", serde_json::to_string(&created)?),
                    Output::Text => {
                        eprintln!(
                            "Token {}, until {}:",
                            created.token.id, created.token.expires_at
                        );
                        println!("{}", created.secret);
                    }
                }
            }
            Self::List => {
                let page: Page<Listed> = client.get("/api/tokens").await?;
                match output {
                    Output::Json => println!("{}", serde_json::to_string(&page.items)?),
                    Output::Text => page.items.iter().for_each(show),
                }
            }
            Self::Revoke { id } => {
                let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
                let id: String = id.chars().filter(plain).collect();
                client.delete(&format!("/api/tokens/{id}")).await?;
                println!("Revoked {id}");
            }
        }
        Ok(Outcome::Good)
    }
}

fn show(token: &Listed) {
    let used = token.last_used_at.as_deref().unwrap_or("never");
    let limits = token
        .scope
        .as_ref()
        .map_or("all you may".to_owned(), limits);
    println!(
        "{}  {}  until {}  used {used}  {limits}",
        token.id, token.label, token.expires_at
    );
}

/// What a scope allows, in words.
pub(crate) fn limits(scope: &Scope) -> String {
    let names = |list: &[Slug]| {
        list.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(",")
    };
    let mut words = match scope.sets.as_slice() {
        [] => scope.project.to_string(),
        sets => format!("{}/{}", scope.project, names(sets)),
    };
    if scope.push {
        words.push_str(" push");
    }
    if !scope.deploy_to.is_empty() {
        words.extend([" deploy-to=", &names(&scope.deploy_to)]);
    }
    words
}
