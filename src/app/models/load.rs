//! The report and the manifest, fetched when they are first wanted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestCache;

use super::Shown;
use crate::catalogue::{Known, Zoo};
use crate::host::fetch_json;
use crate::manifest::Manifest;
use crate::report::Report;

#[derive(Default)]
pub enum Loading {
    /// Nobody has asked yet.
    #[default]
    Idle,
    Waiting,
    Ready(Zoo),
    /// What is wrong, as a sentence without its stop.
    Failed(String),
}

impl Loading {
    pub fn known(&self) -> Known<'_> {
        match self {
            Self::Idle | Self::Waiting => Known::Nothing,
            Self::Ready(zoo) => Known::All(zoo),
            Self::Failed(sentence) => Known::Failed(sentence),
        }
    }
}

/// Fetches both, unless they are here or under way.
pub fn load(shown: RwSignal<Shown>) {
    if shown.with_untracked(|shown| matches!(shown.zoo, Loading::Idle)) {
        fetch(shown, RequestCache::Default);
    }
}

/// Fetches both after a failure, past all caches, since what comes from one may be what was wrong.
pub fn load_again(shown: RwSignal<Shown>) {
    fetch(shown, RequestCache::Reload);
}

fn fetch(shown: RwSignal<Shown>, cache: RequestCache) {
    let set = move |zoo| shown.update(|shown| shown.zoo = zoo);
    set(Loading::Waiting);
    spawn_local(async move {
        set(match both(cache).await {
            Ok(both) => Loading::Ready(both),
            Err(sentence) => Loading::Failed(sentence),
        });
    });
}

async fn both(cache: RequestCache) -> Result<Zoo, String> {
    let report = fetch_json("report.json", cache).await?;
    let report = Report::parse(&report).map_err(|error| error.to_string())?;
    let manifest = fetch_json("manifest.json", cache).await?;
    let manifest = Manifest::parse(&manifest).map_err(|error| error.to_string())?;
    Ok(Zoo { report, manifest })
}
