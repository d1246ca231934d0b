use super::*;
use crate::digit::N_PIXELS;

const NETWORKS: [(&str, u64); 3] = [("large", 900), ("small", 100), ("middle", 500)];

/// An examiner on a page with three networks.
fn examiner(engine: Backend) -> Examiner {
    let mut examiner = Examiner::default();
    let candidate = |(id, bytes): (&str, u64)| Candidate {
        id: id.into(),
        bytes,
        correct: 3,
        tells_digits: id == "small",
    };
    examiner.handle(Event::Networks(NETWORKS.map(candidate).into()));
    examiner.handle(Event::Engine(Some(engine)));
    examiner
}

fn image(grey: u8) -> Event {
    Event::Image(Some(DigitImage::new([grey; N_PIXELS])))
}

fn here(model: &str) -> Event {
    Event::Weights {
        model: model.into(),
        result: Ok(()),
    }
}

fn id(model: &str) -> String {
    model.into()
}

/// Handles a reply of the current worker.
fn says(examiner: &mut Examiner, reply: Reply) -> Vec<Command> {
    says_with(examiner, reply, &[])
}

fn says_with(examiner: &mut Examiner, reply: Reply, logits: &[f32]) -> Vec<Command> {
    let worker = examiner.next_worker - 1;
    let logits = logits.to_vec();
    examiner.handle(Event::Reply {
        worker,
        reply,
        logits,
    })
}

fn ready(examiner: &mut Examiner) -> Vec<Command> {
    let backend = examiner.worker.as_ref().unwrap().backend;
    let device = String::new();
    says(examiner, Reply::Ready { backend, device })
}

fn loaded(examiner: &mut Examiner) -> Vec<Command> {
    let model = String::new();
    says(examiner, Reply::Loaded { model })
}

fn timed(examiner: &mut Examiner, latency_ms: f64) -> Vec<Command> {
    says(examiner, Reply::Timed { latency_ms })
}

fn answers(examiner: &mut Examiner, digits: &[usize], latency_ms: f64) -> Vec<Command> {
    let mut logits = vec![0.0; digits.len() * N_CLASSES];
    for (row, digit) in digits.iter().enumerate() {
        logits[row * N_CLASSES + digit] = 20.0;
    }
    let reply = Reply::Classified { id: 0, latency_ms };
    says_with(examiner, reply, &logits)
}

/// The commands in short form.
fn short(commands: Vec<Command>) -> Vec<String> {
    let short = |command| match command {
        Command::Fetch { model, again: true } => Some(format!("fetch {model} again")),
        Command::Fetch { model, .. } => Some(format!("fetch {model}")),
        Command::FetchDigits => Some("fetch digits".into()),
        Command::Spawn { backend, .. } => Some(format!("spawn {}", backend.name())),
        Command::Terminate { .. } => Some("terminate".into()),
        Command::Add { model, .. } => Some(format!("add {model}")),
        Command::Classify { model, image, .. } => {
            Some(format!("{model} reads {}", image.pixels()[0]))
        }
        Command::ClassifyDigits {
            model, first, n, ..
        } => Some(format!("{model} reads digits {first}+{n}")),
        Command::Time { model, .. } => Some(format!("time {model}")),
        Command::SetAlarm { .. } | Command::Changed => None,
    };
    commands.into_iter().filter_map(short).collect()
}

#[test]
fn only_a_network_that_has_learnt_to_tell_votes_for_no_digit() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(image(7));
    examiner.handle(Event::Ask(true));
    examiner.handle(here("small"));
    ready(&mut examiner);
    examiner.handle(here("middle"));
    for _ in 0..2 {
        loaded(&mut examiner);
        let reply = Reply::Classified {
            id: 0,
            latency_ms: 1.0,
        };
        says_with(&mut examiner, reply, &[-9.0; N_CLASSES]);
    }
    let is_digit = |id| {
        examiner
            .exam()
            .network(id)
            .unwrap()
            .vote
            .map(|vote| vote.is_digit)
    };
    assert_eq!(is_digit("small"), Some(false));
    assert_eq!(is_digit("middle"), Some(true));
    assert_eq!(examiner.exam().n_rejecting(), 1);
    assert_eq!(examiner.exam().tally().iter().sum::<usize>(), 1);
}

