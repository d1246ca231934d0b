//! What a person does with their drawings and networks. Each step changes the page's state at once and is then stored.
//! What can't be stored stays on the page, and a notice says so.

use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::pad::{InklingPad, pad};
use super::page::Page;
use super::vault::{self, Change, Shelf};
use crate::digit::DigitImage;
use crate::hand::{Drawn, HandNetwork, Learning};
use crate::host::{Bell, Host, Order, Weights, new_id, short_id};
use crate::protocol::base_model;
use crate::state::{Event, Lesson, Sheet, State, TeachEvent};
use crate::symbols::Space;
use crate::taught::{Judgement, judge};

/// The lock that a tab holds while it teaches.
const LESSON: &str = "lesson";
/// The setting that names the taught network in use.
const IN_USE: &str = "in-use";
/// The setting that names the network that embeds symbols.
const SPACE: &str = "space";

#[derive(Serialize, Deserialize)]
struct Setting {
    id: String,
    value: String,
}

impl Page {
    /// Applies a teaching event.
    pub fn teach(self, event: TeachEvent) {
        self.apply(Event::Teach(event));
    }

    /// Reads what was stored, and reads it again whenever another tab changes it.
    pub fn open_vault(self) {
        spawn_local(async move {
            if let Err(why) = vault::open().await {
                self.teach(TeachEvent::NotKept(why));
            }
            self.read_vault().await;
            vault::on_change(move |change| match change {
                // Settings are read only at the start.
                Change::Shelves(shelves) if shelves == [Shelf::Settings] => {}
                Change::Shelves(_) => spawn_local(async move { self.read_vault().await }),
                Change::Outdated => {
                    let text =
                        "Another tab has a newer version of Inkling. Reload this tab to update it.";
                    self.tell("This tab is out of date", text.into());
                }
            });
            let settings = vault::read::<Setting>(Shelf::Settings)
                .await
                .unwrap_or_default();
            let value = |id: &str| {
                settings
                    .iter()
                    .find(|s| s.id == id)
                    .map(|s| s.value.clone())
            };
            if let Some(network) = value(IN_USE)
                && self.untracked(|s| s.teach().network(&network).is_some())
                && !super::address::names_model()
            {
                self.use_network(network);
            }
            if let Some(space) = value(SPACE).and_then(|model| Space::of(&model)) {
                self.apply(Event::Space(space));
            }
            if value(LESSON).is_some() && !vault::is_locked(LESSON).await {
                self.forget(LESSON);
                let text = "The page was closed before the lesson finished. Your drawings are all still here, \
                            so you can teach again at any time.";
                self.tell("A lesson was cut short", text.into());
            }
        });
    }

    async fn read_vault(self) {
        let read = async {
            let samples = vault::read::<Drawn>(Shelf::Samples).await?;
            Ok::<_, String>((samples, vault::networks().await?))
        };
        match read.await {
            Ok((samples, networks)) => {
                self.with_host(|host| {
                    networks
                        .iter()
                        .for_each(|(network, bytes)| keep(host, network, bytes));
                });
                let networks = networks.into_iter().map(|(network, _)| network).collect();
                self.teach(TeachEvent::Read { samples, networks });
                self.mind_the_network();
            }
            Err(why) => self.tell("What you taught cannot be read", why),
        }
    }

    /// Goes back to a network that still exists if the one in use was deleted.
    fn mind_the_network(self) {
        let model = self.untracked(|s| s.model().to_owned());
        let base = base_model(&model);
        if base != model && self.untracked(|s| s.teach().network(&model).is_none()) {
            self.use_network(base.into());
        }
    }

    /// Saves the drawing on the pad as a sample of the requested label.
    pub fn keep_sample(self) {
        let label = self.untracked(|s| s.teach().label());
        if let Some(drawn) = self.untracked(|s| s.as_sample(new_id(), label)) {
            self.teach(TeachEvent::Kept(drawn.clone()));
            pad().iter().for_each(InklingPad::empty);
            self.put_samples(vec![drawn]);
        }
    }

    /// Saves the misread drawing on the pad as a sample of the right label.
    pub fn correct(self, label: String) {
        self.uncorrect();
        if let Some(drawn) = self.untracked(|s| s.as_sample(new_id(), label)) {
            self.teach(TeachEvent::Corrected(drawn.clone()));
            self.put_samples(vec![drawn]);
        }
    }

