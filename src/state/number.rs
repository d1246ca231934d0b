//! The number on the wide pad: what the network is asked, what it reads, and what the person corrects.

use super::verdict::{NO_DIGIT, Prediction, Verdict};
use super::{PAD_SIDE, Sheet, State};
use crate::number::{Corrections, Group, Scoring, candidates, read_at_most};
use crate::strokes::{Extent, Stroke};
use crate::supervisor::{Answer, Images};

/// A digit read with less confidence than this is doubtful.
const SURE: f32 = 0.8;
/// How far a cell reaches beyond its ink, in pad units, if no neighbour is in the way.
const MARGIN: f32 = 0.07 * PAD_SIDE;

/// A digit of the number.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub group: Group,
    pub prediction: Prediction,
    pub verdict: Verdict,
    /// The probability that the reading is right, 0..1.
    pub confidence: f32,
    /// The left and right edges of its part of the line; on the pad, as fractions of the pad's width.
    pub cell: (f32, f32),
}

impl Figure {
    /// The digit, or the sign for ink that isn't one.
    pub fn text(&self) -> String {
        let digit = self.verdict.digit();
        digit.map_or_else(|| NO_DIGIT.into(), |digit| digit.to_string())
    }

    /// One word, for styles and tests.
    pub fn kind(&self) -> &'static str {
        match self.verdict {
            Verdict::Digit(_) if is_sure(self.confidence) => "digit",
            Verdict::Digit(_) => "doubtful",
            Verdict::Symbol | Verdict::NoDigit | Verdict::TooLittle => "none",
        }
    }
}

/// Whether a digit with this confidence is beyond doubt.
pub(crate) fn is_sure(confidence: f32) -> bool {
    confidence >= SURE
}

#[derive(Clone, Debug, Default)]
pub(super) struct Number {
    pub corrections: Corrections,
    /// What the network is asked to read: the groups of strokes that may be digits, and below the image of each.
    groups: Vec<Group>,
    pub images: Images,
    /// The strokes that were grouped: the drawing's, without the one under the pen.
    n_strokes: usize,
    /// Whether the number below is the answer to this question, not to an earlier one.
    is_answered: bool,
    /// From left to right.
    pub figures: Vec<Figure>,
    /// The digit that the person is looking at.
    pub looked_at: Option<usize>,
}

impl Number {
    /// Asks for a reading of these strokes.
    pub fn ask(&mut self, strokes: &[Stroke]) {
        let (groups, images) = question(strokes, &self.corrections);
        // The same question is not asked again.
        self.is_answered &= groups == self.groups && images == self.images;
        (self.groups, self.images) = (groups, images);
        self.n_strokes = strokes.len();
        if strokes.is_empty() {
            // No answer will come.
            self.figures.clear();
        }
    }

    /// Takes over the network's answer, unless it has been asked something else since.
    pub fn on_answer(&mut self, drawing: &[Stroke], answer: &Answer, tells_digits: bool) {
        let Some(strokes) = drawing.get(..self.n_strokes) else {
            return;
        };
        if answer.images != self.images || answer.logits.len() != self.groups.len() {
            return;
        }
        let mut figures = figures(strokes, &self.groups, answer, tells_digits, usize::MAX);
        let width = Sheet::Number.width();
        for Figure { cell, .. } in &mut figures {
            *cell = (cell.0.max(0.0) / width, cell.1.min(width) / width);
        }
        let group_of =
            |figures: &[Figure], index| figures.get(index).map(|f: &Figure| f.group.clone());
        let looked_at = self
            .looked_at
            .and_then(|index| group_of(&self.figures, index));
        self.looked_at = looked_at.and_then(|group| figures.iter().position(|f| f.group == group));
        self.figures = figures;
        self.is_answered = true;
    }

    /// The digit whose alternatives are shown: the one that the person is looking at, or else the least certain one.
    pub fn shown(&self) -> Option<usize> {
        let by_confidence = |&a: &usize, &b: &usize| {
            let confidence = |index: usize| self.figures[index].confidence;
            confidence(a).total_cmp(&confidence(b))
        };
        let least = (0..self.figures.len()).min_by(by_confidence);
        self.looked_at
            .filter(|&index| index < self.figures.len())
            .or(least)
    }

    /// Joins this digit and the next into one. Has no effect on an outdated reading, which may be shown for a moment
    /// after a change.
    pub fn join(&mut self, drawing: &[Stroke], index: usize) {
        if let (true, Some([a, b])) = (self.is_answered, self.figures.get(index..index + 2)) {
            self.corrections.join(drawing, &a.group, &b.group);
        }
    }

