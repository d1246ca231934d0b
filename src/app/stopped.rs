//! The message after a panic. It must not depend on the page's wasm, which has stopped.

use leptos::prelude::{document, window};

/// Covers the page with an error message and a link that reloads it.
pub fn show() {
    // If even this fails, the console still has the panic.
    let _ = try_show();
}

fn try_show() -> Option<()> {
    let element = |name: &str, text: &str| {
        let element = document().create_element(name).ok()?;
        element.set_text_content(Some(text));
        Some(element)
    };
    let reload = element("a", "Reload the page")?;
    reload
        .set_attribute("href", window().location().href().ok()?.split('#').next()?)
        .ok()?;
    let overlay = element("div", "")?;
    overlay.set_id("stopped");
    overlay.set_attribute("role", "alertdialog").ok()?;
    overlay
        .set_attribute("aria-label", "Inkling stopped unexpectedly")
        .ok()?;
    let text = "This is a bug in Inkling, not a problem with your drawing. Reload the page to start again.";
    for child in [
        element("h2", "Inkling stopped unexpectedly")?,
        element("p", text)?,
        reload,
    ] {
        overlay.append_child(&child).ok()?;
    }
    document().body()?.append_child(&overlay).ok()?;
    Some(())
}
