//! Sorting that costs little code.

/// Sorts by a key; equals stay in order.
///
/// Insertion: what is sorted here is nearly in order or short. The sort of the standard library is
/// some five kilobytes of WebAssembly for each type that it sorts.
pub fn sort_by_key<T, K: PartialOrd>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && key(&items[at]) < key(&items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_what_the_standard_library_does(mut items in prop::collection::vec((0u8..9, 0u8..9), 0..40)) {
            let mut expected = items.clone();
            expected.sort_by_key(|it| it.0);
            sort_by_key(&mut items, |it| it.0);
            prop_assert_eq!(items, expected);
        }
    }
}
