//! `kun preview`: what a deploy would do now.

use anyhow::Result;
use api_types::{
    ChangeKind, DeployOptions, FieldChange, NewPreview, Preview as Plan, PreviewObject, Slug,
    VersionName,
};
use clap::Args;

use crate::client::Client;
use crate::deploy::newest;
use crate::recipe::target;
use crate::text::printable;
use crate::{Outcome, Output};

#[derive(Args)]
pub(crate) struct Preview {
    /// The project; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
    /// The resource set; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_RESOURCE_SET", value_name = "SET")]
    resource_set: Option<Slug>,
    /// The version; the one pushed last if none is given.
    #[arg(short, long, env = "KUN_VERSION")]
    version: Option<VersionName>,
    /// The environment, such as `dev`.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Slug,
    /// Also show what pruning would delete.
    #[arg(long)]
    prune: bool,
    /// End with 1 if something would change.
    #[arg(long)]
    exit_code: bool,
}

impl Preview {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let (project, set) = target(self.project, self.resource_set)?;
        let client = Client::connect(Some(&project)).await?;
        let path = format!("/api/projects/{project}/sets/{set}");
        let version = match self.version {
            Some(version) => version,
            None => newest(&client, &path).await?,
        };
        let wish = NewPreview {
            version,
            environment: self.env,
            options: DeployOptions {
                prune: self.prune,
                ..DeployOptions::default()
            },
        };
        let (_, plan): (_, Plan) = client.post(&format!("{path}/previews"), &wish).await?;
        match output {
            Output::Json => println!("{}", serde_json::to_string(&plan)?),
            Output::Text => show(&plan),
        }
        let is_refused =
            !plan.missing_rights.is_empty() || plan.objects.iter().any(|it| it.problem.is_some());
        let changes = plan
            .objects
            .iter()
            .any(|it| it.diff.change != ChangeKind::Unchanged);
        Ok(if is_refused || (self.exit_code && changes) {
            Outcome::No
        } else {
            Outcome::Good
        })
    }
}

fn show(plan: &Plan) {
    let mut unchanged = 0;
    for object in &plan.objects {
        if object.diff.change == ChangeKind::Unchanged && object.problem.is_none() {
            unchanged += 1;
        } else {
            show_object(object);
        }
    }
    let changed = plan.objects.len() - unchanged;
    println!("{changed} to change, {unchanged} as they are");
    for warning in &plan.warnings {
        println!("warning: {}", printable(warning));
    }
    for right in &plan.missing_rights {
        println!("not allowed: {}", printable(right));
    }
}

fn show_object(object: &PreviewObject) {
    let mark = match object.diff.change {
        ChangeKind::Create => '+',
        ChangeKind::Change => '~',
        ChangeKind::Replace => '!',
        ChangeKind::Remove => '-',
        ChangeKind::Unchanged => ' ',
    };
    println!("{mark} {}/{}", object.diff.kind, object.diff.name);
    for field in &object.diff.fields {
        println!("    {}", field_line(field));
    }
    for conflict in &object.conflicts {
        println!(
            "    {} is owned by {}",
            conflict.field,
            printable(&conflict.manager)
        );
    }
    if let Some(problem) = &object.problem {
        println!("    refused: {}", printable(problem));
    }
}

fn field_line(field: &FieldChange) -> String {
    let shown = |value: &Option<serde_json::Value>| {
        value
            .as_ref()
            .map_or("nothing".to_owned(), ToString::to_string)
    };
    printable(&format!(
        "{}: {} -> {}",
        field.path,
        shown(&field.from),
        shown(&field.to)
    ))
}
