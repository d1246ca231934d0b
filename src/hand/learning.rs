//! The progress of a lesson, as the person sees it.

/// The stage of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The network and the rehearsal images are being fetched, and the engine starts.
    Preparing,
    Learning,
    /// The networks before and after are being measured.
    Comparing,
}

/// The measurements after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Counted from 1.
    pub step: u32,
    pub loss: f32,
    /// Accuracy on the batch, 0 to 1.
    pub accuracy: f32,
    /// Accuracy on the drawings held back from training, if it was measured.
    pub held_back: Option<f32>,
}

/// A running lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Learning {
    pub stage: Stage,
    pub n_steps: u32,
    pub marks: Vec<Mark>,
    /// When the first and the last mark arrived, in milliseconds.
    times: Option<(f64, f64)>,
}

impl Default for Learning {
    fn default() -> Self {
        Self {
            stage: Stage::Preparing,
            n_steps: 0,
            marks: Vec::new(),
            times: None,
        }
    }
}

impl Learning {
    pub fn heard(&mut self, mark: Mark, n_steps: u32, now_ms: f64) {
        self.stage = Stage::Learning;
        self.n_steps = n_steps;
        self.marks.push(mark);
        let (first, _) = self.times.unwrap_or((now_ms, now_ms));
        self.times = Some((first, now_ms));
    }

    pub fn step(&self) -> u32 {
        self.marks.last().map_or(0, |mark| mark.step)
    }

    /// Estimates the time for the remaining steps, once two marks show how long a step takes. The first step doesn't
    /// count: it is slower than the others, as a graphics card compiles its shaders.
    pub fn seconds_left(&self) -> Option<f64> {
        let (first, last) = self.times?;
        let n_timed = self.step().checked_sub(self.marks.first()?.step)?;
        let per_step = (last - first) / 1000.0 / f64::from(n_timed);
        (n_timed > 0).then(|| per_step * f64::from(self.n_steps.saturating_sub(self.step())))
    }

    /// The share of the lesson that is done, 0 to 1; `None` while it prepares.
    pub fn fraction(&self) -> Option<f64> {
        match self.stage {
            Stage::Preparing => None,
            Stage::Learning => Some(f64::from(self.step()) / f64::from(self.n_steps.max(1))),
            Stage::Comparing => Some(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(step: u32) -> Mark {
        Mark {
            step,
            loss: 1.0,
            accuracy: 0.5,
            held_back: None,
        }
    }

    #[test]
    fn the_time_left_is_that_of_the_steps_left() {
        let mut learning = Learning::default();
        assert_eq!((learning.seconds_left(), learning.fraction()), (None, None));
        learning.heard(mark(1), 11, 5_000.0);
        assert_eq!(learning.seconds_left(), None, "one mark tells no time");
        learning.heard(mark(6), 11, 6_000.0);
        assert_eq!(learning.seconds_left(), Some(1.0));
        learning.heard(mark(11), 11, 7_000.0);
        assert_eq!(learning.seconds_left(), Some(0.0));
        assert_eq!(
            (learning.fraction(), learning.stage),
            (Some(1.0), Stage::Learning)
        );
    }
}
