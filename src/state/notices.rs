//! Notices that haven't been dismissed: at most one from each source, the newest on top.

use crate::supervisor::Notice;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Address,
    Picture,
    Teach,
    Engines,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Notices(Vec<(Source, Notice)>);

impl Notices {
    /// Replaces the source's earlier notice.
    pub fn set(&mut self, source: Source, notice: Option<Notice>) {
        self.0.retain(|(earlier, _)| *earlier != source);
        self.0.extend(notice.map(|notice| (source, notice)));
    }

    pub fn newest(&self) -> Option<&Notice> {
        self.0.last().map(|(_, notice)| notice)
    }

    pub fn dismiss(&mut self) {
        self.0.pop();
    }
}
