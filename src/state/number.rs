//! The number on the wide pad: what is asked of the network, what it reads, and what a person corrects.

use super::verdict::{NO_DIGIT, Prediction, Verdict};
use super::{PAD_SIDE, Sheet, State};
use crate::number::{Corrections, Group, Scoring, candidates, read_at_most};
use crate::strokes::{Extent, Stroke};
use crate::supervisor::{Answer, Images};

/// A digit that is read with less confidence is doubtful.
const SURE: f32 = 0.8;
/// How far a cell reaches beyond its ink, in pad units, where no neighbour is in the way.
const MARGIN: f32 = 0.07 * PAD_SIDE;

/// A digit of the number.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub group: Group,
    pub prediction: Prediction,
    pub verdict: Verdict,
    /// How probable it is that this is the digit that it is read as, 0..1.
    pub confidence: f32,
    /// Its part of the line, from left to right: on the pad in shares of the pad's width.
    pub cell: (f32, f32),
}

impl Figure {
    /// The digit, or what stands for ink that is none.
    pub fn text(&self) -> String {
        let digit = self.verdict.digit();
        digit.map_or_else(|| NO_DIGIT.into(), |digit| digit.to_string())
    }

    /// In a word, for styles and tests.
    pub fn kind(&self) -> &'static str {
        match self.verdict {
            Verdict::Digit(_) if is_sure(self.confidence) => "digit",
            Verdict::Digit(_) => "doubtful",
            Verdict::Symbol | Verdict::NoDigit | Verdict::TooLittle => "none",
        }
    }
}

/// Is a digit of this confidence beyond doubt?
pub(crate) fn is_sure(confidence: f32) -> bool {
    confidence >= SURE
}

#[derive(Clone, Debug, Default)]
pub(super) struct Number {
    pub corrections: Corrections,
    /// What the network is asked: the groups of strokes that may be digits, and the image of each.
    groups: Vec<Group>,
    pub images: Images,
    /// The strokes that were grouped: the drawing's, without the one under the pen.
    n_strokes: usize,
    /// Is the number below the answer to that, or to an earlier question?
    is_answered: bool,
    /// From left to right.
    pub figures: Vec<Figure>,
    /// The digit that is looked at.
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
            // Nothing will be answered.
            self.figures.clear();
        }
    }

    /// Takes over what the network says, unless it was asked something else meanwhile.
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

    /// The digit whose alternatives are shown: that which is looked at, else the least certain one.
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

    /// Makes one digit of this one and the next. What is shown for a moment after a change is not corrected.
    pub fn join(&mut self, drawing: &[Stroke], index: usize) {
        if let (true, Some([a, b])) = (self.is_answered, self.figures.get(index..index + 2)) {
            self.corrections.join(drawing, &a.group, &b.group);
        }
    }

    /// Makes several digits of this one.
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
    /// Lays out a pad, with the drawing that was left on it.
    pub(super) fn lay(&mut self, sheet: Sheet) {
        if self.sheet != sheet {
            self.back_to_drawing();
            let before = std::mem::replace(&mut self.sheet, sheet);
            let after = std::mem::take(&mut self.waiting[sheet as usize]);
            self.waiting[before as usize] = std::mem::replace(&mut self.ink, after);
            self.prediction = None;
            self.revision += 1;
            self.taught += 1;
            // The pen may have been down when it was put away.
            self.group();
        }
    }

    /// Groups the strokes of a number anew, without the one under the pen, which may be longer soon.
    pub(super) fn group(&mut self) {
        if self.sheet == Sheet::Number {
            let strokes = &self.ink.strokes;
            let n_done = strokes.len() - usize::from(self.ink.is_writing).min(strokes.len());
            self.number.ask(&strokes[..n_done]);
            self.revision += 1;
        }
    }

    /// Which pad is laid out.
    pub fn sheet(&self) -> Sheet {
        self.sheet
    }

    /// The digits of the number, from left to right; none before they are read.
    pub fn figures(&self) -> &[Figure] {
        &self.number.figures
    }

    /// Which of them has its alternatives shown.
    pub fn shown_figure(&self) -> Option<usize> {
        self.number.shown()
    }

    /// The number as text.
    pub fn number(&self) -> String {
        self.number.text()
    }

    /// Has a person corrected the grouping?
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

/// What the network says of a [`question`]: the number's digits from left to right, at most so many where that can be, with cells in the
/// units of the strokes.
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

/// How far the ink of a group reaches.
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
