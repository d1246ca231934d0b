//! Chooses which of a person's samples are held back to measure the network.

use crate::digit::N_CLASSES;

/// One in this many samples is held back.
const ONE_OF: usize = 5;
/// With fewer samples, none is held back.
const AT_LEAST: usize = 4;
/// The order in which digits with equally many samples give one up: digits far apart first.
const ORDER: [usize; N_CLASSES] = [2, 7, 4, 9, 5, 0, 8, 3, 6, 1];

/// Says for each sample, given its label 0 to 9, whether it is held back: one in five, and at least one of four or
/// more. The digits with the most samples go first, and each digit gives up its last sample. The same labels give the
/// same answer.
pub fn hold_back(labels: &[u8]) -> Vec<bool> {
    let mut held_back = vec![false; labels.len()];
    if labels.len() < AT_LEAST {
        return held_back;
    }
    let mut left = [0; N_CLASSES];
    for &label in labels {
        left[usize::from(label) % N_CLASSES] += 1;
    }
    for _ in 0..(labels.len() / ONE_OF).max(1) {
        let most = ORDER.into_iter().rev().max_by_key(|&digit| left[digit]);
        let Some(digit) = most else { break };
        let is_next =
            |place: &usize| usize::from(labels[*place]) % N_CLASSES == digit && !held_back[*place];
        let last = (0..labels.len()).rev().find(is_next);
        if let Some(place) = last {
            held_back[place] = true;
            left[digit] -= 1;
        }
    }
    held_back
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of_each(labels: &[u8]) -> [usize; N_CLASSES] {
        let mut kept = [0; N_CLASSES];
        for (&label, is_held_back) in labels.iter().zip(hold_back(labels)) {
            kept[usize::from(label)] += usize::from(!is_held_back);
        }
        kept
    }

    #[test]
    fn of_two_a_digit_four_digits_give_one_each() {
        let labels: Vec<u8> = (0..20).map(|i| i % 10).collect();
        assert_eq!(kept_of_each(&labels), [2, 2, 1, 2, 1, 2, 2, 1, 2, 1]);
        // The second drawing of each.
        assert!(hold_back(&labels)[..10].iter().all(|held_back| !held_back));
    }

    #[test]
    fn four_samples_hold_one_back_and_three_none() {
        let n_held_back = |labels: &[u8]| hold_back(labels).into_iter().filter(|&h| h).count();
        assert_eq!(n_held_back(&[1, 2, 3]), 0);
        assert_eq!(n_held_back(&[1, 2, 3, 4]), 1);
        assert_eq!(n_held_back(&[7; 30]), 6);
        assert_eq!(n_held_back(&[]), 0);
    }

    #[test]
    fn a_digit_with_more_samples_gives_before_others() {
        assert_eq!(
            hold_back(&[1, 1, 3, 3, 3]),
            [false, false, false, false, true]
        );
    }
}
