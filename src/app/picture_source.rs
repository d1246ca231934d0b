//! Pictures of digits: chosen, dropped or pasted, and shown on the pad.

use gloo_file::{File, FileList};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, HtmlInputElement};

use super::icons;
use super::listener::listen;
use super::nav::Nav;
use super::page::Page;
use super::picture_file;
use crate::route::Route;
use crate::state::{Event, Picture};

/// The button that opens the file input.
#[component]
pub fn PictureButton(page: Page, nav: Nav) -> impl IntoView {
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        if let Some(file) = input.files().and_then(first_picture) {
            nav.go(&Route::Draw);
            open(page, file);
        }
        // So that choosing the same file again fires another change event.
        input.set_value("");
    };
    view! {
        <label class="tool wordy" title="Choose a picture of a digit, or drop or paste one anywhere">
            {icons::picture()}
            <span>"Picture"<span class="unseen">" of a digit: choose a file"</span></span>
            <input id="picture-input" class="unseen" type="file" accept="image/*" on:change=chosen />
        </label>
    }
}

/// The picture that is read, on top of the drawing. The pen draws through it.
#[component]
pub fn PictureOnPad(page: Page) -> impl IntoView {
    let picture = page.memo(|state| state.picture().cloned());
    let show = move |picture: Picture| {
        let name = if picture.name.is_empty() {
            "Pasted picture".into()
        } else {
            picture.name
        };
        view! {
            <figure id="picture">
                <img src=picture.thumbnail alt="The picture being read" draggable="false" />
                <figcaption>
                    <span class="file-name" title=name.clone()>{name.clone()}</span>
                    <button id="back-to-drawing" class="quiet" on:click=move |_| page.apply(Event::BackToDrawing)>
                        "Back to drawing"
                    </button>
                </figcaption>
            </figure>
        }
    };
    move || picture.get().map(show)
}

/// Accepts files dropped or pasted anywhere on the page, and shows where a dropped file would go.
#[component]
pub fn DropSheet(page: Page, nav: Nav) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let show = move |file| {
        nav.go(&Route::Draw);
        open(page, file);
    };
    let has_files = |data: &DataTransfer| data.types().includes(&"Files".into(), 0);
    listen("dragover", move |event: &DragEvent| {
        if event.data_transfer().as_ref().is_some_and(has_files) {
            event.prevent_default();
            is_over.set(true);
        }
    });
    listen("dragleave", move |event: &DragEvent| {
        if event.related_target().is_none() {
            is_over.set(false);
        }
    });
    listen("drop", move |event: &DragEvent| {
        is_over.set(false);
        if let Some(data) = event.data_transfer().filter(has_files) {
            event.prevent_default();
            data.files()
                .and_then(first_picture)
                .into_iter()
                .for_each(show);
        }
    });
    listen("paste", move |event: &ClipboardEvent| {
        let files = event.clipboard_data().and_then(|data| data.files());
        match files.and_then(first_picture) {
            Some(file) => show(file),
            None if !nav.is_drawing_untracked() => {}
            None => page.apply(Event::PictureRefused(
                "There is no picture on the clipboard.".into(),
            )),
        }
    });
    view! {
        <div class="drop-sheet" class:over=move || is_over.get() aria-hidden="true">
            <p>"Drop a picture of a digit"</p>
        </div>
    }
}

/// The first picture among the files, or else the first file, so that the refusal can name it.
fn first_picture(files: web_sys::FileList) -> Option<File> {
    let files = FileList::from(files);
    let is_picture = |file: &&File| file.raw_mime_type().starts_with("image/");
    let picture = files.iter().find(is_picture);
    picture.or(files.first()).cloned()
}

/// Reads a file. The result is dropped if a newer file was opened meanwhile.
fn open(page: Page, file: File) {
    let turn = page.next_picture();
    spawn_local(async move {
        let picture = picture_file::read(&file).await;
        if page.is_newest_picture(turn) {
            page.apply(match picture {
                Ok(picture) => Event::PictureRead(picture),
                Err(sentence) => Event::PictureRefused(sentence),
            });
        }
    });
}
