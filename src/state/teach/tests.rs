use super::*;
use crate::digit::{DigitImage, N_CLASSES};
use crate::hand::{Figures, Mark, Sight};
use crate::state::{Event, Ink, Verdict};
use crate::strokes::{Point, Stroke};
use crate::supervisor::{Answer, Choice};
use crate::symbols::Space;
use crate::taught::{Score, Scores};

fn state(events: impl IntoIterator<Item = Event>) -> State {
    let mut state = State::new(Choice::Auto);
    events.into_iter().for_each(|event| state.apply(event));
    state
}

/// A stroke from the top to the bottom, `x` of the pad from its left.
fn stroke(x: f32) -> Ink {
    let points = [200.0, 800.0].map(|y| Point::new(x, y, 38.0));
    Ink {
        strokes: vec![Stroke::new(points.to_vec())],
        ..Ink::default()
    }
}

fn drawn(id: &str, label: &str) -> Drawn {
    let state = state([Event::Ink(Sheet::Digit, stroke(500.0))]);
    Drawn::new(id.into(), label.into(), state.strokes())
}

fn teach(event: TeachEvent) -> Event {
    Event::Teach(event)
}

/// On the Teach page with these samples kept.
fn taught(samples: &[(&str, &str)]) -> State {
    let samples = samples.iter().map(|(id, label)| drawn(id, label)).collect();
    let networks = Vec::new();
    state([
        teach(TeachEvent::Read { samples, networks }),
        Event::Lay(Sheet::Sample),
    ])
}

/// Draws on the pad, and keeps the drawing with the requested label.
fn keep(state: &mut State, id: &str) {
    state.apply(Event::Ink(state.sheet(), stroke(500.0)));
    let label = state.teach().label();
    let kept = state
        .as_sample(id.into(), label)
        .expect("there is a drawing");
    state.apply(teach(TeachEvent::Kept(kept)));
}

#[test]
fn digits_are_asked_for_one_after_the_other() {
    let mut state = taught(&[]);
    for digit in ["0", "1", "2"] {
        assert_eq!(state.teach().label(), digit);
        keep(&mut state, digit);
        assert!(state.is_blank(), "the pad is free for the next one");
    }
    state.apply(teach(TeachEvent::Skip));
    assert_eq!(state.teach().label(), "4");
    keep(&mut state, "d");
    assert_eq!(
        state.teach().label(),
        "5",
        "what was skipped comes again later"
    );
    assert_eq!(state.teach().samples().len(), 4);
}

#[test]
fn the_digit_with_the_fewest_drawings_is_asked_for_first() {
    let all: Vec<_> = (0..10).map(|digit: u8| digit.to_string()).collect();
    let without_six: Vec<_> = all
        .iter()
        .filter(|d| *d != "6")
        .map(|d| (&**d, &**d))
        .collect();
    assert_eq!(taught(&without_six).teach().label(), "6");
}

#[test]
fn a_blank_pad_and_a_drawing_under_the_pen_are_no_samples() {
    let mut state = taught(&[]);
    let sample = |state: &State| state.as_sample("a".into(), "3".into());
    assert_eq!(sample(&state), None);
    let written = stroke(500.0);
    let writing = Ink {
        is_writing: true,
        ..written.clone()
    };
    state.apply(Event::Ink(Sheet::Sample, writing));
    assert_eq!(sample(&state), None);
    state.apply(Event::Ink(Sheet::Sample, written));
    assert_eq!(sample(&state).map(|s| s.digit()), Some(Some(3)));
}

#[test]
fn samples_are_called_something_else_and_deleted() {
    let mut state = taught(&[("a", "1"), ("b", "1")]);
    state.apply(teach(TeachEvent::Open(Some("b".into()))));
    assert_eq!(state.teach().opened().map(|s| &*s.id), Some("b"));
    state.apply(teach(TeachEvent::Relabelled {
        id: "b".into(),
        label: "7".into(),
    }));
    assert_eq!(state.teach().opened(), None);
    assert_eq!(state.teach().of("7").count(), 1);
    state.apply(teach(TeachEvent::Removed(vec!["a".into()])));
    assert_eq!(state.teach().samples().len(), 1);
}

