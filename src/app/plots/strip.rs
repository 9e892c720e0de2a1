//! A strip: one quantity of all runs over the steps. Every column of pixels shows the smallest and the largest value in it, so
//! that no step is ever left out, however many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{Align2, Color32, Painter, Pos2, Rect, Stroke, pos2};

use super::axes::round_ticks;
use crate::app::number;
use crate::app::run_style::RunStyle;
use crate::app::theme::{Tokens, font};

/// Opacity of what lies after the playhead.
const FUTURE: f32 = 0.38;
/// Decades shown at the most: what is smaller lies on the lower edge.
const MOST_DECADES: f64 = 16.0;
/// Decades above its start to which a run is followed.
const MOST_GROWTH: f64 = 2.0;

/// Smallest and largest value of a stretch of steps, or their places on an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub low: f64,
    pub high: f64,
}

/// What the columns of one run in one strip were made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contents {
    pub lane: u64,
    pub is_outdated: bool,
    pub n_rows: usize,
    pub n_measurements: usize,
    pub n_columns: usize,
    pub last: u64,
    pub lowest: f64,
}

/// Columns from the last frame: runs of a million steps are not gone through again while nothing is new.
#[derive(Debug, Default)]
pub struct Cache {
    known: BTreeMap<(usize, &'static str), (Contents, Columns)>,
}

/// Columns of places on the strip's axis, shared with the cache: logarithms are not taken anew in every frame.
pub type Columns = Arc<[Option<Span>]>;

impl Cache {
    /// The columns of run `i` in the strip of this name, made anew if what they were made of has changed.
    pub fn get(
        &mut self,
        i: usize,
        strip: &'static str,
        contents: Contents,
        make: impl FnOnce() -> Vec<Option<Span>>,
    ) -> Columns {
        match self.known.get(&(i, strip)) {
            Some((known, columns)) if *known == contents => Arc::clone(columns),
            _ => {
                let columns: Columns = make().into();
                self.known.insert((i, strip), (contents, Arc::clone(&columns)));
                columns
            }
        }
    }
}

/// One run's values in columns.
pub struct Curve {
    pub style: RunStyle,
    /// One a column, none where there are no finite values.
    pub columns: Columns,
    /// The value at the playhead.
    pub here: Option<f64>,
    pub hue: Color32,
}

/// How values become heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Axis {
    Log,
    Linear,
}

impl Axis {
    /// The number that is drawn: the value, or its logarithm.
    fn place(self, value: f64) -> Option<f64> {
        let place = match self {
            Self::Linear => value,
            Self::Log => value.max(1e-300).log10(),
        };
        place.is_finite().then_some(place)
    }
}

/// Smallest and largest of `value(step)` in each of `columns` equal parts of steps 0 to `last`.
pub fn columns(n_rows: usize, last: u64, columns: usize, value: impl Fn(usize) -> f64) -> Vec<Option<Span>> {
    let per_column = (last + 1) as f64 / columns.max(1) as f64;
    let edge = |column: usize| ((column as f64 * per_column) as usize).min(n_rows);
    (0..columns)
        .map(|column| {
            // With fewer steps than columns a column shows the step it lies on.
            let rows = edge(column)..edge(column + 1).max((edge(column) + 1).min(n_rows));
            let nothing = Span {
                low: f64::INFINITY,
                high: f64::NEG_INFINITY,
            };
            let span = rows.map(&value).filter(|v| v.is_finite()).fold(nothing, |span, v| Span {
                low: span.low.min(v),
                high: span.high.max(v),
            });
            (span.low <= span.high).then_some(span)
        })
        .collect()
}

/// Columns of values as columns of places on the axis.
pub fn placed(axis: Axis, columns: Vec<Option<Span>>) -> Vec<Option<Span>> {
    let place = |span: Span| {
        Some(Span {
            low: axis.place(span.low)?,
            high: axis.place(span.high)?,
        })
    };
    columns.into_iter().map(|span| span.and_then(place)).collect()
}

/// The range of all curves on the axis, at least a little wide. A run that diverges leaves the picture at the top, instead of
/// pressing all others to the bottom.
pub fn range(axis: Axis, curves: &[Curve]) -> [f64; 2] {
    let places = curves.iter().map(|curve| reach(axis, curve));
    let [low, high] = places
        .flatten()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], reach| {
            [low.min(reach[0]), high.max(reach[1])]
        });
    if !(low.is_finite() && high.is_finite()) {
        return [0.0, 1.0];
    }
    let (low, least) = match axis {
        Axis::Log => (low.max(high - MOST_DECADES), 0.1),
        Axis::Linear => (low, 1e-12 + 0.02 * high.abs()),
    };
    let margin = (0.06 * (high - low)).max(least);
    [low - margin, high + margin]
}

/// Lowest and highest place of one curve, growth beyond its first value being cut off.
fn reach(axis: Axis, curve: &Curve) -> Option<[f64; 2]> {
    let spans = || curve.columns.iter().flatten();
    let low = spans().map(|s| s.low).fold(f64::INFINITY, f64::min);
    let high = spans().map(|s| s.high).fold(f64::NEG_INFINITY, f64::max);
    let first = spans().next()?.low;
    let high = if axis == Axis::Log {
        high.min(first + MOST_GROWTH)
    } else {
        high
    };
    Some([low.min(high), high])
}

