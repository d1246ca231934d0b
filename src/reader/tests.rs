//! Tests the desk without real networks.

use super::*;
use crate::digit::{DigitImage, N_CLASSES};
use crate::hand::{Drawn, Sight};
use crate::protocol::Backend;
use crate::supervisor::{Answer, Cause, Choice, Images, Notice, Running, Status};

/// A vertical stroke, `x` from the left.
fn line(x: f32) -> Vec<f32> {
    [200.0, 500.0, 800.0].map(|y| [x, y, 38.0]).concat()
}

fn one(x: f32) -> Question {
    Question::drawing(Ink::new(&line(x), &[3]), 1)
}

/// A seven, as a digit other than one.
fn seven() -> Question {
    let places = [[200.0, 200.0], [600.0, 200.0], [300.0, 800.0]];
    let points = places.map(|[x, y]| [x, y, 38.0]);
    Question::drawing(Ink::new(points.as_flattened(), &[3]), 1)
}

/// Logits that are sure of one digit.
fn sure(digit: usize) -> [f32; N_CLASSES] {
    std::array::from_fn(|d| if d == digit { 20.0 } else { 0.0 })
}

fn answer(images: &Images, logits: [f32; N_CLASSES]) -> Answer {
    Answer {
        images: images.clone(),
        logits: vec![logits; images.len()],
        latency_ms: 1.5,
        model: "pen".into(),
    }
}

fn running() -> Status {
    Status {
        choice: Choice::Auto,
        model: "pen".into(),
        running: Some(Running {
            backend: Backend::Flex,
            model: "pen".into(),
            device: String::new(),
            why: "You chose it.".into(),
        }),
        starting: None,
        engine_progress: (0, 0),
        notice: None,
        cause: None,
        is_stuck: false,
    }
}

/// The pad and value of each reading among the commands.
fn readings(commands: &[Command]) -> Vec<(Pad, &str)> {
    let reading = |command| match command {
        &Command::Tell(Event::Reading { pad, ref reading }) => Some((pad, &*reading.value)),
        _ => None,
    };
    commands.iter().filter_map(reading).collect()
}

fn first_digit(commands: &[Command]) -> &Digit {
    let reading = commands.iter().find_map(|command| match command {
        Command::Tell(Event::Reading { reading, .. }) => Some(reading),
        _ => None,
    });
    &reading.unwrap().digits[0]
}

fn drawn(id: &str, label: &str) -> Drawn {
    Drawn {
        id: id.into(),
        label: label.into(),
        strokes: Vec::new(),
    }
}

fn sight(sample: Option<&str>, images: &Images, embedding: [f32; 3]) -> Result<Sight, String> {
    Ok(Sight {
        model: "embedding".into(),
        sample: sample.map(Into::into),
        images: images.to_vec(),
        embeddings: vec![embedding.to_vec()],
    })
}

#[test]
fn pads_are_answered_one_after_the_other() {
    let mut desk = Desk::default();
    desk.on_status(running());
    let (a, b) = (one(500.0), seven());
    assert_eq!(desk.ask(1, a.clone()), [Command::Read(a.images().clone())]);
    assert_eq!(desk.ask(2, b.clone()), []);
    let commands = desk.on_answer(answer(a.images(), sure(1)), true);
    assert_eq!(readings(&commands), [(1, "1")]);
    assert_eq!(commands[1..], [Command::Read(b.images().clone())]);
    // A new engine reads the answered images again, without a question.
    assert_eq!(desk.on_answer(answer(a.images(), sure(1)), true), []);
    let commands = desk.on_answer(answer(b.images(), sure(7)), true);
    assert_eq!(readings(&commands), [(2, "7")]);
    let digit = first_digit(&commands);
    assert_eq!((digit.kind, digit.cell), (Kind::Digit, None));
    assert!(digit.confidence > 0.99 && digit.alternatives.len() == 9);
}