#[test]
fn a_correction_is_a_sample_until_it_is_taken_back_or_the_drawing_changes() {
    let answered = |state: &mut State| {
        let images = state.images();
        state.apply(Event::Answer(Answer {
            logits: vec![[0.0; N_CLASSES]; images.len()],
            images,
            latency_ms: 1.0,
            model: "pen".into(),
        }));
    };
    let mut state = state([Event::Ink(Sheet::Digit, stroke(500.0))]);
    assert!(!state.can_correct(), "nothing was read yet");
    answered(&mut state);
    assert!(state.can_correct() && state.correction().starts_with("Wrong?"));
    let sample = state.as_sample("a".into(), "7".into()).unwrap();
    state.apply(teach(TeachEvent::Corrected(sample)));
    assert_eq!(state.correction(), "Saved as a 7 to learn from.");
    let mut undone = state.clone();
    undone.apply(teach(TeachEvent::Removed(vec!["a".into()])));
    assert_eq!(
        (undone.corrected(), undone.teach().samples().len()),
        (None, 0)
    );
    state.apply(Event::Ink(state.sheet(), stroke(700.0)));
    assert_eq!(
        (state.corrected(), state.teach().samples().len()),
        (None, 1)
    );
}

#[test]
fn what_could_not_be_kept_outlasts_what_other_tabs_do() {
    let mut state = taught(&[("a", "1"), ("c", "3")]);
    let read = |samples: &[(&str, &str)]| {
        let samples = samples.iter().map(|(id, label)| drawn(id, label)).collect();
        let networks = vec![network("pen@2", "Theirs", 4)];
        teach(TeachEvent::Read { samples, networks })
    };
    let shown = |state: &State| -> String {
        let labels = state.teach().samples().iter().map(|s| &*s.label);
        let names = state.teach().networks().iter().map(|n| &*n.name);
        labels.chain(names).collect::<Vec<_>>().join(" ")
    };
    // A new sample, a relabelled one and a network: there is no room for any of them.
    let unkept: Vec<String> = ["b", "c", "pen@1"].map(Into::into).into();
    state.apply(teach(TeachEvent::Added(vec![drawn("b", "2")])));
    state.apply(teach(TeachEvent::Relabelled {
        id: "c".into(),
        label: "8".into(),
    }));
    state.apply(teach(TeachEvent::Taught(network("pen@1", "Mine", 4))));
    state.apply(teach(TeachEvent::Unkept(unkept.clone())));
    // Meanwhile another tab has deleted one and drawn one.
    let theirs = read(&[("c", "3"), ("d", "4")]);
    state.apply(theirs.clone());
    assert_eq!(shown(&state), "2 8 4 Mine Theirs");

    let mut deleted = state.clone();
    let all = ["b", "c", "d"].map(Into::into).into();
    deleted.apply(teach(TeachEvent::Removed(all)));
    deleted.apply(teach(TeachEvent::Networks(Vec::new())));
    deleted.apply(theirs.clone());
    assert_eq!(shown(&deleted), "3 4 Theirs", "deleted values stay deleted");

    state.apply(teach(TeachEvent::Safe(unkept)));
    state.apply(theirs);
    assert_eq!(shown(&state), "3 4 Theirs", "they are now like all others");
}

#[test]
fn each_pad_keeps_its_drawing() {
    let mut state = state([Event::Ink(Sheet::Digit, stroke(500.0))]);
    for (sheet, n) in [(Sheet::Sample, 0), (Sheet::Number, 0), (Sheet::Digit, 1)] {
        state.apply(Event::Lay(sheet));
        assert_eq!(state.strokes().len(), n, "{sheet:?}");
    }
}

#[test]
fn what_is_taught_is_counted_and_the_pen_does_not_change_it() {
    let mut state = taught(&[("a", "★")]);
    let counted = |state: &mut State, event| {
        let before = state.taught();
        state.apply(event);
        state.taught() != before
    };
    assert!(
        !counted(&mut state, Event::Ink(Sheet::Sample, stroke(500.0))),
        "the pen"
    );
    let images = state.images();
    let answer = Answer {
        logits: vec![[0.0; N_CLASSES]],
        images: images.clone(),
        latency_ms: 1.0,
        model: "pen".into(),
    };
    assert!(!counted(&mut state, Event::Answer(answer)), "a reading");
    for event in [
        teach(TeachEvent::Skip),
        Event::AskedToEmbed(vec!["a".into()]),
        sight(None, images.to_vec(), 0.0),
        // Its spot on the map of symbols goes.
        Event::Ink(Sheet::Sample, Ink::default()),
        Event::Space(Space::Embedding),
        Event::Lay(Sheet::Digit),
    ] {
        let what = format!("{event:?}");
        assert!(counted(&mut state, event), "{what}");
    }
}

#[test]
fn a_lesson_needs_a_few_digits() {
    assert_eq!(taught(&[]).teach().obstacle(), "Draw a few digits first.");
    let three = taught(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "★")]);
    assert_eq!(three.teach().obstacle(), "Draw one more digit first.");
    let four = taught(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "★")]);
    assert_eq!(four.teach().obstacle(), "");
    let samples = four.teach().lesson_samples();
    assert_eq!(samples.len(), 4, "a star isn't a digit");
    assert_eq!(samples.iter().filter(|s| s.is_held_back).count(), 1);
}

