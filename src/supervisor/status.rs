//! What a person is told about engines, in plain words.

use super::messages::Images;
use crate::digit::N_CLASSES;
use crate::protocol::{Backend, Failure};

/// Which backend the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Auto,
    Forced(Backend),
}

impl Choice {
    /// The value of `?backend=` and of the menu: `auto` or a backend's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Forced(backend) => backend.name(),
        }
    }

    /// 0 for the backend that is wanted most.
    pub(super) fn rank(self, backend: Backend) -> usize {
        let order = Backend::ALL.iter().position(|&b| b == backend);
        match self {
            Self::Forced(forced) if forced == backend => 0,
            _ => 1 + order.unwrap_or(Backend::ALL.len()),
        }
    }

    /// The choice of this name; `None` where there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            name => Backend::from_name(name).map(Self::Forced),
        }
    }
}

/// The state of the engines.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub choice: Choice,
    /// The network that is wanted.
    pub model: String,
    /// The engine that answers, if one can.
    pub running: Option<Running>,
    /// An engine that is being started.
    pub starting: Option<Backend>,
    /// Bytes of the engine that is being started: arrived, total (0 where not known).
    pub engine_progress: (u64, u64),
    /// What went wrong and what can be done, until the next start.
    pub notice: Option<Notice>,
    /// Of what kind that is.
    pub cause: Option<Cause>,
    /// Does nothing run, and nothing start either?
    pub is_stuck: bool,
}

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A file could not be fetched.
    Network,
    /// An engine broke.
    Engine,
    /// There is no WebGPU, or none that is fit for this.
    NoWebGpu,
    /// There is no network of this name.
    Model,
    /// Weights, or the list of them, are not what they should be.
    Weights,
}

impl Cause {
    /// In a word, as programs hear of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Engine => "engine",
            Self::NoWebGpu => "no-webgpu",
            Self::Model => "model",
            Self::Weights => "weights",
        }
    }

    /// Why weights cannot be had; `message` says it in words, which are those of web/download.js where something was not fetched.
    pub(super) fn of_weights(message: &str) -> Self {
        let is_unfetched = ["could not be fetched", "the connection broke off"];
        match is_unfetched.iter().any(|words| message.contains(words)) {
            true => Self::Network,
            false => Self::Weights,
        }
    }

    pub(super) fn of_failure(reason: Failure) -> Self {
        use Failure::*;
        match reason {
            NoWebGpu | NoAdapter | SoftwareAdapter => Self::NoWebGpu,
            Download => Self::Network,
            DeviceLost | SelfTest | Crash | Timeout => Self::Engine,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub backend: Backend,
    /// The network that it reads with.
    pub model: String,
    /// The device as the engine names it; may be empty.
    pub device: String,
    /// A sentence on why it is this one.
    pub why: String,
}

/// What a network says of images that it read together.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub images: Images,
    /// Ten for each image.
    pub logits: Vec<[f32; N_CLASSES]>,
    /// Time in the engine, from the images to the logits.
    pub latency_ms: f64,
    /// The network that has read.
    pub model: String,
}

/// Something that went wrong: what, what runs now, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub text: String,
    /// Whether trying again makes sense.
    pub can_retry: bool,
}

impl Notice {
    /// The weights could not be had.
    pub fn no_weights(message: &str) -> Self {
        Self {
            title: "The network's weights are not usable".into(),
            text: format!("{} Your drawing is kept.", as_sentence(message)),
            can_retry: true,
        }
    }

    /// The network that was chosen could not be had, so that another one reads.
    pub(super) fn no_switch(chosen: &str, reading: &str, message: &str) -> Self {
        Self {
            title: format!("The network {chosen} cannot be used"),
            text: format!(
                "{} {reading} reads instead. Your drawing is kept.",
                as_sentence(message)
            ),
            can_retry: true,
        }
    }

    /// A network is asked for that there is not.
    pub(super) fn no_such_model(name: &str, known: &str, reading: &str) -> Self {
        Self {
            title: "There is no such network".into(),
            text: format!("“{name}” is none of those that there are: {known}. {reading} reads."),
            can_retry: false,
        }
    }

    /// An engine failed, and `next` takes its place. `None` where the automatic choice merely found
    /// that this machine has no fit WebGPU, which is no trouble.
    pub(super) fn of_failure(
        choice: Choice,
        failed: Backend,
        reason: Failure,
        message: &str,
        next: Option<Backend>,
    ) -> Option<Self> {
        use Failure::*;
        let is_absent = matches!(reason, NoWebGpu | NoAdapter | SoftwareAdapter);
        if choice == Choice::Auto && is_absent && next.is_some() {
            return None;
        }
        let name = title(failed);
        let what = match reason {
            NoWebGpu => "This browser has no WebGPU.".into(),
            NoAdapter => "WebGPU found no graphics card that it may use.".into(),
            SoftwareAdapter => "WebGPU has no graphics card here, only a slow imitation.".into(),
            DeviceLost => {
                "The graphics card was lost, as happens after sleep or a driver update.".into()
            }
            Download => format!("The {name} engine could not be loaded."),
            SelfTest => {
                format!("The {name} engine computed wrong numbers here, so it is not used.")
            }
            Crash => format!("The {name} engine stopped unexpectedly."),
            Timeout => format!("The {name} engine did not answer in time."),
        };
        let now = match next {
            Some(next) if next == failed => "It is being started again.".into(),
            Some(next) => format!("{} takes over.", capitalized(&title(next))),
            None => "Nothing can read your drawing now. Try again, or reload the page.".into(),
        };
        let detail = if message.is_empty() {
            String::new()
        } else {
            format!(" ({message})")
        };
        Some(Self {
            title: what,
            text: format!("{now} Your drawing is kept.{detail}"),
            can_retry: next != Some(failed),
        })
    }
}

/// Why this backend runs.
pub(super) fn why(choice: Choice, running: Backend, given_up: &[(Backend, Failure)]) -> String {
    if choice == Choice::Forced(running) {
        return "You chose it.".into();
    }
    let lost = given_up
        .iter()
        .rev()
        .find(|(backend, _)| *backend != running);
    match (running, lost) {
        (Backend::WebGpu, _) => "Your graphics card is available.".into(),
        (_, Some((Backend::WebGpu, reason))) => match reason {
            Failure::NoWebGpu => "This browser has no WebGPU.".into(),
            Failure::NoAdapter => "WebGPU found no graphics card that it may use.".into(),
            Failure::SoftwareAdapter => "WebGPU only has a slow software adapter here.".into(),
            Failure::DeviceLost => "The graphics card was lost.".into(),
            _ => "The WebGPU engine failed.".into(),
        },
        (_, Some((backend, _))) => format!("The {} engine failed.", title(*backend)),
        (_, None) => "The graphics card is being prepared.".into(),
    }
}

fn title(backend: Backend) -> String {
    match backend {
        Backend::WebGpu => "WebGPU".into(),
        Backend::Flex => "CPU (flex)".into(),
        Backend::NdArray => "CPU (ndarray)".into(),
    }
}

fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    // The rest of Unicode's capitals would be 20 kB of the page's wasm.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// An error's text, which begins small and without a stop, as a sentence.
pub(crate) fn as_sentence(message: &str) -> String {
    let sentence = capitalized(message.trim());
    if sentence.ends_with(['.', '!', '?']) {
        sentence
    } else {
        sentence + "."
    }
}