#[test]
fn what_is_overtaken_or_forgotten_is_not_told() {
    let mut desk = Desk::default();
    let (a, b) = (one(500.0), seven());
    desk.ask(1, a.clone());
    assert_eq!(desk.ask(1, b.clone()), [Command::Read(b.images().clone())]);
    assert_eq!(desk.on_answer(answer(a.images(), sure(1)), true), []);
    assert_eq!(desk.forget(1), [Command::Read(Images::default())]);
    assert_eq!(desk.on_answer(answer(b.images(), sure(7)), true), []);
}

#[test]
fn a_blank_pad_is_answered_at_once() {
    let mut desk = Desk::default();
    desk.ask(1, one(500.0));
    let commands = desk.ask(1, Question::drawing(Ink::new(&[], &[]), 1));
    assert_eq!(commands[0], Command::Read(Images::default()));
    assert_eq!(readings(&commands), [(1, "")]);
    assert_eq!(readings(&desk.ask(2, Question::picture(None))), [(2, "")]);
}

#[test]
fn ink_that_is_no_digit_has_no_label() {
    let mut desk = Desk::default();
    let asked = seven();
    desk.ask(1, asked.clone());
    let commands = desk.on_answer(answer(asked.images(), [-9.0; N_CLASSES]), true);
    assert_eq!(readings(&commands), [(1, "?")]);
    let digit = first_digit(&commands);
    assert_eq!((digit.kind, &digit.label), (Kind::None, &None));
    assert!(digit.confidence > 0.9 && digit.alternatives.len() == 10);

    let dot = Question::drawing(Ink::new(&[500.0, 500.0, 38.0], &[1]), 1);
    desk.ask(1, dot.clone());
    let commands = desk.on_answer(answer(dot.images(), sure(1)), true);
    assert_eq!(first_digit(&commands).kind, Kind::TooLittle);

    let picture = Question::picture(Some(DigitImage::probe()));
    desk.ask(1, picture.clone());
    let doubtful: [f32; N_CLASSES] = std::array::from_fn(|d| if d == 4 { 2.0 } else { 0.0 });
    let commands = desk.on_answer(answer(picture.images(), doubtful), false);
    assert_eq!(readings(&commands), [(1, "4")]);
    assert_eq!(first_digit(&commands).kind, Kind::Doubtful);
}

#[test]
fn a_number_has_cells_in_the_units_of_its_strokes() {
    let mut desk = Desk::default();
    // Half as large as on a pad, including the pen's width.
    let points: Vec<f32> = [line(200.0), line(700.0)]
        .concat()
        .iter()
        .map(|v| v / 2.0)
        .collect();
    let asked = Question::drawing(Ink::new(&points, &[3, 3]), 4);
    desk.ask(1, asked.clone());
    let commands = desk.on_answer(answer(asked.images(), sure(1)), true);
    let Command::Tell(Event::Reading { reading, .. }) = &commands[0] else {
        panic!("{commands:?}")
    };
    assert_eq!(reading.value, "11");
    let cells: Vec<_> = reading
        .digits
        .iter()
        .map(|digit| digit.cell.unwrap())
        .collect();
    assert_eq!(cells, [(65.0, 135.0), (315.0, 385.0)]);
}

#[test]
fn a_symbol_is_told_from_the_first_sample_on() {
    let mut desk = Desk::default();
    desk.on_status(running());
    let (star, other) = (one(500.0), seven());
    desk.add(vec![drawn("a", "★"), drawn("b", "3")]);
    assert!(!desk.has_learnt(&drawn("a", "★")) && desk.has_learnt(&drawn("b", "3")));
    assert_eq!(
        desk.ask(1, star.clone()).len(),
        1,
        "nothing to compare with yet"
    );
    desk.on_answer(answer(star.images(), sure(1)), true);
    desk.on_sight(sight(Some("a"), star.images(), [1.0, 0.0, 0.0]));
    assert!(desk.has_learnt(&drawn("a", "★")));

    let embed = |question: &Question| Command::Embed(question.images()[0].clone());
    assert_eq!(desk.ask(1, star.clone())[1], embed(&star));
    assert_eq!(desk.on_answer(answer(star.images(), sure(1)), true), []);
    // The embedding of an outdated drawing.
    assert_eq!(
        desk.on_sight(sight(None, other.images(), [0.0, 1.0, 0.0])),
        []
    );
    let commands = desk.on_sight(sight(None, star.images(), [1.0, 0.01, 0.0]));
    assert_eq!(readings(&commands), [(1, "★")]);
    let digit = first_digit(&commands);
    assert_eq!((digit.kind, digit.alternatives.len()), (Kind::Symbol, 10));
    assert_eq!(digit.alternatives[0].label, "1");

    // The embedding arrives before the network's answer.
    desk.ask(1, other.clone());
    assert_eq!(
        desk.on_sight(sight(None, other.images(), [0.0, 1.0, 0.0])),
        []
    );
    let commands = desk.on_answer(answer(other.images(), sure(7)), true);
    assert_eq!(readings(&commands), [(1, "7")]);
    assert_eq!(first_digit(&commands).alternatives.len(), 10);

    desk.remove(&["a".into()]);
    assert_eq!(desk.ask(1, star).len(), 1);
    assert_eq!(desk.samples().len(), 1);
}

