//! A few lines of a file around a place, to look at without going there.

use std::rc::Rc;

use editor_core::{Colors, Text};
use yew::prelude::*;

use crate::lsp::{Location, sync};
use crate::view::editing::Editing;
use crate::view::paint::{self, Mark};

/// Lines above and below the place.
const AROUND: usize = 4;

/// Shows the lines; nothing of a file that is not open.
pub(crate) fn view(editing: &Rc<Editing>, place: &Location) -> Html {
    let Some(text) = editing.text_of(&place.uri) else {
        return Html::default();
    };
    let at = place.range.start.line as usize;
    let lines = at.saturating_sub(AROUND)..(at + AROUND + 1).min(text.line_count());
    let mut colors = Colors::default();
    let rows = lines.map(|line| {
        let html = painted(&text, line, place, &mut colors);
        let class = (line == at).then_some("ed-peek-at");
        html! {
            <div class={classes!("ed-peek-line", class)}>
                <span class="ed-peek-number">{ line + 1 }</span>
                { Html::from_html_unchecked(html.into()) }
            </div>
        }
    });
    html! { <div class="ed-peek" aria-hidden="true">{ for rows }</div> }
}

/// One line with its colors, and with the place marked. What `paint` returns is safe: it escapes
/// every text.
fn painted(text: &Text, line: usize, place: &Location, colors: &mut Colors) -> String {
    let content = text.line(line);
    let start = text.line_start(line);
    let (from, to) = (place.range.start, place.range.end);
    let (from, to) = (sync::offset(text, from), sync::offset(text, to));
    let mark = Mark {
        start: from.max(start) - start,
        end: to.clamp(start, start + content.len()) - start,
        class: "ed-use",
    };
    let marks: Vec<_> = Some(mark)
        .filter(|it| it.start < it.end)
        .into_iter()
        .collect();
    let mut spans = Vec::new();
    colors.highlight(text, line, paint::shorten(&content), &mut spans);
    let mut html = String::from("<span>");
    paint::paint(&content, &spans, &marks, (&[], 0.0), &mut html);
    html.push_str("</span>");
    html
}
