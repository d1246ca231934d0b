//! What is kept on this device: exporting, importing, deleting.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::files;
use crate::app::page::Page;
use crate::app::parts::{paragraph, taught};

#[component]
pub fn Keeping(page: Page) -> impl IntoView {
    let not_kept = taught(page, |s| s.teach().not_kept().to_owned());
    let is_sure = RwSignal::new(false);
    let n = taught(page, |s| {
        let (n, networks) = (s.teach().samples().len(), s.teach().networks().len());
        match (n, networks) {
            (0, 0) => String::new(),
            (n, networks) => {
                let drawings = counted(n, "drawing");
                let networks = counted(networks, "network");
                format!("{drawings} and {networks}, in this browser and nowhere else.")
            }
        }
    });
    let is_empty = Memo::new(move |_| n.with(String::is_empty));
    let chosen = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            if let Some(list) = input.files() {
                files::import(page, list.into());
            }
            // So that choosing the same file again fires another change event.
            input.set_value("");
        }
    };
    view! {
        <section class="keeping" aria-label="What is kept">
            <h3>"Kept on this device"</h3>
            {paragraph("trouble", not_kept)}
            {paragraph("lede", n)}
            <div class="ways">
                <button id="export-samples" class="quiet" disabled=is_empty on:click=move |_| files::save_samples(page)>"Export drawings"</button>
                <label class="quiet file">
                    "Import"<span class="unseen">" drawings or a network from a file"</span>
                    <input id="import" class="unseen" type="file" multiple accept=".json,.safetensors" on:change=chosen />
                </label>
                <button id="delete-everything" class="quiet" disabled=is_empty hidden=is_sure on:click=move |_| is_sure.set(true)>"Delete everything"</button>
            </div>
            <div class="ways" hidden=move || !is_sure.get()>
                <p>"This deletes all drawings, symbols and taught networks for good."</p>
                <button id="delete-for-good" class="loud" on:click=move |_| { is_sure.set(false); page.delete_everything(); }>"Delete for good"</button>
                <button class="quiet" on:click=move |_| is_sure.set(false)>"Keep them"</button>
            </div>
        </section>
    }
}

fn counted(n: usize, what: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    format!("{n} {what}{end}")
}
