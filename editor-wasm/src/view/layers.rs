//! Plain boxes above and below the text: carets, selections, line numbers.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::surface::{Surface, child};

/// Boxes of one layer, recycled.
#[derive(Default)]
pub(crate) struct Boxes {
    pool: Vec<Shown>,
    used: usize,
}

struct Shown {
    element: HtmlElement,
    /// What it shows; `None` while it is hidden.
    item: Option<Item>,
}

/// One box: class, place and size in pixels, and the number in it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Item {
    pub(crate) class: &'static str,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: Option<f64>,
    pub(crate) height: f64,
    pub(crate) number: Option<usize>,
}

impl Boxes {
    /// Shows exactly these.
    pub(crate) fn show(
        &mut self,
        surface: &Surface,
        layer: &HtmlElement,
        items: impl Iterator<Item = Item>,
    ) -> Result<(), JsValue> {
        let before = std::mem::take(&mut self.used);
        for item in items {
            if self.pool.len() == self.used {
                self.pool.push(Shown {
                    element: child(&surface.document, layer, "")?,
                    item: None,
                });
            }
            if let Some(shown) = self.pool.get_mut(self.used) {
                shown.show(item);
            }
            self.used += 1;
        }
        for shown in self.pool.iter_mut().take(before).skip(self.used) {
            shown.hide();
        }
        Ok(())
    }
}

/// Boxes of one layer, one a row: scrolling writes only those of rows that come into view.
#[derive(Default)]
pub(crate) struct RowBoxes {
    /// The box of a row is found by the rest of dividing by how many there are.
    ring: Vec<Shown>,
}

impl RowBoxes {
    /// Shows exactly these, the first in `row`.
    pub(crate) fn show(
        &mut self,
        surface: &Surface,
        layer: &HtmlElement,
        row: usize,
        items: impl ExactSizeIterator<Item = Item>,
    ) -> Result<(), JsValue> {
        let count = items.len();
        if self.ring.len() < count {
            // Nothing is where it was: all are written again, which a window that grows can take.
            for _ in self.ring.len()..count {
                self.ring.push(Shown {
                    element: child(&surface.document, layer, "")?,
                    item: None,
                });
            }
        }
        let all = self.ring.len();
        for (at, item) in (row..).zip(items) {
            if let Some(shown) = self.ring.get_mut(at % all) {
                shown.show(item);
            }
        }
        for at in row + count..row + all {
            if let Some(shown) = self.ring.get_mut(at % all) {
                shown.hide();
            }
        }
        Ok(())
    }
}

impl Shown {
    /// Writes what differs: nearly all boxes are as they were in the frame before.
    fn show(&mut self, item: Item) {
        let old = self.item.replace(item);
        if old == Some(item) {
            return;
        }
        let place = |it: Item| (it.x, it.y, it.width, it.height);
        if old.map(place) != Some(place(item)) {
            self.element.style().set_css_text(&style(&item));
        }
        if old.map(|it| it.class) != Some(item.class) {
            self.element.set_class_name(item.class);
        }
        if old.and_then(|it| it.number) != item.number {
            let text = item.number.map(|it| digits(it as u64, 0));
            self.element.set_text_content(text.as_deref());
        }
    }

    fn hide(&mut self) {
        if self.item.take().is_some() {
            self.element.style().set_css_text("display:none");
            self.element.set_text_content(None);
        }
    }
}

/// Not as a transform: of each the browser makes a piece of its own to put together in every frame.
fn style(item: &Item) -> String {
    let mut style = String::from("left:");
    style += &px(item.x);
    style += ";top:";
    style += &px(item.y);
    style += ";height:";
    style += &px(item.height);
    if let Some(width) = item.width {
        style += ";width:";
        style += &px(width);
    }
    style
}

/// A length for a style, in hundredths of a pixel. Written by hand, as are the numbers of lines:
/// printing any `f64` would cost kilobytes of code, and the formatter of integers most of a frame.
pub(crate) fn px(pixels: f64) -> String {
    let hundredths = (pixels * 100.0).round() as i64;
    let mut length = String::with_capacity(12);
    if hundredths < 0 {
        length.push('-');
    }
    length += &digits(hundredths.unsigned_abs(), 2);
    length += "px";
    length
}

/// A number in decimal digits, the last `decimals` of them behind a point.
pub(crate) fn digits(number: u64, decimals: usize) -> String {
    let (mut rest, mut reversed) = (number, Vec::with_capacity(12));
    while rest > 0 || reversed.len() <= decimals {
        if decimals > 0 && reversed.len() == decimals {
            reversed.push(b'.');
        }
        reversed.push(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    reversed.iter().rev().map(|&it| char::from(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::{digits, px};

    #[test]
    fn lengths_are_printed_in_hundredths() {
        assert_eq!(px(7.826), "7.83px");
        assert_eq!(px(-0.05), "-0.05px");
        assert_eq!(px(120.0), "120.00px");
        assert_eq!(px(0.0), "0.00px");
        assert_eq!(digits(1205, 0), "1205");
    }
}
