use super::*;
use crate::digit::DigitImage;
use crate::examiner::{self, Candidate, Examiner};
use crate::protocol::Backend;
use crate::strokes::Point;
use crate::supervisor::Running;

fn stroke(places: &[(f32, f32)]) -> Stroke {
    let radius = PenWidth::Medium.radius();
    Stroke::new(
        places
            .iter()
            .map(|&(x, y)| Point::new(x, y, radius))
            .collect(),
    )
}

fn ink(sheet: Sheet, strokes: Vec<Stroke>) -> Event {
    let ink = Ink {
        can_undo: true,
        strokes,
        ..Ink::default()
    };
    Event::Ink(sheet, ink)
}

/// The ink on the pad with another, unfinished stroke.
fn writing(state: &State, places: &[(f32, f32)]) -> Event {
    let mut strokes = state.strokes().to_vec();
    strokes.push(stroke(places));
    let ink = Ink {
        strokes,
        is_writing: true,
        ..Ink::default()
    };
    Event::Ink(state.sheet(), ink)
}

/// The same, after the pen is lifted.
fn written_on(state: &State, places: &[(f32, f32)]) -> Event {
    let mut strokes = state.strokes().to_vec();
    strokes.push(stroke(places));
    ink(state.sheet(), strokes)
}

/// The ink without its last stroke.
fn undone(state: &State) -> Event {
    let mut strokes = state.strokes().to_vec();
    strokes.pop();
    ink(state.sheet(), strokes)
}

fn state(events: impl IntoIterator<Item = Event>) -> State {
    let mut state = State::new(Choice::Auto);
    events.into_iter().for_each(|event| state.apply(event));
    state
}

/// One stroke down the middle.
fn drawn() -> State {
    state([ink(
        Sheet::Digit,
        vec![stroke(&[(500.0, 200.0), (500.0, 500.0), (500.0, 800.0)])],
    )])
}

fn picture() -> Picture {
    Picture {
        name: "seven.png".into(),
        thumbnail: "data:,".into(),
        image: DigitImage::probe(),
    }
}

/// An answer of seven to these images.
fn answer(images: Images) -> Event {
    let mut logits = [0.0; 10];
    (logits[7], logits[1]) = (9.0, 4.6);
    Event::Answer(Answer {
        logits: vec![logits; images.len()],
        images,
        latency_ms: 0.42,
        model: DEFAULT_MODEL.into(),
    })
}

fn read(state: &mut State) {
    state.apply(answer(state.images()));
}

/// What is known about the default network.
fn exam(tells_digits: bool) -> Exam {
    let mut examiner = Examiner::default();
    examiner.handle(examiner::Event::Networks(vec![Candidate {
        id: DEFAULT_MODEL.into(),
        bytes: 1,
        correct: 1,
        tells_digits,
    }]));
    examiner.exam()
}

fn status() -> Status {
    Status {
        choice: Choice::Auto,
        model: DEFAULT_MODEL.into(),
        running: None,
        starting: None,
        engine_progress: (0, 0),
        notice: None,
        cause: None,
        is_stuck: false,
    }
}

fn trouble(title: &str) -> Notice {
    Notice {
        title: title.into(),
        text: String::new(),
        can_retry: true,
    }
}

#[test]
fn a_picture_leaves_the_drawing_as_it_was() {
    let mut state = drawn();
    let images = state.images();
    state.apply(Event::PictureRead(picture()));
    assert_eq!(*state.images(), [DigitImage::probe()]);
    state.apply(Event::BackToDrawing);
    assert_eq!(state.images(), images);

    state.apply(Event::PictureRead(picture()));
    assert!(state.can_undo());
    let lifted = ink(Sheet::Digit, state.strokes().to_vec());
    state.apply(lifted);
    assert!(state.picture().is_some(), "the same ink hides no picture");
    state.apply(written_on(&state, &[(100.0, 100.0)]));
    assert_eq!((state.picture(), state.strokes().len()), (None, 2));
}

#[test]
fn a_bad_picture_keeps_drawing_and_reading() {
    let mut state = drawn();
    read(&mut state);
    state.apply(Event::PictureRefused("It is a poem.".into()));
    assert_eq!(
        state.notice().unwrap().text,
        "It is a poem. Your drawing is kept."
    );
    assert!(state.prediction().is_some() && state.strokes().len() == 1);
    state.apply(Event::PictureRead(picture()));
    assert_eq!(state.notice(), None);
}

