//! Whether a model learns too little, too much or about right, and what that is concluded from.

use super::Measurement;

/// A loss that is less than this share below that of a constant answer has learnt next to nothing.
const LITTLE: f64 = 0.1;
/// A validation loss that is this share of the constant's above its own best, while the training loss went on falling, has turned.
const TURNED: f64 = 0.05;
/// A validation loss that is this share of the constant's above the training loss is a gap.
const GAP: f64 = 0.15;
/// A training loss that fell by this share of itself over the last fifth of the way is still falling ...
const FALLING: f64 = 0.05;
/// ... if the fall is more than this share of the constant's loss.
const NOTICEABLE: f64 = 1e-3;
/// A training loss that is this share above both where it began and the constant's is going the wrong way.
const RISEN: f64 = 0.5;
/// What helps a training loss that rises.
const SMALLER: &str = "take a smaller lr, standardise, or clip the gradient";
/// Fewer measurements are no curve.
const FEWEST: usize = 5;

/// What is concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Nothing is known yet.
    Unknown,
    /// The loss is not finite.
    Diverged,
    /// The training loss stands far above where it began, and above that of a constant answer.
    Diverging,
    /// It does little better than a constant answer, and no longer gets better.
    Underfitting,
    /// It knows the training rows better than the others.
    Overfitting,
    /// The training loss is still falling.
    Learning,
    /// It has settled, and nothing is held out to tell more.
    Settled,
    /// It has settled, and does about as well on rows it has not seen.
    Good,
}

/// How the run ended where its curve does, as far as that is evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// It goes on, or has taken all its steps.
    Plain,
    /// It was no longer finite at a step.
    Diverged { step: u64 },
    /// It was stopped at a step with a training loss, and taken back to its lowest validation loss, where the curve ends.
    StoppedEarly { step: u64, train_loss: f64 },
}

/// What is concluded, and from what.
#[derive(Debug, Clone, PartialEq)]
pub struct FitVerdict {
    pub fit: Fit,
    /// A sentence with the numbers.
    pub evidence: String,
}

impl Fit {
    pub fn title(self) -> &'static str {
        match self {
            Self::Unknown => "Nothing known",
            Self::Diverged => "Diverged",
            Self::Diverging => "Diverging",
            Self::Underfitting => "Underfitting",
            Self::Overfitting => "Overfitting",
            Self::Learning => "Still learning",
            Self::Settled => "Settled",
            Self::Good => "Good fit",
        }
    }
}

/// Judges a run by its losses up to now. `constant` is the loss of the best constant answer on the training rows
/// ([`Network::loss_of_best_constant`](super::Network::loss_of_best_constant)), NaN if it is not known.
///
/// A learning curve tells more than its end (Goodfellow, Bengio and Courville 2016, section 5.2): a validation loss that turned upwards while
/// the training loss fell is overfitting whatever the gap; a gap without a turn is overfitting too; a loss near the constant's is
/// underfitting if it has stopped to fall. None of it means anything of a training loss that went up.
pub fn judge(curve: &[(u64, Measurement)], constant: f64, ending: Ending) -> FitVerdict {
    let (Some((first, start)), Some((step, now))) = (curve.first(), curve.last()) else {
        return verdict(Fit::Unknown, "no loss has been measured yet".to_owned());
    };
    let began = (*first, start.train_loss);
    let not_finite = match ending {
        Ending::Diverged { step } => Some(step),
        _ => (!now.train_loss.is_finite()).then_some(*step),
    };
    if let Some(step) = not_finite {
        return diverged(curve, step);
    }
    if let Some(verdict) = diverging(began, (*step, now.train_loss), constant) {
        return verdict;
    }
    if let Ending::StoppedEarly { step: end, train_loss } = ending {
        return stopped(began, (*step, now), (end, train_loss), constant);
    }
    if curve.len() < FEWEST {
        let times = if curve.len() == 1 { "once" } else { "a few times" };
        return verdict(Fit::Unknown, format!("the loss has been measured {times} only; go on"));
    }
    turned(curve, constant)
        .or_else(|| gap(now, constant))
        .or_else(|| falling(curve, *step, constant))
        .unwrap_or_else(|| settled(now, constant))
}

fn verdict(fit: Fit, evidence: String) -> FitVerdict {
    FitVerdict { fit, evidence }
}

/// The unit in which losses are compared: the constant's, or the loss itself where that is not known.
fn unit(constant: f64, loss: f64) -> f64 {
    if constant.is_finite() && constant > 0.0 {
        constant
    } else {
        loss.abs()
    }
}

/// A run that ended in what is no number.
fn diverged(curve: &[(u64, Measurement)], step: u64) -> FitVerdict {
    let finite = |(_, m): &&(u64, Measurement)| m.train_loss.is_finite();
    let before = match (curve.iter().find(finite), curve.iter().rfind(finite)) {
        (Some((first, start)), Some((last, m))) if first < last => format!(
            "; it was {} at step {first} and {} at step {last}",
            number(start.train_loss),
            number(m.train_loss)
        ),
        (Some((first, start)), _) => format!("; it was {} at step {first}", number(start.train_loss)),
        _ => String::new(),
    };
    let evidence = format!("the training loss is not finite at step {step}{before}; {SMALLER}");
    verdict(Fit::Diverged, evidence)
}

