//! One frame: what changed goes to the screen, layout is read first and written after.

use std::ops::Range;

use editor_core::{Caret, Text, matching_brackets, words};
use wasm_bindgen::JsValue;
use web_sys::DomRect;

use super::editing::{Editing, File, Screen};
use super::layers::{Boxes, Item, RowBoxes, px};
use super::lines::{Draw, Lines};
use super::marks::{guides, mark_blanks, mark_bracket, marks_of, notes_of};
use super::measure::Metrics;
use super::paint;
use super::surface::Surface;
use super::viewport::times;
use crate::lsp::Severity;

/// What was drawn, to draw only what differs.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) lines: Lines,
    numbers: RowBoxes,
    selections: Boxes,
    carets: Boxes,
    /// Columns of the widest line seen so far.
    pub(crate) widest: u32,
    pub(crate) restart_blink: bool,
    blink: bool,
    space: (usize, u32, u32),
    pub(crate) gutter_width: f64,
}

impl Drawn {
    /// Sizes have changed: all of them are written again.
    pub(crate) fn forget_size(&mut self) {
        self.space = (0, 0, 0);
    }
}

/// What a frame shows.
struct Frame<'a> {
    surface: &'a Surface,
    text: Text,
    /// Where the editor stands, read before anything is written; only an input method asks.
    origin: Option<Origin>,
    /// The lines to draw, and the rows to draw them in.
    shown: Vec<Row>,
    /// Those below which something can be folded.
    headers: Vec<usize>,
    /// Whether lines that are drawn already may look other than they are drawn.
    repaints: bool,
    /// Whether blanks are shown.
    blanks: bool,
}

/// A line and the row that it is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) row: usize,
}

impl Frame<'_> {
    fn first(&self) -> usize {
        self.shown.first().map_or(0, |it| it.line)
    }

    fn last(&self) -> usize {
        self.shown.last().map_or(0, |it| it.line)
    }

    /// The part of the text that is drawn.
    fn seen(&self) -> Range<usize> {
        self.text.line_start(self.first())..self.text.line_end(self.last())
    }
}

impl Editing {
    /// Draws a frame.
    pub(crate) fn draw(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        self.scroll_while_dragging();
        // An element that the browser refuses to make leaves the frame before in place.
        let _ = self.draw_on(surface);
    }

    fn draw_on(&self, surface: &Surface) -> Result<(), JsValue> {
        if self.is_attached() {
            self.wrap_lines();
        }
        let mut frame = {
            let (file, mut screen) = (self.file.borrow(), self.screen.borrow_mut());
            Frame::begin(surface, &file, &mut screen)?
        };
        frame.repaints = self.take_repaints();
        frame.blanks = self.options.get().blanks;
        if self.is_attached() {
            frame.headers = self.fold_headers(&(frame.first()..frame.last() + 1));
        }
        {
            let (mut file, mut screen) = (self.file.borrow_mut(), self.screen.borrow_mut());
            frame.draw(&mut file, &mut screen)?;
        }
        if frame.repaints && self.is_attached() {
            self.mirror_later();
        }
        Ok(())
    }
}

impl<'a> Frame<'a> {
    /// Scrolls to where the caret is, and finds the lines that are seen then.
    fn begin(surface: &'a Surface, file: &File, screen: &mut Screen) -> Result<Self, JsValue> {
        // Before anything is written, reading costs nothing.
        let origin = screen.focused.then(|| Origin::read(surface));
        let text = file.buffer.text().clone();
        let rows = file.rows.count(text.line_count());
        size_space(surface, screen, file)?;
        reveal_caret(surface, file, screen, &text);
        let rows = screen.view.rows(rows);
        let mut shown = Vec::with_capacity(rows.len());
        let mut at = rows.start;
        while at < rows.end {
            let line = file.rows.line_at(at);
            let row = file.rows.row_of(line);
            shown.push(Row { line, row });
            at = row + file.rows.height(line).max(1);
        }
        Ok(Self {
            surface,
            text,
            origin,
            shown,
            headers: Vec::new(),
            repaints: true,
            blanks: false,
        })
    }

    fn draw(&self, file: &mut File, screen: &mut Screen) -> Result<(), JsValue> {
        let current = file.current_match();
        self.draw_lines(file, screen, current.as_ref())?;
        self.draw_gutter(file, screen)?;
        self.draw_selections(file, screen)?;
        self.draw_carets(file, screen)?;
        if let Some(origin) = &self.origin {
            place_input(self.surface, file, screen, &self.text, origin);
        }
        Ok(())
    }
}