#[test]
fn only_a_reading_of_what_is_shown_is_shown() {
    let mut state = drawn();
    let of_drawing = answer(state.images());
    state.apply(of_drawing.clone());
    assert_eq!(state.verdict(), Some(Verdict::Digit(7)));
    state.apply(ink(Sheet::Digit, Vec::new()));
    assert_eq!(state.prediction(), None);
    state.apply(of_drawing.clone());
    assert_eq!(state.prediction(), None, "the pad is blank");
    state.apply(Event::PictureRead(picture()));
    state.apply(of_drawing);
    assert_eq!(
        state.prediction(),
        None,
        "a reading of the drawing, not of the picture"
    );
    read(&mut state);
    assert!(state.prediction().is_some());
}

#[test]
fn a_dismissed_notice_returns_only_with_new_trouble() {
    let mut state = state([Event::PictureRefused("No.".into())]);
    let lost = Status {
        notice: Some(trouble("Lost")),
        ..status()
    };
    state.apply(Event::Status(lost.clone()));
    assert_eq!(state.notice().unwrap().title, "Lost");
    state.apply(Event::Dismiss);
    assert_eq!(state.notice().unwrap().title, "This picture cannot be read");
    state.apply(Event::Dismiss);
    state.apply(Event::Status(lost.clone()));
    assert_eq!(state.notice(), None);
    state.apply(Event::Status(status()));
    state.apply(Event::Status(lost));
    assert!(state.notice().is_some());
    state.apply(Event::Status(status()));
    assert_eq!(state.notice(), None);
}

#[test]
fn an_unknown_backend_is_told_with_those_that_are_known() {
    let mut state = state([Event::UnknownBackend("cuda".into())]);
    let text = &state.notice().unwrap().text;
    for name in ["cuda", "auto", "webgpu", "flex", "ndarray"] {
        assert!(text.contains(name), "{text}");
    }
    state.apply(Event::Chosen(Choice::Forced(Backend::Flex)));
    assert_eq!(
        (state.notice(), state.choice()),
        (None, Choice::Forced(Backend::Flex))
    );
}

#[test]
fn loading_is_told_in_bytes_until_something_runs() {
    let text = |state: &State| state.progress().map(|progress| progress.text);
    let mut state = state([]);
    assert_eq!(text(&state).unwrap(), "Starting…");
    let starting = Status {
        starting: Some(Backend::Flex),
        ..status()
    };
    let engine = |engine_progress| {
        Event::Status(Status {
            engine_progress,
            ..starting.clone()
        })
    };
    state.apply(engine((600_000, 1_200_000)));
    assert_eq!(text(&state).unwrap(), "Loading the engine: 0.6 of 1.2 MB");
    assert_eq!(state.progress().unwrap().fraction, Some(0.5));
    state.apply(engine((600_000, 0)));
    assert_eq!(
        state.progress(),
        Some(Progress {
            text: "Loading the engine: 600 kB".into(),
            fraction: None
        })
    );
    state.apply(engine((1_200_000, 1_200_000)));
    state.apply(Event::WeightsProgress {
        model: DEFAULT_MODEL.into(),
        loaded: 40_000,
        total: 80_000,
    });
    assert_eq!(text(&state).unwrap(), "Loading the network: 40 of 80 kB");
    state.apply(Event::WeightsProgress {
        model: DEFAULT_MODEL.into(),
        loaded: 80_000,
        total: 80_000,
    });
    assert_eq!(text(&state).unwrap(), "Starting the engine: CPU (flex)…");
    let running = Running {
        backend: Backend::Flex,
        model: DEFAULT_MODEL.into(),
        device: String::new(),
        why: String::new(),
    };
    state.apply(Event::Status(Status {
        running: Some(running),
        ..starting.clone()
    }));
    assert_eq!(state.progress(), None);
    assert_eq!(state.switching(), "");
}

#[test]
fn a_network_on_its_way_is_told_in_bytes() {
    let running = Running {
        backend: Backend::Flex,
        model: DEFAULT_MODEL.into(),
        device: String::new(),
        why: String::new(),
    };
    let mut state = state([Event::Status(Status {
        model: "a".into(),
        running: Some(running),
        ..status()
    })]);
    assert_eq!(state.switching(), "Loading a…");
    let progress = |model: &str, loaded| Event::WeightsProgress {
        model: model.into(),
        loaded,
        total: 20_000_000,
    };
    state.apply(progress("a", 5_000_000));
    state.apply(progress("b", 9_000_000));
    assert_eq!(state.switching(), "Loading a: 5.0 of 20.0 MB");
    assert_eq!(state.model(), "a");
}

#[test]
fn numbers_are_told_in_plain_words() {
    assert_eq!(
        (percent(0.9814), latency(0.42), latency(12.3)),
        ("98.1%".into(), "0.4 ms".into(), "12 ms".into())
    );
}

