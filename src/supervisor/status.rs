//! Messages about engines, in plain words.

use super::messages::Images;
use crate::digit::N_CLASSES;
use crate::protocol::{Backend, Failure};

/// The backend that the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Auto,
    Forced(Backend),
}

impl Choice {
    /// Returns the value of `?backend=` and of the menu: `auto` or a backend's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Forced(backend) => backend.name(),
        }
    }

    /// Returns a backend's rank: 0 for the most preferred one.
    pub(super) fn rank(self, backend: Backend) -> usize {
        let order = Backend::ALL.iter().position(|&b| b == backend);
        match self {
            Self::Forced(forced) if forced == backend => 0,
            _ => 1 + order.unwrap_or(Backend::ALL.len()),
        }
    }

    /// Returns the choice with this name, or `None` if the name is unknown.
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
    /// The requested network.
    pub model: String,
    /// The engine that answers, if any is ready.
    pub running: Option<Running>,
    /// The engine that is starting.
    pub starting: Option<Backend>,
    /// Bytes of the starting engine: received and total (0 if unknown).
    pub engine_progress: (u64, u64),
    /// What went wrong and what to do about it, until the next start.
    pub notice: Option<Notice>,
    /// The kind of problem behind the notice.
    pub cause: Option<Cause>,
    /// Whether no engine is running and none is starting.
    pub is_stuck: bool,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A file could not be downloaded.
    Network,
    /// An engine failed.
    Engine,
    /// WebGPU is missing, or has no suitable adapter.
    NoWebGpu,
    /// No network has this name.
    Model,
    /// The weights or their manifest are damaged or don't fit.
    Weights,
}

impl Cause {
    /// Returns the error code that programs get.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Engine => "engine",
            Self::NoWebGpu => "no-webgpu",
            Self::Model => "model",
            Self::Weights => "weights",
        }
    }

    /// Returns the cause behind a `message` about unusable weights. Failed downloads are recognised by the wording of
    /// web/download.js.
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
    /// The network it runs.
    pub model: String,
    /// The device name that the engine reports; may be empty.
    pub device: String,
    /// A sentence that says why this backend was chosen.
    pub why: String,
}

/// A network's answer for a batch of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub images: Images,
    /// Ten logits for each image.
    pub logits: Vec<[f32; N_CLASSES]>,
    /// Time in the engine, from the images to the logits.
    pub latency_ms: f64,
    /// The network that gave the answer.
    pub model: String,
}

/// A message about a problem: what went wrong, what runs now, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub text: String,
    /// Whether a retry could help.
    pub can_retry: bool,
}

impl Notice {
    /// Returns the notice for weights that could not be loaded.
    pub fn no_weights(message: &str) -> Self {
        Self {
            title: "The network's weights can't be used".into(),
            text: format!("{} Your drawing is kept.", as_sentence(message)),
            can_retry: true,
        }
    }

    /// Returns the notice for a chosen network that could not be loaded, so that another one is used.
    pub(super) fn no_switch(chosen: &str, reading: &str, message: &str) -> Self {
        Self {
            title: format!("The network {chosen} can't be used"),
            text: format!(
                "{} {reading} is used instead. Your drawing is kept.",
                as_sentence(message)
            ),
            can_retry: true,
        }
    }

    /// Returns the notice for a request for an unknown network.
    pub(super) fn no_such_model(name: &str, known: &str, reading: &str) -> Self {
        Self {
            title: "Unknown network".into(),
            text: format!(
                "There is no network called “{name}”. Available: {known}. {reading} is used instead."
            ),
            can_retry: false,
        }
    }

    /// Returns the notice for an engine that failed and that `next` replaces. `None` if the automatic choice only
    /// found no suitable WebGPU on this device, which isn't a problem.
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
            NoAdapter => "WebGPU found no graphics card that it can use.".into(),
            SoftwareAdapter => {
                "WebGPU only has a slow software adapter here, no graphics card.".into()
            }
            DeviceLost => {
                "The graphics card was lost, perhaps after sleep or a driver update.".into()
            }
            Download => format!("The {name} engine could not be loaded."),
            SelfTest => {
                format!(
                    "The {name} engine computes wrong results on this device, so it isn't used."
                )
            }
            Crash => format!("The {name} engine stopped unexpectedly."),
            Timeout => format!("The {name} engine did not answer in time."),
        };
        let now = match next {
            Some(next) if next == failed => "It is restarting.".into(),
            Some(next) => format!("{} takes over.", capitalized(&title(next))),
            None => "No engine can read your drawing now. Try again, or reload the page.".into(),
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

/// Returns a sentence that says why this backend runs.
pub(super) fn why(
    choice: Choice,
    running: Backend,
    building: Option<Backend>,
    given_up: &[(Backend, Failure)],
) -> String {
    if choice == Choice::Forced(running) {
        return "You chose it.".into();
    }
    if let Some(building) = building {
        let name = title(building);
        return format!(
            "The {name} engine is still being built. This page changes to it by itself."
        );
    }
    let lost = given_up
        .iter()
        .rev()
        .find(|(backend, _)| *backend != running);
    match (running, lost) {
        (Backend::WebGpu, _) => "Your graphics card is available.".into(),
        (_, Some((Backend::WebGpu, reason))) => match reason {
            Failure::NoWebGpu => "This browser has no WebGPU.".into(),
            Failure::NoAdapter => "WebGPU found no graphics card that it can use.".into(),
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
    // Capitals beyond ASCII would add 20 kB to the page's wasm.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Turns an error's text, which has no capital and no full stop, into a sentence.
pub(crate) fn as_sentence(message: &str) -> String {
    let sentence = capitalized(message.trim());
    if sentence.ends_with(['.', '!', '?']) {
        sentence
    } else {
        sentence + "."
    }
}
