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
