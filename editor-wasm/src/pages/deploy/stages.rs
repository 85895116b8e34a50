//! The bar of a job's stages: which are done, which runs, and how long each took.

use api_types::{Deploy, DeployState};
use gloo::timers::callback::Interval;
use yew::prelude::*;

use crate::time;

/// Milliseconds between two showings of a time that runs.
const TICK: u32 = 1000;

/// How a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Done,
    Current,
    /// The job ended here.
    Ended,
    Pending,
}

/// A stage of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stage {
    state: DeployState,
    word: &'static str,
    progress: Progress,
}

/// The bar.
pub(super) fn view(deploy: &Deploy) -> Html {
    let stages = stages(deploy);
    let began = |state: DeployState| match state {
        DeployState::Queued => Some(time::parse(&deploy.created_at)),
        DeployState::Applying => deploy.started_at.as_deref().map(time::parse),
        _ => {
            let phase = deploy.phases.iter().find(|it| it.state == state);
            phase.map(|it| time::parse(&it.at))
        }
    };
    let finished = deploy.finished_at.as_deref().map(time::parse);
    let ended = |idx: usize| match stages.get(idx + 1) {
        Some(next) if next.progress != Progress::Pending => began(next.state),
        _ => finished,
    };
    html! {
        <ol class="stages" aria-label="Stages">
            { for stages.iter().enumerate().map(|(idx, stage)| {
                stage_item(stage, began(stage.state), ended(idx))
            }) }
        </ol>
    }
}

fn stage_item(stage: &Stage, began: Option<i64>, ended: Option<i64>) -> Html {
    let (class, shape, said) = match stage.progress {
        Progress::Done => ("is-done", "●", "done"),
        Progress::Current => ("is-current", "◐", "now"),
        Progress::Ended => ("is-ended", "✕", "ended here"),
        Progress::Pending => ("is-pending", "○", "to come"),
    };
    let is_current = stage.progress == Progress::Current;
    let took = match (began, ended) {
        _ if stage.progress == Progress::Pending => Html::default(),
        (Some(from), None) if is_current => html! { <Elapsed {from} /> },
        (Some(from), Some(to)) => time::duration(to - from).into(),
        _ => Html::default(),
    };
    html! {
        <li {class} aria-current={is_current.then_some("step")}>
            <span role="img" aria-label={said}>{ shape }</span>
            <span class="stage-word">{ stage.word }</span>
            <span class="stage-time">{ took }</span>
        </li>
    }
}

fn stages(deploy: &Deploy) -> Vec<Stage> {
    let mut order = vec![
        (DeployState::Queued, "queued"),
        (DeployState::Applying, "applying"),
        (DeployState::Waiting, "getting ready"),
    ];
    if deploy.options.prune {
        order.push((DeployState::Pruning, "pruning"));
    }
    let reached = reached(deploy);
    let at = order.iter().position(|(state, _)| *state == reached);
    let progress = |idx: usize| match (at, deploy.state) {
        (_, DeployState::Succeeded) => Progress::Done,
        (Some(at), _) if idx < at => Progress::Done,
        (Some(at), state) if idx == at && state.is_final() => Progress::Ended,
        (Some(at), _) if idx == at => Progress::Current,
        _ => Progress::Pending,
    };
    let stage = |(idx, (state, word))| Stage {
        state,
        word,
        progress: progress(idx),
    };
    order.into_iter().enumerate().map(stage).collect()
}

/// The stage that a job is in, or ended in.
fn reached(deploy: &Deploy) -> DeployState {
    let mut phases = deploy.phases.iter().rev().map(|it| it.state);
    if let (true, Some(last)) = (deploy.state.is_final(), phases.find(|it| !it.is_final())) {
        return last;
    }
    let is_applied = deploy.objects.iter().all(|it| it.change.is_some());
    match deploy.state {
        DeployState::Succeeded if deploy.options.prune => DeployState::Pruning,
        DeployState::Succeeded => DeployState::Waiting,
        DeployState::Failed | DeployState::Cancelled => match &deploy.started_at {
            None => DeployState::Queued,
            Some(_) if is_applied && !deploy.objects.is_empty() => DeployState::Waiting,
            Some(_) => DeployState::Applying,
        },
        state => state,
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ElapsedProps {
    /// Milliseconds since 1970.
    pub(crate) from: i64,
}

/// A time that runs.
#[component]
pub(crate) fn Elapsed(props: &ElapsedProps) -> Html {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let ticks = Interval::new(TICK, move || redraw.force_update());
        move || drop(ticks)
    });
    time::duration(time::now() - props.from).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixture;
    use api_types::{DeployObject, ObjectState};

    #[test]
    fn a_job_that_waits_has_applied() {
        check(
            &a_deploy(DeployState::Waiting, true),
            "queued Done, applying Done, getting ready Current",
        );
    }

    #[test]
    fn a_job_that_failed_ended_where_it_stood() {
        check(
            &a_deploy(DeployState::Failed, true),
            "queued Done, applying Done, getting ready Ended",
        );
        check(
            &a_deploy(DeployState::Failed, false),
            "queued Done, applying Ended, getting ready Pending",
        );
    }

    #[test]
    fn pruning_is_a_stage_where_it_is_asked_for() {
        let mut deploy = a_deploy(DeployState::Succeeded, true);
        deploy.options.prune = true;
        check(
            &deploy,
            "queued Done, applying Done, getting ready Done, pruning Done",
        );
    }

    #[track_caller]
    fn check(deploy: &Deploy, expected: &str) {
        let said: Vec<_> = stages(deploy)
            .iter()
            .map(|stage| format!("{} {:?}", stage.word, stage.progress))
            .collect();
        assert_eq!(said.join(", "), expected);
    }

    fn a_deploy(state: DeployState, is_applied: bool) -> Deploy {
        Deploy {
            started_at: Some(String::new()),
            objects: vec![DeployObject {
                api_version: "v1".to_owned(),
                kind: "Service".to_owned(),
                namespace: None,
                name: "web".to_owned(),
                stage: 1,
                change: is_applied.then_some(api_types::ChangeKind::Create),
                state: ObjectState::Waiting,
                reason: String::new(),
                fields: Vec::new(),
            }],
            ..fixture::a_deploy("1", "v1", "dev", state)
        }
    }
}
