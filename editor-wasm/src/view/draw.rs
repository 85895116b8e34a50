//! One frame: what changed goes to the screen, layout is read first and written after.

use std::ops::Range;

use editor_core::{Caret, SnippetSession, Text, matching_brackets, words};
use wasm_bindgen::JsValue;
use web_sys::DomRect;

use super::editing::{Editing, File, Screen};
use super::layers::{Boxes, Item, px};
use super::lines::Lines;
use super::paint::{self, Mark};
use super::surface::Surface;
use super::viewport::times;
use crate::lsp::Severity;

/// What was drawn, to draw only what differs.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) lines: Lines,
    numbers: Boxes,
    selections: Boxes,
    carets: Boxes,
    /// Columns of the widest line seen so far.
    pub(crate) widest: u32,
    pub(crate) restart_blink: bool,
    blink: bool,
    space: (usize, u32, u32),
    gutter_width: f64,
}

impl Drawn {
    /// Sizes have changed: all of them are written again.
    pub(crate) fn forget_size(&mut self) {
        self.space = (0, 0, 0);
    }
}

impl Editing {
    /// Draws a frame.
    pub(crate) fn draw(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        self.scroll_while_dragging();
        let mut file = self.file.borrow_mut();
        let mut screen = self.screen.borrow_mut();
        // An element that the browser refuses to make leaves the frame before in place.
        let _ = draw_parts(surface, &mut file, &mut screen);
    }
}

fn draw_parts(surface: &Surface, file: &mut File, screen: &mut Screen) -> Result<(), JsValue> {
    // Before anything is written, reading costs nothing.
    let origin = screen.focused.then(|| Origin::read(surface));
    let text = file.buffer.text().clone();
    let count = text.line_count();
    size_space(surface, screen, count)?;
    reveal_caret(surface, file, screen, &text);
    let range = screen.view.lines(count);
    let current = file.current_match();
    draw_lines(surface, file, screen, &text, &range, current.as_ref())?;
    draw_numbers(surface, file, screen, &text, &range)?;
    draw_selections(surface, file, screen, &text, &range)?;
    draw_carets(surface, file, screen, &text, &range)?;
    if let Some(origin) = origin {
        place_input(surface, file, screen, &text, &origin);
    }
    Ok(())
}

/// The size of the whole text, with room below so that the last line can be read comfortably.
fn size_space(surface: &Surface, screen: &mut Screen, count: usize) -> Result<(), JsValue> {
    let digits = count.checked_ilog10().unwrap_or(0) + 1;
    let wanted = (count, screen.drawn.widest, digits.max(3));
    if wanted == screen.drawn.space {
        return Ok(());
    }
    screen.drawn.space = wanted;
    let (metrics, view) = (screen.metrics, screen.view);
    let height = times(count, metrics.line_height) + view.height / 2.0;
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
    let x = f64::from(words::columns(&before)) * screen.metrics.char_width;
    let mut view = screen.view;
    view.width -= screen.drawn.gutter_width;
    let (top, left) = view.reveal(line, x, how);
    if top.to_bits() != screen.view.top.to_bits() {
        surface.scroller.set_scroll_top(top as i32);
        screen.view.top = f64::from(surface.scroller.scroll_top());
    }
    if left.to_bits() != screen.view.left.to_bits() {
        surface.scroller.set_scroll_left(left as i32);
        screen.view.left = f64::from(surface.scroller.scroll_left());
    }
}

fn draw_lines(
    surface: &Surface,
    file: &mut File,
    screen: &mut Screen,
    text: &Text,
    range: &Range<usize>,
    current: Option<&Range<usize>>,
) -> Result<(), JsValue> {
    let mut colors = std::mem::take(&mut file.colors);
    let (mut spans, mut marks) = (Vec::new(), Vec::new());
    let mut widest = screen.drawn.widest;
    let line_height = screen.metrics.line_height;
    let brackets = matching_brackets(text, file.state().selection().primary().head);
    let lines = &mut screen.drawn.lines;
    let drawn = lines.draw(surface, range, line_height, |line, html| {
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
        paint::paint(&content, &spans, &marks, html);
        notes_of(file, start, html);
        widest = widest.max(words::columns(shown));
    });
    file.colors = colors;
    if widest > screen.drawn.widest {
        screen.drawn.widest = widest;
        size_space(surface, screen, text.line_count())?;
    }
    drawn
}

fn mark_bracket(at: usize, start: usize, line: &str, marks: &mut Vec<Mark>) {
    if (start..start + line.len()).contains(&at) {
        let class = "ed-bracket";
        marks.push(Mark {
            start: at - start,
            end: at - start + 1,
            class,
        });
    }
}

/// What is marked in a line that starts at `start`.
fn marks_of(
    file: &File,
    start: usize,
    line: &str,
    current: Option<&Range<usize>>,
    marks: &mut Vec<Mark>,
) {
    let whole = start..start + line.len();
    let mut add = |range: &Range<usize>, class| {
        let from = range.start.max(start) - start;
        let to = range.end.min(whole.end).saturating_sub(start);
        if from < to {
            marks.push(Mark {
                start: from,
                end: to,
                class,
            });
        }
    };
    for (range, problem) in file.problems.touching(whole.clone()) {
        add(&visible(range, start, line), squiggle(problem.severity));
    }
    for (_, range) in file.matches.within(whole.clone()) {
        let is_current = current.is_some_and(|it| *it == range);
        add(
            &range,
            if is_current {
                "ed-match ed-current"
            } else {
                "ed-match"
            },
        );
    }
    for range in file
        .buffer
        .snippet()
        .into_iter()
        .flat_map(SnippetSession::ranges)
    {
        add(range, "ed-field");
    }
    if let Some(range) = &file.composing {
        add(range, "ed-composing");
    }
}

