//! Sorting what a drawing consists of. The standard library's sorts are some kB of wasm for every type that is sorted; here all
//! types share one.

use std::cmp::Ordering;

/// The indices 0 to n - 1 in ascending order of what they stand for; equals stay as they were.
pub(super) fn order(n: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// The items in ascending order; equals stay as they were.
pub(super) fn sorted<T: Clone>(items: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let order = order(items.len(), &|a, b| compare(&items[a], &items[b]));
    order
        .into_iter()
        .map(|index| items[index].clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_ascend_and_equals_stay_as_they_were() {
        let items = ["pen", "a", "ink", "of", "b"];
        let by_length = sorted(&items, |a, b| a.len().cmp(&b.len()));
        assert_eq!(by_length, ["a", "b", "of", "pen", "ink"]);
        assert!(order(0, &|_, _| Ordering::Less).is_empty());
    }
}
