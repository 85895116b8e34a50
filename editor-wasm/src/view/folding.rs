//! Folding: what is folded, what can be, and the commands for it.

use std::ops::Range;

use editor_core::{
    Applied, Caret, Command, Origin, Region, RegionSort, Selection, Transaction, Wraps, headers,
    region_around, region_at, regions,
};

use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::editing::{Editing, File};
use super::viewport::{times, whole};

/// Columns that are left free behind broken lines.
const ROOM: u32 = 2;
/// Lines are broken into no less than so many columns.
const NARROWEST: u32 = 20;
/// Width of the sign in the gutter that folds, in pixels.
const SIGN: f64 = 18.0;

impl Editing {
    /// Lets what is folded and broken follow a change; a caret that comes to stand in a fold
    /// unfolds it.
    #[inline(never)]
    pub(crate) fn rows_follow(&self, applied: &Applied) {
        self.file.borrow_mut().rows_along(applied);
    }

    /// Breaks long lines where the window has become wider or narrower, or another file is shown.
    #[inline(never)]
    pub(crate) fn wrap_lines(&self) {
        let wraps = self.options.get().wrap;
        let (mut file, mut screen) = (self.file.borrow_mut(), self.screen.borrow_mut());
        let width = screen.view.width - screen.drawn.gutter_width;
        let columns = whole(width / screen.metrics.char_width.max(1.0)) as u32;
        let columns = wraps.then_some(columns.saturating_sub(ROOM).max(NARROWEST));
        if file.wraps.as_ref().map(Wraps::columns) == columns {
            return;
        }
        let first = file.rows.line_at(screen.view.row_at(screen.view.top));
        let text = file.buffer.text().clone();
        file.wraps = columns.map(|it| Wraps::new(&text, it));
        file.set_rows();
        screen.drawn.widest = 0;
        // The line at the upper edge stays there.
        let top = times(file.rows.row_of(first), screen.metrics.line_height);
        let wrapping = if wraps { "on" } else { "off" };
        if let Some(surface) = self.surface.get() {
            // A name that an attribute can have.
            let _ = surface.scroller.set_attribute("data-wrap", wrapping);
            surface.scroller.set_scroll_top(top as i32);
        }
        screen.view.top = top;
    }

    pub(crate) fn toggle_wrap(&self) {
        let wraps = !self.options.get().wrap;
        self.set_options(|it| it.wrap = wraps);
        self.say(if wraps {
            "Long lines are broken"
        } else {
            "Long lines run on"
        });
    }

    pub(crate) fn toggle_blanks(&self) {
        let shown = !self.options.get().blanks;
        self.set_options(|it| it.blanks = shown);
        self.say(if shown {
            "Blanks are shown"
        } else {
            "Blanks are hidden"
        });
    }

    /// The lines of `range` below which something can be folded.
    #[inline(never)]
    pub(crate) fn fold_headers(&self, range: &Range<usize>) -> Vec<usize> {
        let mut file = self.file.borrow_mut();
        let text = file.buffer.text().clone();
        headers(&text, &mut file.colors, range)
    }

    /// Folds or unfolds below a line, as far as there is something; with all within or alone.
    #[inline(never)]
    pub(crate) fn toggle_fold(&self, line: usize, with_all: bool) -> bool {
        let region = {
            let mut file = self.file.borrow_mut();
            let text = file.buffer.text().clone();
            region_at(&text, &mut file.colors, line)
        };
        let Some(region) = region else {
            return false;
        };
        let is_folded = self.file.borrow().is_folded(line);
        let within = region.header..region.last + 1;
        match (is_folded, with_all) {
            (true, true) => self.unfold_lines(&within),
            (true, false) => self.unfold_lines(&(line..line + 1)),
            (false, true) => self.fold(self.regions_in(&within)),
            (false, false) => self.fold(vec![region]),
        }
        true
    }

    /// Takes a press of the mouse on what is no text: on the sign in the gutter, `x` from the start
    /// of the text, on what stands for folded lines, and on a lens. Whether it was one of them.
    #[inline(never)]
    pub(crate) fn press_beside_text(&self, event: &MouseEvent, offset: usize, x: f64) -> bool {
        let line = self.file.borrow().buffer.text().line_of(offset);
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let has = |class| {
            target
                .as_ref()
                .is_some_and(|it| it.class_list().contains(class))
        };
        if has("ed-goes") {
            return self.press_on_lens(line);
        }
        let on_sign = (-SIGN..0.0).contains(&x);
        (has("ed-folded") || on_sign)
            && self.toggle_fold(line, event.alt_key() || event.shift_key())
    }

