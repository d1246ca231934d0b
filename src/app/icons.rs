//! Icons. Each is decoration beside a name that says the same.

use leptos::prelude::*;

fn sign(path: &'static str) -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}

pub fn drop() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M12 1.8c3.6 4.9 6.9 8.7 6.9 13A6.9 6.9 0 0 1 5.1 14.8c0-4.3 3.3-8.1 6.9-13Z" />
            <path class="glint" d="M8.6 15.2a3.5 3.5 0 0 0 3 3.3" />
        </svg>
    }
}

pub fn pen() -> impl IntoView {
    sign(
        "M4 20l1.2-4.6L16.3 4.3a1.9 1.9 0 0 1 2.7 0l.7.7a1.9 1.9 0 0 1 0 2.7L8.6 18.8 4 20ZM14.3 6.3l3.4 3.4",
    )
}

pub fn eraser() -> impl IntoView {
    sign(
        "M9.5 19.5 4.3 14.3a1.8 1.8 0 0 1 0-2.5l7.5-7.5a1.8 1.8 0 0 1 2.5 0l5.4 5.4a1.8 1.8 0 0 1 0 2.5l-7.3 7.3H9.5ZM8 8.2l7.8 7.8M12.5 19.5H20",
    )
}

pub fn undo() -> impl IntoView {
    sign("M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.3 5.3 0 0 1 0 10.6h-3")
}

pub fn redo() -> impl IntoView {
    sign("M15.5 5 20 9.5 15.5 14M19.5 9.5H10a5.3 5.3 0 0 0 0 10.6h3")
}

pub fn clear() -> impl IntoView {
    sign("M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5")
}

pub fn picture() -> impl IntoView {
    sign("M4 5.5h16v13H4ZM4 15.5l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.3h.01")
}

pub fn join() -> impl IntoView {
    sign("M4 7v4a4 4 0 0 0 4 4h8a4 4 0 0 0 4-4V7")
}

/// A dot as large as the pen is wide.
pub fn dot(radius: f32) -> impl IntoView {
    view! {
        <svg class="sign dot" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle cx="12" cy="12" r=radius.to_string() />
        </svg>
    }
}