#[test]
fn networks_are_fetched_by_size_and_vote_as_they_come() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(image(7));
    assert_eq!(examiner.exam().bytes_to_fetch(), 1500);
    assert_eq!(short(examiner.handle(Event::Ask(true))), ["fetch small"]);
    assert_eq!(
        short(examiner.handle(here("small"))),
        ["fetch middle", "spawn flex"]
    );
    assert_eq!(examiner.exam().bytes_to_fetch(), 1400);
    assert_eq!(short(ready(&mut examiner)), ["add small"]);
    assert_eq!(short(loaded(&mut examiner)), ["small reads 7"]);
    assert_eq!(short(examiner.handle(here("middle"))), ["fetch large"]);
    assert_eq!(short(answers(&mut examiner, &[3], 1.0)), ["add middle"]);
    assert_eq!(examiner.exam().majority(), Some((3, 1)));
    assert_eq!(short(loaded(&mut examiner)), ["middle reads 7"]);
    answers(&mut examiner, &[5], 1.0);
    assert_eq!(examiner.exam().majority(), None, "one vote each");
    let vote = examiner.exam().network("middle").unwrap().vote.unwrap();
    assert!(vote.digit == 5 && vote.probability > 0.99);
    assert_eq!(
        short(timed(&mut examiner, 0.2)),
        ["time middle"],
        "while the last one is fetched"
    );
    let latency = examiner.exam().network("small").unwrap().latency;
    assert_eq!(latency, Some((Backend::Flex, 0.2)));
}

/// An examiner on flex whose networks are all loaded and have read the drawing.
fn polled() -> Examiner {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(image(1));
    examiner.handle(Event::Ask(true));
    for (id, _) in NETWORKS {
        examiner.handle(here(id));
    }
    ready(&mut examiner);
    for _ in NETWORKS {
        loaded(&mut examiner);
        answers(&mut examiner, &[4], 1.0);
    }
    for _ in NETWORKS {
        timed(&mut examiner, 1.0);
    }
    assert_eq!(examiner.exam().majority(), Some((4, 3)));
    examiner
}

#[test]
fn each_network_reads_the_newest_drawing_when_its_turn_comes() {
    let mut examiner = polled();
    assert_eq!(short(examiner.handle(image(2))), ["small reads 2"]);
    assert!(short(examiner.handle(image(3))).is_empty());
    assert!(short(examiner.handle(image(4))).is_empty());
    assert_eq!(short(answers(&mut examiner, &[1], 1.0)), ["middle reads 4"]);
    assert_eq!(short(answers(&mut examiner, &[1], 1.0)), ["large reads 4"]);
    assert_eq!(short(answers(&mut examiner, &[1], 1.0)), ["small reads 4"]);
    assert!(short(answers(&mut examiner, &[1], 1.0)).is_empty());
}

#[test]
fn a_blank_pad_has_no_votes() {
    let mut examiner = polled();
    examiner.handle(image(2));
    examiner.handle(Event::Image(None));
    answers(&mut examiner, &[1], 1.0);
    assert_eq!(examiner.exam().tally(), [0; N_CLASSES]);
    examiner.handle(image(3));
    answers(&mut examiner, &[1], 1.0);
    examiner.handle(Event::Ask(false));
    answers(&mut examiner, &[1], 1.0);
    assert_eq!(
        examiner.exam().tally(),
        [0; N_CLASSES],
        "nor after asking was switched off"
    );
}