    /// Splits this digit into several. Has no effect on an outdated reading.
    pub fn split(&mut self, drawing: &[Stroke], index: usize) {
        if let (true, Some(figure)) = (self.is_answered, self.figures.get(index)) {
            self.corrections.split(drawing, &figure.group);
        }
    }

    pub fn text(&self) -> String {
        self.figures.iter().map(Figure::text).collect()
    }
}

impl State {
    /// Shows a pad, with the drawing that was left on it.
    pub(super) fn lay(&mut self, sheet: Sheet) {
        if self.sheet != sheet {
            self.back_to_drawing();
            let before = std::mem::replace(&mut self.sheet, sheet);
            let after = std::mem::take(&mut self.waiting[sheet as usize]);
            self.waiting[before as usize] = std::mem::replace(&mut self.ink, after);
            self.prediction = None;
            self.revision += 1;
            self.taught += 1;
            // The pen may have been down when the pad was hidden.
            self.group();
        }
    }

    /// Groups the strokes of a number again, without the current stroke, which may still grow.
    pub(super) fn group(&mut self) {
        if self.sheet == Sheet::Number {
            let strokes = &self.ink.strokes;
            let n_done = strokes.len() - usize::from(self.ink.is_writing).min(strokes.len());
            self.number.ask(&strokes[..n_done]);
            self.revision += 1;
        }
    }

    /// The pad that is shown.
    pub fn sheet(&self) -> Sheet {
        self.sheet
    }

    /// The digits of the number, from left to right; empty before they are read.
    pub fn figures(&self) -> &[Figure] {
        &self.number.figures
    }

    /// The index of the digit whose alternatives are shown.
    pub fn shown_figure(&self) -> Option<usize> {
        self.number.shown()
    }

    /// The number as text.
    pub fn number(&self) -> String {
        self.number.text()
    }

    /// Whether the person has corrected the grouping.
    pub fn is_corrected(&self) -> bool {
        !self.number.corrections.is_empty()
    }
}

/// The groups of strokes that may be digits, and the image of each.
pub(crate) fn question(strokes: &[Stroke], corrections: &Corrections) -> (Vec<Group>, Images) {
    let groups = candidates(strokes, corrections);
    let images = groups
        .iter()
        .map(|group| Some((group.clone(), group.image(strokes)?)));
    let (groups, images): (Vec<_>, Vec<_>) = images.flatten().unzip();
    (groups, images.into())
}

/// The network's answer to a [`question`]: the number's digits from left to right, at most `most` of them if possible,
/// with cells in the units of the strokes.
pub(crate) fn figures(
    strokes: &[Stroke],
    asked: &[Group],
    answer: &Answer,
    tells_digits: bool,
    most: usize,
) -> Vec<Figure> {
    let scoring = match tells_digits {
        true => Scoring::LEARNT,
        false => Scoring::PLAIN,
    };
    let digits = read_at_most(most, strokes, asked, &answer.logits, &scoring);
    let groups: Vec<_> = digits.into_iter().map(|digit| digit.group).collect();
    let extents: Vec<_> = groups.iter().map(|group| extent(strokes, group)).collect();
    let figure = |(index, group): (usize, &Group)| {
        let asked = asked.iter().position(|asked| asked == group)?;
        let (logits, image) = (&answer.logits[asked], answer.images[asked].clone());
        let prediction = Prediction::new(logits, tells_digits, answer.latency_ms, image);
        Some(Figure {
            group: group.clone(),
            verdict: Verdict::of(&prediction, Some(&group.strokes(strokes))),
            confidence: prediction.confidence(),
            prediction,
            cell: cell(&extents, index),
        })
    };
    groups.iter().enumerate().filter_map(figure).collect()
}

/// The extent of a group's ink.
fn extent(strokes: &[Stroke], group: &Group) -> Extent {
    let indices = group.indices().iter();
    Extent::of(indices.filter_map(|&index| strokes.get(index)))
}

/// The part of the line around a digit, up to half the way to its neighbours.
fn cell(extents: &[Extent], index: usize) -> (f32, f32) {
    let Extent { left, right, .. } = extents[index];
    let before = index
        .checked_sub(1)
        .map(|before| (extents[before].right + left) / 2.0);
    let after = extents
        .get(index + 1)
        .map(|after| (right + after.left) / 2.0);
    let left = (left - MARGIN).max(before.unwrap_or(f32::NEG_INFINITY));
    let right = (right + MARGIN).min(after.unwrap_or(f32::INFINITY));
    (left, right.max(left))
}
