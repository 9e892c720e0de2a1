//! The field in which a formula is typed: what cannot be read is underlined and explained, and the last readable formula stays in force.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{RichText, Stroke, TextBuffer, TextEdit, Ui};

use crate::app::theme::{font, tokens};
use crate::app::widgets::controls::quiet;
use crate::functions::{Formula, FormulaError};

/// What stands in the field, which may not be a formula yet.
#[derive(Debug, Default)]
pub struct Draft {
    text: String,
    /// The formula in force when the text was last the same.
    of: String,
    error: Option<FormulaError>,
}

impl Draft {
    /// Another formula is in force: undo, a file, another experiment.
    fn follow(&mut self, formula: &Formula) {
        if self.of != formula.text() {
            formula.text().clone_into(&mut self.text);
            self.of.clone_from(&self.text);
            self.error = None;
        }
    }

    fn take(&mut self, formula: &mut Formula) {
        self.error = formula.retype(&self.text).err();
        formula.text().clone_into(&mut self.of);
    }
}

pub fn formula_ui(ui: &mut Ui, draft: &mut Draft, formula: &mut Formula) {
    draft.follow(formula);
    let fault = draft.error.as_ref().map(|error| error.range.clone());
    let t = tokens(ui);
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, wrap: f32| {
        let mut job = LayoutJob::default();
        job.wrap.max_width = wrap;
        let plain = TextFormat::simple(font::number(), t.text);
        let wrong = TextFormat {
            underline: Stroke::new(1.5, t.bad),
            color: t.bad,
            ..plain.clone()
        };
        for (i, c) in text.as_str().chars().enumerate() {
            let is_wrong = fault.as_ref().is_some_and(|range| range.contains(&i));
            job.append(
                c.encode_utf8(&mut [0; 4]),
                0.0,
                if is_wrong { wrong.clone() } else { plain.clone() },
            );
        }
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let field = TextEdit::multiline(&mut draft.text)
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .char_limit(2000)
        .hint_text("x^2 + 10*sin(y)")
        .layouter(&mut layouter);
    let response = ui.add(field);
    response
        .clone()
        .on_hover_text("+ − * / ^, sin, cos, exp, ln, sqrt, abs, tanh, min, max ..., pi, e; other letters get a slider");
    let changed = response.changed();
    response.accessible_name("formula");
    if changed {
        draft.take(formula);
    }
    match &draft.error {
        Some(error) => ui.label(RichText::new(error.to_string()).font(font::small()).color(t.bad)),
        None => quiet(ui, format!("= {}", formula.understood())),
    };
}
