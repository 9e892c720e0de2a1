//! `--optimizer ID --set k=v --schedule ID --schedule-set k=v`, again and again: each optimizer starts a new run, and what comes after it
//! belongs to it.

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

use super::{CliError, named, number};
use crate::experiment::RunConfig;
use crate::optim::{OptimizerConfig, ScheduleConfig};

/// The rules asked for, in the order of the command line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RuleArgs {
    /// Id and settings of each.
    asked: Vec<(String, Vec<String>)>,
    /// A setting that stands before any optimizer.
    stray: Option<String>,
    /// Schedules: how many optimizers stand before each, its id and settings.
    schedules: Vec<(usize, String, Vec<String>)>,
    /// A setting of a schedule that stands before any schedule.
    stray_schedule: Option<String>,
}

impl RuleArgs {
    /// The rules, each with its hyperparameters; `default` if none was asked for.
    pub fn configs(&self, default: Option<OptimizerConfig>) -> Result<Vec<OptimizerConfig>, CliError> {
        if let Some(setting) = &self.stray {
            return Err(CliError::Value {
                option: "--set",
                given: setting.clone(),
                accepted: "write it after the --optimizer that it belongs to".to_owned(),
            });
        }
        match default {
            Some(rule) if self.asked.is_empty() => Ok(vec![rule]),
            None if self.asked.is_empty() => Err(CliError::Usage(
                "--optimizer is missing; `optiscope list optimizers` names them all".to_owned(),
            )),
            _ => self
                .asked
                .iter()
                .map(|(id, settings)| named::optimizer(id, settings))
                .collect(),
        }
    }
}

impl RuleArgs {
    /// The schedule of run number `run`: the last one after its optimizer, else the last one before all optimizers.
    fn schedule(&self, run: usize) -> Result<Option<ScheduleConfig>, CliError> {
        if let Some(setting) = &self.stray_schedule {
            return Err(CliError::Value {
                option: "--schedule-set",
                given: setting.clone(),
                accepted: "write it after the --schedule that it belongs to".to_owned(),
            });
        }
        let of = |place: usize| self.schedules.iter().rev().find(|(before, ..)| *before == place);
        let asked = of(run + 1).or_else(|| of(0));
        asked.map(|(_, id, settings)| named::schedule(id, settings)).transpose()
    }
}

/// All values of an option, each with its place on the command line.
fn placed(matches: &ArgMatches, option: &str) -> Vec<(usize, String)> {
    let places = matches.indices_of(option).into_iter().flatten();
    let values = matches.get_many::<String>(option).into_iter().flatten().cloned();
    places.zip(values).collect()
}

impl FromArgMatches for RuleArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let rules = placed(matches, "optimizer");
        let mut asked: Vec<(String, Vec<String>)> = rules.iter().map(|(_, id)| (id.clone(), Vec::new())).collect();
        let mut stray = None;
        for (place, setting) in placed(matches, "set") {
            let before = rules.iter().filter(|(rule, _)| *rule < place).count();
            match before.checked_sub(1).and_then(|k| asked.get_mut(k)) {
                Some((_, settings)) => settings.push(setting),
                None => stray = stray.or(Some(setting)),
            }
        }
        let asked_schedules = placed(matches, "schedule");
        let mut schedules: Vec<(usize, String, Vec<String>)> = asked_schedules
            .iter()
            .map(|(place, id)| (rules.iter().filter(|(rule, _)| rule < place).count(), id.clone(), Vec::new()))
            .collect();
        let mut stray_schedule = None;
        for (place, setting) in placed(matches, "schedule-set") {
            let before = asked_schedules.iter().filter(|(schedule, _)| *schedule < place).count();
            match before.checked_sub(1).and_then(|k| schedules.get_mut(k)) {
                Some((.., settings)) => settings.push(setting),
                None => stray_schedule = stray_schedule.or(Some(setting)),
            }
        }
        Ok(Self {
            asked,
            stray,
            schedules,
            stray_schedule,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for RuleArgs {
    fn augment_args(command: Command) -> Command {
        let option = |name: &'static str, value: &'static str, help: &'static str| {
            Arg::new(name)
                .long(name)
                .value_name(value)
                .help(help)
                .action(ArgAction::Append)
        };
        command
            .arg(option(
                "optimizer",
                "ID",
                "An update rule; each one starts a new run. `optiscope list optimizers` names them",
            ))
            .arg(option(
                "set",
                "NAME=VALUE",
                "A hyperparameter of the optimizer before it, for example lr=0.01; rule.lr=0.01 reaches into a rule around another",
            ))
            .arg(option(
                "schedule",
                "ID",
                "Learning rate over time of the optimizer before it, or of all if it comes first. `optiscope list schedules` names them",
            ))
            .arg(option(
                "schedule-set",
                "NAME=VALUE",
                "A parameter of the schedule before it, for example step_size=100",
            ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What happens to every gradient before a rule sees it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct StageArgs {
    /// Coupled (L2) weight decay of every run: W times the point is added to the gradient
    #[arg(long, value_name = "W", default_value_t = 0.0, value_parser = number::not_negative)]
    weight_decay: f64,
    /// Longest gradient; longer ones are scaled down to it
    #[arg(long, value_name = "C", value_parser = number::positive)]
    clip_norm: Option<f64>,
    /// Largest coordinate of a gradient; larger ones are cut off
    #[arg(long, value_name = "C", value_parser = number::positive)]
    clip_value: Option<f64>,
}

impl StageArgs {
    /// Runs of these rules; of `default` if none was asked for.
    pub fn runs(&self, rules: &RuleArgs, default: Option<OptimizerConfig>) -> Result<Vec<RunConfig>, CliError> {
        let run = |(i, rule)| {
            Ok(RunConfig {
                weight_decay: self.weight_decay,
                clip_norm: self.clip_norm,
                clip_value: self.clip_value,
                schedule: rules.schedule(i)?,
                // Styles are counted round.
                ..RunConfig::of(rule, (i % 256) as u8)
            })
        };
        rules.configs(default)?.into_iter().enumerate().map(run).collect()
    }
}
