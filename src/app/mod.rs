//! The page: what a person sees and touches.
//!
//! [`state`](crate::state) decides what these components show. Each has one job and reaches the engines
//! only through [`Page`]. No inline `style` attributes: the Content-Security-Policy forbids them,
//! while the CSSOM, which Leptos' `style:` uses, is allowed.

mod address;
mod canvas;
mod check;
mod engine_panel;
mod groups;
mod hand;
mod icons;
mod keyboard;
mod latency;
mod listener;
mod models;
mod nav;
mod network_menu;
mod notice;
mod number;
mod pad;
mod page;
mod parts;
mod picture_file;
mod picture_source;
mod reading;
mod resize;
mod seen;
mod stopped;
mod teach;
mod tools;
mod vault;
mod votes;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use engine_panel::EnginePanel;
use groups::Groups;
use keyboard::Keyboard;
use models::Models;
use nav::{DESK, Masthead, Nav};
use notice::NoticeCard;
use number::{LookedAt, Number};
use pad::Pad;
use page::Page;
use picture_source::DropSheet;
use reading::{Bars, Correction, Live, Winner};
use seen::Seen;
use teach::{Keep, Prompt, Teaching};
use tools::Tools;
use votes::Votes;

use crate::route::Route;
use crate::state::Sheet;

/// Replaces the static shell in `#app` with the live page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        stopped::show();
    }));
    let root = document().get_element_by_id("app");
    let Some(root) = root.and_then(|root| root.dyn_into().ok()) else {
        panic!("the document has no element #app");
    };
    let shell: &web_sys::HtmlElement = &root;
    shell.set_inner_html("");
    mount_to(root, App).forget();
}

#[component]
fn App() -> impl IntoView {
    let page = Page::start();
    let nav = Nav::start();
    Effect::new(move |_| match nav.route() {
        Route::Draw => page.lay(Sheet::Digit),
        Route::Number => page.lay(Sheet::Number),
        Route::Teach => page.lay(Sheet::Sample),
        Route::Models | Route::Model(_) => {}
    });
    let is_number = page.memo(|s| s.sheet() == Sheet::Number);
    let is_sample = page.memo(|s| s.sheet() == Sheet::Sample);
    view! {
        <Masthead nav />
        <main id=DESK class="desk" class:wide=is_number class:school=is_sample tabindex="-1" hidden=move || !nav.is_drawing()>
            <section class="writing" aria-label="Drawing">
                <Prompt page />
                <Pad page />
                <Groups page />
                <Keep page />
                <Tools page nav />
            </section>
            <section class="reading" aria-label="Reading" hidden=is_sample>
                <Number page />
                <LookedAt page />
                <div class="verdict">
                    <Winner page />
                    <Seen page />
                </div>
                <Bars page />
                <Correction page nav />
                <Votes page />
                <EnginePanel page />
            </section>
            <Teaching page />
        </main>
        <Models page nav />
        <footer class="colophon">
            <p>"Nothing you draw leaves this page."</p>
            <p>"Trained on MNIST (LeCun et al.), CC BY-SA 3.0, and UCI’s pen digits, CC BY 4.0."</p>
            <Keyboard page nav />
        </footer>
        <NoticeCard page />
        <Live page />
        <DropSheet page nav />
    }
}
