//! Measures in the worker how long a network takes for one image.

use super::now_ms;
use crate::digit::DigitImage;
use crate::engine::{EngineError, Session};

/// Warm-up readings, in which shaders compile and caches fill. They don't count.
const WARM_UP: usize = 2;
const N_SAMPLES: usize = 20;
/// A slow network gets fewer samples, but at least [`MIN_SAMPLES`].
const MAX_TOTAL_MS: f64 = 1000.0;
const MIN_SAMPLES: usize = 3;
/// Each sample is the mean of the readings within this time, since browsers round their clock to 0.1 ms.
const SAMPLE_MS: f64 = 4.0;

/// Measures the median time from an image to its logits, in milliseconds.
pub async fn measure(session: &Session, model: &str) -> Result<f64, EngineError> {
    let image = DigitImage::probe();
    for _ in 0..WARM_UP {
        session.classify_with(model, image.pixels()).await?;
    }
    let begun = now_ms();
    let mut samples = Vec::with_capacity(N_SAMPLES);
    while samples.len() < MIN_SAMPLES
        || (samples.len() < N_SAMPLES && now_ms() - begun < MAX_TOTAL_MS)
    {
        let started = now_ms();
        let mut n_readings = 0.0;
        while now_ms() - started < SAMPLE_MS {
            session.classify_with(model, image.pixels()).await?;
            n_readings += 1.0;
        }
        samples.push((now_ms() - started) / n_readings);
    }
    samples.sort_by(f64::total_cmp);
    Ok(samples[samples.len() / 2])
}
