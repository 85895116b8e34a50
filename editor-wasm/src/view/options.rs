//! What a person has chosen about how the text looks; this browser keeps it.

use super::editing::Editing;
use crate::storage;

/// Where it is kept.
const KEY: &str = "kun:editor";

/// How the text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// Whether long lines are broken on the screen.
    pub(crate) wrap: bool,
    /// Whether hints and lenses are shown.
    pub(crate) hints: bool,
    /// Whether blanks are shown.
    pub(crate) blanks: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wrap: false,
            hints: true,
            blanks: false,
        }
    }
}

impl Options {
    /// What was kept: words, each of which changes what is usual.
    fn read(kept: &str) -> Self {
        let has = |word| kept.split(' ').any(|it| it == word);
        Self {
            wrap: has("wrap"),
            hints: !has("no-hints"),
            blanks: has("blanks"),
        }
    }

    fn words(self) -> String {
        let words = [
            (self.wrap, "wrap"),
            (!self.hints, "no-hints"),
            (self.blanks, "blanks"),
        ];
        let words = words.iter().filter(|(is_on, _)| *is_on);
        words.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }
}

impl Editing {
    /// Takes in what was chosen before.
    #[inline(never)]
    pub(crate) fn read_options(&self) {
        let kept = storage::get(KEY).unwrap_or_default();
        self.options.set(Options::read(&kept));
    }

    /// Changes how the text looks, and keeps it.
    #[inline(never)]
    pub(crate) fn set_options(&self, change: impl FnOnce(&mut Options)) {
        let mut options = self.options.get();
        change(&mut options);
        self.options.set(options);
        // A browser that keeps nothing begins as usual next time.
        storage::set(KEY, &options.words());
        self.ask_frame();
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn what_is_kept_is_read_again() {
        for (wrap, hints, blanks) in [(false, true, false), (true, false, true)] {
            let options = Options {
                wrap,
                hints,
                blanks,
            };
            assert_eq!(Options::read(&options.words()), options);
        }
        assert_eq!(Options::read("unheard of"), Options::default());
    }
}
