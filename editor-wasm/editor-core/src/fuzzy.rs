//! Matching what is typed against the names of a list, by letters in order.

/// How well a name fits, and which of its bytes were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Higher fits better.
    pub score: i32,
    /// Byte offsets of the letters that were typed.
    pub at: Vec<usize>,
}

/// Matches `typed` against `name`; `None` if a letter is missing. Case counts only between equals.
///
/// The first letter has to begin a word of the name: `mL` finds `matchLabels` and `abels` does not.
pub fn fuzzy(typed: &str, name: &str) -> Option<Fit> {
    if typed.is_empty() {
        return Some(Fit {
            score: 0,
            at: Vec::new(),
        });
    }
    let letters: Vec<(usize, char)> = name.char_indices().collect();
    let starts = (0..letters.len()).filter(|&it| begins_word(&letters, it));
    starts
        .filter_map(|start| fit_from(typed, &letters, start))
        .max_by_key(|it| it.score)
}

fn fit_from(typed: &str, letters: &[(usize, char)], start: usize) -> Option<Fit> {
    let mut score = -small(start.min(10));
    let mut at = Vec::new();
    let mut next = start;
    for (count, wanted) in typed.chars().enumerate() {
        let found = find(letters, next, wanted, count == 0)?;
        let &(offset, letter) = letters.get(found)?;
        score += if found == next { 8 } else { 0 };
        score += if begins_word(letters, found) { 6 } else { 0 };
        score += i32::from(letter == wanted);
        at.push(offset);
        next = found + 1;
    }
    // A whole name beats a longer one.
    score -= small((letters.len() - next).min(12)) / 4;
    Some(Fit { score, at })
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The next letter that was typed: right here, else where a word begins, else anywhere.
fn find(letters: &[(usize, char)], from: usize, wanted: char, here: bool) -> Option<usize> {
    let is = |idx: &usize| {
        letters
            .get(*idx)
            .is_some_and(|(_, it)| it.to_lowercase().eq(wanted.to_lowercase()))
    };
    if is(&from) || here {
        return is(&from).then_some(from);
    }
    let rest = from..letters.len();
    let word = rest.clone().filter(is).find(|&it| begins_word(letters, it));
    word.or_else(|| rest.clone().find(is))
}

fn begins_word(letters: &[(usize, char)], idx: usize) -> bool {
    let Some(&(_, letter)) = letters.get(idx) else {
        return false;
    };
    let before = idx.checked_sub(1).and_then(|it| letters.get(it));
    match before {
        None => true,
        Some((_, before)) => {
            !before.is_alphanumeric() || letter.is_uppercase() && before.is_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_from_the_start_of_a_word() {
        assert!(fuzzy("mL", "matchLabels").is_some());
        assert!(fuzzy("labels", "matchLabels").is_some());
        assert!(fuzzy("abels", "matchLabels").is_none());
        assert!(fuzzy("xm", "matchLabels").is_none());
        assert!(fuzzy("nginx:1", "nginx").is_none());
    }

    #[test]
    fn the_better_fit_comes_first() {
        ranked("name", &["name", "namespace", "nodeAffinityName"]);
        ranked("cp", &["containerPort", "clusterScope"]);
        ranked("se", &["selector", "serviceSelector"]);
    }

    #[test]
    fn typed_letters_are_told() {
        assert_eq!(fuzzy("ml", "matchLabels").unwrap().at, [0, 5]);
    }

    #[track_caller]
    fn ranked(typed: &str, names: &[&str]) {
        let scores: Vec<_> = names
            .iter()
            .map(|it| fuzzy(typed, it).map_or(i32::MIN, |it| it.score))
            .collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    }
}