#[test]
fn a_reading_is_said_aloud_with_its_runner_up() {
    let mut state = drawn();
    assert_eq!(state.announcement(), "");
    read(&mut state);
    assert_eq!(state.announcement(), "7, 99 percent. Next: 1, 1 percent");
    assert!(state.description().contains("Read as 7."));
}

#[test]
fn what_is_no_digit_is_said_so_with_the_nearest_digit() {
    let mut state = state([ink(Sheet::Digit, vec![stroke(&[(500.0, 500.0)])])]);
    read(&mut state);
    assert_eq!(state.verdict(), Some(Verdict::TooLittle));
    assert_eq!(state.prediction().unwrap().winner().0, 7);
    assert_eq!(state.announcement(), "Too little ink. Closest: 7, then 1");
    assert!(state.description().contains("Too little ink."));
    state.apply(ink(
        Sheet::Digit,
        vec![stroke(&[(500.0, 500.0), (500.0, 560.0)])],
    ));
    assert_eq!(state.verdict(), Some(Verdict::Digit(7)));
}

#[test]
fn the_manifest_says_which_network_can_tell_that_ink_is_no_digit() {
    let mut state = drawn();
    let mut answered = |tells_digits| {
        state.apply(Event::Exam(exam(tells_digits)));
        let images = state.images();
        state.apply(Event::Answer(Answer {
            logits: vec![[-9.0; 10]],
            images,
            latency_ms: 0.42,
            model: DEFAULT_MODEL.into(),
        }));
        state.verdict().unwrap().digit().is_some()
    };
    assert!(answered(false));
    assert!(!answered(true));
}

#[test]
fn a_huge_picture_is_refused_by_name_size_and_limit() {
    let refusal = too_large("“wall.jpg”", 10_000, 6_000).unwrap();
    for part in ["wall.jpg", "10000 × 6000", "60.0", "50 megapixels"] {
        assert!(refusal.contains(part), "{refusal}");
    }
    assert_eq!(too_large("“wall.jpg”", 8_000, 6_000), None);
    assert_eq!(
        (drawn_size(28, 28), drawn_size(4_000, 1_000)),
        ((28, 28), (512, 128))
    );
}

#[test]
fn keys_do_what_the_list_says() {
    let does = |key, command, shift| shortcut(key, command, shift, false);
    assert_eq!(does("z", true, false), Some(Shortcut::Undo));
    assert_eq!(does("Z", true, true), Some(Shortcut::Redo));
    assert_eq!(does("y", true, false), Some(Shortcut::Redo));
    assert_eq!(does("Escape", false, false), Some(Shortcut::Clear));
    assert_eq!(
        does("2", false, false),
        Some(Shortcut::Event(Event::Width(PenWidth::Medium).into()))
    );
    for (key, command, shift, alt) in [
        ("e", true, false, false),
        ("p", false, false, true),
        ("E", false, true, false),
    ] {
        assert_eq!(shortcut(key, command, shift, alt), None, "{key}");
    }
}

/// Upright strokes on the wide pad, at these places.
fn written(places: &[f32]) -> State {
    let mut state = state([Event::Lay(Sheet::Number)]);
    for &x in places {
        state.apply(written_on(&state, &[(x, 200.0), (x, 500.0), (x, 800.0)]));
    }
    state
}

/// Reads single strokes as ones, and groups of several as fours, which are likelier.
fn read_number(state: &mut State) {
    let images = state.images();
    let one = written(&[500.0]).images()[0].clone();
    let logits = images.iter().map(|image| {
        let mut logits = [0.0; 10];
        match *image == one {
            true => logits[1] = 5.0,
            false => logits[4] = 2.0,
        }
        logits
    });
    state.apply(Event::Answer(Answer {
        logits: logits.collect(),
        images,
        latency_ms: 0.42,
        model: DEFAULT_MODEL.into(),
    }));
}

#[test]
fn a_number_is_read_once_the_pen_is_lifted() {
    let mut state = written(&[300.0, 1200.0, 2100.0]);
    assert_eq!(state.number(), "");
    read_number(&mut state);
    assert_eq!(state.number(), "111");
    let images = state.images();
    let before = state.clone();
    state.apply(writing(&before, &[(2400.0, 300.0)]));
    assert_eq!(state.images(), images, "the current stroke is not finished");
    assert_eq!(state.number(), "111", "the earlier reading stays meanwhile");
    let whole = [(2400.0, 300.0), (2400.0, 700.0)];
    state.apply(writing(&before, &whole));
    assert_eq!(state.images(), images, "nor when it has moved");
    state.apply(written_on(&before, &whole));
    read_number(&mut state);
    assert_eq!(state.number(), "1111");
    state.apply(undone(&state));
    read_number(&mut state);
    assert_eq!(state.number(), "111");
    state.apply(ink(Sheet::Number, Vec::new()));
    assert!(state.number().is_empty() && state.images().is_empty());
}

