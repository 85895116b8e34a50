//! Which jobs a project trusts: the rules of its owners beside the claims of an ID token.

use api_types::{PipelineRule, Scope, Slug, TrustedPipeline};

use crate::identity::Claims;
use crate::store::PipelineJob;

/// Patterns that a rule may have.
const MOST_REFS: usize = 20;
/// Bytes of a path, a pattern or a name.
const LONGEST: usize = 255;

/// Returns what `rules` together allow to the job of `claims` in a project, and the rules that
/// apply.
///
/// # Errors
///
/// Why each of the rules does not apply, as a sentence.
pub fn session_of(
    project: &Slug,
    rules: Vec<TrustedPipeline>,
    claims: &Claims,
) -> Result<(PipelineJob, Vec<TrustedPipeline>), String> {
    let mut scopes = Vec::new();
    // Each keeps its own sets: two rules together allow no more than one of them does.
    let mut applied = Vec::new();
    let mut reasons = Vec::new();
    for trusted in rules {
        match mismatch(&trusted.rule, claims) {
            None => {
                scopes.push(scope(project, &trusted.rule));
                applied.push(trusted);
            }
            Some(reason) => reasons.push(format!("`{}`: {reason}", trusted.name)),
        }
    }
    if scopes.is_empty() {
        return Err(refusal(project, claims, &reasons));
    }
    let job = PipelineJob {
        project: project.clone(),
        scopes,
        about: claims.about(),
        commit: claims.sha.clone(),
        git_ref: claims.git_ref.clone(),
    };
    Ok((job, applied))
}

/// Fails unless a rule can be meant. `issuers` are those that the server knows.
///
/// # Errors
///
/// The field, and what is allowed in it.
pub fn check_rule(rule: &PipelineRule, issuers: &[String]) -> Result<(), (&'static str, String)> {
    if !issuers.contains(&rule.issuer) {
        let known = match issuers {
            [] => "this server trusts no GitLab: start it with `--gitlab URL`".to_owned(),
            known => format!("this server trusts {}", known.join(", ")),
        };
        return Err((
            "issuer",
            format!("`{}` is not trusted: {known}", rule.issuer),
        ));
    }
    if !is_plain(&rule.gitlab_project) || !rule.gitlab_project.contains('/') {
        let message = "give the path of a project in GitLab, such as `shop/web`".to_owned();
        return Err(("gitlab_project", message));
    }
    if rule.refs.is_empty() || rule.refs.len() > MOST_REFS {
        let message = format!("give 1 to {MOST_REFS} branches or tags, such as `refs/heads/dev`");
        return Err(("refs", message));
    }
    let is_ref = |it: &&String| is_plain(it) && it.starts_with("refs/");
    if let Some(other) = rule.refs.iter().find(|it| !is_ref(it)) {
        let message = format!("`{other}` is no ref: write `refs/heads/dev` or `refs/tags/v*`");
        return Err(("refs", message));
    }
    if rule
        .gitlab_environment
        .as_ref()
        .is_some_and(|it| !is_plain(it))
    {
        let message = "give the name of an environment in GitLab, such as `prod`".to_owned();
        return Err(("gitlab_environment", message));
    }
    if !rule.push && rule.deploy_to.is_empty() {
        let message = "allow something: `push`, or environments to deploy to".to_owned();
        return Err(("deploy_to", message));
    }
    Ok(())
}

fn is_plain(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && !text.chars().any(|c| c.is_control() || c == ' ')
}

/// Why a rule does not apply to a job; `None` if it does.
fn mismatch(rule: &PipelineRule, claims: &Claims) -> Option<String> {
    if rule.issuer != claims.iss {
        return Some(format!("it is for {}", rule.issuer));
    }
    if rule.gitlab_project != claims.project_path {
        return Some(format!("it is for the project {}", rule.gitlab_project));
    }
    if rule
        .gitlab_project_id
        .is_some_and(|id| id != claims.project_id)
    {
        return Some(format!(
            "another project has this path now: number {}",
            claims.project_id
        ));
    }
    let git_ref = claims.ref_path.as_deref().unwrap_or("no ref");
    if !rule.refs.iter().any(|pattern| fits(pattern, git_ref)) {
        return Some(format!("{git_ref} is none of {}", rule.refs.join(", ")));
    }
    if !rule.unprotected && !claims.ref_protected {
        return Some(format!("{git_ref} is not protected"));
    }
    let environment = claims.environment.as_deref();
    if rule.gitlab_environment.is_some() && rule.gitlab_environment.as_deref() != environment {
        let has = environment.map_or("none".to_owned(), |it| format!("`{it}`"));
        let wanted = rule.gitlab_environment.as_deref().unwrap_or_default();
        return Some(format!("the job's environment is {has} and not `{wanted}`"));
    }
    None
}

fn refusal(project: &Slug, claims: &Claims, reasons: &[String]) -> String {
    let job = claims.about();
    match reasons {
        [] => format!("`{project}` trusts no pipeline: an owner adds one"),
        reasons => format!("`{project}` does not trust {job}: {}", reasons.join("; ")),
    }
}

/// Whether a text is as `pattern` says, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = left.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    left.ends_with(end)
}

fn scope(project: &Slug, rule: &PipelineRule) -> Scope {
    Scope {
        project: project.clone(),
        sets: rule.sets.clone(),
        push: rule.push,
        deploy_to: rule.deploy_to.clone(),
    }
}
