use super::*;
use crate::digit::DigitImage;
use crate::protocol::winner;

fn start(choice: Choice) -> (Supervisor, Vec<Command>) {
    let mut supervisor = Supervisor::default();
    let commands = supervisor.handle(Event::Choose(choice));
    (supervisor, commands)
}

fn reply(supervisor: &mut Supervisor, worker: WorkerId, reply: Reply) -> Vec<Command> {
    supervisor.handle(Event::Reply {
        worker,
        reply,
        logits: Vec::new(),
    })
}

fn make_ready(supervisor: &mut Supervisor, worker: WorkerId, backend: Backend) -> Vec<Command> {
    reply(
        supervisor,
        worker,
        Reply::Ready {
            backend,
            device: "a card".into(),
        },
    );
    reply(
        supervisor,
        worker,
        Reply::Loaded {
            model: "pen".into(),
        },
    )
}

fn weights(model: &str) -> Event {
    Event::Weights {
        model: model.into(),
        result: Ok(()),
    }
}

fn no_weights(model: &str, message: &str) -> Event {
    Event::Weights {
        model: model.into(),
        result: Err(message.into()),
    }
}

fn fetch(model: &str, again: bool) -> Command {
    Command::FetchWeights {
        model: model.into(),
        again,
    }
}

fn load(worker: WorkerId, model: &str) -> Command {
    Command::Load {
        worker,
        model: model.into(),
    }
}

fn loaded(supervisor: &mut Supervisor, worker: WorkerId) -> Vec<Command> {
    let model = String::new();
    reply(supervisor, worker, Reply::Loaded { model })
}

fn fail(supervisor: &mut Supervisor, worker: WorkerId, reason: Failure) -> Vec<Command> {
    reply(
        supervisor,
        worker,
        Reply::Failed {
            reason,
            message: String::new(),
        },
    )
}

fn answer(supervisor: &mut Supervisor, worker: WorkerId, id: u32, digit: usize) -> Vec<Command> {
    let mut logits = vec![0.0; N_CLASSES];
    logits[digit] = 9.0;
    supervisor.handle(Event::Reply {
        worker,
        reply: Reply::Classified {
            id,
            latency_ms: 1.0,
        },
        logits,
    })
}

fn draw(supervisor: &mut Supervisor, grey: u8) -> Vec<Command> {
    supervisor.handle(Event::Images([image(grey)].into()))
}

fn image(grey: u8) -> DigitImage {
    DigitImage::new([grey; crate::digit::N_PIXELS])
}

fn spawned(commands: &[Command]) -> Vec<Backend> {
    let spawn = |command: &Command| match command {
        Command::Spawn { backend, .. } => Some(*backend),
        _ => None,
    };
    commands.iter().filter_map(spawn).collect()
}

fn sent(commands: &[Command]) -> Vec<(WorkerId, u32, u8)> {
    let classify = |command: &Command| match command {
        Command::Classify { worker, id, images } => Some((*worker, *id, images[0].pixels()[0])),
        _ => None,
    };
    commands.iter().filter_map(classify).collect()
}

fn shown(commands: &[Command]) -> Option<usize> {
    commands.iter().find_map(|command| match command {
        Command::Show(answer) => Some(winner(&answer.logits[0]).0),
        _ => None,
    })
}

fn running(supervisor: &Supervisor) -> Option<Backend> {
    supervisor.status().running.map(|running| running.backend)
}

const CPU: WorkerId = 0;
const GPU: WorkerId = 1;

/// A supervisor with the automatic choice, after both engines have become ready in turn.
fn on_gpu() -> Supervisor {
    let (mut supervisor, _) = start(Choice::Auto);
    supervisor.handle(weights(DEFAULT_MODEL));
    make_ready(&mut supervisor, CPU, Backend::Flex);
    make_ready(&mut supervisor, GPU, Backend::WebGpu);
    supervisor
}