/// The size of the whole text, with room below so that the last line can be read comfortably.
fn size_space(surface: &Surface, screen: &mut Screen, file: &File) -> Result<(), JsValue> {
    let lines = file.buffer.text().line_count();
    let rows = file.rows.count(lines);
    let digits = lines.checked_ilog10().unwrap_or(0) + 1;
    let widest = match file.wraps {
        Some(_) => 0,
        None => screen.drawn.widest,
    };
    let wanted = (rows, widest, digits.max(3));
    if wanted == screen.drawn.space {
        return Ok(());
    }
    screen.drawn.space = wanted;
    let (metrics, view) = (screen.metrics, screen.view);
    let height = times(rows, metrics.line_height) + view.height / 2.0;
    let width = f64::from(wanted.1 + 4) * metrics.char_width;
    surface.space.style().set_property("height", &px(height))?;
    surface
        .content
        .style()
        .set_property("min-width", &px(width))?;
    let gutter = f64::from(wanted.2 + 3) * metrics.char_width;
    screen.drawn.gutter_width = gutter;
    surface.gutter.style().set_property("width", &px(gutter))
}

fn reveal_caret(surface: &Surface, file: &File, screen: &mut Screen, text: &Text) {
    let Some(how) = screen.reveal.take() else {
        return;
    };
    let head = file.state().selection().primary().head;
    let line = text.line_of(head);
    let before = text.slice(text.line_start(line)..head);
    let column = match file.rows.broken(text, line) {
        Some(_) => 0,
        None => words::columns(&before),
    };
    let x = f64::from(column) * screen.metrics.char_width;
    let mut view = screen.view;
    view.width -= screen.drawn.gutter_width;
    let (top, left) = view.reveal(file.rows.row_at(text, head), x, how);
    if top.to_bits() != screen.view.top.to_bits() {
        surface.scroller.set_scroll_top(top as i32);
        screen.view.top = f64::from(surface.scroller.scroll_top());
    }
    if left.to_bits() != screen.view.left.to_bits() {
        surface.scroller.set_scroll_left(left as i32);
        screen.view.left = f64::from(surface.scroller.scroll_left());
    }
}

impl Frame<'_> {
    fn draw_lines(
        &self,
        file: &mut File,
        screen: &mut Screen,
        current: Option<&Range<usize>>,
    ) -> Result<(), JsValue> {
        let text = &self.text;
        let mut colors = std::mem::take(&mut file.colors);
        let (mut spans, mut marks) = (Vec::new(), Vec::new());
        let mut widest = screen.drawn.widest;
        let Metrics {
            char_width,
            line_height,
        } = screen.metrics;
        let brackets = matching_brackets(text, file.state().selection().primary().head);
        let lines = &mut screen.drawn.lines;
        let draw = Draw {
            shown: &self.shown,
            line_height,
            repaints: self.repaints,
        };
        let drawn = lines.draw(self.surface, &draw, |line, html| {
            let content = text.line(line);
            let start = text.line_start(line);
            let shown = paint::shorten(&content);
            spans.clear();
            marks.clear();
            colors.highlight(text, line, shown, &mut spans);
            marks_of(file, start, &content, current, &mut marks);
            for at in brackets.iter().flatten() {
                mark_bracket(*at, start, &content, &mut marks);
            }
            if self.blanks {
                mark_blanks(shown, &mut marks);
            }
            let broken = file.rows.broken(text, line).unwrap_or_default();
            let hang = f64::from(broken.hang) * char_width;
            paint::paint(&content, &spans, &marks, (&broken.breaks, hang), html);
            if let Some(hidden) = file.folds.hidden_below(text, line) {
                paint::folded(hidden, html);
            }
            notes_of(file, start, html);
            guides(text, line, shown, html);
            widest = widest.max(words::columns(shown));
        });
        file.colors = colors;
        if widest > screen.drawn.widest {
            screen.drawn.widest = widest;
            size_space(self.surface, screen, file)?;
        }
        drawn
    }
}

