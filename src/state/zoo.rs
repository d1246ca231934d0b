//! Messages about the networks: votes, latency and checks, in plain words.

use super::wording::{backend_title, bytes, is_arriving};
use super::{NO_DIGIT, State};
use crate::examiner::{Check, Exam, Score, Standing};
use crate::figures;

impl State {
    /// The names of all networks, in the order of the manifest.
    pub fn networks(&self) -> Vec<String> {
        let networks = self.exam().networks.iter();
        networks.map(|network| network.id.clone()).collect()
    }

    /// The network in use; empty until one is.
    pub fn reads(&self) -> String {
        let running = self.status().and_then(|status| status.running.as_ref());
        running.map_or(String::new(), |running| running.model.clone())
    }

    /// How the networks vote, or, before they are asked, how large a download that needs.
    pub fn tally(&self) -> String {
        match self.exam().is_asking {
            true => majority(self.exam()),
            false => fetch_size(self.exam().bytes_to_fetch()),
        }
    }

    /// The label of the button that starts or stops asking all networks.
    pub fn ask_words(&self) -> String {
        match self.exam().is_asking {
            true => "Stop".into(),
            false => "Ask all networks".into(),
        }
    }

    /// The first problem that keeps a network from voting; empty if there is none.
    pub fn trouble_of_votes(&self) -> String {
        let exam = self.exam();
        if let Some(trouble) = &exam.trouble {
            return trouble.clone();
        }
        let troubled = |network: &Standing| {
            let trouble = network.trouble.as_ref()?;
            Some(format!("{}: {trouble}", network.id))
        };
        let mut networks = exam.networks.iter().filter(|_| exam.is_asking);
        networks.find_map(troubled).unwrap_or_default()
    }
}

/// A network's reading of the drawing: the digit and its confidence, or a dash and the reason why there is no reading.
pub fn vote(state: &State, id: &str) -> (String, String) {
    let dash = |why: String| ("–".into(), why);
    match state.exam().network(id) {
        Some(Standing {
            vote: Some(vote), ..
        }) => {
            let share = format!("{:.0}%", vote.probability * 100.0);
            match vote.is_digit {
                true => (vote.digit.to_string(), share),
                false => (NO_DIGIT.into(), String::new()),
            }
        }
        Some(network) if network.trouble.is_some() => dash("failed".into()),
        Some(_) => match state.arrived(id) {
            (loaded, total) if is_arriving((loaded, total)) => {
                dash(format!("{}%", 100 * loaded / total.max(1)))
            }
            _ => dash(String::new()),
        },
        None => dash(String::new()),
    }
}

/// A network's time for one image on the running engine; empty if unknown.
pub fn time(state: &State, id: &str) -> String {
    let running = state.status().and_then(|status| status.running.as_ref());
    let latency = state.exam().network(id).and_then(|network| network.latency);
    match (running, latency) {
        (Some(running), Some((backend, ms))) if running.backend == backend => measured(ms),
        _ => String::new(),
    }
}

/// The label of the button that measures it; empty once it is known.
pub fn measure_words(state: &State, id: &str) -> String {
    let words = match state.exam().network(id) {
        _ if !time(state, id).is_empty() => "",
        Some(network) if network.is_measuring => "Measuring…",
        Some(network) if network.trouble.is_some() => "Failed. Retry?",
        Some(_) => "Measure",
        None => "",
    };
    words.into()
}

/// The progress or the result of a check.
pub fn check_text(check: &Check) -> String {
    match check {
        Check::None => String::new(),
        Check::Waiting => "Preparing engine, network and 1.6 MB of test digits…".into(),
        Check::Running(score) => check_progress(score),
        Check::Done(score) => {
            format!("{}: {}", backend_title(score.backend), check_result(score))
        }
        Check::Failed(message) => message.clone(),
    }
}

/// The label of the button that starts or cancels a check.
pub fn check_words(check: &Check) -> &'static str {
    match check {
        Check::None => "Check it yourself",
        Check::Waiting | Check::Running(_) => "Cancel",
        Check::Done(_) | Check::Failed(_) => "Check again",
    }
}

pub(super) fn switching(model: &str, weights: (u64, u64)) -> String {
    match is_arriving(weights) {
        true => format!("Loading {model}: {}", bytes(weights.0, Some(weights.1))),
        false => format!("Loading {model}…"),
    }
}

/// The size of the downloads still needed; empty if there are none.
fn fetch_size(n_bytes: u64) -> String {
    match n_bytes {
        0 => String::new(),
        n => format!("{} to download", bytes(n, None)),
    }
}