#[test]
fn the_cpu_answers_while_the_gpu_warms_up() {
    let (mut supervisor, commands) = start(Choice::Auto);
    assert_eq!(spawned(&commands), [Backend::Flex, Backend::WebGpu]);
    assert!(commands.contains(&fetch(DEFAULT_MODEL, false)));
    supervisor.handle(weights(DEFAULT_MODEL));
    draw(&mut supervisor, 7);

    let commands = make_ready(&mut supervisor, CPU, Backend::Flex);
    assert_eq!(sent(&commands), [(CPU, 1, 7)]);
    assert_eq!(running(&supervisor), Some(Backend::Flex));
    assert_eq!(shown(&answer(&mut supervisor, CPU, 1, 4)), Some(4));

    let commands = make_ready(&mut supervisor, GPU, Backend::WebGpu);
    assert!(commands.contains(&Command::Terminate { worker: CPU }));
    assert_eq!(
        sent(&commands),
        [(GPU, 2, 7)],
        "the new engine reads the drawing too"
    );
    assert_eq!(running(&supervisor), Some(Backend::WebGpu));
}

#[test]
fn the_cpu_answers_while_the_development_server_builds_the_gpu_engine() {
    let (mut supervisor, _) = start(Choice::Auto);
    supervisor.handle(weights(DEFAULT_MODEL));
    make_ready(&mut supervisor, CPU, Backend::Flex);
    let commands = reply(&mut supervisor, GPU, Reply::Building);
    assert_eq!(spawned(&commands), []);
    let why = supervisor.status().running.unwrap().why;
    assert!(
        why.starts_with("The WebGPU engine is still being built."),
        "{why}"
    );

    // The worker is waited for as long as it goes on saying so.
    let alarm = |commands: &[Command]| {
        commands.iter().find_map(|command| match command {
            Command::SetAlarm { worker, alarm, .. } => Some((*worker, *alarm)),
            _ => None,
        })
    };
    let (_, earlier) = alarm(&commands).unwrap();
    assert!(alarm(&reply(&mut supervisor, GPU, Reply::Building)).is_some());
    let (worker, alarm) = (GPU, earlier);
    supervisor.handle(Event::Alarm { worker, alarm });
    assert_eq!(supervisor.status().notice, None);

    let commands = make_ready(&mut supervisor, GPU, Backend::WebGpu);
    assert!(commands.contains(&Command::Terminate { worker: CPU }));
    assert_eq!(running(&supervisor), Some(Backend::WebGpu));
}

#[test]
fn a_chosen_engine_that_is_still_being_built_does_not_leave_the_pad_unread() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::NdArray));
    supervisor.handle(weights(DEFAULT_MODEL));
    let commands = reply(&mut supervisor, 0, Reply::Building);
    assert_eq!(spawned(&commands), [Backend::Flex]);
    assert_eq!(spawned(&reply(&mut supervisor, 0, Reply::Building)), []);
    make_ready(&mut supervisor, 1, Backend::Flex);
    assert_eq!(running(&supervisor), Some(Backend::Flex));

    make_ready(&mut supervisor, 0, Backend::NdArray);
    assert_eq!(running(&supervisor), Some(Backend::NdArray));
}

#[test]
fn weights_that_come_late_are_loaded_then() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::NdArray));
    let ready = Reply::Ready {
        backend: Backend::NdArray,
        device: String::new(),
    };
    let commands = reply(&mut supervisor, 0, ready);
    assert!(!commands.contains(&load(0, DEFAULT_MODEL)));
    let commands = supervisor.handle(weights(DEFAULT_MODEL));
    assert!(commands.contains(&load(0, DEFAULT_MODEL)));
}

#[test]
fn without_webgpu_the_cpu_stays_and_nobody_is_troubled() {
    let (mut supervisor, _) = start(Choice::Auto);
    supervisor.handle(weights(DEFAULT_MODEL));
    make_ready(&mut supervisor, CPU, Backend::Flex);
    fail(&mut supervisor, GPU, Failure::NoWebGpu);
    let status = supervisor.status();
    assert_eq!(status.notice, None);
    let running = status.running.unwrap();
    assert_eq!(
        (running.backend, running.why.as_str()),
        (Backend::Flex, "This browser has no WebGPU.")
    );
}

#[test]
fn a_forced_backend_that_cannot_be_had_is_replaced_and_said_so() {
    let (mut supervisor, commands) = start(Choice::Forced(Backend::WebGpu));
    assert_eq!(spawned(&commands), [Backend::WebGpu]);
    let commands = fail(&mut supervisor, 0, Failure::NoAdapter);
    assert_eq!(spawned(&commands), [Backend::Flex]);
    let notice = supervisor.status().notice.unwrap();
    assert!(
        notice.text.starts_with("CPU (flex) takes over."),
        "{}",
        notice.text
    );
}