impl Frame<'_> {
    /// The numbers of lines, with the signs of problems and those that fold.
    fn draw_gutter(&self, file: &File, screen: &mut Screen) -> Result<(), JsValue> {
        let text = &self.text;
        let height = screen.metrics.line_height;
        let head = text.line_of(file.state().selection().primary().head);
        let items = self.shown.iter().map(|&Row { line, row }| {
            let whole = text.line_start(line)..text.line_end(line);
            let worst = file
                .problems
                .touching(whole.clone())
                .filter(|(range, _)| whole.start <= range.start)
                .map(|(_, it)| it.severity)
                .min();
            let sign = if file.folds.hidden_below(text, line).is_some() {
                Sign::Folded
            } else if self.headers.binary_search(&line).is_ok() {
                Sign::Foldable
            } else {
                Sign::None
            };
            Item {
                class: number_class(worst, line == head, sign),
                y: times(row, height),
                height,
                number: Some(line + 1),
                ..Item::default()
            }
        });
        let (gutter, first) = (&self.surface.gutter, self.shown.first());
        let numbers = &mut screen.drawn.numbers;
        numbers.show(self.surface, gutter, first.map_or(0, |it| it.row), items)
    }
}

/// What stands behind the number of a line.
#[derive(Clone, Copy)]
enum Sign {
    None,
    Foldable,
    Folded,
}

/// Written out, since a class that is put together would be a string for each line and frame.
fn number_class(worst: Option<Severity>, is_current: bool, sign: Sign) -> &'static str {
    let [none, foldable, folded] = match (worst, is_current) {
        (Some(Severity::Error), _) => [
            "ed-number ed-has-error",
            "ed-number ed-has-error ed-fold",
            "ed-number ed-has-error ed-fold ed-is-folded",
        ],
        (Some(Severity::Warning), _) => [
            "ed-number ed-has-warning",
            "ed-number ed-has-warning ed-fold",
            "ed-number ed-has-warning ed-fold ed-is-folded",
        ],
        (_, true) => [
            "ed-number ed-at",
            "ed-number ed-at ed-fold",
            "ed-number ed-at ed-fold ed-is-folded",
        ],
        (_, false) => [
            "ed-number",
            "ed-number ed-fold",
            "ed-number ed-fold ed-is-folded",
        ],
    };
    match sign {
        Sign::None => none,
        Sign::Foldable => foldable,
        Sign::Folded => folded,
    }
}

impl Frame<'_> {
    /// The line of the caret, and what is selected in the lines that are drawn.
    fn draw_selections(&self, file: &File, screen: &mut Screen) -> Result<(), JsValue> {
        let height = screen.metrics.line_height;
        let selection = file.state().selection();
        let mut items = Vec::new();
        if selection.is_empty() && screen.focused {
            let line = self.text.line_of(selection.primary().head);
            items.push(Item {
                class: "ed-current-line",
                y: times(file.rows.row_of(line), height),
                height: times(file.rows.height(line), height),
                ..Item::default()
            });
        }
        let seen = self.seen();
        for caret in selection.carets() {
            let overlaps = caret.start() <= seen.end && seen.start <= caret.end();
            if overlaps && !caret.is_empty() {
                self.select_lines(caret, file, screen, &mut items);
            }
        }
        let drawn = &mut screen.drawn;
        let layer = &self.surface.selections;
        drawn
            .selections
            .show(self.surface, layer, items.into_iter())
    }

    fn select_lines(&self, caret: &Caret, file: &File, screen: &Screen, items: &mut Vec<Item>) {
        let (metrics, lines, text) = (screen.metrics, &screen.drawn.lines, &self.text);
        let selected = text.line_of(caret.start())..text.line_of(caret.end()) + 1;
        let shown = self.shown.iter().filter(|it| selected.contains(&it.line));
        for &Row { line, row } in shown {
            let (start, end) = (text.line_start(line), text.line_end(line));
            let content = text.line(line);
            let element = lines.element(line);
            let broken = file.rows.broken(text, line).unwrap_or_default();
            let from = caret.start().clamp(start, end) - start;
            let until = caret.end().clamp(start, end) - start;
            for within in broken.row_of(from)..=broken.row_of(until) {
                let part = broken.row(within, content.len());
                let is_last = part.end >= content.len();
                let left =
                    metrics.x_in_row(&content, &broken, within, from.max(part.start), element);
                let to = until.min(part.end);
                let right = metrics.x_in_row(&content, &broken, within, to, element);
                let line_end = if is_last && caret.end() > end {
                    metrics.char_width / 2.0
                } else {
                    0.0
                };
                items.push(Item {
                    class: "ed-selection",
                    x: left,
                    y: times(row + within, metrics.line_height),
                    width: Some(right + line_end - left),
                    height: metrics.line_height,
                    ..Item::default()
                });
            }
        }
    }

    fn draw_carets(&self, file: &File, screen: &mut Screen) -> Result<(), JsValue> {
        let (text, surface) = (&self.text, self.surface);
        let height = screen.metrics.line_height;
        let seen = self.seen();
        let carets = file.state().selection().carets().iter();
        let items: Vec<Item> = carets
            .filter(|it| seen.start <= it.head && it.head <= seen.end)
            .filter(|it| !file.rows.is_hidden(text.line_of(it.head)))
            .map(|it| {
                let (x, y) = place(file, screen, text, it.head);
                Item {
                    class: "ed-caret",
                    x,
                    y,
                    height,
                    ..Item::default()
                }
            })
            .collect();
        let drawn = &mut screen.drawn;
        drawn
            .carets
            .show(surface, &surface.carets, items.into_iter())?;
        if std::mem::take(&mut drawn.restart_blink) {
            // Two animations that look the same: changing from one to the other starts it over.
            drawn.blink = !drawn.blink;
            surface.carets.set_class_name(if drawn.blink {
                "ed-layer ed-carets"
            } else {
                "ed-layer ed-carets ed-other-blink"
            });
        }
        Ok(())
    }
}

