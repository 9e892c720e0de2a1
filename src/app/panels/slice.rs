//! The plane through the space of many variables on which runs are shown: which one, and how far it can be trusted.

use eframe::egui::{RichText, Ui};

use crate::app::number;
use crate::app::state::State;
use crate::app::theme::{font, space};
use crate::app::widgets::controls::{choice, figure, heading, integer_box, quiet, row, segmented};
use crate::experiment::{Directions, SliceConfig};
use crate::landscape::Normalization;

/// Which plane through `n` variables; `words` say what the variables are called and what a point of the picture is.
pub fn plane_ui(ui: &mut Ui, slice: &mut SliceConfig, n: usize, words: [&str; 2]) {
    heading(ui, "Slice");
    let kind = match slice.directions {
        Directions::Pca => 0,
        Directions::Random { .. } => 1,
        Directions::Parameters { .. } => 2,
    };
    if let Some(i) = segmented(ui, &["PCA", "Random", &format!("Two {}", words[0])], kind) {
        slice.directions = match i {
            0 => Directions::Pca,
            1 => Directions::Random {
                normalize: Normalization::Filter,
            },
            _ => Directions::Parameters { a: 0, b: 1 },
        };
    }
    directions_rows(ui, slice, n);
    row(ui, "Grid", |ui| {
        let mut points = u64::from(slice.grid);
        integer_box(ui, "grid", &mut points, 5..=301, 57.0)
            .on_hover_text(format!("Points along each axis; each is {}", words[1]));
        slice.grid = points as u32;
    });
}

fn directions_rows(ui: &mut Ui, slice: &mut SliceConfig, n: usize) {
    match &mut slice.directions {
        Directions::Pca => {}
        Directions::Random { normalize } => {
            let all = [
                Normalization::Filter,
                Normalization::Layer,
                Normalization::Weight,
                Normalization::None,
            ];
            choice(ui, "Scaled by", normalize, &all, |n| match n {
                Normalization::Filter => "filter",
                Normalization::Layer => "layer",
                Normalization::Weight => "weight",
                Normalization::None => "none",
            });
            row(ui, "Directions' seed", |ui| {
                integer_box(ui, "slice seed", &mut slice.seed, 0..=999_999, 57.0)
            });
        }
        Directions::Parameters { a, b } => {
            let last = n.saturating_sub(1) as u64;
            row(ui, "Parameters", |ui| {
                for (name, index) in [("parameter b", b), ("parameter a", a)] {
                    let mut i = *index as u64;
                    integer_box(ui, name, &mut i, 0..=last, 57.0);
                    *index = i as usize;
                }
            });
        }
    }
}

/// How far the plane can be trusted: true loss beside the loss on the plane, and the distance from it.
pub fn trust_ui(ui: &mut Ui, state: &State) {
    let Some(plane) = state.bench.plane() else {
        return;
    };
    ui.add_space(space::M);
    heading(ui, "On and off the plane");
    if let Some([a, b]) = plane.explained {
        row(ui, "Variance of the paths", |ui| figure(ui, number::percent(a + b)));
        row(ui, "a random walk would give", |ui| {
            figure(ui, number::percent(plane.random_walk()))
        })
        .on_hover_text("6/(π k)² for the k-th component (Antognini and Sohl-Dickstein 2018)");
    }
    let grid = eframe::egui::Grid::new("trust")
        .num_columns(4)
        .spacing(eframe::egui::vec2(space::M, space::XS));
    grid.show(ui, |ui| {
        for title in ["", "True", "On plane", "Off"] {
            quiet(ui, title);
        }
        ui.end_row();
        for (i, run) in state.doc.runs.iter().enumerate().filter(|(_, run)| run.look.visible) {
            let Some(probe) = state.bench.probes().of(i) else {
                continue;
            };
            ui.add_sized(
                [78.0, 14.0],
                eframe::egui::Label::new(RichText::new(&run.name).font(font::small())).truncate(),
            );
            for value in [probe.true_loss, probe.plane_loss, probe.off] {
                figure(ui, number::reading(value));
            }
            ui.end_row();
        }
    });
}
