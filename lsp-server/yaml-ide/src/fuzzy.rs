//! How well a half-typed word fits a name, and which name a misspelt word meant.

/// A score as a number that is the lower the better it fits.
pub(crate) fn best_first(score: i32) -> u64 {
    i64::from(score).abs_diff(i64::from(i32::MAX))
}

/// Scores `name` against what is typed; higher is better, `None` where it does not fit.
///
/// The letters of `typed` must stand in `name` in order, whatever their case. Starts of the name
/// and of its words (`rP` in `restartPolicy`), neighbours and equal case count more.
pub(crate) fn score(typed: &str, name: &str) -> Option<i32> {
    if typed.is_empty() {
        return Some(0);
    }
    let letters: Vec<char> = name.chars().collect();
    // The pretty way may skip letters that it needs later; the first letters that fit never do.
    let total = walk(&letters, typed, pretty_next).or_else(|| walk(&letters, typed, first_next))?;
    let rest = letters.len().saturating_sub(typed.chars().count());
    Some(total * 4 - i32::try_from(rest.min(40)).unwrap_or(40))
}

type Next = fn(&[char], usize, char, Option<usize>) -> Option<usize>;

fn walk(name: &[char], typed: &str, next: Next) -> Option<i32> {
    let mut total = 0;
    let mut previous = None;
    for wanted in typed.chars() {
        let from = previous.map_or(0, |at| at + 1);
        let found = next(name, from, wanted, previous)?;
        total += points(name, found, wanted, previous);
        previous = Some(found);
    }
    Some(total)
}

fn first_next(name: &[char], from: usize, wanted: char, _: Option<usize>) -> Option<usize> {
    (from..name.len()).find(|at| {
        name.get(*at)
            .is_some_and(|c| c.eq_ignore_ascii_case(&wanted))
    })
}

/// The neighbour or, failing that, the next start of a word, or the next letter at all.
fn pretty_next(name: &[char], from: usize, wanted: char, previous: Option<usize>) -> Option<usize> {
    let fits = |at: &usize| {
        name.get(*at)
            .is_some_and(|c| c.eq_ignore_ascii_case(&wanted))
    };
    let neighbour = previous.map(|at| at + 1).filter(|at| fits(at));
    let start = (from..name.len()).find(|at| fits(at) && starts_word(name, *at));
    neighbour
        .or(start)
        .or_else(|| first_next(name, from, wanted, previous))
}

fn points(name: &[char], at: usize, wanted: char, previous: Option<usize>) -> i32 {
    let mut points = 1;
    if at == 0 {
        points += 8;
    } else if previous.is_some_and(|previous| previous + 1 == at) {
        points += 5;
    } else if starts_word(name, at) {
        points += 4;
    }
    if name.get(at) == Some(&wanted) {
        points += 1;
    }
    points
}

fn starts_word(name: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| name.get(at)) else {
        return true;
    };
    let Some(here) = name.get(at) else {
        return false;
    };
    !before.is_alphanumeric() || (before.is_lowercase() && here.is_uppercase())
}

/// More bytes are no word that a person misspelt: comparing two takes time for each pair of letters.
const MAX_WORD: usize = 256;

/// How many names a misspelt one is compared with, where others are misspelt too: in a larger set
/// nobody knows which was meant.
pub(crate) const MAX_COMPARED: usize = 256;

/// The one of `names` that `word` was most likely meant to be, if any is close enough.
///
/// Of equally near ones the first wins, so that the order of `names` is the order of preference.
pub(crate) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let limit = match folded.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        long => long / 3,
    };
    // A name that is much longer or shorter is another one, and need not be compared by letter.
    let is_alike = |other: &str| other.len().abs_diff(folded.len()) <= 4 * limit;
    names
        .into_iter()
        .filter(|name| word.len() <= MAX_WORD && name.len() <= MAX_WORD)
        .map(|name| (fold(name), name))
        .filter(|(folded, _)| is_alike(folded))
        .map(|(other, name)| (distance(&folded, &other), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Case, dashes and underscores are the commonest slips: `image_pull_policy`.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '-' && *c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// What differs between two words: names of a set often start alike.
fn without_common_ends<'w>(a: &'w str, b: &'w str) -> (&'w str, &'w str) {
    let same = |(a, b): &(char, char)| a == b;
    let len = |pair: (char, char)| pair.0.len_utf8();
    let start: usize = a.chars().zip(b.chars()).take_while(same).map(len).sum();
    let rest = |word: &'w str| word.get(start..).unwrap_or_default();
    let (a, b) = (rest(a), rest(b));
    let pairs = a.chars().rev().zip(b.chars().rev());
    let end: usize = pairs.take_while(same).map(len).sum();
    let front = |word: &'w str| word.get(..word.len() - end).unwrap_or_default();
    (front(a), front(b))
}

/// Insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = without_common_ends(a, b);
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut cost = (at(&last, j) + usize::from(from != to))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    at(&last, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_fit_and_others_do_not() {
        assert!(score("ipp", "imagePullPolicy").is_some());
        assert!(score("sel", "subSel-elves").is_some());
        assert!(score("yip", "imagePullPolicy").is_none());
    }

    #[test]
    fn starts_come_before_middles() {
        check_order("re", &["restartPolicy", "preemptionPolicy"]);
        check_order("rp", &["restartPolicy", "preemptionPolicy"]);
        check_order("image", &["image", "imagePullPolicy"]);
        check_order("Dep", &["Deployment", "PodDisruptionBudget"]);
    }

    #[test]
    fn a_typo_finds_its_name() {
        let fields = [
            "paused",
            "replicas",
            "revisionHistoryLimit",
            "selector",
            "strategy",
        ];
        check_nearest("replcas", &fields, Some("replicas"));
        check_nearest("Replicas", &fields, Some("replicas"));
        check_nearest("selectro", &fields, Some("selector"));
        check_nearest(
            "revision_history_limit",
            &fields,
            Some("revisionHistoryLimit"),
        );
        check_nearest("color", &fields, None);
        check_nearest("x", &fields, None);
    }

    #[track_caller]
    fn check_order(typed: &str, names: &[&str]) {
        let scores: Vec<_> = names.iter().map(|name| score(typed, name)).collect();
        assert!(scores.is_sorted_by(|a, b| a > b), "{typed}: {scores:?}");
    }

    #[track_caller]
    fn check_nearest(word: &str, names: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(word, names.iter().copied()), expected);
    }
}
