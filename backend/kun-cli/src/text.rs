//! Words that came from elsewhere, as a terminal may have them.

/// A message that came from somebody's container cannot steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    let plain = |c: char| {
        if c.is_control() && c != '\t' {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(plain).collect()
}