#[test]
fn the_newest_image_wins_and_those_between_are_dropped() {
    let mut supervisor = on_gpu();
    assert_eq!(sent(&draw(&mut supervisor, 1)), [(GPU, 1, 1)]);
    for grey in 2..6 {
        assert_eq!(sent(&draw(&mut supervisor, grey)), []);
    }
    let commands = answer(&mut supervisor, GPU, 1, 3);
    assert_eq!(sent(&commands), [(GPU, 5, 5)]);
    assert_eq!(
        shown(&commands),
        Some(3),
        "an answer in between is shown, so that the bars move"
    );
    assert_eq!(shown(&answer(&mut supervisor, GPU, 5, 8)), Some(8));
}

#[test]
fn images_asked_for_together_are_answered_together() {
    let mut supervisor = on_gpu();
    let images: Images = [image(1), image(2)].into();
    supervisor.handle(Event::Images(images.clone()));
    let mut logits = vec![0.0; 2 * N_CLASSES];
    (logits[4], logits[N_CLASSES + 2]) = (9.0, 9.0);
    let replied = |logits: &[f32]| Event::Reply {
        worker: GPU,
        reply: Reply::Classified {
            id: 1,
            latency_ms: 1.0,
        },
        logits: logits.to_vec(),
    };
    let commands = supervisor.handle(replied(&logits));
    let answer = commands.iter().find_map(|command| match command {
        Command::Show(answer) => Some(answer),
        _ => None,
    });
    let answer = answer.unwrap();
    assert_eq!(answer.images, images);
    let digits = answer.logits.iter().map(|logits| winner(logits).0);
    assert_eq!(digits.collect::<Vec<_>>(), [4, 2]);

    supervisor.handle(Event::Images(images));
    let commands = supervisor.handle(replied(&logits[..N_CLASSES]));
    assert!(commands.contains(&Command::Terminate { worker: GPU }));
}

#[test]
fn an_answer_to_ink_that_was_wiped_away_is_not_shown() {
    let mut supervisor = on_gpu();
    draw(&mut supervisor, 1);
    supervisor.handle(Event::Images(Images::default()));
    assert_eq!(shown(&answer(&mut supervisor, GPU, 1, 3)), None);
}

#[test]
fn nor_is_it_shown_as_the_reading_of_new_ink() {
    let mut supervisor = on_gpu();
    draw(&mut supervisor, 1);
    supervisor.handle(Event::Images(Images::default()));
    draw(&mut supervisor, 2);
    let commands = answer(&mut supervisor, GPU, 1, 3);
    assert_eq!(shown(&commands), None);
    assert_eq!(sent(&commands), [(GPU, 3, 2)]);
}

#[test]
fn a_lost_device_keeps_the_drawing_and_the_cpu_reads_it() {
    let mut supervisor = on_gpu();
    draw(&mut supervisor, 9);
    let commands = fail(&mut supervisor, GPU, Failure::DeviceLost);
    assert!(commands.contains(&Command::Terminate { worker: GPU }));
    assert_eq!(spawned(&commands), [Backend::Flex]);
    let notice = supervisor.status().notice.unwrap();
    assert!(notice.title.contains("graphics card was lost") && notice.can_retry);
    let commands = make_ready(&mut supervisor, 2, Backend::Flex);
    assert_eq!(sent(&commands), [(2, 1, 9)]);
    assert_eq!(
        supervisor.status().running.unwrap().why,
        "The graphics card was lost."
    );
}

#[test]
fn a_crashed_worker_is_started_again_but_not_for_ever() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
    supervisor.handle(weights(DEFAULT_MODEL));
    for worker in 0..=MAX_RESTARTS {
        make_ready(&mut supervisor, worker, Backend::Flex);
        let commands = supervisor.handle(Event::Broke {
            worker,
            message: "panic".into(),
        });
        let next = if worker < MAX_RESTARTS {
            Backend::Flex
        } else {
            Backend::NdArray
        };
        assert_eq!(spawned(&commands), [next]);
    }
    for worker in MAX_RESTARTS + 1..=2 * MAX_RESTARTS + 1 {
        supervisor.handle(Event::Broke {
            worker,
            message: "panic".into(),
        });
    }
    assert_eq!(running(&supervisor), None);
    let notice = supervisor.status().notice.unwrap();
    assert!(notice.can_retry && notice.text.starts_with("No engine can read"));
    assert!(supervisor.status().is_stuck);
    assert_eq!(supervisor.status().cause, Some(Cause::Engine));
    assert_eq!(spawned(&supervisor.handle(Event::Retry)), [Backend::Flex]);
}

