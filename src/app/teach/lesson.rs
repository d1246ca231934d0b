//! The lesson: what is trained, its progress, and its result.

use leptos::prelude::*;

use crate::album;
use crate::app::page::Page;
use crate::app::parts::{button, is, paragraph, taught, text};
use crate::protocol::Scope;
use crate::state::{Lesson, Line, State, TeachEvent, comparison, judgement};

/// The width that the curves are drawn for, in chart units.
const WIDTH: f64 = 480.0;

#[component]
pub fn LessonCard(page: Page) -> impl IntoView {
    let stage = taught(page, |s| stage(s.teach().lesson()));
    let is_running = taught(page, |s| matches!(s.teach().lesson(), Lesson::Running(_)));
    let obstacle = taught(page, |s| s.teach().obstacle());
    let begin = text(page, |s| match s.teach().lesson() {
        Lesson::Running(_) => String::new(),
        _ => format!("Teach {}", s.lesson_base()),
    });
    let cancel = taught(page, |s| match s.teach().lesson() {
        Lesson::Running(_) => "Cancel".to_owned(),
        _ => String::new(),
    });
    let is_blocked = Memo::new(move |_| obstacle.with(|obstacle| !obstacle.is_empty()));
    let progress = taught(page, |s| s.teach().progress());
    let fraction = taught(page, |s| match s.teach().lesson() {
        Lesson::Running(learning) => learning
            .fraction()
            .map_or(String::new(), |f| format!("{f:.3}")),
        _ => String::new(),
    });
    let curve = taught(page, |s| match s.teach().lesson() {
        Lesson::Running(learning) => album::lesson_curve(learning, WIDTH).into_string(),
        _ => String::new(),
    });
    let failure = taught(page, |s| match s.teach().lesson() {
        Lesson::Failed(sentence) => sentence.clone(),
        _ => String::new(),
    });
    view! {
        <section class="lesson" aria-label="Lesson" data-stage=stage>
            <h3>"Lesson"</h3>
            <div class="ways" hidden=is_running>
                {scopes(page)}
                <button id="teach" class="loud" disabled=is_blocked hidden=is_running on:click=move |_| page.begin_lesson()>{begin}</button>
            </div>
            {paragraph("lede", obstacle)}
            <div class="under-way" hidden=move || !is_running.get()>
                <div class="asked">
                    <p id="lesson-progress" role="status">{progress}</p>
                    {button("quiet cancel", cancel, move || page.cancel_lesson())}
                </div>
                <progress aria-labelledby="lesson-progress" max="1" value=move || Some(fraction.get()).filter(|f| !f.is_empty())></progress>
                <div class="curve" inner_html=curve></div>
            </div>
            {paragraph("trouble", failure)}
            <Brought page />
        </section>
    }
}

fn stage(lesson: &Lesson) -> &'static str {
    match lesson {
        Lesson::None => "none",
        Lesson::Running(_) => "running",
        Lesson::Done(_) => "done",
        Lesson::Failed(_) => "failed",
    }
}

fn scopes(page: Page) -> impl IntoView {
    let scope = |scope: Scope, name: &'static str| {
        let is_chosen = taught(page, move |s| (s.teach().scope() == scope).to_string());
        let choose = move |_| page.teach(TeachEvent::Scope(scope));
        view! { <button aria-pressed=is_chosen on:click=choose>{name}</button> }
    };
    view! {
        <div class="choice-of-two" role="group" aria-label="What is trained">
            {scope(Scope::Full, "All layers")} {scope(Scope::Last, "Last layer")}
        </div>
    }
}

/// Before and after, and whether the network is used.
#[component]
fn Brought(page: Page) -> impl IntoView {
    let done = taught(page, |s| match s.teach().lesson() {
        Lesson::Done(id) => s.teach().network(id).cloned(),
        _ => None,
    });
    move || {
        let network = done.get()?;
        let figures = network.figures?;
        let line = |(what, before, after): Line| {
            view! { <tr><th scope="row">{what}</th><td>{before}</td><td>{after}</td></tr> }
        };
        let words = judgement(&figures, &network.name);
        let of_use = network.id.clone();
        let id = network.id.clone();
        let in_use = is(page, move |s| s.model() == id);
        let id = network.id;
        Some(view! {
            <table class="brought">
                <thead><tr><td></td><th scope="col">"before"</th><th scope="col">"after"</th></tr></thead>
                <tbody>{comparison(&figures).map(line).into_iter().collect_view()}</tbody>
            </table>
            <p id="brought">{words}</p>
            <div class="ways">
                <button id="use-anyway" class="loud" hidden=in_use on:click=move |_| page.use_network(of_use.clone())>"Use it"</button>
                <button class="quiet" hidden=in_use on:click=move |_| page.remove_network(id.clone())>"Discard it"</button>
            </div>
        })
    }
}

/// The button that goes back from the taught network in use to the one it replaced.
#[component]
pub fn Undo(page: Page) -> impl IntoView {
    let words = text(page, undo_words);
    button("quiet undo-hand", words, move || page.undo_network())
}

fn undo_words(state: &State) -> String {
    match state.hand() {
        Some(hand) => format!("Undo: back to {}", state.network_name(&hand.replaced)),
        None => String::new(),
    }
}