#[test]
fn a_check_counts_batches_that_fit_the_time() {
    let mut examiner = examiner(Backend::NdArray);
    assert_eq!(
        short(examiner.handle(Event::Check(id("small")))),
        ["fetch small", "fetch digits", "spawn ndarray"]
    );
    examiner.handle(here("small"));
    assert_eq!(short(ready(&mut examiner)), ["add small"]);
    assert_eq!(short(loaded(&mut examiner)), ["time small"]);
    assert!(short(timed(&mut examiner, 9.0)).is_empty());
    assert_eq!(
        examiner.exam().network("small").unwrap().check,
        Check::Waiting
    );
    let labels = vec![1, 2, 3, 4];
    assert_eq!(
        short(examiner.handle(Event::Digits(Ok(labels)))),
        ["small reads digits 0+1"]
    );
    assert_eq!(
        short(answers(&mut examiner, &[1], 9.0)),
        ["small reads digits 1+2"]
    );
    assert_eq!(
        short(answers(&mut examiner, &[2, 8], 500.0)),
        ["small reads digits 3+1"]
    );
    answers(&mut examiner, &[4], 491.0);
    let Check::Done(score) = examiner.exam().network("small").unwrap().check.clone() else {
        panic!("all four are read")
    };
    assert_eq!((score.n_correct, score.n_read), (3, 4));
    assert!(score.is_as_expected());
    assert_eq!(score.images_per_second(), 4.0);
    let one_less = Score {
        n_correct: 2,
        ..score
    };
    assert!(!one_less.is_as_expected());
    let backend = Backend::WebGpu;
    assert!(
        Score {
            backend,
            ..one_less
        }
        .is_as_expected()
    );
}

#[test]
fn a_cancelled_check_counts_nothing_more() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(Event::Check(id("small")));
    examiner.handle(here("small"));
    examiner.handle(Event::Digits(Ok(vec![1; 50])));
    ready(&mut examiner);
    loaded(&mut examiner);
    timed(&mut examiner, 1.0);
    answers(&mut examiner, &[1], 1.0);
    examiner.handle(Event::Cancel(id("small")));
    assert!(short(answers(&mut examiner, &[1, 1], 1.0)).is_empty());
    assert_eq!(examiner.exam().network("small").unwrap().check, Check::None);
    assert_eq!(
        short(examiner.handle(Event::Check(id("small")))),
        ["small reads digits 0+1"]
    );
}

#[test]
fn on_a_graphics_card_flex_counts_the_votes_and_a_check_goes_first() {
    let mut examiner = examiner(Backend::WebGpu);
    examiner.handle(image(1));
    examiner.handle(Event::Ask(true));
    assert_eq!(
        short(examiner.handle(here("small"))),
        ["fetch middle", "spawn flex"]
    );
    ready(&mut examiner);
    loaded(&mut examiner);
    assert!(
        short(answers(&mut examiner, &[1], 1.0)).is_empty(),
        "flex's latency is not measured"
    );
    assert_eq!(
        short(examiner.handle(Event::Measure(id("small")))),
        ["terminate", "spawn webgpu"]
    );
    assert_eq!(short(ready(&mut examiner)), ["add small"]);
    assert_eq!(short(loaded(&mut examiner)), ["time small"]);
    assert!(short(examiner.handle(image(2))).is_empty());
    assert_eq!(
        short(timed(&mut examiner, 3.0)),
        ["terminate", "spawn flex"]
    );
    let standing = examiner.exam().networks[1].clone();
    assert_eq!(standing.latency, Some((Backend::WebGpu, 3.0)));
    assert!(!standing.is_measuring);
}

#[test]
fn another_engine_begins_a_check_anew() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(Event::Check(id("small")));
    examiner.handle(here("small"));
    examiner.handle(Event::Digits(Ok(vec![1; 50])));
    ready(&mut examiner);
    loaded(&mut examiner);
    timed(&mut examiner, 1.0);
    answers(&mut examiner, &[1], 1.0);
    assert_eq!(
        short(examiner.handle(Event::Engine(Some(Backend::NdArray)))),
        ["terminate", "spawn ndarray"]
    );
    assert_eq!(
        examiner.exam().network("small").unwrap().check,
        Check::Waiting
    );
    ready(&mut examiner);
    loaded(&mut examiner);
    assert_eq!(short(timed(&mut examiner, 1.0)), ["small reads digits 0+1"]);
}