#[test]
fn a_worker_that_answers_may_break_again_later() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
    supervisor.handle(weights(DEFAULT_MODEL));
    for worker in 0..10 {
        make_ready(&mut supervisor, worker, Backend::Flex);
        draw(&mut supervisor, 1);
        let id = supervisor.newest_id;
        answer(&mut supervisor, worker, id, 1);
        let commands = supervisor.handle(Event::Broke {
            worker,
            message: String::new(),
        });
        assert_eq!(spawned(&commands), [Backend::Flex]);
    }
}

#[test]
fn while_a_crashed_gpu_starts_again_the_cpu_answers() {
    let mut supervisor = on_gpu();
    let commands = supervisor.handle(Event::Broke {
        worker: GPU,
        message: String::new(),
    });
    assert_eq!(spawned(&commands), [Backend::WebGpu, Backend::Flex]);
}

#[test]
fn an_engine_that_does_not_answer_in_time_is_replaced() {
    let mut supervisor = on_gpu();
    let commands = draw(&mut supervisor, 1);
    let alarm = commands.iter().find_map(|command| match command {
        Command::SetAlarm { alarm, .. } => Some(*alarm),
        _ => None,
    });
    let alarm = alarm.unwrap();
    assert_eq!(
        supervisor.handle(Event::Alarm {
            worker: GPU,
            alarm: alarm - 1
        }),
        [],
        "an old alarm"
    );
    let commands = supervisor.handle(Event::Alarm { worker: GPU, alarm });
    assert!(commands.contains(&Command::Terminate { worker: GPU }));
    assert!(
        supervisor
            .status()
            .notice
            .unwrap()
            .title
            .contains("did not answer in time")
    );
}

#[test]
fn an_answer_in_time_silences_the_alarm() {
    let mut supervisor = on_gpu();
    draw(&mut supervisor, 1);
    let alarm = supervisor.next_alarm;
    answer(&mut supervisor, GPU, 1, 1);
    assert_eq!(supervisor.handle(Event::Alarm { worker: GPU, alarm }), []);
}

#[test]
fn numbers_that_are_not_finite_end_the_engine() {
    let mut supervisor = on_gpu();
    draw(&mut supervisor, 1);
    let logits = vec![f32::NAN; N_CLASSES];
    let reply = Reply::Classified {
        id: 1,
        latency_ms: 1.0,
    };
    let commands = supervisor.handle(Event::Reply {
        worker: GPU,
        reply,
        logits,
    });
    assert_eq!(shown(&commands), None);
    assert_eq!(spawned(&commands), [Backend::Flex]);
}

#[test]
fn unusable_weights_are_said_and_fetched_again_on_retry() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
    assert!(!supervisor.status().is_stuck, "an engine starts");
    supervisor.handle(no_weights(DEFAULT_MODEL, "the server answered 404"));
    assert!(supervisor.status().is_stuck, "it has no weights");
    let notice = supervisor.status().notice.unwrap();
    assert_eq!(
        notice.text,
        "The server answered 404. Your drawing is kept."
    );
    assert!(notice.can_retry);
    let commands = supervisor.handle(Event::Retry);
    assert!(commands.contains(&fetch(DEFAULT_MODEL, true)));
    assert_eq!(spawned(&commands), [], "the waiting engine is kept");
    assert_eq!(supervisor.status().notice, None);
    assert!(!supervisor.status().is_stuck);
}

#[test]
fn what_was_not_fetched_is_told_from_what_is_damaged() {
    for (message, cause) in [
        (
            "pen.safetensors could not be fetched: the server answered 404",
            Cause::Network,
        ),
        (
            "pen.safetensors is incomplete: the connection broke off",
            Cause::Network,
        ),
        (
            "the weights are 7 bytes long, but the manifest says 8",
            Cause::Weights,
        ),
    ] {
        let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
        supervisor.handle(no_weights(DEFAULT_MODEL, message));
        assert_eq!(supervisor.status().cause, Some(cause), "{message}");
    }
    let (mut supervisor, _) = start(Choice::Forced(Backend::WebGpu));
    let (reason, message) = (Failure::NoWebGpu, String::new());
    reply(&mut supervisor, 0, Reply::Failed { reason, message });
    assert_eq!(supervisor.status().cause, Some(Cause::NoWebGpu));
}

