//! Things asked for by name: `--function ID --param k=v` or `--formula EXPR`, `--optimizer ID --set k=v`, and lists of numbers.

use std::path::PathBuf;

use super::{CliError, number};
use crate::experiment::{FunctionProblem, read_height_map};
use crate::functions::{Formula, FunctionConfig, MAX_DIM, Transform};
use crate::optim::{Noise, OptimizerConfig, ScheduleConfig};
use crate::param::{Parameters, nearest};

/// Which landscape, and how it is laid.
#[derive(clap::Args)]
pub(super) struct FunctionArgs {
    /// A landscape; `optiscope list functions` names them
    #[arg(long, value_name = "ID")]
    function: Option<String>,
    /// A landscape of your own: x^2 + 10*sin(y). Letters other than x, y and e are parameters
    #[arg(long, value_name = "EXPR", conflicts_with = "function", allow_hyphen_values = true)]
    formula: Option<String>,
    /// A landscape from a file: a CSV grid of heights without a header, or a grey PNG picture
    #[arg(long, value_name = "FILE", conflicts_with_all = ["function", "formula"])]
    height_map: Option<PathBuf>,
    /// A parameter of the function, or a letter of the formula
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// How the landscape is laid: rotation (degrees), scale_x, scale_y, shift_x, shift_y
    #[arg(long, value_name = "NAME=VALUE")]
    transform: Vec<String>,
    /// Number of variables, for functions that have a form in any; `optiscope list functions` marks them
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = number::whole::<usize>(2..=MAX_DIM as u64))]
    dim: usize,
}

impl FunctionArgs {
    /// The landscape with its parameters, where it is laid.
    pub fn problem(&self) -> Result<FunctionProblem, CliError> {
        let mut function = match (&self.function, &self.formula, &self.height_map) {
            (Some(id), ..) => FunctionConfig::from_id(id).ok_or_else(|| no_such("function", id, FunctionConfig::IDS))?,
            (_, Some(text), _) => FunctionConfig::Formula(formula(text)?),
            (.., Some(file)) => FunctionConfig::HeightMap(read_height_map(file)?),
            (None, None, None) => {
                return Err(CliError::Usage(
                    "name a landscape with --function ID or --formula EXPR or --height-map FILE".to_owned(),
                ));
            }
        };
        set_all("--param", &self.param, &mut *function)?;
        let mut transform = Transform::default();
        set_all("--transform", &self.transform, &mut transform)?;
        let mut problem = FunctionProblem::of(function);
        problem.lay(transform);
        if self.dim != 2 && !problem.function.any_dim() {
            return Err(CliError::Value {
                option: "--dim",
                given: self.dim.to_string(),
                accepted: format!("{} is a function of two variables", problem.function.info().name),
            });
        }
        problem.dim = self.dim;
        Ok(problem)
    }
}

fn formula(text: &str) -> Result<Formula, CliError> {
    Formula::new(text).map_err(|problem| CliError::Formula {
        marked: problem.marked(text).replace('\n', "\n    "),
        problem,
    })
}

/// Noise, from `--noise`: a number alone is the standard deviation of Gaussian noise on the gradient.
pub(super) fn noise(settings: &[String]) -> Result<Noise, CliError> {
    let named = |setting: &String| match setting.contains('=') {
        true => setting.clone(),
        false => format!("gradient={setting}"),
    };
    let mut noise = Noise::default();
    set_all("--noise", &settings.iter().map(named).collect::<Vec<_>>(), &mut noise)?;
    Ok(noise)
}

/// Settings of parameters, each `name=text`. One that has no meaning beside the others is refused; their order does not matter.
fn set_all(option: &'static str, settings: &[String], target: &mut (impl Parameters + ?Sized)) -> Result<(), CliError> {
    for setting in settings {
        let (name, text) = split(option, setting)?;
        target.set_text(name, text).map_err(|problem| CliError::Param {
            option,
            given: setting.clone(),
            problem,
        })?;
    }
    let used: Vec<&str> = target.params().iter().map(|info| info.name).collect();
    for setting in settings {
        let (name, _) = split(option, setting)?;
        if !used.contains(&name) {
            return Err(CliError::Value {
                option,
                given: setting.clone(),
                accepted: format!("the landscape makes no use of {name}; it has: {}", used.join(", ")),
            });
        }
    }
    Ok(())
}