/// How the networks vote.
fn majority(exam: &Exam) -> String {
    let n_rejecting = exam.n_rejecting();
    let n_votes = n_rejecting + exam.tally().iter().sum::<usize>();
    match (exam.majority(), n_votes) {
        (None, 1..) if n_rejecting == n_votes => "No network recognises a digit.".into(),
        (_, 0) => "Draw a digit, and all networks will read it.".into(),
        (None, _) => "The networks disagree.".into(),
        (Some((digit, 1)), 1) => format!("1 network reads {digit}."),
        (Some((digit, n)), _) if n == n_votes => format!("All {n} networks read {digit}."),
        (Some((digit, n)), _) => format!("{n} of {n_votes} networks read {digit}."),
    }
}

/// The progress of a running check.
fn check_progress(score: &Score) -> String {
    let rate = score.images_per_second().round() as usize;
    format!(
        "{} of {} read, {} correct, {} images/s",
        grouped(score.n_read),
        grouped(score.total),
        grouped(score.n_correct),
        grouped(rate)
    )
}

/// The result of a finished check, compared with the manifest.
fn check_result(score: &Score) -> String {
    let (found, expected) = (score.n_correct, score.expected);
    let what = format!("{} of {} correct", grouped(found), grouped(score.total));
    if found == expected {
        return format!("{what}, as the manifest says.");
    }
    let off = found.abs_diff(expected);
    let more = if found > expected { "more" } else { "fewer" };
    let why = match score.is_as_expected() {
        true => "Rounding on the graphics card explains the difference.",
        false => "This device computes different results.",
    };
    format!(
        "{what}, {off} {more} than the manifest's {}. {why}",
        grouped(expected)
    )
}

/// A count with a comma before each group of three digits.
fn grouped(n: usize) -> String {
    figures::grouped(n as u64)
}

/// Formats a latency that is accurate to two figures.
fn measured(ms: f64) -> String {
    let digits = match ms {
        ms if ms < 1.0 => 2,
        ms if ms < 10.0 => 1,
        _ => 0,
    };
    format!("{ms:.digits$} ms")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examiner::Vote;
    use crate::protocol::Backend;

    #[test]
    fn votes_and_checks_are_told_in_plain_words() {
        // Ten stands for “not a digit”.
        let standing = |vote: Option<usize>| Standing {
            id: String::new(),
            bytes: 23_600_000,
            is_here: false,
            tells_digits: true,
            vote: vote.map(|digit| Vote {
                digit: digit % 10,
                is_digit: digit < 10,
                probability: 1.0,
            }),
            latency: None,
            is_measuring: false,
            check: Check::None,
            trouble: None,
        };
        let told = |votes: &[Option<usize>]| {
            majority(&Exam {
                networks: votes.iter().copied().map(standing).collect(),
                ..Exam::default()
            })
        };
        assert!(told(&[None]).starts_with("Draw a digit"));
        assert_eq!(told(&[Some(7), None]), "1 network reads 7.");
        assert_eq!(told(&[Some(7), Some(7)]), "All 2 networks read 7.");
        assert_eq!(
            told(&[Some(7), Some(7), Some(1)]),
            "2 of 3 networks read 7."
        );
        assert_eq!(told(&[Some(7), Some(1)]), "The networks disagree.");
        assert_eq!(
            told(&[Some(7), Some(7), Some(10)]),
            "2 of 3 networks read 7."
        );
        assert_eq!(told(&[Some(10)]), "No network recognises a digit.");
        assert_eq!(fetch_size(47_200_000), "47.2 MB to download");
        assert_eq!(fetch_size(0), "");

        let score = |backend, n_correct| Score {
            backend,
            n_read: 10_000,
            n_correct,
            total: 10_000,
            expected: 9966,
            ms: 2000.0,
        };
        let flex = |n_correct| score(Backend::Flex, n_correct);
        assert_eq!(
            check_progress(&flex(9966)),
            "10,000 of 10,000 read, 9,966 correct, 5,000 images/s"
        );
        assert_eq!(
            check_result(&flex(9966)),
            "9,966 of 10,000 correct, as the manifest says."
        );
        assert_eq!(
            check_result(&flex(9960)),
            "9,960 of 10,000 correct, 6 fewer than the manifest's 9,966. This device computes different results."
        );
        assert_eq!(
            check_result(&score(Backend::WebGpu, 9967)),
            "9,967 of 10,000 correct, 1 more than the manifest's 9,966. \
             Rounding on the graphics card explains the difference."
        );
        assert_eq!(
            (measured(0.174), measured(3.26), measured(412.4)),
            ("0.17 ms".into(), "3.3 ms".into(), "412 ms".into())
        );
    }
}