#[test]
fn weights_that_cannot_be_had_are_said_and_the_others_vote() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(image(1));
    examiner.handle(Event::Ask(true));
    let commands = examiner.handle(Event::Weights {
        model: id("small"),
        result: Err("the server answered 404".into()),
    });
    assert_eq!(short(commands), ["fetch middle"]);
    let trouble = examiner.exam().network("small").unwrap().trouble.clone();
    assert_eq!(trouble.unwrap(), "The server answered 404.");
    examiner.handle(here("middle"));
    assert_eq!(short(ready(&mut examiner)), ["add middle"]);
    let message = "the checksum is wrong".into();
    examiner.handle(here("large"));
    assert_eq!(
        short(says(&mut examiner, Reply::Refused { message })),
        ["add large"]
    );
    assert_eq!(
        short(examiner.handle(Event::Ask(true))),
        ["fetch small again"]
    );
    assert_eq!(
        short(examiner.handle(here("small"))),
        ["fetch middle again"]
    );
}

#[test]
fn a_network_that_breaks_the_engine_is_left_out() {
    let mut examiner = polled();
    examiner.handle(Event::Check(id("large")));
    examiner.handle(image(2));
    let commands = says(
        &mut examiner,
        Reply::Failed {
            reason: crate::protocol::Failure::Crash,
            message: "out of memory".into(),
        },
    );
    assert_eq!(short(commands)[..2], ["terminate", "spawn flex"]);
    let exam = examiner.exam();
    let standing = exam.networks.iter().find(|n| n.trouble.is_some()).unwrap();
    assert_eq!(standing.id, "small");
    assert_eq!(
        standing.trouble.as_ref().unwrap(),
        "The engine stopped while running it (out of memory)."
    );
    assert_eq!(exam.network("large").unwrap().check, Check::Waiting);
}

#[test]
fn without_an_engine_there_is_no_examination() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(Event::Check(id("small")));
    let worker = examiner.next_worker - 1;
    let message = "404".into();
    assert_eq!(
        short(examiner.handle(Event::Broke { worker, message })),
        ["terminate"]
    );
    let sentence = "A second engine could not be started (404).";
    assert_eq!(examiner.exam().trouble.unwrap(), sentence);
    assert_eq!(
        examiner.exam().network("small").unwrap().check,
        Check::Failed(sentence.into())
    );
}

#[test]
fn digits_that_cannot_be_had_fail_the_check_alone() {
    let mut examiner = examiner(Backend::Flex);
    examiner.handle(Event::Check(id("small")));
    examiner.handle(Event::Digits(Err("no way".into())));
    let exam = examiner.exam();
    let standing = exam.network("small").unwrap();
    assert_eq!(standing.check, Check::Failed("No way.".into()));
    assert_eq!(standing.trouble, None);
    let commands = short(examiner.handle(Event::Check(id("small"))));
    assert_eq!(commands, ["fetch digits"]);
}

#[test]
fn an_idle_worker_is_ended_and_comes_back_for_work() {
    let mut examiner = polled();
    let alarm = examiner.alarm;
    assert!(
        examiner
            .handle(Event::Alarm { alarm: alarm - 1 })
            .is_empty()
    );
    assert_eq!(
        short(examiner.handle(Event::Alarm { alarm })),
        ["terminate"]
    );
    assert_eq!(short(examiner.handle(image(2))), ["spawn flex"]);
    assert_eq!(short(ready(&mut examiner)), ["add small"]);
}

#[test]
fn an_answer_that_does_not_come_ends_the_worker() {
    let mut examiner = polled();
    examiner.handle(image(2));
    let alarm = examiner.alarm;
    let commands = short(examiner.handle(Event::Alarm { alarm }));
    assert_eq!(commands, ["terminate", "spawn flex"]);
    let trouble = examiner.exam().network("small").unwrap().trouble.clone();
    assert!(trouble.unwrap().contains("no answer in time"));
}