#[test]
fn where_nothing_can_be_embedded_digits_are_read_and_it_is_said_once() {
    let mut desk = Desk::default();
    let asked = seven();
    desk.add(vec![drawn("a", "★")]);
    desk.on_sight(sight(Some("a"), asked.images(), [1.0, 0.0, 0.0]));
    for n_told in [1, 0] {
        desk.ask(1, asked.clone());
        desk.on_answer(answer(asked.images(), sure(7)), true);
        let commands = desk.on_sight(Err("the network did not answer".into()));
        assert_eq!(readings(&commands), [(1, "7")]);
        let is_trouble = |command: &&Command| {
            matches!(
                command,
                Command::Tell(Event::Trouble {
                    code: "symbols",
                    fatal: false,
                    ..
                })
            )
        };
        assert_eq!(commands.iter().filter(is_trouble).count(), n_told);
    }
}

#[test]
fn news_are_told_once() {
    let mut desk = Desk::default();
    let starting = Status {
        running: None,
        starting: Some(Backend::Flex),
        ..running()
    };
    assert_eq!(desk.on_status(starting), []);

    let ready = desk.on_status(running());
    assert!(
        matches!(&ready[..], [Command::Tell(Event::Ready { backend, .. })] if backend == "flex")
    );
    assert_eq!(desk.on_status(running()), []);

    let notice = Notice {
        title: "The engine could not be loaded.".into(),
        text: "Nothing can read now.".into(),
        can_retry: true,
    };
    let lost = Status {
        running: None,
        notice: Some(notice),
        cause: Some(Cause::Network),
        is_stuck: true,
        ..running()
    };
    let commands = desk.on_status(lost.clone());
    let told = Event::Trouble {
        code: "network",
        message: "The engine could not be loaded. Nothing can read now.".into(),
        fatal: true,
    };
    assert_eq!(commands[0], Command::Tell(told));
    assert_eq!(desk.on_status(lost), []);
    assert_eq!(desk.on_status(running()).len(), 1, "an engine runs again");
}

#[test]
fn events_are_what_scripts_expect() {
    let reading = Reading::new(Vec::new(), 0.5, "flex", "pen");
    let event = serde_json::to_value(Event::Reading { pad: 3, reading }).unwrap();
    let expected = serde_json::json!({"type": "reading", "pad": 3, "reading":
        {"value": "", "digits": [], "latency": 0.5, "backend": "flex", "model": "pen"}});
    assert_eq!(event, expected);
    assert_eq!(serde_json::to_value(Kind::TooLittle).unwrap(), "too-little");

    let mut desk = Desk::default();
    let asked = seven();
    desk.ask(1, asked.clone());
    let commands = desk.on_answer(answer(asked.images(), sure(7)), true);
    let digit = serde_json::to_value(first_digit(&commands)).unwrap();
    assert_eq!(
        (&digit["label"], &digit["cell"]),
        (&"7".into(), &serde_json::Value::Null)
    );
    assert!(
        digit["digitProbability"].is_number()
            && digit["alternatives"][0]["probability"].is_number()
    );
}
