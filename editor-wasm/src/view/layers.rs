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
    class: &'static str,
    style: String,
    text: String,
}

/// One box: class, place and size in pixels, and text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item {
    pub(crate) class: &'static str,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: Option<f64>,
    pub(crate) height: f64,
    pub(crate) text: String,
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
                    class: "",
                    style: String::new(),
                    text: String::new(),
                });
            }
            if let Some(shown) = self.pool.get_mut(self.used) {
                shown.write(&item);
            }
            self.used += 1;
        }
        for shown in self.pool.iter_mut().take(before).skip(self.used) {
            shown.write(&Item::default());
            shown.style.clear();
            shown.element.style().set_css_text("display:none");
        }
        Ok(())
    }
}

impl Shown {
    fn write(&mut self, item: &Item) {
        let mut style = String::from("transform:translate(");
        style += &px(item.x);
        style += ",";
        style += &px(item.y);
        style += ");height:";
        style += &px(item.height);
        if let Some(width) = item.width {
            style += ";width:";
            style += &px(width);
        }
        if self.style != style {
            self.element.style().set_css_text(&style);
            self.style = style;
        }
        if self.class != item.class {
            self.element.set_class_name(item.class);
            self.class = item.class;
        }
        if self.text != item.text {
            self.element.set_text_content(Some(&item.text));
            self.text.clone_from(&item.text);
        }
    }
}

/// A length for a style, in hundredths of a pixel: printing any `f64` would cost kilobytes of code.
pub(crate) fn px(pixels: f64) -> String {
    let hundredths = (pixels * 100.0).round() as i64;
    let (sign, hundredths) = if hundredths < 0 {
        ("-", -hundredths)
    } else {
        ("", hundredths)
    };
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let zero = if rest < 10 { "0" } else { "" };
    format!("{sign}{whole}.{zero}{rest}px")
}

#[cfg(test)]
mod tests {
    use super::px;

    #[test]
    fn lengths_are_printed_in_hundredths() {
        assert_eq!(px(7.826), "7.83px");
        assert_eq!(px(-0.05), "-0.05px");
        assert_eq!(px(120.0), "120.00px");
    }
}
