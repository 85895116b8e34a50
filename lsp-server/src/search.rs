//! Finding a pattern in a text. Linear in the text whatever the pattern: see the `regex` crate.

use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

/// The longest pattern, in bytes. Longer ones are pasted by mistake.
const MAX_PATTERN: usize = 1_000;

/// The most matches that are worth listing. All are counted.
pub(crate) const MAX_LISTED: usize = 200_000;

/// How a pattern is meant.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Flags {
    /// Capital letters differ from small ones.
    pub(crate) case: bool,
    /// A match begins and ends at the ends of words.
    pub(crate) word: bool,
    /// The pattern is a regular expression, and no plain text.
    pub(crate) regex: bool,
}

/// A match.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Where it stands, in bytes.
    pub(crate) range: Range<usize>,
    /// What it is replaced with, if that was asked for.
    pub(crate) replacement: Option<String>,
}

/// A pattern that can be looked for.
#[derive(Debug)]
pub(crate) struct Pattern {
    regex: Regex,
}

impl Pattern {
    /// Reads `pattern`.
    ///
    /// # Errors
    ///
    /// A sentence for the person: what is wrong with the pattern.
    pub(crate) fn new(pattern: &str, flags: Flags) -> Result<Self, String> {
        if pattern.is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        if pattern.len() > MAX_PATTERN {
            return Err(format!(
                "the pattern is too long: at most {MAX_PATTERN} bytes are allowed"
            ));
        }
        let escaped = if flags.regex {
            pattern.to_owned()
        } else {
            regex::escape(pattern)
        };
        // Read alone first: `a)(b` must not become right by what is put around it.
        let plain = compile(&escaped, flags)?;
        let regex = if flags.word {
            compile(
                &format!(r"\b{{start-half}}(?:{escaped})\b{{end-half}}"),
                flags,
            )?
        } else {
            plain
        };
        Ok(Self { regex })
    }

    /// The matches in all of `text`, ascending and disjoint; each is found when it is asked for.
    /// With a `replacement`, `$1` and `${name}` in it stand for what the pattern's groups took.
    pub(crate) fn find<'t>(
        &'t self,
        text: &'t str,
        replacement: Option<&'t str>,
    ) -> impl Iterator<Item = Match> + 't {
        let plain = replacement.is_none().then(|| self.regex.find_iter(text));
        let plain = plain.into_iter().flatten().map(|it| Match {
            range: it.range(),
            replacement: None,
        });
        let replaced = replacement.map(|replacement| {
            let captured = self.regex.captures_iter(text);
            captured.map(|captures| Match {
                range: captures.get_match().range(),
                replacement: Some(expanded(&captures, replacement)),
            })
        });
        plain.chain(replaced.into_iter().flatten())
    }
}

fn expanded(captures: &Captures<'_>, replacement: &str) -> String {
    let mut text = String::new();
    captures.expand(replacement, &mut text);
    text
}

fn compile(pattern: &str, flags: Flags) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!flags.case)
        .multi_line(true)
        .crlf(true)
        .build()
        .map_err(|error| explain(&error))
}

/// The error in one sentence, without the picture that the library draws.
fn explain(error: &regex::Error) -> String {
    match error {
        regex::Error::Syntax(text) => {
            let sentence = text
                .rsplit_once("error: ")
                .map_or(text.as_str(), |(_, it)| it);
            format!("not a regular expression: {}", sentence.trim())
        }
        _ => "the regular expression is too large".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Flags = Flags {
        case: false,
        word: false,
        regex: false,
    };
    const REGEX: Flags = Flags {
        regex: true,
        ..PLAIN
    };

    #[test]
    fn plain_text_is_no_expression() {
        check("a.b A.B axb", "a.b", PLAIN, "0..3 4..7");
        check("a(b", "a(b", PLAIN, "0..3");
    }

    #[test]
    fn case_and_words_count_if_asked_for() {
        check(
            "Web web",
            "web",
            Flags {
                case: true,
                ..PLAIN
            },
            "4..7",
        );
        check(
            "web webs my-web",
            "web",
            Flags {
                word: true,
                ..PLAIN
            },
            "0..3 12..15",
        );
        check(
            "a -x b",
            "-x",
            Flags {
                word: true,
                ..PLAIN
            },
            "2..4",
        );
        check(
            "a|b ab",
            "a|b",
            Flags {
                word: true,
                ..REGEX
            },
            "0..1 2..3",
        );
    }

    #[test]
    fn lines_have_their_own_ends() {
        check("a\r\nb\r\n", "^.$", REGEX, "0..1 3..4");
        check("a\nb", "^", REGEX, "0..0 2..2");
    }

    #[test]
    fn faults_of_a_pattern_are_named() {
        let check = |pattern: &str, flags, message| {
            assert_eq!(Pattern::new(pattern, flags).expect_err("a fault"), message);
        };
        check("", PLAIN, "the pattern is empty");
        check("a(b", REGEX, "not a regular expression: unclosed group");
        check(
            "a)(b",
            Flags {
                word: true,
                ..REGEX
            },
            "not a regular expression: unopened group",
        );
        check(
            "(?:a{1000}){1000}",
            REGEX,
            "the regular expression is too large",
        );
        check(
            &"x".repeat(1_001),
            PLAIN,
            "the pattern is too long: at most 1000 bytes are allowed",
        );
    }

    #[test]
    fn groups_are_put_into_the_replacement() {
        let pattern = Pattern::new(r"(\w+): (?<value>\d+)", REGEX).expect("a pattern");
        let found = pattern.find("a: 1\nb: 22\n", Some("${value} is $1, $$5"));
        let replacements: Vec<_> = found.filter_map(|it| it.replacement).collect();
        assert_eq!(replacements, ["1 is a, $5", "22 is b, $5"]);
    }

    #[track_caller]
    fn check(text: &str, pattern: &str, flags: Flags, expected: &str) {
        let pattern = Pattern::new(pattern, flags).expect("a pattern");
        let found = pattern.find(text, None);
        let ranges: Vec<_> = found.map(|it| format!("{:?}", it.range)).collect();
        assert_eq!(ranges.join(" "), expected);
    }
}
