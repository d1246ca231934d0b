//! Sorting. The standard library's sorts add some kB of wasm for every sorted type; here all types share one.

use std::cmp::Ordering;

/// Returns the indices 0 to n - 1 in ascending order of their items; equal items keep their order.
pub(super) fn order(n: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// Returns the items in ascending order; equal items keep their order.
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