/// Draws a strip with its curves. `playhead` is where the cursor stands, as a place on the screen.
pub fn draw(painter: &Painter, tokens: &Tokens, rect: Rect, axis: Axis, curves: &[Curve], playhead: f32) {
    painter.rect_filled(rect, 2.0, tokens.inset);
    let range = range(axis, curves);
    let height = |place: f64| {
        let part = ((place - range[0]) / (range[1] - range[0])).clamp(0.0, 1.0);
        rect.bottom() - part as f32 * rect.height()
    };
    ticks(painter, tokens, rect, axis, range);
    let clipped = painter.with_clip_rect(rect);
    for curve in curves {
        draw_curve(&clipped, rect, curve, playhead, &height);
    }
    for curve in curves {
        if let Some(y) = curve.here.and_then(|value| axis.place(value)).map(height) {
            curve
                .style
                .draw_marker(&clipped, pos2(playhead, y), 3.4, curve.hue, Stroke::new(1.0, tokens.inset));
        }
    }
}

fn ticks(painter: &Painter, tokens: &Tokens, rect: Rect, axis: Axis, [low, high]: [f64; 2]) {
    let most = f64::from(rect.height()) / 17.0;
    for (mark, text) in marks(axis, [low, high], most) {
        let y = rect.bottom() - ((mark - low) / (high - low)) as f32 * rect.height();
        painter.hline(rect.x_range(), y, Stroke::new(1.0, tokens.line));
        painter.text(
            pos2(rect.left() - 5.0, y),
            Align2::RIGHT_CENTER,
            text,
            font::tick(),
            tokens.text3,
        );
    }
}

/// Places on the axis that get a number: decades where there are at least two, otherwise round values.
fn marks(axis: Axis, [low, high]: [f64; 2], most: f64) -> Vec<(f64, String)> {
    let linear = |v: f64| number::setting((v * 1e9).round() / 1e9);
    if axis == Axis::Linear {
        return round_ticks(low, high, most).into_iter().map(|v| (v, linear(v))).collect();
    }
    if let Some(decades) = decades(low, high, most) {
        return decades.into_iter().map(|k| (f64::from(k), number::decade(k))).collect();
    }
    let values = round_ticks(10f64.powf(low), 10f64.powf(high), most);
    values
        .into_iter()
        .filter(|v| *v > 0.0)
        .map(|v| (v.log10(), linear(v)))
        .collect()
}

/// Whole exponents between `low` and `high`, about `most` of them, but two at least; none if there are no two.
fn decades(low: f64, high: f64, most: f64) -> Option<Vec<i32>> {
    let (first, last) = (low.ceil() as i32, high.floor() as i32);
    let widest = ((high - low) / most.max(1.0)).ceil().max(1.0) as i32;
    let every = |step: i32| (first..=last).filter(|k| k % step == 0).collect::<Vec<i32>>();
    (1..=widest).rev().map(every).find(|marks| marks.len() > 1)
}

fn draw_curve(painter: &Painter, rect: Rect, curve: &Curve, playhead: f32, height: &impl Fn(f64) -> f32) {
    let width = rect.width() / curve.columns.len().max(1) as f32;
    let mut piece: Vec<Pos2> = Vec::new();
    let mut pale = false;
    let draw = |piece: &mut Vec<Pos2>, pale: bool| {
        let hue = if pale { curve.hue.gamma_multiply(FUTURE) } else { curve.hue };
        if piece.len() > 1 {
            painter.extend(curve.style.line(piece, Stroke::new(1.3, hue)));
        }
        piece.clear();
    };
    for (column, span) in curve.columns.iter().enumerate() {
        let x = rect.left() + (column as f32 + 0.5) * width;
        let Some(span) = span else {
            draw(&mut piece, pale);
            continue;
        };
        let (low, high) = (height(span.low), height(span.high));
        if (x > playhead) != pale {
            let join = piece.last().copied();
            draw(&mut piece, pale);
            piece.extend(join);
            pale = x > playhead;
        }
        // Through both ends of the span, nearest first, so that the line goes on where it was.
        let near_low = piece.last().is_none_or(|last| (last.y - low).abs() < (last.y - high).abs());
        let (first, second) = if near_low { (low, high) } else { (high, low) };
        piece.push(pos2(x, first));
        if (first - second).abs() > 0.5 {
            piece.push(pos2(x, second));
        }
    }
    draw(&mut piece, pale);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_shows_the_extremes_of_all_its_steps() {
        let values: Vec<f64> = (0..1000).map(|i| if i == 517 { 99.0 } else { 1.0 }).collect();
        let columns = columns(values.len(), 999, 10, |i| values[i]);
        assert_eq!(columns[5], Some(Span { low: 1.0, high: 99.0 }));
        assert_eq!(columns[4], Some(Span { low: 1.0, high: 1.0 }));
    }

    #[test]
    fn fewer_steps_than_columns_leave_no_gaps_and_unknown_steps_stay_empty() {
        let columns = columns(5, 9, 20, |i| i as f64);
        assert!(columns[..10].iter().all(Option::is_some));
        assert!(columns[10..].iter().all(Option::is_none));
    }

    #[test]
    fn an_axis_has_two_numbers_at_least() {
        assert_eq!(decades(-7.2, 2.3, 3.0), Some(vec![-4, 0]));
        assert_eq!(decades(-0.4, 2.1, 1.0), Some(vec![0, 2]));
        assert_eq!(decades(0.2, 1.4, 2.0), None);
        assert_eq!(marks(Axis::Log, [0.2, 1.4], 3.0).len(), 2);
    }

    #[test]
    fn values_that_are_not_finite_are_left_out() {
        let values = [1.0, f64::NAN, f64::INFINITY, 3.0];
        let columns = columns(4, 3, 1, |i| values[i]);
        assert_eq!(columns[0], Some(Span { low: 1.0, high: 3.0 }));
    }
}
