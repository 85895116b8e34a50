//! What the last deploy says, beside the lines where its objects start.

use std::rc::Rc;

use api_types::{DeployObject, ObjectSummary};

use super::Saved;
use crate::parts::badge::Badge;
use crate::view::LineNote;

/// The notes of one file.
pub(super) fn notes(saved: &Saved, path: &str, objects: &[DeployObject]) -> Rc<[LineNote]> {
    let summaries = saved.version.iter().flat_map(|version| &version.objects);
    let here = summaries.filter(|summary| summary.file == path);
    here.filter_map(|summary| note(summary, objects)).collect()
}

fn note(summary: &ObjectSummary, objects: &[DeployObject]) -> Option<LineNote> {
    let object = objects.iter().find(|object| {
        object.kind == summary.kind
            && object.name == summary.name
            && object.api_version == summary.api_version
    })?;
    let badge = Badge::from(object.state);
    let said = if object.reason.is_empty() {
        badge.word
    } else {
        &object.reason
    };
    Some(LineNote {
        line: summary.line.saturating_sub(1),
        text: format!("{} {said}", badge.shape).into(),
        class: badge.class.into(),
        title: format!("{} {}: {}", object.kind, object.name, badge.word).into(),
    })
}
