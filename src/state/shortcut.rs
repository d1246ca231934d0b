//! Keyboard shortcuts.

use super::{Event, PenWidth, Tool};

/// The key that shows the list.
pub const LIST_KEY: &str = "?";

/// The list that the page shows: keys and what they do.
pub const SHORTCUTS: [(&str, &str); 7] = [
    ("Ctrl Z", "Undo (⌘ Z on a Mac)"),
    ("Ctrl Shift Z, Ctrl Y", "Redo"),
    ("Delete, Esc", "Clear the pad"),
    ("P", "Pen"),
    ("E", "Eraser, and back"),
    ("1 2 3, [ ]", "Pen width"),
    (LIST_KEY, "This list"),
];

/// The action of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Shortcut {
    Undo,
    Redo,
    Clear,
    Event(Box<Event>),
}

/// Returns the action of a key, named as in `KeyboardEvent.key`. `command` is Ctrl or ⌘.
pub fn shortcut(key: &str, command: bool, shift: bool, alt: bool) -> Option<Shortcut> {
    if alt {
        return None;
    }
    let key = key.to_ascii_lowercase();
    let event = match (key.as_str(), command, shift) {
        ("z", true, false) => return Some(Shortcut::Undo),
        ("z", true, true) | ("y", true, false) => return Some(Shortcut::Redo),
        (_, true, _) => return None,
        // Some keyboards need Shift for these.
        ("1", ..) => Event::Width(PenWidth::Fine),
        ("2", ..) => Event::Width(PenWidth::Medium),
        ("3", ..) => Event::Width(PenWidth::Broad),
        ("[", ..) => Event::Thinner,
        ("]", ..) => Event::Thicker,
        (_, _, true) => return None,
        ("delete" | "backspace" | "escape", ..) => return Some(Shortcut::Clear),
        ("e", ..) => Event::ToggleEraser,
        ("p", ..) => Event::Tool(Tool::Pen),
        _ => return None,
    };
    Some(Shortcut::Event(event.into()))
}