#[test]
fn refused_weights_leave_the_engine_waiting() {
    let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
    supervisor.handle(weights(DEFAULT_MODEL));
    reply(
        &mut supervisor,
        0,
        Reply::Ready {
            backend: Backend::Flex,
            device: String::new(),
        },
    );
    reply(
        &mut supervisor,
        0,
        Reply::Refused {
            message: "the weights lack the tensor 'head.bias'".into(),
        },
    );
    assert!(
        supervisor
            .status()
            .notice
            .unwrap()
            .text
            .contains("'head.bias'")
    );
    supervisor.handle(Event::Retry);
    let commands = supervisor.handle(weights(DEFAULT_MODEL));
    assert!(commands.contains(&load(0, DEFAULT_MODEL)));
}

#[test]
fn another_choice_keeps_the_old_engine_until_the_new_one_can_answer() {
    let mut supervisor = on_gpu();
    let commands = supervisor.handle(Event::Choose(Choice::Forced(Backend::NdArray)));
    assert_eq!(spawned(&commands), [Backend::NdArray]);
    assert_eq!(running(&supervisor), Some(Backend::WebGpu));
    let commands = make_ready(&mut supervisor, 2, Backend::NdArray);
    assert!(commands.contains(&Command::Terminate { worker: GPU }));
    let running = supervisor.status().running.unwrap();
    assert_eq!(
        (running.backend, running.why.as_str()),
        (Backend::NdArray, "You chose it.")
    );
}

#[test]
fn a_software_adapter_will_do_only_where_webgpu_is_forced() {
    let adapters = |choice: Choice| {
        let (_, commands) = start(choice);
        commands.into_iter().find_map(|command| match command {
            Command::Spawn {
                backend: Backend::WebGpu,
                adapters,
                ..
            } => Some(adapters),
            _ => None,
        })
    };
    assert_eq!(adapters(Choice::Auto), Some(Adapters::Hardware));
    assert_eq!(
        adapters(Choice::Forced(Backend::WebGpu)),
        Some(Adapters::Any)
    );
}

/// The network in use, and the requested one.
fn models(supervisor: &Supervisor) -> (String, String) {
    let status = supervisor.status();
    (status.running.unwrap().model, status.model)
}

/// A supervisor on flex with the default network.
fn on_flex() -> Supervisor {
    let (mut supervisor, _) = start(Choice::Forced(Backend::Flex));
    supervisor.handle(weights(DEFAULT_MODEL));
    make_ready(&mut supervisor, CPU, Backend::Flex);
    supervisor
}

#[test]
fn another_network_takes_over_when_it_is_there() {
    let mut supervisor = on_flex();
    draw(&mut supervisor, 7);
    answer(&mut supervisor, CPU, 1, 4);
    let commands = supervisor.handle(Event::ChooseModel("a".into()));
    assert!(commands.contains(&fetch("a", false)));
    assert_eq!(models(&supervisor), (DEFAULT_MODEL.into(), "a".into()));
    assert_eq!(
        sent(&draw(&mut supervisor, 8)),
        [(CPU, 2, 8)],
        "the old one keeps answering"
    );

    let commands = supervisor.handle(weights("a"));
    assert!(!commands.contains(&load(CPU, "a")), "the engine is busy");
    let commands = answer(&mut supervisor, CPU, 2, 4);
    assert!(commands.contains(&load(CPU, "a")));
    assert_eq!(sent(&draw(&mut supervisor, 9)), []);
    let commands = loaded(&mut supervisor, CPU);
    assert_eq!(sent(&commands), [(CPU, 3, 9)], "the drawing is kept");
    assert_eq!(models(&supervisor), ("a".into(), "a".into()));
    let commands = answer(&mut supervisor, CPU, 3, 5);
    assert!(commands.iter().any(|command| matches!(command,
        Command::Show(prediction) if prediction.model == "a")));
}

#[test]
fn what_is_read_already_is_read_again_by_another_network() {
    let mut supervisor = on_flex();
    draw(&mut supervisor, 7);
    answer(&mut supervisor, CPU, 1, 4);
    supervisor.handle(Event::ChooseModel("a".into()));
    supervisor.handle(weights("a"));
    assert_eq!(sent(&loaded(&mut supervisor, CPU)), [(CPU, 2, 7)]);
}

