//! The notice: what went wrong, what runs now, and what to do about it.

use leptos::prelude::*;

use super::page::Page;
use crate::state::Event;
use crate::supervisor::Notice;

#[component]
pub fn NoticeCard(page: Page) -> impl IntoView {
    let notice = page.memo(|s| s.notice().cloned());
    let card = move |notice: Notice| {
        let retry = notice.can_retry.then(|| {
            view! {
                <button id="retry" class="loud" on:click=move |_| page.retry()>"Try again"</button>
            }
        });
        view! {
            <div id="notice" role="alert">
                <h2 id="notice-title">{notice.title}</h2>
                <p id="notice-text">{notice.text}</p>
                <div class="ways">
                    {retry}
                    <button id="dismiss" class="quiet" on:click=move |_| page.apply(Event::Dismiss)>"Dismiss"</button>
                </div>
            </div>
        }
    };
    move || notice.get().map(card)
}
