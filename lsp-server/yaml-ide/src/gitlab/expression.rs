//! Conditions of rules: `$CI_COMMIT_TAG =~ /^v/ && $CI_COMMIT_REF_PROTECTED == "true"`.
//!
//! Values are variables, texts in quotes, patterns between slashes and `null`. Operators stand
//! between two values; parentheses group.

use std::ops::Range;

/// What is wrong with a condition, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    /// What to write there instead, where that is plain.
    pub(crate) better: Option<String>,
    /// Whether GitLab takes it all the same, and it cannot be what is meant.
    pub(crate) is_taken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Variable,
    Text,
    Pattern,
    Null,
    Comparison,
    /// `=~` or `!~`
    Match,
    Logic,
    Not,
    Open,
    Close,
}

/// Reads a condition.
///
/// # Errors
///
/// The first place where GitLab cannot go on.
pub(crate) fn check(text: &str) -> Result<(), Fault> {
    let tokens = tokens(text)?;
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut before: Option<(Token, Range<usize>)> = None;
    for (token, range) in tokens {
        let wants_value = before.as_ref().is_none_or(|(before, _)| {
            !matches!(
                before,
                Token::Variable | Token::Text | Token::Pattern | Token::Null | Token::Close
            )
        });
        let written = text.get(range.clone()).unwrap_or_default();
        match token {
            Token::Open | Token::Not if wants_value => {}
            Token::Close if !wants_value => {
                if open.pop().is_none() {
                    return fault(range, "this parenthesis closes nothing");
                }
            }
            Token::Match if matches!(before, Some((Token::Pattern, _))) => {
                let range = before.map_or(range, |(_, range)| range);
                return Err(Fault {
                    range,
                    message: "a pattern stands behind `=~` or `!~`, and the variable before"
                        .to_owned(),
                    better: None,
                    is_taken: true,
                });
            }
            Token::Comparison | Token::Match | Token::Logic if !wants_value => {}
            Token::Comparison | Token::Match | Token::Logic | Token::Close => {
                return fault(range, &format!("a value is missing before `{written}`"));
            }
            _ if wants_value => value(token, &range, before.as_ref())?,
            _ => return fault(range, &format!("an operator is missing before `{written}`")),
        }
        if token == Token::Open {
            open.push(range.clone());
        }
        before = Some((token, range));
    }
    if let Some(range) = open.pop() {
        return fault(range, "this parenthesis is not closed");
    }
    match before {
        None => fault(0..text.len(), "the condition is empty"),
        Some((Token::Comparison | Token::Match | Token::Logic | Token::Not, range)) => {
            let written = text.get(range.clone()).unwrap_or_default();
            let message = format!("a value is missing behind `{written}`");
            fault(range, &message)
        }
        Some(_) => Ok(()),
    }
}

fn value(
    token: Token,
    range: &Range<usize>,
    before: Option<&(Token, Range<usize>)>,
) -> Result<(), Fault> {
    let behind = before.map(|(before, _)| *before);
    let message = match (behind, token) {
        (Some(Token::Match), Token::Text | Token::Null) => {
            "`=~` and `!~` take a pattern between slashes, or a variable that holds one"
        }
        (Some(Token::Comparison), Token::Pattern) => {
            "`==` and `!=` compare texts; a pattern goes with `=~` or `!~`"
        }
        _ => return Ok(()),
    };
    Err(Fault {
        range: range.clone(),
        message: message.to_owned(),
        better: None,
        is_taken: true,
    })
}

fn fault<T>(range: Range<usize>, message: &str) -> Result<T, Fault> {
    Err(Fault {
        range,
        message: message.to_owned(),
        better: None,
        is_taken: false,
    })
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let blanks = rest.len() - rest.trim_start().len();
        at += blanks;
        let rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (token, length) = token(rest).map_err(|fault| Fault {
            range: fault.range.start + at..fault.range.end + at,
            ..fault
        })?;
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

/// The first token of a text that does not begin with a blank.
fn token(text: &str) -> Result<(Token, usize), Fault> {
    const OPERATORS: [(&str, Token); 9] = [
        ("==", Token::Comparison),
        ("!=", Token::Comparison),
        ("=~", Token::Match),
        ("!~", Token::Match),
        ("&&", Token::Logic),
        ("||", Token::Logic),
        ("(", Token::Open),
        (")", Token::Close),
        ("!", Token::Not),
    ];
    let operator = OPERATORS.iter().find(|(sign, _)| text.starts_with(sign));
    if let Some((sign, token)) = operator {
        return Ok((*token, sign.len()));
    }
    let word = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    match text.chars().next() {
        Some('$') => variable(text),
        Some(quote @ ('"' | '\'')) => quoted(text, quote),
        Some('/') => pattern(text),
        Some('=' | '&' | '|') => single(text),
        _ if text.get(..word) == Some("null") => Ok((Token::Null, word)),
        _ => {
            let length = word.max(text.chars().next().map_or(1, char::len_utf8));
            Err(bare_word(text.get(..length).unwrap_or(text)))
        }
    }
}

fn variable(text: &str) -> Result<(Token, usize), Fault> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = text.get(1..).unwrap_or_default();
    if let Some(inner) = name.strip_prefix('{') {
        let end = inner.find('}').unwrap_or(inner.len());
        let name = inner.get(..end).unwrap_or_default();
        return Err(Fault {
            range: 0..(end + 3).min(text.len()),
            message: format!("write `${name}`: braces are for shells"),
            better: Some(format!("${name}")),
            is_taken: false,
        });
    }
    let length = name.find(|c| !is_word(c)).unwrap_or(name.len());
    if length == 0 {
        return fault(0..1, "the name of a variable is missing behind `$`");
    }
    Ok((Token::Variable, length + 1))
}

