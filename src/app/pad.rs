//! The pads: an `<inkling-pad>` for each sheet, of which one is shown. `web/pad` draws and holds the ink; the page
//! shows the rest.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, PointerEvent};

use super::groups::Bands;
use super::page::Page;
use super::picture_source::PictureOnPad;
use crate::state::{Event, Ink, Sheet, State, Tool};
use crate::strokes::{Point, Stroke};

/// The id of the pad that is shown.
const ID: &str = "pad";
/// `PointerEvent.button` for the eraser end of a pen.
const ERASER_BUTTON: i16 = 5;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = HtmlElement)]
    #[derive(Clone)]
    pub type InklingPad;
    #[wasm_bindgen(method, getter)]
    fn strokes(this: &InklingPad) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_strokes(this: &InklingPad, strokes: &JsValue);
    #[wasm_bindgen(method, getter, js_name = isWriting)]
    fn is_writing(this: &InklingPad) -> bool;
    #[wasm_bindgen(method, getter, js_name = canUndo)]
    fn can_undo(this: &InklingPad) -> bool;
    #[wasm_bindgen(method, getter, js_name = canRedo)]
    fn can_redo(this: &InklingPad) -> bool;
    #[wasm_bindgen(method)]
    pub fn undo(this: &InklingPad);
    #[wasm_bindgen(method)]
    pub fn redo(this: &InklingPad);
    #[wasm_bindgen(method)]
    pub fn clear(this: &InklingPad);
}

impl InklingPad {
    /// Removes the ink and the undo history.
    pub fn empty(&self) {
        self.set_strokes(&js_sys::Array::new());
    }

    fn ink(&self) -> Ink {
        // A pad always returns strokes of this form.
        let strokes: Vec<Vec<[f32; 3]>> =
            serde_wasm_bindgen::from_value(self.strokes()).unwrap_or_default();
        let stroke = |points: Vec<[f32; 3]>| {
            let points = points
                .into_iter()
                .map(|[x, y, radius]| Point::new(x, y, radius));
            Stroke::new(points.collect())
        };
        Ink {
            strokes: strokes.into_iter().map(stroke).collect(),
            is_writing: self.is_writing(),
            can_undo: self.can_undo(),
            can_redo: self.can_redo(),
        }
    }
}

/// The pad that is shown.
pub fn pad() -> Option<InklingPad> {
    document().get_element_by_id(ID).map(JsCast::unchecked_into)
}

#[component]
pub fn Pad(page: Page) -> impl IntoView {
    view! {
        <div class="pad">
            {Sheet::ALL.map(|sheet| view! { <SheetPad page sheet /> }).into_iter().collect_view()}
        </div>
    }
}

#[component]
fn SheetPad(page: Page, sheet: Sheet) -> impl IntoView {
    let is_laid = page.memo(move |s| s.sheet() == sheet);
    // The element gets these when they change, not at every move of the pen.
    let width = page.memo(move |s| 2.0 * s.width().radius() * sheet.ink());
    let tool = page.memo(|s| match s.tool() {
        Tool::Pen => "pen",
        Tool::Eraser => "eraser",
    });
    let changed = move |event: web_sys::CustomEvent| {
        if let Some(pad) = event.current_target() {
            page.apply(Event::Ink(sheet, pad.unchecked_into::<InklingPad>().ink()));
        }
    };
    // The eraser must not erase ink that the picture hides: it removes the picture and nothing else.
    let touched = move |event: PointerEvent| {
        let is_erasing =
            event.button() == ERASER_BUTTON || page.untracked(|s| s.tool() == Tool::Eraser);
        if is_erasing && page.untracked(|s| s.picture().is_some()) {
            event.stop_propagation();
            page.apply(Event::BackToDrawing);
        }
    };
    let hint = match sheet {
        Sheet::Digit => "Draw a digit",
        Sheet::Number => "Write a number",
        Sheet::Sample => "",
    };
    let over = (sheet == Sheet::Digit).then(|| view! { <PictureOnPad page /> });
    let under = (sheet == Sheet::Number).then(|| view! { <div slot="under"><Bands page /></div> });
    view! {
        <inkling-pad
            id=move || is_laid.get().then_some(ID)
            plain=""
            loading="manual"
            placeholder=hint
            aria-label=move || is_laid.get().then(|| page.with(State::description))
            data-strokes=move || is_laid.get().then(|| page.with(|s| s.strokes().len().to_string()))
            hidden=move || !is_laid.get()
            prop:penWidth=move || width.get()
            prop:tool=move || tool.get()
            on:inkling-ink=changed
            on:pointerdown:capture=touched
        >
            {under}
            {over}
        </inkling-pad>
    }
}
