//! Maps values to places on an axis, and finds the round values that mark it.

/// How far a logarithmic axis goes beyond its values.
const AIR: f64 = 1.2;

/// An axis, linear or logarithmic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The values at its ends.
    values: [f64; 2],
    /// Where the ends lie.
    places: [f64; 2],
    is_log: bool,
    /// About how many ticks there is room for.
    n_ticks: usize,
}

impl Scale {
    pub fn linear(values: [f64; 2], places: [f64; 2], n_ticks: usize) -> Self {
        let is_log = false;
        Self {
            values,
            places,
            is_log,
            n_ticks,
        }
    }

    /// Covers all values above 0, with a margin at both ends; from 1 to 10 if there are none.
    pub fn log(values: impl Iterator<Item = f64>, places: [f64; 2], n_ticks: usize) -> Self {
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            least = least.min(value);
            most = most.max(value);
        }
        let values = match most > 0.0 {
            true => [least / AIR, most * AIR],
            false => [1.0, 10.0],
        };
        let is_log = true;
        Self {
            values,
            places,
            is_log,
            n_ticks,
        }
    }

    /// The place of a value. A value beyond an end is placed at that end.
    pub fn at(&self, value: f64) -> f64 {
        let [first, last] = self.values;
        let share = match self.is_log {
            true => (value.max(first) / first).ln() / (last / first).ln(),
            false => (value - first) / (last - first),
        };
        let [start, end] = self.places;
        start + share.clamp(0.0, 1.0) * (end - start)
    }

    /// Round values between both ends: 1, 2 and 5 times powers of ten, or as many of them as there is room for.
    pub fn ticks(&self) -> Vec<f64> {
        let [first, last] = self.values;
        if !self.is_log {
            let rough = (last - first) / self.n_ticks as f64;
            let power = 10_f64.powi(rough.log10().floor() as i32);
            let step = [1.0, 2.0, 5.0, 10.0].map(|round| round * power);
            let step = step
                .into_iter()
                .find(|step| *step >= rough)
                .unwrap_or(rough);
            let from = (first / step).ceil() as i64;
            let to = (last / step + 1e-9).floor() as i64;
            return (from..=to).map(|n| n as f64 * step).collect();
        }
        let decades = first.log10().floor() as i32..=last.log10().ceil() as i32;
        let rounds: [&[f64]; 4] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0], &[1.0]];
        let all = rounds.iter().enumerate().map(|(index, rounds)| {
            // If even the decades are too many, use every second one.
            let every = if index == 3 { 2 } else { 1 };
            let decades = decades.clone().filter(|decade| decade % every == 0);
            let values =
                decades.flat_map(|d| rounds.iter().map(move |round| round * 10_f64.powi(d)));
            let inside = |value: &f64| (first..=last).contains(value);
            values.filter(inside).collect::<Vec<_>>()
        });
        let mut fewest = Vec::new();
        for ticks in all {
            let fits = ticks.len() <= self.n_ticks;
            fewest = ticks;
            if fits {
                break;
            }
        }
        fewest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_axis_is_marked_at_round_values() {
        let epochs = Scale::linear([0.0, 30.0], [40.0, 640.0], 6);
        assert_eq!(epochs.ticks(), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
        assert_eq!(
            [0.0, 15.0, 30.0, 99.0].map(|x| epochs.at(x)),
            [40.0, 340.0, 640.0, 640.0]
        );
        let share = Scale::linear([0.0, 1.0], [0.0, 1.0], 5);
        assert_eq!(share.ticks().len(), 6);
    }

    #[test]
    fn a_logarithmic_axis_is_marked_in_decades_and_between() {
        let values = [0.34, 12.0];
        let errors = Scale::log(values.into_iter(), [300.0, 0.0], 8);
        assert_eq!(errors.ticks(), [0.5, 1.0, 2.0, 5.0, 10.0]);
        let sizes = Scale::log([7_850.0, 1e7].into_iter(), [0.0, 100.0], 4);
        assert_eq!(sizes.ticks(), [1e4, 1e5, 1e6, 1e7]);
        let middle = sizes.at((7_850.0_f64 * 1e7).sqrt());
        assert!((middle - 50.0).abs() < 1e-9);
        // Zero has no logarithm; it lies at the end.
        assert_eq!(errors.at(0.0), 300.0);
    }

    #[test]
    fn an_axis_without_values_still_stands() {
        let axis = Scale::log([0.0, f64::NAN].into_iter(), [0.0, 1.0], 4);
        assert_eq!(axis.ticks(), [1.0, 2.0, 5.0, 10.0]);
    }
}
