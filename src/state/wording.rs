//! Numbers and states in plain words.

use super::{Figure, Sheet, State, Verdict};
use crate::protocol::Backend;
use crate::supervisor::Status;

/// Something that is being loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub text: String,
    /// The fraction that has loaded, 0..1, if known.
    pub fraction: Option<f64>,
}

pub(super) fn progress(status: Option<&Status>, weights: (u64, u64)) -> Option<Progress> {
    let waiting = |text: &str| {
        Some(Progress {
            text: text.into(),
            fraction: None,
        })
    };
    let Some(status) = status else {
        return waiting("Starting…");
    };
    if status.running.is_some() {
        return None;
    }
    let backend = status.starting?;
    let loading = |what: &str, (loaded, total): (u64, u64)| {
        // The announced size may be that of compressed data, so more bytes can arrive.
        let is_known = total >= loaded;
        Some(Progress {
            text: format!(
                "Loading the {what}: {}",
                bytes(loaded, is_known.then_some(total))
            ),
            fraction: is_known.then(|| loaded as f64 / total as f64),
        })
    };
    if is_arriving(status.engine_progress) {
        loading("engine", status.engine_progress)
    } else if is_arriving(weights) {
        loading("network", weights)
    } else {
        waiting(&format!("Starting the engine: {}…", backend_title(backend)))
    }
}

pub(super) fn is_arriving((loaded, total): (u64, u64)) -> bool {
    loaded > 0 && loaded != total
}

/// Formats the bytes that have arrived, and the total if known, in one unit.
pub(super) fn bytes(loaded: u64, total: Option<u64>) -> String {
    let (unit, divisor, digits) = match total.unwrap_or(loaded) {
        n if n < 1_000_000 => ("kB", 1e3, 0),
        _ => ("MB", 1e6, 1),
    };
    let number = |n: u64| format!("{:.digits$}", n as f64 / divisor);
    match total {
        Some(total) => format!("{} of {} {unit}", number(loaded), number(total)),
        None => format!("{} {unit}", number(loaded)),
    }
}

pub fn backend_title(backend: Backend) -> &'static str {
    match backend {
        Backend::WebGpu => "WebGPU",
        Backend::Flex => "CPU (flex)",
        Backend::NdArray => "CPU (ndarray)",
    }
}

pub(super) fn unknown_backend(name: &str) -> String {
    let allowed = Backend::ALL.map(Backend::name).join(", ");
    format!(
        "The address asks for “{name}”. Available: auto, {allowed}. Inkling chooses the engine automatically for now."
    )
}

/// A probability (0..1) with one decimal.
pub fn percent(probability: f32) -> String {
    format!("{:.1}%", probability * 100.0)
}

pub fn latency(ms: f64) -> String {
    let digits = if ms < 10.0 { 1 } else { 0 };
    format!("{ms:.digits$} ms")
}

/// The verdict, the nearest digit and the runner-up.
pub(super) fn announcement(state: &State) -> String {
    if state.sheet() == Sheet::Number {
        return announced_number(state);
    }
    let (Some(verdict), Some(prediction)) = (state.verdict(), state.prediction()) else {
        return String::new();
    };
    let said = |(digit, probability): (usize, f32)| {
        format!("{digit}, {} percent", (probability * 100.0).round())
    };
    let (winner, next) = (prediction.winner(), prediction.runner_up());
    if let (Verdict::Symbol, Some((name, found))) = (verdict, state.symbol()) {
        return format!("{name}, {} percent", (found.confidence * 100.0).round());
    }
    match verdict.words() {
        "" => format!("{}. Next: {}", said(winner), said(next)),
        // The probabilities are shares among digits, so they mean nothing if the ink isn't a digit.
        words => format!("{words}. Closest: {}, then {}", winner.0, next.0),
    }
}

/// Spells out the number digit by digit, so that a screen reader doesn't say it as one quantity, and names doubtful
/// digits.
fn announced_number(state: &State) -> String {
    let digits: Vec<_> = state.figures().iter().map(Figure::text).collect();
    let doubtful = |(index, figure): (usize, &Figure)| {
        (figure.kind() != "digit").then(|| format!(". Digit {} is doubtful", index + 1))
    };
    let doubts = state.figures().iter().enumerate().filter_map(doubtful);
    digits.join(" ") + &doubts.collect::<String>()
}

pub(super) fn description(state: &State) -> String {
    let holds = match (state.picture(), state.strokes().len()) {
        (Some(_), _) => "It shows a picture.".into(),
        (None, 0) => "It is blank.".into(),
        (None, 1) => "It contains a drawing of 1 stroke.".into(),
        (None, n) => format!("It contains a drawing of {n} strokes."),
    };
    let read = match (state.sheet(), state.verdict()) {
        (Sheet::Number, Some(_)) => format!(" Read as {}.", state.number()),
        (_, Some(verdict)) => match (verdict.digit(), state.is_symbol()) {
            (_, Some(name)) => format!(" Read as {name}."),
            (Some(digit), _) => format!(" Read as {digit}."),
            (None, _) => format!(" {}.", verdict.words()),
        },
        (_, None) => String::new(),
    };
    match state.sheet() {
        Sheet::Digit => format!(
            "Pad for drawing a digit with mouse, finger or pen. {holds}{read} \
             Without a pointer, choose a picture of a digit instead."
        ),
        Sheet::Sample => {
            let label = state.teach().label();
            format!(
                "Pad for drawing {label} with mouse, finger or pen, as an example to learn from. \
                 {holds}{read}"
            )
        }
        Sheet::Number => {
            format!("Wide pad for writing a number with mouse, finger or pen. {holds}{read}")
        }
    }
}