/// A range without letters marks the character at it, at the end of a line the one before.
fn visible(range: &Range<usize>, start: usize, line: &str) -> Range<usize> {
    if range.start < range.end || !(start..=start + line.len()).contains(&range.start) {
        return range.clone();
    }
    let text = Text::new(line);
    let at = range.start - start;
    if at < line.len() {
        range.start..start + words::next_char(&text, at)
    } else {
        start + words::prev_char(&text, at)..range.start
    }
}

fn squiggle(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ed-error",
        Severity::Warning => "ed-warning",
        Severity::Info => "ed-info",
        Severity::Hint => "ed-hint",
    }
}

fn notes_of(file: &File, start: usize, html: &mut String) {
    for (_, note) in file.notes.touching(start..start) {
        html.push_str("<span aria-hidden=true class=\"ed-note ");
        paint::escape(&note.class, html);
        html.push_str("\" title=\"");
        paint::escape(&note.title, html);
        html.push_str("\">");
        paint::escape(&note.text, html);
        html.push_str("</span>");
    }
}

fn draw_numbers(
    surface: &Surface,
    file: &File,
    screen: &mut Screen,
    text: &Text,
    range: &Range<usize>,
) -> Result<(), JsValue> {
    let height = screen.metrics.line_height;
    let head = text.line_of(file.state().selection().primary().head);
    let items = range.clone().map(|line| {
        let whole = text.line_start(line)..text.line_end(line);
        let worst = file
            .problems
            .touching(whole.clone())
            .filter(|(range, _)| whole.start <= range.start)
            .map(|(_, it)| it.severity)
            .min();
        Item {
            class: number_class(worst, line == head),
            y: times(line, height),
            height,
            number: Some(line + 1),
            ..Item::default()
        }
    });
    screen.drawn.numbers.show(surface, &surface.gutter, items)
}

fn number_class(worst: Option<Severity>, is_current: bool) -> &'static str {
    match (worst, is_current) {
        (Some(Severity::Error), _) => "ed-number ed-has-error",
        (Some(Severity::Warning), _) => "ed-number ed-has-warning",
        (_, true) => "ed-number ed-at",
        (_, false) => "ed-number",
    }
}

/// The line of the caret, and what is selected in the lines that are drawn.
fn draw_selections(
    surface: &Surface,
    file: &File,
    screen: &mut Screen,
    text: &Text,
    range: &Range<usize>,
) -> Result<(), JsValue> {
    let height = screen.metrics.line_height;
    let selection = file.state().selection();
    let mut items = Vec::new();
    if selection.is_empty() && screen.focused {
        items.push(Item {
            class: "ed-current-line",
            y: times(text.line_of(selection.primary().head), height),
            height,
            ..Item::default()
        });
    }
    let seen = text.line_start(range.start)..text.line_end(range.end.saturating_sub(1));
    for caret in selection.carets() {
        let overlaps = caret.start() <= seen.end && seen.start <= caret.end();
        if overlaps && !caret.is_empty() {
            select_lines(caret, screen, text, range, &mut items);
        }
    }
    let drawn = &mut screen.drawn;
    drawn
        .selections
        .show(surface, &surface.selections, items.into_iter())
}

fn select_lines(
    caret: &Caret,
    screen: &Screen,
    text: &Text,
    range: &Range<usize>,
    items: &mut Vec<Item>,
) {
    let (metrics, lines) = (screen.metrics, &screen.drawn.lines);
    let first = text.line_of(caret.start()).max(range.start);
    let last = text.line_of(caret.end()).min(range.end.saturating_sub(1));
    for line in first..=last {
        let (start, end) = (text.line_start(line), text.line_end(line));
        let content = text.line(line);
        let x = |at: usize| metrics.x_of(&content, at - start, lines.element(line));
        let from = x(caret.start().clamp(start, end));
        let line_end = if caret.end() > end {
            metrics.char_width / 2.0
        } else {
            0.0
        };
        items.push(Item {
            class: "ed-selection",
            x: from,
            y: times(line, metrics.line_height),
            width: Some(x(caret.end().clamp(start, end)) + line_end - from),
            height: metrics.line_height,
            ..Item::default()
        });
    }
}

fn draw_carets(
    surface: &Surface,
    file: &File,
    screen: &mut Screen,
    text: &Text,
    range: &Range<usize>,
) -> Result<(), JsValue> {
    let height = screen.metrics.line_height;
    let seen = text.line_start(range.start)..text.line_end(range.end.saturating_sub(1));
    let carets = file.state().selection().carets().iter();
    let items: Vec<Item> = carets
        .filter(|it| seen.start <= it.head && it.head <= seen.end)
        .map(|it| {
            let (x, y) = place(screen, text, it.head);
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

/// Where an offset stands, in pixels from the start of the text.
pub(crate) fn place(screen: &Screen, text: &Text, offset: usize) -> (f64, f64) {
    let line = text.line_of(offset);
    let content = text.line(line);
    let element = screen.drawn.lines.element(line);
    let x = screen
        .metrics
        .x_of(&content, offset - text.line_start(line), element);
    (x, times(line, screen.metrics.line_height))
}

impl Editing {
    /// Where an offset stands on the screen: left, top and bottom of its character.
    pub(crate) fn client_place(&self, offset: usize) -> Option<(f64, f64, f64)> {
        let surface = self.surface.get()?;
        let screen = self.screen.borrow();
        let (x, y) = place(&screen, self.file.borrow().buffer.text(), offset);
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
    let (x, y) = place(screen, text, file.state().selection().primary().head);
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
