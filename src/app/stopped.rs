//! The last words after a panic. Nothing here may need the page's wasm again: it has stopped.

use leptos::prelude::{document, window};

/// Covers the page with what happened and a link that loads it anew.
pub fn show() {
    // Where even this fails, the console has the panic.
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
    let text = "This is a fault in the page, not in what you drew. Reload it to start again.";
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
