//! The fonts that come with the program: Inter for words, JetBrains Mono for numbers, Lucide for icons, a few signs of DejaVu.

use std::sync::Arc;

use eframe::egui::{self, FontData, FontDefinitions, FontFamily};

use super::theme::font;

const INTER: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
const INTER_MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Inter-Medium.otf");
const INTER_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
const MATH: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-math.ttf");
const JETBRAINS_MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");

/// Makes them egui's fonts. Every family falls back to the others, so that no glyph of ours is missing anywhere.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let files = [
        ("inter", INTER),
        ("inter medium", INTER_MEDIUM),
        ("inter semibold", INTER_SEMIBOLD),
        ("jetbrains mono", JETBRAINS_MONO),
        ("math", MATH),
        ("lucide", lucide_icons::LUCIDE_FONT_BYTES),
    ];
    for (name, bytes) in files {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families = [
        (FontFamily::Proportional, "inter"),
        (FontFamily::Name(font::MEDIUM.into()), "inter medium"),
        (FontFamily::Name(font::SEMIBOLD.into()), "inter semibold"),
        (FontFamily::Monospace, "jetbrains mono"),
        // Icons have a family of their own: other fonts use the same private code points.
        (FontFamily::Name(font::ICONS.into()), "lucide"),
    ];
    for (family, first) in families {
        let chain = [first, "inter", "jetbrains mono", "math"];
        let chain: Vec<String> = chain
            .iter()
            .enumerate()
            .filter(|(i, name)| *i == 0 || **name != first)
            .map(|(_, n)| (*n).to_owned())
            .collect();
        fonts.families.insert(family, chain);
    }
    ctx.set_fonts(fonts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::FunctionConfig;
    use crate::optim::{Noise, OptimizerConfig, ScheduleConfig};
    use crate::param::Parameters;

    /// Everything that is told about parameters.
    fn told(owner: &dyn Parameters) -> String {
        let params = owner.all_params().into_iter();
        params.map(|p| [p.name, p.label, p.symbol, p.help].concat()).collect()
    }

    #[test]
    fn every_sign_in_the_catalogues_can_be_drawn() {
        let mut texts = vec![("noise", told(&Noise::default()))];
        for rule in OptimizerConfig::all() {
            let info = rule.info();
            let text = [info.name, info.formula, info.source, info.variant].concat();
            texts.push((rule.id(), text + &told(&*rule)));
        }
        for function in FunctionConfig::all() {
            let info = function.info();
            let text = [info.name, info.formula, info.source, info.teaches].concat();
            texts.push((function.id(), text + &told(&*function)));
        }
        for schedule in ScheduleConfig::all() {
            let info = schedule.info();
            texts.push((
                schedule.id(),
                [info.name, info.formula, info.source].concat() + &told(&*schedule),
            ));
        }
        let ctx = egui::Context::default();
        super::super::theme::install(&ctx);
        ctx.run_ui(egui::RawInput::default(), |_| ()).drop_without_applying_deltas();
        for (id, text) in texts {
            for sign in text.chars().filter(|c| !c.is_control()) {
                for font in [font::body(), font::number()] {
                    assert!(
                        ctx.fonts_mut(|fonts| fonts.has_glyph(&font, sign)),
                        "{id}: no font draws '{sign}'"
                    );
                }
            }
        }
    }
}
