//! The engine in use, why it was chosen, and the menu of the others.

use leptos::prelude::*;

use super::network_menu::NetworkMenu;
use super::page::Page;
use super::parts::{self, is, text};
use super::teach::Undo;
use crate::protocol::Backend;
use crate::state::backend_title;
use crate::supervisor::Choice;

#[component]
pub fn EnginePanel(page: Page) -> impl IntoView {
    let running = page.memo(|s| s.status().and_then(|status| status.running.clone()));
    let name = move || running.get().map(|running| running.backend.name());
    let title = move || {
        running
            .get()
            .map_or("no engine yet", |running| backend_title(running.backend))
    };
    let device = move || {
        running
            .get()
            .map(|running| running.device)
            .filter(|device| !device.is_empty())
    };
    let why = move || running.get().map(|running| running.why);
    let switching = text(page, |s| s.switching());
    let is_switching = is(page, |s| !s.switching().is_empty());
    view! {
        <div class="engine">
            <div>
                <p class="runs">
                    "Runs on "
                    <strong id="backend" data-backend=move || name().unwrap_or_default()>{title}</strong>
                </p>
                <p id="backend-why" class:unseen=is_switching>{why}</p>
                <p id="switching" role="status">{switching}</p>
                <p class="device">{device}</p>
            </div>
            <div class="choices">
                <div>
                    <NetworkMenu page />
                    <Undo page />
                </div>
                <label class="choice">
                    <span>"Engine"</span>
                    <BackendMenu page />
                </label>
            </div>
        </div>
    }
}

#[component]
fn BackendMenu(page: Page) -> impl IntoView {
    let chosen = page.memo(|s| s.choice().name());
    let changed = move |event: web_sys::Event| {
        let choice = parts::chosen(&event).and_then(|name| Choice::from_name(&name));
        if let Some(choice) = choice {
            page.choose(choice);
        }
    };
    let option = |choice: Choice, title: &'static str| {
        view! { <option value=choice.name() selected=move || chosen.get() == choice.name()>{title}</option> }
    };
    let backends =
        Backend::ALL.map(|backend| option(Choice::Forced(backend), backend_title(backend)));
    view! {
        <select id="backend-menu" prop:value=move || chosen.get() on:change=changed>
            {option(Choice::Auto, "Automatic")}
            {backends.into_iter().collect_view()}
        </select>
    }
}