fn network(id: &str, name: &str, after: usize) -> HandNetwork {
    let score = |correct, total| Score {
        correct,
        total,
        loss: 0.5,
    };
    let scores = |own| Scores {
        hand: score(own, 4),
        mnist: score(990, 1000),
    };
    HandNetwork {
        id: id.into(),
        name: name.into(),
        sha256: String::new(),
        probe_logits: [0.0; N_CLASSES],
        n_samples: 20,
        figures: Some(Figures {
            before: scores(2),
            after: scores(after),
        }),
        replaced: "pen".into(),
    }
}

#[test]
fn a_lesson_is_told_step_by_step_and_ends_in_a_comparison() {
    let mut state = taught(&[]);
    let mut learning = Learning::default();
    state.apply(teach(TeachEvent::Learning(learning.clone())));
    assert!(state.teach().progress().starts_with("Preparing"));
    let mark = |step| Mark {
        step,
        loss: 0.5,
        accuracy: 0.9,
        held_back: Some(1.0),
    };
    learning.heard(mark(1), 21, 0.0);
    learning.heard(mark(11), 21, 4_000.0);
    state.apply(teach(TeachEvent::Learning(learning)));
    assert_eq!(state.teach().progress(), "Step 11 of 21, about 4 s left");
    let better = network("pen@1", "My handwriting", 4);
    state.apply(teach(TeachEvent::Taught(better.clone())));
    assert_eq!(*state.teach().lesson(), Lesson::Done("pen@1".into()));
    let figures = better.figures.unwrap();
    let [own, mnist] = comparison(&figures);
    assert_eq!((&*own.1, &*own.2), ("2 of 4", "4 of 4"));
    assert_eq!((&*mnist.1, &*mnist.2), ("990 of 1,000", "990 of 1,000"));
    assert!(judgement(&figures, "My handwriting").contains("Inkling now uses “My handwriting”"));
    let worse = network("pen@2", "Mine", 1).figures.unwrap();
    assert!(judgement(&worse, "Mine").contains("won’t use it unless you choose it"));
    assert_eq!(state.teach().next_name(), "My handwriting 2");
    assert_eq!(state.network_name("pen@1"), "My handwriting");
    state.apply(teach(TeachEvent::Networks(Vec::new())));
    assert_eq!(*state.teach().lesson(), Lesson::None, "its network is gone");
}

/// Embeddings as directions in the plane.
fn sight(sample: Option<&str>, images: Vec<DigitImage>, degrees: f32) -> Event {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Event::Seen(Ok(Sight {
        model: Space::Embedding.model().into(),
        sample: sample.map(Into::into),
        embeddings: vec![vec![cos, sin]; images.len()],
        images,
    }))
}

#[test]
fn a_drawing_that_lies_where_a_symbol_does_is_that_symbol() {
    let mut state = taught(&[("a", "★"), ("b", "4")]);
    assert_eq!(state.unseen(), ["a", "b"]);
    state.apply(Event::AskedToEmbed(state.unseen()));
    assert!(state.unseen().is_empty(), "nothing is asked twice");
    let images = state.images_of_sample("a");
    state.apply(sight(Some("a"), images, 0.0));

    state.apply(Event::Lay(Sheet::Digit));
    state.apply(Event::Ink(state.sheet(), stroke(300.0)));
    let images = state.images();
    state.apply(Event::Answer(Answer {
        logits: vec![[0.0; N_CLASSES]],
        images: images.clone(),
        latency_ms: 1.0,
        model: "pen".into(),
    }));
    assert_eq!(state.symbol(), None, "it is not embedded yet");
    state.apply(sight(None, images.to_vec(), 2.0));
    assert_eq!(
        (state.is_symbol(), state.verdict()),
        (Some("★"), Some(Verdict::Symbol))
    );
    assert!(state.announcement().starts_with("★, "));
    state.apply(sight(None, images.to_vec(), 120.0));
    assert_eq!(
        (state.is_symbol(), state.verdict()),
        (None, Some(Verdict::Digit(9)))
    );
    assert_eq!(state.spots().len(), 2, "the example and the drawing");

    state.apply(teach(TeachEvent::Removed(vec!["a".into()])));
    assert_eq!(state.symbol(), None);
    state.apply(Event::Seen(Err("the engine stopped".into())));
    assert!(state.trouble_of_symbols().contains("the engine stopped"));
}
