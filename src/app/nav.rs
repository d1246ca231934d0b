//! The pages, all in one document: which one the address asks for, and the links between them.
//!
//! Pages are hidden, not destroyed, so the drawing and the engines survive a visit to another page.

use gloo_render::request_animation_frame;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icons;
use super::listener::listen;
use crate::catalogue::HEADING;
use crate::route::{Route, row_link};

/// The id of the element that gets the focus when a page with a pad opens.
pub const DESK: &str = "desk";

#[derive(Clone, Copy)]
pub struct Nav {
    route: RwSignal<Route>,
}

impl Nav {
    /// Follows the address. Call this once, inside the app's component.
    pub fn start() -> Self {
        let route = RwSignal::new(asked_for());
        document().set_title(&route.get_untracked().title());
        // Dropping the frame would cancel it.
        let arrival = StoredValue::new_local(None);
        listen("hashchange", move |_: &web_sys::Event| {
            let (before, now) = (route.get_untracked(), asked_for());
            if before != now {
                document().set_title(&now.title());
                route.set(now.clone());
                // The page is drawn by the next frame.
                let frame = request_animation_frame(move |_| arrive(&before, &now));
                arrival.set_value(Some(frame));
            }
        });
        Self { route }
    }

    pub fn route(self) -> Route {
        self.route.get()
    }

    pub fn route_untracked(self) -> Route {
        self.route.get_untracked()
    }

    pub fn is_drawing(self) -> bool {
        self.route.with(Route::has_pad)
    }

    pub fn is_drawing_untracked(self) -> bool {
        self.route.with_untracked(Route::has_pad)
    }

    pub fn go(self, route: &Route) {
        // Fails only if the page has no address of its own.
        let _ = window().location().set_hash(&route.hash());
    }
}

fn asked_for() -> Route {
    Route::from_hash(&window().location().hash().unwrap_or_default())
}

/// Moves the focus and the view to the start of the page; coming back from a network, to that network's link.
fn arrive(before: &Route, now: &Route) {
    let focus = |id: &str| {
        let element = document().get_element_by_id(id);
        let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        element.is_some_and(|element| element.focus().is_ok())
    };
    if let (Route::Model(id), Route::Models) = (before, now)
        && focus(&row_link(id))
    {
        return;
    }
    focus(match now {
        Route::Draw | Route::Number | Route::Teach => DESK,
        _ => HEADING,
    });
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

#[component]
pub fn Masthead(nav: Nav) -> impl IntoView {
    let link = |to: Route, name: &'static str| {
        let href = to.hash();
        let current = move || match (nav.route(), &to) {
            (route, to) if route == *to => Some("page"),
            // The page of one network belongs to that of all networks.
            (Route::Model(_), Route::Models) => Some("true"),
            _ => None,
        };
        view! { <a href=href aria-current=current>{name}</a> }
    };
    view! {
        <header class="masthead">
            {icons::drop()}
            <h1>"Inkling"</h1>
            <p>"reads the digit you draw"</p>
            <nav aria-label="Pages">{link(Route::Draw, "Draw")} {link(Route::Number, "Number")} {link(Route::Teach, "Teach")} {link(Route::Models, "Models")}</nav>
        </header>
    }
}
