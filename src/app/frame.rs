//! Work that is requested often and done at most once a frame.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::request_animation_frame;

/// Returns a function that schedules `work` once for the next frame, however often it is called until then.
pub fn once_a_frame(work: impl Fn() + 'static) -> impl Fn() + Clone + 'static {
    let work = Rc::new(work);
    let is_due = Rc::new(Cell::new(false));
    move || {
        if !is_due.replace(true) {
            let (work, is_due) = (work.clone(), is_due.clone());
            request_animation_frame(move || {
                is_due.set(false);
                work();
            });
        }
    }
}