/// Where an offset stands, in pixels from the start of the text.
fn place(file: &File, screen: &Screen, text: &Text, offset: usize) -> (f64, f64) {
    let line = text.line_of(offset);
    let content = text.line(line);
    let element = screen.drawn.lines.element(line);
    let at = offset - text.line_start(line);
    let (x, within) = match file.rows.broken(text, line) {
        None => (screen.metrics.x_of(&content, at, element), 0),
        Some(broken) => {
            let row = broken.row_of(at);
            let x = screen.metrics.x_in_row(&content, &broken, row, at, element);
            (x, row)
        }
    };
    let row = file.rows.row_of(line) + within;
    (x, times(row, screen.metrics.line_height))
}

impl Editing {
    /// Where an offset stands on the screen: left, top and bottom of its character.
    pub(crate) fn client_place(&self, offset: usize) -> Option<(f64, f64, f64)> {
        let surface = self.surface.get()?;
        let (file, screen) = (self.file.borrow(), self.screen.borrow());
        let (x, y) = place(&file, &screen, file.buffer.text(), offset);
        let origin = surface.lines.get_bounding_client_rect();
        let top = origin.top() + y;
        Some((origin.left() + x, top, top + screen.metrics.line_height))
    }
}

/// Where the editor stands on the screen.
struct Origin {
    control: DomRect,
    lines: (f64, f64),
    /// How far it was scrolled then.
    scrolled: (f64, f64),
}

impl Origin {
    fn read(surface: &Surface) -> Self {
        let lines = surface.lines.get_bounding_client_rect();
        let scroller = &surface.scroller;
        Self {
            control: scroller.get_bounding_client_rect(),
            lines: (lines.left(), lines.top()),
            scrolled: (
                f64::from(scroller.scroll_left()),
                f64::from(scroller.scroll_top()),
            ),
        }
    }
}

/// Lets the input method know where the caret is.
fn place_input(surface: &Surface, file: &File, screen: &Screen, text: &Text, origin: &Origin) {
    let (x, y) = place(file, screen, text, file.state().selection().primary().head);
    if let Some(area) = &surface.text_area {
        let height = px(screen.metrics.line_height);
        let style = format!("left:{};top:{};height:{height}", px(x), px(y));
        area.style().set_css_text(&style);
    }
    let Some(context) = &surface.context else {
        return;
    };
    let left = origin.lines.0 + x + origin.scrolled.0 - screen.view.left;
    let top = origin.lines.1 + y + origin.scrolled.1 - screen.view.top;
    let caret =
        DomRect::new_with_x_and_y_and_width_and_height(left, top, 1.0, screen.metrics.line_height);
    if let Ok(caret) = caret {
        context.update_control_bounds(&origin.control);
        context.update_selection_bounds(&caret);
    }
}
