//! Shows a run's progress, and writes its folder.

use std::ops::ControlFlow;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::curves;
use super::interrupt::Interrupt;
use super::run_folder::{Best, EpochMetrics, RunFolder};
use crate::train::{EvalReport, Running, TrainConfig, TrainEvent};
use crate::zoo::Network;

/// Listens to a run's events: shows its progress, and writes its folder.
pub struct Monitor<'a> {
    folder: &'a RunFolder,
    interrupt: &'a Interrupt,
    bar: ProgressBar,
    n_epochs: usize,
    best: Option<Best>,
    metrics: Vec<EpochMetrics>,
    /// When the epoch started, and how many of its images have been used since.
    since: Instant,
    n_images: usize,
}

impl<'a> Monitor<'a> {
    pub fn new(
        folder: &'a RunFolder,
        config: &TrainConfig,
        interrupt: &'a Interrupt,
    ) -> anyhow::Result<Self> {
        let bar = ProgressBar::new(0);
        let style = "epoch {prefix} {bar:28} {pos}/{len} {msg} {per_sec} {eta}";
        bar.set_style(ProgressStyle::with_template(style)?.progress_chars("━╸ "));
        Ok(Self {
            folder,
            interrupt,
            bar,
            n_epochs: config.epochs,
            best: folder.best(),
            metrics: folder.metrics()?,
            since: Instant::now(),
            n_images: 0,
        })
    }

    /// Handles an event. Breaks if Ctrl-C was pressed.
    pub fn hear(&mut self, event: TrainEvent) -> anyhow::Result<ControlFlow<()>> {
        match event {
            TrainEvent::Step {
                position,
                n_steps,
                n_images,
            } => {
                if self.n_images == 0 {
                    self.since = Instant::now();
                    self.bar.reset();
                    self.bar
                        .set_prefix(format!("{}/{}", position.epoch + 1, self.n_epochs));
                }
                self.n_images += n_images;
                self.bar.set_length((n_steps * n_images) as u64);
                self.bar.set_position((position.step * n_images) as u64);
            }
            TrainEvent::Progress { running, .. } => {
                self.bar.set_message(format!(
                    "loss {:.4}, {:.2} %",
                    running.loss(),
                    100.0 * running.accuracy()
                ));
            }
            TrainEvent::Epoch {
                epoch,
                running,
                validation,
                learning_rate,
                network,
                state,
            } => {
                self.end_epoch(epoch, &running, validation, learning_rate, network)?;
                self.folder.save_checkpoint(state)?;
            }
        }
        Ok(if self.interrupt.is_pressed() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn end_epoch(
        &mut self,
        epoch: usize,
        running: &Running,
        validation: &EvalReport,
        learning_rate: f64,
        network: &Network,
    ) -> anyhow::Result<()> {
        let whole = self.n_images as u64 == running.n_seen;
        let seconds = self.since.elapsed().as_secs_f64();
        let metrics = EpochMetrics {
            epoch: epoch + 1,
            train_loss: running.loss(),
            train_accuracy: running.accuracy(),
            validation_loss: validation.loss,
            validation_accuracy: validation.accuracy(),
            learning_rate,
            images_per_second: if whole {
                (self.n_images as f64 / seconds).round()
            } else {
                0.0
            },
        };
        self.n_images = 0;
        let now = Best {
            epoch: epoch + 1,
            loss: validation.loss,
            validation: validation.evaluation(),
        };
        let best = self.best.as_ref();
        let is_best = best.is_none_or(|best| now.is_better_than(best));
        if is_best {
            self.folder.save_best(network, &now)?;
            self.best = Some(now);
        }
        self.bar.println(format!(
            "epoch {:>2}  train {:.4} {:.2} %  validation {:.4} {:.2} %  {} images/s{}",
            metrics.epoch,
            metrics.train_loss,
            100.0 * metrics.train_accuracy,
            metrics.validation_loss,
            100.0 * metrics.validation_accuracy,
            metrics.images_per_second,
            if is_best { "  best" } else { "" }
        ));
        if self.bar.is_hidden() {
            println!("{}", serde_json::to_string(&metrics)?);
        }
        self.folder.append_metrics(&metrics)?;
        self.metrics.push(metrics);
        curves::draw(&self.folder.path().join("curves.svg"), &self.metrics)
    }
}
