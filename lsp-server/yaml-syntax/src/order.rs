//! Sorting by a number, with one sort for lists of every type.
//!
//! The sorts of the standard library are compiled anew for each type that is sorted. Together they
//! were a twelfth of what a browser loads.

/// Sorts by a number; items with the same one keep their order.
pub fn sort_by_number<T>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    let numbers = items.iter().map(number).collect::<Vec<_>>();
    let Some(order) = order_of(&numbers) else {
        return;
    };
    let mut taken: Vec<_> = items.drain(..).map(Some).collect();
    let sorted = order.iter().filter_map(|at| taken.get_mut(*at)?.take());
    items.extend(sorted);
}

/// Where the numbers stand, the lowest first; `None` if they are in order.
fn order_of(numbers: &[u64]) -> Option<Vec<usize>> {
    if numbers.is_sorted() {
        return None;
    }
    let mut order: Vec<(u64, usize)> = numbers.iter().copied().zip(0..).collect();
    order.sort_unstable();
    Some(order.into_iter().map(|(_, at)| at).collect())
}

#[cfg(test)]
mod tests {
    use super::sort_by_number;

    #[test]
    fn same_numbers_keep_their_order() {
        let mut words = vec!["cc", "a", "bb", "", "b"];
        sort_by_number(&mut words, |word| word.len() as u64);
        assert_eq!(words, ["", "a", "b", "cc", "bb"]);
    }
}
