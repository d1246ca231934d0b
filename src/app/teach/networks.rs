//! The networks that have learnt the person's handwriting.

use leptos::prelude::*;

use super::{Undo, ask, files};
use crate::app::page::Page;
use crate::app::parts::{is, taught};
use crate::hand::HandNetwork;
use crate::protocol::base_model;

#[component]
pub fn Networks(page: Page) -> impl IntoView {
    let networks = taught(page, |s| s.teach().networks().to_vec());
    let is_empty = taught(page, |s| s.teach().networks().is_empty());
    view! {
        <section class="hands" aria-label="Your networks" hidden=is_empty>
            <h3>"Your networks"</h3>
            <Undo page />
            <ul>{move || networks.get().into_iter().map(|network| line(page, network)).collect_view()}</ul>
        </section>
    }
}

fn line(page: Page, network: HandNetwork) -> AnyView {
    let about = match (network.n_samples, base_model(&network.id)) {
        (0, base) => format!("{base}, from a file"),
        (n, base) => format!("{base}, taught with {n} drawings"),
    };
    let id = network.id.clone();
    let in_use = is(page, move |s| s.model() == id);
    let [of_name, of_use, of_export, of_delete] = [(); 4].map(|()| network.id.clone());
    let now = network.name.clone();
    let rename = move |_| {
        if let Some(name) = ask("Name of the network", &now) {
            page.rename_network(&of_name, name);
        }
    };
    let use_it = move |_| page.use_network(of_use.clone());
    let export = move |_| files::save_network(page, &of_export);
    let delete = move |_| page.remove_network(of_delete.clone());
    view! {
        <li class="hand" class:in-use=in_use data-network=network.id.clone()>
            <b class="name">{network.name}</b>
            <span class="origin">{about}</span>
            <span class="ways">
                <button class="quiet small" disabled=in_use on:click=use_it>{move || if in_use.get() { "In use" } else { "Use" }}</button>
                <button class="quiet small" on:click=rename>"Rename"</button>
                <button class="quiet small" on:click=export>"Export"</button>
                <button class="quiet small" on:click=delete>"Delete"</button>
            </span>
        </li>
    }
    .into_any()
}
