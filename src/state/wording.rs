//! Numbers and states in plain words.

use super::{Figure, Sheet, State, Verdict};
use crate::protocol::Backend;
use crate::supervisor::Status;

/// Something that is being loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub text: String,
    /// How much of it is here, 0..1, where that is known.
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
        // Compressed on the way, more can arrive than was announced.
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

/// Bytes that have arrived, of a total where it is known, in one unit.
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
        "The address asks for “{name}”. It may ask for auto, {allowed}. The engine is chosen automatically."
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
        // Shares among digits say nothing of what is none.
        words => format!("{words}. Closest: {}, then {}", winner.0, next.0),
    }
}

/// The number, digit by digit so that it is not said as one quantity, and which of them is doubtful.
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
        (None, 1) => "It holds a drawing of 1 stroke.".into(),
        (None, n) => format!("It holds a drawing of {n} strokes."),
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
                "Pad for drawing {label} with mouse, finger or pen, to be learnt from. {holds}{read}"
            )
        }
        Sheet::Number => {
            format!("Wide pad for writing a number with mouse, finger or pen. {holds}{read}")
        }
    }
}
