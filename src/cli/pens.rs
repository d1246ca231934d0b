//! How well a network recognises pen strokes, and what it rejects as not a digit.

use burn::tensor::Device;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::letters;
use super::pens_file;
use super::run_folder::RunFolder;
use crate::data::{Dataset, PenDigit, neighbours, pen_images, scribble};
use crate::digit::DigitImage;
use crate::figures::grouped;
use crate::manifest::{Pens, Rejected};
use crate::protocol::is_digit;
use crate::strokes::{Stroke, render};
use crate::train::{Calibration, evaluate};
use crate::zoo::Network;

/// How many scribbles, and how many pairs of neighbours, are tested.
const N_DRAWN: usize = 2000;
/// The seed for both.
const SEED: u64 = 7;

/// Fits a run's calibration to the validation writers.
pub fn calibrate(run: &RunFolder, device: &Device) -> anyhow::Result<()> {
    let images = pen_images(&pens_file::development()?.validation);
    let network = run.trained_network(device)?;
    let logits = pollster::block_on(network.infer(images.images(), device))?;
    let calibration = Calibration::fit(&logits, images.labels());
    run.save_calibration(&calibration)?;
    println!(
        "Calibrated on {} digits by other writers: temperature {:.3}, offset {:.3}",
        grouped(images.len() as u64),
        calibration.temperature,
        calibration.offset
    );
    let letters = rendered(&letters::read()?.validation);
    let n_rejected = n_rejected(&run.best_network(device)?, &letters, device)?;
    println!(
        "Calibrated, it rejects {:.1} % of {} letters by other drawers as not a digit",
        100.0 * n_rejected as f64 / letters.len().max(1) as f64,
        grouped(letters.len() as u64)
    );
    Ok(())
}

/// How many images a calibrated network rejects as not a digit.
fn n_rejected(network: &Network, images: &[DigitImage], device: &Device) -> anyhow::Result<usize> {
    let logits = pollster::block_on(network.infer(images, device))?;
    Ok(logits.iter().filter(|logits| !is_digit(logits)).count())
}

/// Measures a calibrated network on the untouched test drawings.
pub fn figures(
    network: &Network,
    calibration: &Calibration,
    mnist_test: &Dataset,
    device: &Device,
) -> anyhow::Result<Pens> {
    let pens = pens_file::development()?.test;
    let letters = letters::read()?;
    let images = pen_images(&pens);
    let report = pollster::block_on(evaluate(network, &images, device))?;

    let mut rng = StdRng::seed_from_u64(SEED);
    let scribbles: Vec<_> = (0..N_DRAWN).map(|_| scribble(&mut rng)).collect();
    let digit = |i: usize| -> &PenDigit { &pens[i % pens.len()] };
    let pairs = (0..N_DRAWN).map(|i| neighbours(digit(37 * i), digit(53 * i + 11), &mut rng));
    let mut rejected = Vec::new();
    let mut count = |what: &str, images: &[DigitImage]| -> anyhow::Result<()> {
        rejected.push(Rejected {
            what: what.into(),
            rejected: n_rejected(network, images, device)?,
            total: images.len(),
        });
        Ok(())
    };
    count("digits of pens", images.images())?;
    count("digits of MNIST", mnist_test.images())?;
    count("Latin letters", &rendered(&letters.latin))?;
    count(
        "letters of known scripts",
        &rendered(&letters.known_scripts),
    )?;
    count(
        "letters of unknown scripts",
        &rendered(&letters.unknown_scripts),
    )?;
    count("scribbles", &rendered(&scribbles))?;
    count("two digits as one", &rendered(&pairs.collect::<Vec<_>>()))?;
    Ok(Pens {
        temperature: calibration.temperature,
        offset: calibration.offset,
        test: report.evaluation(),
        calibration_error: report.calibration_error(),
        rejected,
    })
}

fn rendered(drawings: &[Vec<Stroke>]) -> Vec<DigitImage> {
    let image = |strokes: &Vec<Stroke>| render(strokes).unwrap_or_else(DigitImage::blank);
    drawings.iter().map(image).collect()
}

/// Formats the figures as lines of text.
pub fn table(pens: &Pens) -> String {
    let percent = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    let mut lines = vec![format!(
        "Pen digits by the test writers: {:.2} % ({} of {}), calibration error {:.2} %",
        percent(pens.test.correct, pens.test.total),
        pens.test.correct,
        pens.test.total,
        100.0 * pens.calibration_error
    )];
    let digits = pens.test.per_class.iter().enumerate();
    lines.push(
        digits
            .map(|(digit, &(n, of))| format!("  {digit}: {:.1} %", percent(n, of)))
            .collect(),
    );
    lines.push("Rejected as not a digit:".into());
    lines.extend(pens.rejected.iter().map(|kind| {
        let share = percent(kind.rejected, kind.total);
        format!("  {:<28}{share:>6.2} % of {}", kind.what, kind.total)
    }));
    lines.join("\n")
}