fn quoted(text: &str, quote: char) -> Result<(Token, usize), Fault> {
    match text.get(1..).and_then(|rest| rest.find(quote)) {
        Some(end) => Ok((Token::Text, end + 2)),
        None => fault(0..text.len(), "this quote is not closed"),
    }
}

/// `/…/` with `\/` in it, and flags behind it.
fn pattern(text: &str) -> Result<(Token, usize), Fault> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '/' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let Some((end, _)) = end else {
        return fault(0..text.len(), "this pattern is not closed with `/`");
    };
    let inner = text.get(1..end).unwrap_or_default();
    if let Some(message) = pattern_fault(inner) {
        return fault(0..end + 1, &message);
    }
    let flags = text.get(end + 1..).unwrap_or_default();
    let length = flags
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(flags.len());
    let flags = flags.get(..length).unwrap_or_default();
    if let Some(bad) = flags.chars().find(|c| !matches!(c, 'i' | 's' | 'm' | 'U')) {
        let message = format!("`{bad}` is no flag of a pattern: use i, m, s or U");
        return fault(end + 1..end + 1 + length, &message);
    }
    Ok((Token::Pattern, end + 1 + length))
}

/// Why a pattern is none in RE2; `None` where it may be one.
pub(crate) fn pattern_fault(pattern: &str) -> Option<String> {
    if pattern.is_empty() {
        return Some("the pattern is empty".to_owned());
    }
    for sign in ["(?=", "(?!", "(?<=", "(?<!"] {
        if pattern.contains(sign) {
            return Some(format!("`{sign}` looks around, which RE2 cannot"));
        }
    }
    let mut open = 0_i32;
    let mut class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '[' => class = true,
            ']' => class = false,
            '(' if !class => open += 1,
            ')' if !class => open -= 1,
            _ => {}
        }
        if open < 0 {
            break;
        }
    }
    (open != 0).then(|| "the parentheses of the pattern do not match".to_owned())
}

/// One of `=`, `&` and `|` where two are meant.
fn single(text: &str) -> Result<(Token, usize), Fault> {
    let sign: String = text.chars().take(1).collect();
    let better = sign.repeat(2);
    Err(Fault {
        range: 0..1,
        message: format!("write `{better}`"),
        better: Some(better),
        is_taken: false,
    })
}

fn bare_word(word: &str) -> Fault {
    let message = match word {
        "and" | "AND" => "write `&&`".to_owned(),
        "or" | "OR" => "write `||`".to_owned(),
        "not" | "NOT" => "write `!=` or `!~`, or `== null`".to_owned(),
        _ => format!("`{word}` is no value: texts stand in quotes, variables begin with `$`"),
    };
    let better = match word {
        "and" | "AND" => Some("&&".to_owned()),
        "or" | "OR" => Some("||".to_owned()),
        "not" | "NOT" => None,
        _ if word.chars().all(|c| c.is_alphanumeric() || c == '_') => Some(format!("\"{word}\"")),
        _ => None,
    };
    Fault {
        range: 0..word.len(),
        message,
        better,
        is_taken: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_that_gitlab_takes() {
        for text in [
            "$CI_COMMIT_TAG",
            "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "$A == \"x\" && ($B != 'y' || $C == null)",
            "$CI_COMMIT_TAG =~ /^v\\d+\\.\\d+(-rc\\/1)?$/i",
            "$A !~ $PATTERN",
            "( $A && $B )",
            "\"x\" == $A",
            "!$A && $B",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn faults_stand_where_they_are() {
        refuse("", "", "empty");
        refuse("$A == ", "==", "missing behind `==`");
        refuse("$A == main", "main", "in quotes");
        refuse("$A = \"x\"", "=", "write `==`");
        refuse("${A} == \"x\"", "${A}", "write `$A`");
        refuse("$A == \"x", "\"x", "not closed");
        refuse("($A && $B", "(", "not closed");
        refuse("$A) && $B", ")", "closes nothing");
        refuse("$A $B", "$B", "operator is missing");
        refuse("&& $B", "&&", "missing before");
        refuse("$A =~ \"x\"", "\"x\"", "between slashes");
        refuse("$A == /x/", "/x/", "goes with `=~`");
        refuse("/x/ =~ $A", "/x/", "behind `=~`");
        refuse("$A =~ /x/g", "g", "no flag");
        refuse("$A =~ /x", "/x", "not closed with `/`");
        refuse("$A =~ /(?!x)/", "/(?!x)/", "RE2");
        refuse("$A and $B", "and", "write `&&`");
        refuse("$A == true", "true", "in quotes");
        refuse("$A == ü", "ü", "no value");
        refuse("$", "$", "missing behind `$`");
        refuse("$A == 5%", "5", "no value");
    }

    #[track_caller]
    fn refuse(text: &str, place: &str, words: &str) {
        let fault = check(text).unwrap_err();
        assert_eq!(
            &text[fault.range.clone()],
            place,
            "{text}: {}",
            fault.message
        );
        assert!(fault.message.contains(words), "{text}: {}", fault.message);
    }
}