/// A training loss that went far up from where it began, each with its step.
fn diverging((first, start): (u64, f64), (step, train): (u64, f64), constant: f64) -> Option<FitVerdict> {
    let bound = start.max(constant) * (1.0 + RISEN);
    // What began at nothing may rise by a rounding.
    (train > bound.max(f64::EPSILON)).then(|| {
        let than_constant = match constant.is_finite() {
            true => format!(", above {}, that of the best constant answer", number(constant)),
            false => String::new(),
        };
        let evidence = format!(
            "the training loss rose from {} at step {first} to {} at step {step}{than_constant}; {SMALLER}",
            number(start),
            number(train)
        );
        verdict(Fit::Diverging, evidence)
    })
}

/// A run that was taken back to `best`: it is over, so nothing is said of going on. `began` and `end` are a step and a training loss.
fn stopped(began: (u64, f64), best: (u64, &Measurement), end: (u64, f64), constant: f64) -> FitVerdict {
    let (step, now) = best;
    let stopped = format!(
        "stopped early at step {}: the validation loss was best at step {step} ({}), whose weights are taken",
        end.0,
        number(now.validation_loss.unwrap_or(f64::NAN))
    );
    let FitVerdict { fit, evidence } = match is_little(now.train_loss, constant) {
        true => diverging(began, end, constant).unwrap_or_else(|| {
            let evidence = format!(
                "the training loss there, {}, is {}, that of the best constant answer; take another lr, better features or more rows",
                number(now.train_loss),
                beside(now.train_loss, constant)
            );
            verdict(Fit::Underfitting, evidence)
        }),
        false => gap(now, constant).unwrap_or_else(|| {
            let evidence = format!("the training loss there is {}, not far from it", number(now.train_loss));
            verdict(Fit::Good, evidence)
        }),
    };
    verdict(fit, format!("{stopped}; {evidence}"))
}

/// Whether a training loss is hardly below that of a constant answer.
fn is_little(train: f64, constant: f64) -> bool {
    constant - train < LITTLE * constant
}

/// Where a training loss that is little better than a constant answer's lies beside it.
fn beside(train: f64, constant: f64) -> String {
    let side = if train > constant { "above" } else { "hardly below" };
    format!("{side} {}", number(constant))
}

fn turned(curve: &[(u64, Measurement)], constant: f64) -> Option<FitVerdict> {
    let known = || {
        curve
            .iter()
            .filter_map(|(step, m)| Some((*step, m.train_loss, m.validation_loss?)))
    };
    let (best_step, train_then, best) = known().min_by(|a, b| a.2.total_cmp(&b.2))?;
    let (_, train, validation) = known().next_back()?;
    let rose = validation - best > TURNED * unit(constant, best);
    (rose && train < train_then).then(|| {
        let evidence = format!(
            "the validation loss was best at step {best_step} ({}) and has risen to {}, while the training loss fell from {} to {}; \
             stop early, or add data, weight decay or dropout",
            number(best),
            number(validation),
            number(train_then),
            number(train)
        );
        verdict(Fit::Overfitting, evidence)
    })
}

fn gap(now: &Measurement, constant: f64) -> Option<FitVerdict> {
    let (train, validation) = (now.train_loss, now.validation_loss?);
    (validation - train > GAP * unit(constant, validation)).then(|| {
        let evidence = format!(
            "the validation loss, {}, is well above the training loss, {}; add data, weight decay or dropout, or take a smaller model",
            number(validation),
            number(train)
        );
        verdict(Fit::Overfitting, evidence)
    })
}

fn falling(curve: &[(u64, Measurement)], now: u64, constant: f64) -> Option<FitVerdict> {
    let (since, before) = curve.iter().rev().find(|(step, _)| *step <= now - now.div_ceil(5))?;
    let train = curve.last()?.1.train_loss;
    let least = (FALLING * before.train_loss.abs()).max(NOTICEABLE * unit(constant, before.train_loss));
    (before.train_loss - train > least).then(|| {
        let evidence = format!(
            "the training loss fell from {} to {} since step {since}; train longer, or take a larger lr",
            number(before.train_loss),
            number(train)
        );
        verdict(Fit::Learning, evidence)
    })
}

fn settled(now: &Measurement, constant: f64) -> FitVerdict {
    let train = now.train_loss;
    if is_little(train, constant) {
        let evidence = format!(
            "the training loss, {}, is {}, that of the best constant answer, and no longer falls; take a larger model, \
             better features or another lr",
            number(train),
            beside(train, constant)
        );
        return verdict(Fit::Underfitting, evidence);
    }
    match now.validation_loss {
        Some(validation) => verdict(
            Fit::Good,
            format!(
                "training loss {}, validation loss {}, neither moving apart",
                number(train),
                number(validation)
            ),
        ),
        None => verdict(
            Fit::Settled,
            format!(
                "training loss {}; hold rows out for validation to see whether it generalises",
                number(train)
            ),
        ),
    }
}

/// Three digits, for sentences.
fn number(v: f64) -> String {
    let size = v.abs();
    if size != 0.0 && !(1e-3..1e4).contains(&size) {
        return format!("{v:.2e}");
    }
    format!("{v:.3}")
}