    /// Undoes the correction of the drawing.
    pub fn uncorrect(self) {
        if let Some(id) = self.untracked(|s| s.corrected().map(|drawn| drawn.id.clone())) {
            self.remove_samples(vec![id]);
        }
    }

    pub fn relabel(self, id: String, label: String) {
        self.teach(TeachEvent::Relabelled {
            id: id.clone(),
            label,
        });
        let drawn = self.untracked(|s| s.teach().sample(&id).cloned());
        self.put_samples(drawn.into_iter().collect());
    }

    pub fn remove_samples(self, ids: Vec<String>) {
        self.teach(TeachEvent::Removed(ids.clone()));
        self.later(async move { vault::remove(Shelf::Samples, &ids).await });
    }

    pub(super) fn put_samples(self, samples: Vec<Drawn>) {
        let ids = samples.iter().map(|sample| sample.id.clone()).collect();
        self.safely(
            ids,
            async move { vault::keep(Shelf::Samples, &samples).await },
        );
    }

    fn put_network(self, network: HandNetwork, weights: Uint8Array) {
        self.safely(vec![network.id.clone()], async move {
            vault::keep_network(&network, &weights).await
        });
    }

    /// Stores the samples or networks with these ids. Those that can't be stored stay on the page whatever other tabs
    /// do.
    fn safely(self, ids: Vec<String>, kept: impl Future<Output = Result<(), String>> + 'static) {
        self.later(async move {
            let kept = kept.await;
            self.teach(match kept {
                Ok(()) => TeachEvent::Safe(ids),
                Err(_) => TeachEvent::Unkept(ids),
            });
            kept
        });
    }

    /// Stores something, and shows a notice if that fails.
    fn later(self, kept: impl Future<Output = Result<(), String>> + 'static) {
        spawn_local(async move {
            if let Err(why) = kept.await {
                self.tell("This is not saved yet", why);
            }
        });
    }

    fn remember(self, id: &str, value: &str) {
        let (id, value) = (id.into(), value.into());
        self.later(async move { vault::keep(Shelf::Settings, &[Setting { id, value }]).await });
    }

    fn forget(self, id: &str) {
        let id = id.to_owned();
        self.later(async move { vault::remove(Shelf::Settings, &[id]).await });
    }

    /// Trains the network in use, or the one it was taught from, on all drawings of digits.
    pub fn begin_lesson(self) {
        if self.untracked(|s| matches!(s.teach().lesson(), Lesson::Running(_))) {
            return;
        }
        let order = self.untracked(|s| Order {
            id: format!("{}@{}", s.lesson_base(), short_id()),
            name: s.teach().next_name(),
            replaced: s.model().into(),
            scope: s.teach().scope(),
            ink: s.lesson_ink(),
            samples: s.teach().lesson_samples(),
        });
        let Some(host) = self.host() else { return };
        // From here on, a second click is ignored.
        self.teach(TeachEvent::Learning(Learning::default()));
        let lesson = async move {
            // This runs only with the lock, so it can't overwrite the note of another tab's lesson.
            let bell = Bell::default();
            self.set_bell(Some(bell.clone()));
            self.remember(LESSON, &order.id);
            let tell = move |learning| self.teach(TeachEvent::Learning(learning));
            let taught = host.teach(order, bell, tell).await;
            self.forget(LESSON);
            self.set_bell(None);
            match taught {
                None => self.teach(TeachEvent::Cancelled),
                Some(Err(why)) => self.teach(TeachEvent::Failed(format!(
                    "The lesson could not be finished: {why}. Your drawings and the network in use are unchanged."
                ))),
                Some(Ok((network, weights))) => self.taught(network, weights),
            }
        };
        spawn_local(async move {
            if let Err(why) = vault::lock(LESSON, lesson).await {
                self.teach(TeachEvent::Failed(why));
            }
        });
    }

    fn taught(self, network: HandNetwork, weights: Uint8Array) {
        let is_better = network
            .figures
            .is_some_and(|figures| judge(&figures.before, &figures.after) == Judgement::Better);
        let id = network.id.clone();
        self.add_network(network.clone(), weights);
        self.teach(TeachEvent::Taught(network));
        if is_better {
            self.use_network(id);
        }
    }

    /// Keeps a network and its weights on the page, and stores them.
    pub(super) fn add_network(self, network: HandNetwork, weights: Uint8Array) {
        self.with_host(|host| keep(host, &network, &weights));
        self.put_network(network, weights);
    }