    /// Runs a command about folding.
    #[inline(never)]
    pub(crate) fn run_fold(&self, command: Command) -> bool {
        match command {
            Command::Fold => self.fold_at_carets(),
            Command::Unfold => self.unfold_at_carets(),
            Command::ToggleFold => {
                let line = self.caret().line as usize;
                if self.file.borrow().is_folded(line) {
                    self.unfold_at_carets();
                } else {
                    self.fold_at_carets();
                }
            }
            Command::FoldAllWithin => {
                let within: Vec<_> = self.regions_at_carets().iter().map(lines_of).collect();
                self.fold(within.iter().flat_map(|it| self.regions_in(it)).collect());
            }
            Command::UnfoldAllWithin => {
                for region in self.regions_at_carets() {
                    self.unfold_lines(&lines_of(&region));
                }
            }
            Command::FoldAll => self.fold(self.regions_in(&(0..usize::MAX))),
            Command::FoldLevel(level) => self.fold_level(level as usize),
            Command::FoldComments => {
                let mut comments = self.regions_in(&(0..usize::MAX));
                comments.retain(|it| it.sort == RegionSort::Comment);
                self.fold(comments);
            }
            Command::UnfoldAll => self.unfold_lines(&(0..usize::MAX)),
            _ => return false,
        }
        true
    }

    fn fold_at_carets(&self) {
        let regions = {
            let mut file = self.file.borrow_mut();
            let File {
                buffer,
                colors,
                folds,
                ..
            } = &mut *file;
            let text = buffer.text();
            let open = |it: &Region| folds.hidden_below(text, it.header).is_none();
            let carets = buffer.state().selection().carets().iter();
            let lines = carets.map(|it| text.line_of(it.head));
            let found = lines.filter_map(|it| region_around(text, colors, it, open));
            found.collect()
        };
        self.fold(regions);
    }

    fn unfold_at_carets(&self) {
        for line in self.caret_lines() {
            self.unfold_lines(&(line..line + 1));
        }
    }

    fn fold_level(&self, level: usize) {
        let carets = self.caret_lines();
        let mut regions = self.regions_in(&(0..usize::MAX));
        regions.retain(|it| {
            it.level + 1 == level && !carets.iter().any(|line| lines_of(it).contains(line))
        });
        self.fold(regions);
    }

    fn caret_lines(&self) -> Vec<usize> {
        let file = self.file.borrow();
        let carets = file.state().selection().carets().iter();
        carets
            .map(|it| file.buffer.text().line_of(it.head))
            .collect()
    }

    /// The innermost region of each caret, folded or not.
    fn regions_at_carets(&self) -> Vec<Region> {
        let lines = self.caret_lines();
        let mut file = self.file.borrow_mut();
        let text = file.buffer.text().clone();
        let colors = &mut file.colors;
        let around = |line| region_around(&text, colors, line, |_| true);
        lines.into_iter().filter_map(around).collect()
    }

    /// All regions that begin in these lines.
    fn regions_in(&self, lines: &Range<usize>) -> Vec<Region> {
        let mut file = self.file.borrow_mut();
        let text = file.buffer.text().clone();
        let mut found = regions(&text, &mut file.colors);
        found.retain(|it| lines.contains(&it.header));
        found
    }

    fn fold(&self, regions: Vec<Region>) {
        let folded = regions.len();
        {
            let mut file = self.file.borrow_mut();
            let text = file.buffer.text().clone();
            file.folds.fold(&text, regions);
            file.set_rows();
        }
        self.lift_carets();
        if folded > 0 {
            self.say("Folded");
        }
        self.ask_frame();
    }

    fn unfold_lines(&self, lines: &Range<usize>) {
        let unfolded = {
            let mut file = self.file.borrow_mut();
            let text = file.buffer.text().clone();
            let unfolded = file.folds.unfold(&text, lines);
            file.set_rows();
            unfolded
        };
        if unfolded {
            self.say("Unfolded");
        }
        self.ask_frame();
    }

    /// Carets that were folded away go to the end of the line that stays.
    fn lift_carets(&self) {
        let transaction = {
            let file = self.file.borrow();
            let text = file.buffer.text();
            let lifted = |at: usize| {
                let line = text.line_of(at);
                if file.rows.is_hidden(line) {
                    text.line_end(file.rows.header_of(line))
                } else {
                    at
                }
            };
            let carets = file.state().selection().carets().iter();
            let carets = carets.map(|it| Caret::new(lifted(it.anchor), lifted(it.head)));
            let selection =
                Selection::new(carets.collect(), file.state().selection().primary_idx());
            if selection == *file.state().selection() {
                return;
            }
            Transaction::select(file.state(), selection, Origin::Move)
        };
        self.apply(transaction);
    }
}

impl File {
    /// Carries what is folded and broken through a change.
    pub(crate) fn rows_along(&mut self, applied: &Applied) {
        let (text, before) = (self.buffer.text(), applied.before.text());
        let changed = !applied.changes.is_empty();
        if changed && let Some(wraps) = &mut self.wraps {
            wraps.follow(before, &applied.changes, text);
        }
        let mut revealed = false;
        if !self.folds.is_empty() {
            if changed {
                self.folds
                    .follow(before, &applied.changes, text, &mut self.colors);
            }
            revealed = self.folds.reveal(text, self.buffer.state().selection());
        }
        if revealed || changed && (!self.rows.is_plain() || self.wraps.is_some()) {
            self.set_rows();
        }
    }

    fn is_folded(&self, line: usize) -> bool {
        self.folds.hidden_below(self.buffer.text(), line).is_some()
    }

    fn set_rows(&mut self) {
        self.rows = self.folds.rows(self.buffer.text(), self.wraps.as_ref());
    }
}

fn lines_of(region: &Region) -> Range<usize> {
    region.header..region.last + 1
}
