//! The order of the items within an epoch, and the seeds that determine it.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// All indices of a dataset in the random order of one epoch.
pub fn epoch_order(n_items: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n_items).collect();
    order.shuffle(&mut StdRng::seed_from_u64(mix_seed(seed, &[epoch as u64])));
    order
}

/// Derives a seed for a part of a run from the run's seed and the part's coordinates, such as epoch and step. So any
/// part can be drawn again without those before it; resuming relies on this.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (SplitMix64).
pub fn mix_seed(seed: u64, coordinates: &[u64]) -> u64 {
    coordinates.iter().fold(seed, |state, coordinate| {
        let mut z = state
            .wrapping_add(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(coordinate.wrapping_mul(0xD1B5_4A32_D192_ED03));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_a_permutation_that_its_number_decides() {
        let order = epoch_order(100, 7, 3);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_eq!(epoch_order(100, 7, 3), order);
        assert_ne!(epoch_order(100, 7, 4), order);
    }

    #[test]
    fn coordinates_do_not_collide() {
        assert_ne!(mix_seed(1, &[2, 3]), mix_seed(1, &[3, 2]));
        assert_ne!(mix_seed(1, &[0]), mix_seed(2, &[0]));
    }
}
