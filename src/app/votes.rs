//! How each network reads the drawing, once the person asks.

use leptos::prelude::*;

use super::page::Page;
use super::parts::{button, is, paragraph, text};
use crate::examiner::Event;
use crate::state::{Sheet, State, vote};

/// A row for each network, and the majority vote; shown beside the pad.
#[component]
pub fn Votes(page: Page) -> impl IntoView {
    let ids = page.memo(State::networks);
    let is_unasked = is(page, |s| !s.exam().is_asking);
    // One network alone can't vote, and a number isn't a single digit.
    let is_absent = is(page, |s| {
        s.exam().networks.len() < 2 || s.sheet() == Sheet::Number
    });
    let ask = move || page.examine(Event::Ask(is_unasked.get_untracked()));
    let again = move || page.examine(Event::Ask(true));
    let trouble = text(page, |s| s.trouble_of_votes());
    let retry = text(page, |s| match s.trouble_of_votes().is_empty() {
        true => String::new(),
        false => "Try again".into(),
    });
    view! {
        <section class="votes" aria-label="All networks" hidden=is_absent>
            <div class="asked">
                {paragraph("tally", text(page, State::tally))}
                {button("quiet ask", text(page, State::ask_words), ask)}
            </div>
            <ol class="ballots" hidden=is_unasked>
                {move || ids.get().into_iter().map(|id| ballot(page, id)).collect_view()}
            </ol>
            <div class="asked trouble">{paragraph("", trouble)} {button("quiet", retry, again)}</div>
        </section>
    }
}

fn ballot(page: Page, id: String) -> AnyView {
    let name = id.clone();
    let dissents = is(page, move |s| {
        let vote = s.exam().network(&name).and_then(|network| network.vote);
        let majority = s.exam().majority();
        vote.zip(majority)
            .is_some_and(|(vote, (digit, _))| !vote.is_digit || vote.digit != digit)
    });
    view! {
        <li class="ballot" class:dissents=dissents>
            <span class="voter">{id.clone()}</span>
            <Vote page id />
        </li>
    }
    .into_any()
}

/// One network's reading of the drawing: the digit and its probability, or a dash.
#[component]
pub fn Vote(page: Page, #[prop(into)] id: String) -> impl IntoView {
    let (name, of_share) = (id.clone(), id.clone());
    let digit = text(page, move |s| vote(s, &id).0);
    let share = text(page, move |s| vote(s, &of_share).1);
    view! {
        <span class="vote" data-vote=name>
            <b class="vote-digit">{digit}</b>
            " "
            <span class="vote-share">{share}</span>
        </span>
    }
    .into_any()
}
