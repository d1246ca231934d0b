//! The tools beside the pad.

use leptos::prelude::*;

use super::icons;
use super::nav::Nav;
use super::page::Page;
use super::picture_source::PictureButton;
use crate::state::{Event, PenWidth, Tool};

#[component]
pub fn Tools(page: Page, nav: Nav) -> impl IntoView {
    let is_tool = move |tool| move || page.with(|s| s.tool() == tool).to_string();
    let tool = move |tool| move |_| page.apply(Event::Tool(tool));
    view! {
        <div class="tools" role="group" aria-label="Tools">
            <div class="group">
                <button id="pen" class="tool" title="Pen (P)" aria-label="Pen" aria-keyshortcuts="P"
                    aria-pressed=is_tool(Tool::Pen) on:click=tool(Tool::Pen)>{icons::pen()}</button>
                <button id="eraser" class="tool" title="Eraser: removes whole strokes (E)" aria-label="Eraser"
                    aria-keyshortcuts="E" aria-pressed=is_tool(Tool::Eraser)
                    on:click=tool(Tool::Eraser)>{icons::eraser()}</button>
            </div>
            <div class="group" role="group" aria-label="Pen width">
                {PenWidth::ALL.into_iter().zip(1..).map(|(width, key)| view! { <WidthButton page width key /> }).collect_view()}
            </div>
            <div class="group">
                <button id="undo" class="tool" title="Undo (Ctrl+Z)" aria-label="Undo"
                    aria-keyshortcuts="Control+Z Meta+Z" disabled=move || page.with(|s| !s.can_undo())
                    on:click=move |_| page.undo()>{icons::undo()}</button>
                <button id="redo" class="tool" title="Redo (Ctrl+Shift+Z or Ctrl+Y)" aria-label="Redo"
                    aria-keyshortcuts="Control+Shift+Z Control+Y" disabled=move || page.with(|s| !s.can_redo())
                    on:click=move |_| page.redo()>{icons::redo()}</button>
                <button id="clear" class="tool wordy" title="Clear the pad (Delete or Esc)"
                    aria-keyshortcuts="Delete Backspace Escape" disabled=move || page.with(|s| s.is_blank())
                    on:click=move |_| page.clear()>{icons::clear()}<span>"Clear"</span></button>
            </div>
            <PictureButton page nav />
        </div>
    }
}

#[component]
fn WidthButton(page: Page, width: PenWidth, key: u8) -> impl IntoView {
    let name = width.name();
    view! {
        <button
            id=format!("width-{key}")
            class="tool"
            title=format!("{name} pen ({key})")
            aria-label=name
            aria-keyshortcuts=key.to_string()
            aria-pressed=move || page.with(|s| s.width() == width).to_string()
            on:click=move |_| page.apply(Event::Width(width))
        >
            {icons::dot(width.radius() / 7.0)}
        </button>
    }
}
