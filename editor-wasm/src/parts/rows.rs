//! A list of any length in a box that scrolls: only the rows that are seen are drawn.

use std::ops::Range;

use yew::prelude::*;

/// The height of a row in pixels, as the style sheet has it.
const HEIGHT: usize = 24;
/// Rows are drawn in such steps, so that not every pixel of scrolling draws anew.
const STEP: usize = 16;

#[derive(Properties, PartialEq)]
pub(crate) struct RowsProps {
    pub(crate) label: &'static str,
    pub(crate) count: usize,
    /// Draws one.
    pub(crate) row: Callback<usize, Html>,
}

/// The list. It scrolls within the height that its style gives it.
pub(crate) struct Rows {
    frame: NodeRef,
    seen: Range<usize>,
    /// How many there were when it was drawn last.
    count: usize,
}

impl Component for Rows {
    type Message = ();
    type Properties = RowsProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self {
            frame: NodeRef::default(),
            seen: drawn(0, 0),
            count: 0,
        }
    }

    /// The box was scrolled, or has another size.
    fn update(&mut self, _ctx: &Context<Self>, (): ()) -> bool {
        let seen = self.measure();
        let is_other = seen != self.seen;
        self.seen = seen;
        is_other
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let RowsProps { label, count, row } = ctx.props();
        let seen = self.seen.start.min(*count)..self.seen.end.min(*count);
        let space = |rows: usize| format!("height:{}px", rows * HEIGHT);
        html! {
            <div class="rows" ref={self.frame.clone()} onscroll={ctx.link().callback(|_| ())}>
                <ul aria-label={*label}>
                    <li key="above" aria-hidden="true" style={space(seen.start)} />
                    { for seen.clone().map(|idx| html! {
                        <li key={idx} class="row" aria-posinset={(idx + 1).to_string()} aria-setsize={count.to_string()}>
                            { row.emit(idx) }
                        </li>
                    }) }
                    <li key="below" aria-hidden="true" style={space(count - seen.end)} />
                </ul>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        // Its height is known only now, and changes with the number of rows.
        let count = ctx.props().count;
        if std::mem::replace(&mut self.count, count) != count && self.measure() != self.seen {
            ctx.link().send_message(());
        }
    }
}

impl Rows {
    /// The rows to draw of the box as it stands.
    fn measure(&self) -> Range<usize> {
        let frame = self.frame.cast::<web_sys::Element>();
        frame.map_or(0..0, |it| drawn(it.scroll_top(), it.client_height()))
    }
}

/// The rows to draw of a box that is scrolled so far and so high.
fn drawn(top: i32, height: i32) -> Range<usize> {
    let row = |pixels: i32| usize::try_from(pixels).unwrap_or(0) / HEIGHT;
    let first = (row(top) / STEP).saturating_sub(1) * STEP;
    let last = (row(top.saturating_add(height)) / STEP + 2) * STEP;
    first..last
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn draws_what_is_seen_and_a_step_more() {
        assert_eq!(drawn(0, 200), 0..32);
        assert_eq!(drawn(24 * 100, 200), 80..128);
        assert_eq!(drawn(-5, 0), 0..32);
    }
}
