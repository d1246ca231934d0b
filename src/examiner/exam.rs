//! The state of the comparison of networks, as the page shows it.

use crate::digit::N_CLASSES;
use crate::protocol::Backend;

/// On a graphics card, different rounding may change this many borderline readings.
const GPU_TOLERANCE: usize = 2;

/// What is known about all networks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exam {
    /// In the order of the manifest.
    pub networks: Vec<Standing>,
    /// Whether all networks read the drawing.
    pub is_asking: bool,
    /// Why no network can be examined, as a sentence.
    pub trouble: Option<String>,
}

/// What is known about one network.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub id: String,
    /// The size of its weights.
    pub bytes: u64,
    /// Whether its weights have arrived.
    pub is_here: bool,
    /// Whether it has learnt to tell digits from other ink.
    pub tells_digits: bool,
    /// How it reads the drawing.
    pub vote: Option<Vote>,
    /// Median time for one image in milliseconds, and the backend it was measured on.
    pub latency: Option<(Backend, f64)>,
    pub is_measuring: bool,
    pub check: Check,
    /// Why it cannot be used, as a sentence.
    pub trouble: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vote {
    /// The digit, or the closest digit if the drawing isn't one.
    pub digit: usize,
    pub is_digit: bool,
    /// 0 to 1.
    pub probability: f32,
}

/// A check of a network on the test digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Check {
    #[default]
    None,
    /// It waits for an engine, its weights or the digits.
    Waiting,
    Running(Score),
    Done(Score),
    /// A sentence that says why it failed.
    Failed(String),
}

impl Check {
    /// Returns the stage in one word, for styles and tests.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::None => "idle",
            Self::Waiting | Self::Running(_) => "under-way",
            Self::Done(_) | Self::Failed(_) => "over",
        }
    }

    /// Returns the share of the digits read so far, 0 to 1.
    pub fn fraction(&self) -> f64 {
        match self {
            Self::Running(score) | Self::Done(score) => score.n_read as f64 / score.total as f64,
            _ => 0.0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub backend: Backend,
    pub n_read: usize,
    pub n_correct: usize,
    /// The number of test digits, and how many of them are read correctly according to the manifest.
    pub total: usize,
    pub expected: usize,
    /// Time in the engine.
    pub ms: f64,
}

impl Score {
    pub fn images_per_second(&self) -> f64 {
        match self.ms {
            0.0 => 0.0,
            ms => self.n_read as f64 / ms * 1000.0,
        }
    }

    /// Whether the count matches the manifest's, within this backend's tolerance for rounding.
    pub fn is_as_expected(&self) -> bool {
        let tolerance = match self.backend {
            Backend::WebGpu => GPU_TOLERANCE,
            Backend::Flex | Backend::NdArray => 0,
        };
        self.n_correct.abs_diff(self.expected) <= tolerance
    }
}

impl Exam {
    pub fn network(&self, id: &str) -> Option<&Standing> {
        self.networks.iter().find(|network| network.id == id)
    }

    /// Returns the bytes of the weights that have not arrived yet.
    pub fn bytes_to_fetch(&self) -> u64 {
        let absent = self.networks.iter().filter(|network| !network.is_here);
        absent.map(|network| network.bytes).sum()
    }

    /// Returns how many networks say that the drawing isn't a digit.
    pub fn n_rejecting(&self) -> usize {
        self.votes().filter(|vote| !vote.is_digit).count()
    }

    fn votes(&self) -> impl Iterator<Item = Vote> + '_ {
        self.networks.iter().filter_map(|network| network.vote)
    }

    /// Counts, for each digit, the networks that read the drawing as that digit.
    pub fn tally(&self) -> [usize; N_CLASSES] {
        let mut tally = [0; N_CLASSES];
        for vote in self.votes().filter(|vote| vote.is_digit) {
            tally[vote.digit] += 1;
        }
        tally
    }

    /// Returns the digit with the most votes, and their number. `None` without votes or in a tie.
    pub fn majority(&self) -> Option<(usize, usize)> {
        let tally = self.tally();
        let (digit, &most) = tally.iter().enumerate().max_by_key(|(_, n)| **n)?;
        let is_alone = tally.iter().filter(|&&n| n == most).count() == 1;
        (is_alone && most > 0).then_some((digit, most))
    }
}