/// A rule with some hyperparameters set, from `--optimizer` and `--set`. `rule.lr` sets the `lr` of the rule that is called `rule` inside
/// this one.
pub(super) fn optimizer(id: &str, settings: &[String]) -> Result<OptimizerConfig, CliError> {
    let mut rule = OptimizerConfig::from_id(id).ok_or_else(|| no_such("optimizer", id, OptimizerConfig::IDS))?;
    for setting in settings {
        let (path, text) = split("--set", setting)?;
        let mut target = &mut rule;
        let mut name = path;
        while let Some((outer, inner)) = name.split_once('.') {
            let (at, names) = (target.id(), target.inner_names());
            target = target.inner_mut(outer).ok_or_else(|| CliError::Value {
                option: "--set",
                given: setting.clone(),
                accepted: match names {
                    [] => format!("{at} has no other rule inside it, so a name with a dot means nothing to it"),
                    _ => format!(
                        "{at} has no rule called {outer} inside it; write {}",
                        names
                            .iter()
                            .map(|name| format!("{name}.{inner}"))
                            .collect::<Vec<_>>()
                            .join(" or ")
                    ),
                },
            })?;
            name = inner;
        }
        target.set_text(name, text).map_err(|problem| CliError::Param {
            option: "--set",
            given: setting.clone(),
            problem,
        })?;
    }
    Ok(rule)
}

/// A schedule with some parameters set, from `--schedule` and `--schedule-set`. `then.t_max` sets the `t_max` of the schedule that
/// follows in this one.
pub(super) fn schedule(id: &str, settings: &[String]) -> Result<ScheduleConfig, CliError> {
    let mut schedule = ScheduleConfig::from_id(id).ok_or_else(|| no_such("schedule", id, ScheduleConfig::IDS))?;
    for setting in settings {
        let (path, text) = split("--schedule-set", setting)?;
        let mut target = &mut schedule;
        let mut name = path;
        while let Some((outer, inner)) = name.split_once('.') {
            let at = target.id();
            target = target.inner_mut(outer).ok_or_else(|| CliError::Value {
                option: "--schedule-set",
                given: setting.clone(),
                accepted: format!("{at} has no schedule called {outer} inside it"),
            })?;
            name = inner;
        }
        target.set_text(name, text).map_err(|problem| CliError::Param {
            option: "--schedule-set",
            given: setting.clone(),
            problem,
        })?;
    }
    Ok(schedule)
}

/// `name=text`.
fn split<'a>(option: &'static str, setting: &'a str) -> Result<(&'a str, &'a str), CliError> {
    let parts = setting.split_once('=').map(|(name, text)| (name.trim(), text.trim()));
    parts.filter(|(name, _)| !name.is_empty()).ok_or_else(|| CliError::Form {
        option,
        given: setting.to_owned(),
        expected: "name=value, for example lr=0.01",
    })
}

/// Finite numbers separated by commas; exactly `count` of them.
pub(super) fn point<const N: usize>(option: &'static str, text: &str) -> Result<[f64; N], CliError> {
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|part| part.trim().parse().ok().filter(|x: &f64| x.is_finite()))
        .collect();
    let numbers = numbers.and_then(|numbers| <[f64; N]>::try_from(numbers).ok());
    numbers.ok_or_else(|| CliError::Form {
        option,
        given: text.to_owned(),
        expected: if N == 2 {
            "two finite numbers with a comma between them, for example -1.5,2"
        } else {
            "finite numbers with commas between them"
        },
    })
}

/// A point of `dim` variables: that many numbers, or two that are taken again and again.
pub(super) fn point_in(option: &'static str, text: &str, dim: usize) -> Result<Vec<f64>, CliError> {
    if dim == 2 || text.split(',').count() == 2 {
        let pair: [f64; 2] = point(option, text)?;
        return Ok(pair.into_iter().cycle().take(dim).collect());
    }
    let numbers = text
        .split(',')
        .map(|part| part.trim().parse().ok().filter(|x: &f64| x.is_finite()));
    let numbers: Option<Vec<f64>> = numbers.collect();
    numbers.filter(|numbers| numbers.len() == dim).ok_or_else(|| CliError::Value {
        option,
        given: text.to_owned(),
        accepted: format!("write {dim} finite numbers with commas between them, or two that are taken again and again"),
    })
}

/// The refusal of an id, with the one that was probably meant.
pub(super) fn no_such(kind: &'static str, given: &str, known: &[&str]) -> CliError {
    CliError::NoSuch {
        kind,
        given: given.to_owned(),
        hint: nearest(given, known).map_or_else(String::new, |near| format!(" (did you mean {near}?)")),
    }
}

#[cfg(test)]
mod tests {
    use super::point;

    #[test]
    fn points_are_exactly_as_long_as_asked() {
        assert_eq!(point::<2>("--at", " -1.5, 2e-3").ok(), Some([-1.5, 2e-3]));
        for bad in ["", "1", "1,2,3", "1;2", "one,two", "nan,1", "1,inf"] {
            assert!(point::<2>("--at", bad).is_err(), "{bad}");
        }
    }
}