#[test]
fn of_two_choices_the_later_counts() {
    let mut supervisor = on_flex();
    supervisor.handle(Event::ChooseModel("a".into()));
    supervisor.handle(Event::ChooseModel("b".into()));
    assert_eq!(
        supervisor.handle(weights("a")),
        [],
        "nothing waits for it any more"
    );
    let commands = supervisor.handle(weights("b"));
    assert!(commands.contains(&load(CPU, "b")));
    supervisor.handle(Event::ChooseModel("a".into()));
    let commands = supervisor.handle(weights("a"));
    assert!(!commands.contains(&load(CPU, "a")), "one after the other");
    assert!(loaded(&mut supervisor, CPU).contains(&load(CPU, "a")));
}

#[test]
fn a_network_that_cannot_be_had_leaves_the_one_in_use() {
    let mut supervisor = on_flex();
    supervisor.handle(Event::ChooseModel("a".into()));
    supervisor.handle(no_weights("a", "the server answered 404"));
    let notice = supervisor.status().notice.unwrap();
    assert_eq!(notice.title, "The network a can't be used");
    assert_eq!(
        notice.text,
        "The server answered 404. pen is used instead. Your drawing is kept."
    );
    assert_eq!(
        models(&supervisor),
        (DEFAULT_MODEL.into(), DEFAULT_MODEL.into())
    );
    supervisor.handle(weights(DEFAULT_MODEL));

    let commands = supervisor.handle(Event::Retry);
    assert!(commands.contains(&fetch("a", true)));
    assert!(supervisor.handle(weights("a")).contains(&load(CPU, "a")));
    let message = "the weights' checksum is wrong".into();
    reply(&mut supervisor, CPU, Reply::Refused { message });
    assert!(
        supervisor
            .status()
            .notice
            .unwrap()
            .text
            .contains("checksum")
    );
    assert_eq!(
        models(&supervisor),
        (DEFAULT_MODEL.into(), DEFAULT_MODEL.into())
    );
    assert_eq!(sent(&draw(&mut supervisor, 3)), [(CPU, 1, 3)]);
}

#[test]
fn a_network_that_breaks_the_engine_is_not_tried_again_by_itself() {
    let mut supervisor = on_flex();
    supervisor.handle(Event::ChooseModel("a".into()));
    supervisor.handle(weights("a"));
    let message = "out of memory".into();
    let commands = supervisor.handle(Event::Broke {
        worker: CPU,
        message,
    });
    assert_eq!(spawned(&commands), [Backend::Flex]);
    assert!(commands.contains(&fetch(DEFAULT_MODEL, false)));
    supervisor.handle(weights(DEFAULT_MODEL));
    let ready = Reply::Ready {
        backend: Backend::Flex,
        device: String::new(),
    };
    let commands = reply(&mut supervisor, 1, ready);
    assert!(commands.contains(&load(1, DEFAULT_MODEL)));
    let notice = supervisor.status().notice.unwrap();
    assert!(notice.can_retry && notice.title.contains("network a"));
}

#[test]
fn a_worker_that_is_started_again_gets_the_chosen_network() {
    let mut supervisor = on_flex();
    supervisor.handle(Event::ChooseModel("a".into()));
    supervisor.handle(weights("a"));
    loaded(&mut supervisor, CPU);
    let message = "panic".into();
    supervisor.handle(Event::Broke {
        worker: CPU,
        message,
    });
    let ready = Reply::Ready {
        backend: Backend::Flex,
        device: String::new(),
    };
    assert!(reply(&mut supervisor, 1, ready).contains(&load(1, "a")));
}

#[test]
fn the_address_may_ask_for_a_network_that_there_is_or_is_not() {
    let mut supervisor = Supervisor::default();
    let commands = supervisor.handle(Event::ChooseModel("a".into()));
    assert!(commands.contains(&fetch("a", false)));
    let commands = supervisor.handle(Event::Choose(Choice::Auto));
    assert!(
        !commands.contains(&fetch("a", false)),
        "it is already being fetched"
    );

    let commands = supervisor.handle(Event::NoSuchModel {
        model: "a".into(),
        known: "pen, b".into(),
    });
    assert!(commands.contains(&fetch(DEFAULT_MODEL, false)));
    let notice = supervisor.status().notice.unwrap();
    assert_eq!(
        notice.text,
        "There is no network called “a”. Available: pen, b. pen is used instead."
    );
    assert_eq!(supervisor.status().model, DEFAULT_MODEL);
}
