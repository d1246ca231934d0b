//! The zoo's runs: `runs/MODEL/RECIPE-SEED/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::INKLING;
use super::run_folder::RunFolder;
use crate::train::Recipe;
use crate::zoo::{ModelId, Multipliers};

/// The default folder for runs.
pub const FOLDER: &str = "runs";

/// The folder of one run.
pub fn path(runs: &Path, model: ModelId, recipe: Recipe, seed: u64) -> PathBuf {
    let name = format!("{}-{seed}", recipe.name());
    runs.join(model.name()).join(name)
}

/// The runs of a network with a recipe that have test figures, in the order of their seeds.
pub fn tested(runs: &Path, model: ModelId, recipe: Recipe) -> anyhow::Result<Vec<RunFolder>> {
    let folder = runs.join(model.name());
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut seeds = Vec::new();
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let seed = name.to_str().and_then(|name| name.split_once('-'));
        let seed = seed.filter(|(name, _)| *name == recipe.name());
        // A log may lie beside the folders.
        let seed = seed.and_then(|(_, seed)| seed.parse::<u64>().ok());
        if let Some(seed) = seed.filter(|_| entry.path().join("config.json").exists()) {
            seeds.push(seed);
        }
    }
    seeds.sort_unstable();
    let mut tested = Vec::new();
    for seed in seeds {
        let run = RunFolder::open(&path(runs, model, recipe, seed))?;
        let config = run.config()?;
        let shown = run.path().display();
        if config.model != model.name() || config.multipliers != Multipliers::ONE {
            bail!("{shown} contains a network other than {model}: move it elsewhere");
        }
        match run.is_tested() {
            true => tested.push(run),
            false => eprintln!(
                "Leaving out {shown}: it has no test figures. `{INKLING} eval --run {shown}` writes them."
            ),
        }
    }
    Ok(tested)
}

/// The run with the best validation figures, which is the one to export.
pub fn best_validated(runs: &[RunFolder]) -> Option<&RunFolder> {
    let validated = runs.iter().filter_map(|run| Some((run, run.best()?)));
    let better = validated.reduce(|best, other| match other.1.is_better_than(&best.1) {
        true => other,
        false => best,
    });
    better.map(|(run, _)| run)
}
