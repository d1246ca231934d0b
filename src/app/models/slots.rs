//! The live components within the pages about networks.

use std::any::Any;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::app::check::Check;
use crate::app::latency::Latency;
use crate::app::page::Page;
use crate::app::votes::Vote;

/// The component for a slot of this name.
fn component(name: &str, page: Page, id: String) -> AnyView {
    match name {
        "latency" => view! { <Latency page id /> }.into_any(),
        "vote" => view! { <Vote page id /> }.into_any(),
        _ => view! { <Check page id /> }.into_any(),
    }
}

/// The components of a page. When the page is rewritten, they move into the new one and keep their state.
pub struct Slots {
    /// Owns all components.
    owner: Owner,
    mounted: Vec<Mounted>,
}

struct Mounted {
    /// The slot's name and network.
    key: [String; 2],
    element: HtmlElement,
    /// Unmounts the component when dropped.
    _handle: Box<dyn Any>,
}

impl Slots {
    pub fn new(owner: Owner) -> Self {
        let mounted = Vec::new();
        Self { owner, mounted }
    }

    /// Fills every slot of the page, and unmounts the components whose slots are gone.
    pub fn fill(&mut self, page: Page, main: &Element) {
        let Ok(slots) = main.query_selector_all("[data-slot]") else {
            return;
        };
        let mut before = std::mem::take(&mut self.mounted);
        for index in 0..slots.length() {
            let slot: Option<Element> = slots.get(index).and_then(|node| node.dyn_into().ok());
            let Some(slot) = slot else { continue };
            let key =
                ["data-slot", "data-id"].map(|name| slot.get_attribute(name).unwrap_or_default());
            let found = before.iter().position(|mounted| mounted.key == key);
            let mounted = match found {
                Some(place) => Some(before.swap_remove(place)),
                None => self.owner.with(|| mount(page, key)),
            };
            if let Some(mounted) = mounted {
                let _ = slot.append_child(&mounted.element);
                self.mounted.push(mounted);
            }
        }
    }
}

fn mount(page: Page, key: [String; 2]) -> Option<Mounted> {
    let element: HtmlElement = document().create_element("div").ok()?.dyn_into().ok()?;
    let [name, id] = key.clone();
    let handle = mount_to(element.clone(), move || component(&name, page, id));
    Some(Mounted {
        key,
        element,
        _handle: Box::new(handle),
    })
}