#[test]
fn an_answer_to_other_ink_is_no_reading_of_the_number() {
    let mut state = written(&[300.0, 1200.0]);
    let of_two = answer(state.images());
    state.apply(undone(&state));
    state.apply(of_two);
    assert_eq!(state.number(), "");
}

#[test]
fn digits_are_joined_and_split_by_hand_and_reset() {
    let mut state = written(&[300.0, 600.0, 2100.0]);
    read_number(&mut state);
    assert_eq!(state.number(), "111");
    state.apply(Event::Join(0));
    assert!(state.is_corrected());
    state.apply(Event::Join(0));
    read_number(&mut state);
    assert_eq!(
        state.number(),
        "41",
        "the second press came before the answer"
    );
    state.apply(Event::Split(0));
    read_number(&mut state);
    assert_eq!(state.number(), "111");
    state.apply(Event::Join(0));
    read_number(&mut state);
    state.apply(Event::Regroup);
    read_number(&mut state);
    assert_eq!(state.number(), "111");
    assert!(!state.is_corrected());
}

#[test]
fn the_least_certain_digit_is_shown_unless_another_is_looked_at() {
    let mut state = written(&[300.0, 600.0, 2100.0]);
    read_number(&mut state);
    state.apply(Event::Join(0));
    read_number(&mut state);
    assert_eq!(state.shown_figure(), Some(0));
    assert_eq!(state.figures()[0].kind(), "doubtful");
    assert_eq!(state.prediction().unwrap().winner().0, 4);
    assert_eq!(state.announcement(), "4 1. Digit 1 is doubtful");
    state.apply(Event::LookAt(1));
    assert_eq!(state.verdict(), Some(Verdict::Digit(1)));
    state.apply(Event::LookAt(7));
    assert_eq!(state.shown_figure(), Some(0), "this digit doesn't exist");
}

#[test]
fn cells_of_neighbours_meet_and_stay_on_the_pad() {
    let mut state = written(&[10.0, 100.0, 2490.0]);
    read_number(&mut state);
    let cells: Vec<_> = state.figures().iter().map(|figure| figure.cell).collect();
    assert_eq!(cells[0], (0.0, 55.0 / 2500.0));
    assert_eq!(cells[1], (55.0 / 2500.0, 170.0 / 2500.0));
    assert_eq!(cells[2].1, 1.0);
}

#[test]
fn each_pad_keeps_its_drawing_while_the_other_is_used() {
    let mut state = written(&[300.0, 1200.0]);
    read_number(&mut state);
    state.apply(Event::Lay(Sheet::Digit));
    assert!(state.is_blank() && state.prediction().is_none());
    state.apply(written_on(&state, &[(500.0, 200.0), (500.0, 800.0)]));
    state.apply(Event::Lay(Sheet::Number));
    assert_eq!((state.strokes().len(), state.number()), (2, "11".into()));
    assert!(state.description().contains("Read as 11."));
    let written = stroke(&[(2000.0, 200.0), (2000.0, 800.0)]);
    state.apply(writing(&state, &[(2000.0, 200.0)]));
    let lifted = ink(
        Sheet::Number,
        [state.strokes()[..2].to_vec(), vec![written]].concat(),
    );
    state.apply(Event::Lay(Sheet::Digit));
    state.apply(lifted);
    assert_eq!(
        state.strokes().len(),
        1,
        "the pen is lifted from the other pad"
    );
    state.apply(Event::Lay(Sheet::Number));
    read_number(&mut state);
    assert_eq!((state.strokes().len(), state.number()), (3, "111".into()));
    state.apply(Event::PictureRead(picture()));
    assert_eq!(
        state.sheet(),
        Sheet::Digit,
        "a picture is read as one digit"
    );
    state.apply(Event::Lay(Sheet::Number));
    assert_eq!((state.picture(), state.strokes().len()), (None, 3));
}

#[test]
fn a_dot_in_a_number_is_no_digit() {
    let mut state = written(&[300.0]);
    state.apply(written_on(&state, &[(2000.0, 500.0)]));
    read_number(&mut state);
    assert_eq!(state.number(), "1?");
    assert_eq!(state.figures()[1].kind(), "none");
}
