//! The order of questions from several pads.

use std::collections::VecDeque;

use super::desk::Pad;

/// The newest question of each pad. One is asked at a time.
#[derive(Clone, Debug)]
pub struct Turns<Q> {
    asked: Option<(Pad, Q)>,
    waiting: VecDeque<(Pad, Q)>,
}

impl<Q> Default for Turns<Q> {
    fn default() -> Self {
        Self {
            asked: None,
            waiting: VecDeque::new(),
        }
    }
}

impl<Q> Turns<Q> {
    /// Adds a pad's new question. It takes the place of the pad's waiting question. If the pad's question is already
    /// asked, that one is dropped and the pad goes to the end. Returns whether another question has to be asked now.
    pub fn ask(&mut self, pad: Pad, question: Q) -> bool {
        match self.waiting.iter_mut().find(|(of, _)| *of == pad) {
            Some((_, waiting)) => *waiting = question,
            None => self.waiting.push_back((pad, question)),
        }
        self.asked.take_if(|(of, _)| *of == pad);
        self.next()
    }

    /// Cancels a pad's questions. Returns whether the question to ask has changed.
    pub fn forget(&mut self, pad: Pad) -> bool {
        self.waiting.retain(|(of, _)| *of != pad);
        let was_asked = self.asked.take_if(|(of, _)| *of == pad).is_some();
        self.next() || was_asked
    }

    /// Returns the current question.
    pub fn asked(&self) -> Option<&Q> {
        self.asked.as_ref().map(|(_, question)| question)
    }

    /// Ends the current question and returns it. The next one becomes current.
    pub fn answered(&mut self) -> Option<(Pad, Q)> {
        let answered = self.asked.take();
        self.next();
        answered
    }

    fn next(&mut self) -> bool {
        let is_free = self.asked.is_none();
        if is_free {
            self.asked = self.waiting.pop_front();
        }
        is_free && self.asked.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_take_turns_and_the_newest_of_each_wins() {
        let mut turns = Turns::default();
        assert!(turns.ask(1, "a"));
        assert!(!turns.ask(2, "b") && !turns.ask(3, "c") && !turns.ask(2, "d"));
        assert_eq!(turns.answered(), Some((1, "a")));
        assert_eq!(turns.answered(), Some((2, "d")));
        assert_eq!(turns.answered(), Some((3, "c")));
        assert_eq!(turns.answered(), None);
    }

    #[test]
    fn a_pad_that_asks_all_the_time_does_not_keep_the_others_waiting() {
        let mut turns = Turns::default();
        turns.ask(1, "a");
        turns.ask(2, "b");
        assert!(turns.ask(1, "c"), "what was asked is out of date");
        assert_eq!(turns.asked(), Some(&"b"));
        assert!(!turns.ask(1, "d"));
        assert_eq!(
            (turns.answered(), turns.asked()),
            (Some((2, "b")), Some(&"d"))
        );
        assert!(turns.ask(1, "e"));
        assert_eq!(turns.asked(), Some(&"e"));
    }

    #[test]
    fn what_is_forgotten_is_not_asked() {
        let mut turns = Turns::default();
        turns.ask(1, "a");
        turns.ask(2, "b");
        turns.ask(3, "c");
        assert!(!turns.forget(2));
        assert!(turns.forget(1));
        assert_eq!(turns.asked(), Some(&"c"));
        assert!(turns.forget(3) && turns.asked().is_none());
        assert!(!turns.forget(3));
    }
}