    pub fn cancel_lesson(self) {
        if let Some(bell) = self.bell() {
            bell.ring();
        }
    }

    /// Switches to a network, taught or not, and remembers it.
    pub fn use_network(self, id: String) {
        match base_model(&id) == id {
            true => self.forget(IN_USE),
            false => self.remember(IN_USE, &id),
        }
        self.choose_model(id);
    }

    /// Switches back to the network that the taught one replaced.
    pub fn undo_network(self) {
        let before = self.untracked(|s| {
            let hand = s.hand()?;
            let is_there = s.teach().network(&hand.replaced).is_some();
            let is_taught = base_model(&hand.replaced) != hand.replaced;
            Some(match is_taught && !is_there {
                true => s.lesson_base().to_owned(),
                false => hand.replaced.clone(),
            })
        });
        if let Some(before) = before {
            self.use_network(before);
        }
    }

    pub fn rename_network(self, id: &str, name: String) {
        let mut networks = self.untracked(|s| s.teach().networks().to_vec());
        let Some(network) = networks.iter_mut().find(|network| network.id == id) else {
            return;
        };
        network.name = name;
        let network = network.clone();
        self.teach(TeachEvent::Networks(networks));
        let weights = self.host().and_then(|host| host.taught(&network.id));
        if let Some(weights) = weights {
            self.put_network(network, weights.bytes);
        }
    }

    pub fn remove_network(self, id: String) {
        let mut networks = self.untracked(|s| s.teach().networks().to_vec());
        networks.retain(|network| network.id != id);
        self.teach(TeachEvent::Networks(networks));
        if self.untracked(|s| s.model() == id) {
            self.use_network(base_model(&id).into());
        }
        self.with_host(|host| host.keep_taught(&id, None));
        self.later(async move { vault::remove(Shelf::Networks, &[id]).await });
    }

    /// Has the drawing on the pad compared with the symbols, if there are any.
    pub fn embed_drawing(self, image: Option<&DigitImage>) {
        let is_wanted = self.untracked(|s| s.sheet() != Sheet::Number && s.has_symbols());
        if let Some(image) = image.filter(|_| is_wanted) {
            let model = self.untracked(State::space).model();
            self.with_host(|host| host.embed_drawing(model, image.clone()));
        }
    }

    /// Has samples embedded as soon as there are new ones.
    pub fn follow_symbols(self) {
        let unseen = self.memo_taught(State::unseen);
        Effect::new(move |_| {
            let unseen = unseen.get();
            if unseen.is_empty() {
                return;
            }
            let model = self.untracked(State::space).model();
            self.apply(Event::AskedToEmbed(unseen.clone()));
            for id in unseen {
                let images = self.untracked(|s| s.images_of_sample(&id));
                self.with_host(|host| host.embed_example(model, id, images));
            }
        });
    }

    /// Chooses the network that embeds, and remembers it.
    pub fn choose_space(self, space: Space) {
        self.apply(Event::Space(space));
        self.remember(SPACE, space.model());
    }

    /// Deletes all drawings of a symbol.
    pub fn forget_symbol(self, label: &str) {
        let ids = self.untracked(|s| s.teach().of(label).map(|s| s.id.clone()).collect());
        if self.untracked(|s| s.teach().subject() == Some(label)) {
            self.teach(TeachEvent::Subject(None));
        }
        self.remove_samples(ids);
    }

    /// Deletes everything that was taught, for good.
    pub fn delete_everything(self) {
        let networks = self.untracked(|s| s.teach().networks().to_vec());
        let samples =
            self.untracked(|s| s.teach().samples().iter().map(|s| s.id.clone()).collect());
        self.cancel_lesson();
        self.later(async move {
            vault::clear().await?;
            self.teach(TeachEvent::Removed(samples));
            self.teach(TeachEvent::Networks(Vec::new()));
            self.mind_the_network();
            self.with_host(|host| networks.iter().for_each(|n| host.keep_taught(&n.id, None)));
            Ok(())
        });
    }
}

fn keep(host: &Host, network: &HandNetwork, bytes: &Uint8Array) {
    let weights = Weights {
        sha256: network.sha256.clone(),
        probe_logits: network.probe_logits,
        bytes: bytes.clone(),
    };
    host.keep_taught(&network.id, Some(weights));
}
