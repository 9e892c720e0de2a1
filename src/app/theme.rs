//! Colours, spaces and type: all of them are here, and nowhere else.

use eframe::egui::{self, Color32, CornerRadius, FontFamily, FontId, Stroke, TextStyle, Theme, Visuals};

/// A named colour in both themes.
pub struct Tokens {
    pub bg: Color32,
    pub panel: Color32,
    pub card: Color32,
    /// Boxes and plots.
    pub inset: Color32,
    pub hover: Color32,
    pub line: Color32,
    pub line2: Color32,
    pub text: Color32,
    pub text2: Color32,
    pub text3: Color32,
    /// Play, playhead, cursor, the selected thing, checkboxes. Nothing else.
    pub accent: Color32,
    pub on_accent: Color32,
    pub good: Color32,
    pub warn: Color32,
    /// Filled part of a slider, selected text.
    pub zone: Color32,
    pub bad: Color32,
    /// How much the colour map is dimmed, so that trails win over the picture.
    pub map_dimming: f32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const DARK: Tokens = Tokens {
    bg: hex(0x0D0F11),
    panel: hex(0x14171A),
    card: hex(0x1A1E22),
    inset: hex(0x0A0C0E),
    hover: hex(0x23282D),
    line: hex(0x262B30),
    line2: hex(0x3A4148),
    text: hex(0xE7EAEC),
    text2: hex(0xA9B1B9),
    text3: hex(0x7F8993),
    accent: hex(0xB5E048),
    on_accent: hex(0x14180A),
    good: hex(0xB5E048),
    warn: hex(0xE3A93C),
    zone: hex(0x56646F),
    bad: hex(0xF07A4B),
    map_dimming: 0.72,
};

const LIGHT: Tokens = Tokens {
    bg: hex(0xE9EBEC),
    panel: hex(0xF6F7F7),
    card: hex(0xFFFFFF),
    inset: hex(0xECEEEF),
    hover: hex(0xE3E6E8),
    line: hex(0xD8DCDF),
    line2: hex(0xB4BBC1),
    text: hex(0x16191C),
    text2: hex(0x495159),
    text3: hex(0x68717A),
    accent: hex(0x4F7300),
    on_accent: hex(0xFFFFFF),
    good: hex(0x4F7300),
    warn: hex(0x8A5A00),
    zone: hex(0x8D9BA6),
    bad: hex(0xB23C0E),
    map_dimming: 0.88,
};

/// The hue of a run on dark panels, on light ones, and on pictures.
pub struct RunHue {
    pub dark: Color32,
    pub light: Color32,
    pub on_map: Color32,
}

/// Hues of runs: Okabe and Ito's order (2008), adapted to the backgrounds.
pub const RUN_HUES: [RunHue; 6] = [
    RunHue {
        dark: hex(0xF2A93B),
        light: hex(0xB36B00),
        on_map: hex(0xFFB648),
    },
    RunHue {
        dark: hex(0x5BB8F0),
        light: hex(0x0072B2),
        on_map: hex(0x6FC6FF),
    },
    RunHue {
        dark: hex(0xFF7F50),
        light: hex(0xC8450C),
        on_map: hex(0xFF8A5C),
    },
    RunHue {
        dark: hex(0x2CC79A),
        light: hex(0x00805D),
        on_map: hex(0x3FE0B0),
    },
    RunHue {
        dark: hex(0xE08FC0),
        light: hex(0xA8477F),
        on_map: hex(0xF29FD2),
    },
    RunHue {
        dark: hex(0xE9ECEF),
        light: hex(0x1B1F23),
        on_map: hex(0xFFFFFF),
    },
];

/// On pictures both themes use the same colours: the map is dark in both.
pub mod on_map {
    use super::{Color32, hex};

    pub const CASING: Color32 = Color32::from_rgba_premultiplied(5, 6, 7, 128);
    pub const CONTOUR_ALPHA: f32 = 0.2;
    pub const LABEL: Color32 = hex(0xFFFFFF);
    pub const LABEL_SHADOW: Color32 = Color32::from_rgba_premultiplied(0, 0, 0, 160);
    pub const OUTLINE: Color32 = Color32::BLACK;
    /// Cells whose value is not finite.
    pub const NOT_FINITE: Color32 = hex(0x2A2A2E);
}

/// The tokens of the theme in use.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    of(ui.visuals().dark_mode)
}

/// The tokens of one theme.
pub fn of(dark: bool) -> &'static Tokens {
    if dark { &DARK } else { &LIGHT }
}

/// Spaces, in points.
pub mod space {
    pub const XS: f32 = 2.0;
    pub const S: f32 = 4.0;
    pub const M: f32 = 6.0;
    pub const L: f32 = 8.0;
    pub const XL: f32 = 10.0;
    pub const XXL: f32 = 14.0;
    /// A row of controls.
    pub const ROW: f32 = 24.0;
    /// A value box.
    pub const BOX: f32 = 20.0;
}

/// Corner radii, in points.
pub mod radius {
    pub const BOX: u8 = 4;
    pub const CARD: u8 = 5;
}

/// The type scale.
pub mod font {
    use super::{FontFamily, FontId};

    pub const MEDIUM: &str = "medium";
    pub const SEMIBOLD: &str = "semibold";
    pub const ICONS: &str = "icons";

    pub fn body() -> FontId {
        FontId::new(12.0, FontFamily::Proportional)
    }
    pub fn small() -> FontId {
        FontId::new(11.0, FontFamily::Proportional)
    }
    pub fn small_medium() -> FontId {
        FontId::new(11.0, FontFamily::Name(MEDIUM.into()))
    }
    pub fn medium() -> FontId {
        FontId::new(12.0, FontFamily::Name(MEDIUM.into()))
    }
    pub fn heading() -> FontId {
        FontId::new(12.0, FontFamily::Name(SEMIBOLD.into()))
    }
    pub fn title() -> FontId {
        FontId::new(12.5, FontFamily::Name(SEMIBOLD.into()))
    }
    /// Numbers: tabular, because the font itself is.
    pub fn number() -> FontId {
        FontId::new(11.0, FontFamily::Monospace)
    }
    pub fn icon(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(ICONS.into()))
    }
    pub fn tick() -> FontId {
        FontId::new(10.0, FontFamily::Monospace)
    }
    pub fn big_number() -> FontId {
        FontId::new(15.0, FontFamily::Monospace)
    }
}

/// Sets fonts and both themes.
pub fn install(ctx: &egui::Context) {
    super::fonts::install(ctx);
    for (theme, tokens) in [(Theme::Dark, &DARK), (Theme::Light, &LIGHT)] {
        ctx.set_visuals_of(theme, visuals(theme, tokens));
    }
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Body, font::body()),
            (TextStyle::Button, font::body()),
            (TextStyle::Small, font::small()),
            (TextStyle::Heading, font::title()),
            (TextStyle::Monospace, font::number()),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(space::M, space::S);
        style.spacing.button_padding = egui::vec2(space::L, space::XS);
        style.spacing.interact_size = egui::vec2(20.0, space::BOX);
        style.spacing.icon_width = 13.0;
        style.spacing.icon_spacing = space::M;
        style.spacing.combo_width = 60.0;
        style.spacing.scroll.floating = true;
        style.spacing.scroll.floating_allocated_width = space::L;
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = false;
    });
}

fn visuals(theme: Theme, t: &Tokens) -> Visuals {
    let mut v = theme.default_visuals();
    v.override_text_color = Some(t.text);
    v.weak_text_color = Some(t.text3);
    v.panel_fill = t.panel;
    v.window_fill = t.card;
    v.window_stroke = Stroke::new(1.0, t.line2);
    v.extreme_bg_color = t.inset;
    v.text_edit_bg_color = Some(t.inset);
    v.faint_bg_color = t.hover;
    v.code_bg_color = t.inset;
    v.hyperlink_color = t.accent;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.bad;
    v.selection.bg_fill = t.zone;
    v.selection.stroke = Stroke::new(1.0, t.text);
    v.window_corner_radius = CornerRadius::same(radius::CARD);
    v.menu_corner_radius = CornerRadius::same(radius::CARD);
    v.slider_trailing_fill = true;
    v.handle_shape = egui::style::HandleShape::Circle;
    v.interact_cursor = None;
    let widgets = &mut v.widgets;
    let states = [
        (&mut widgets.noninteractive, t.panel, t.line, t.text2),
        (&mut widgets.inactive, t.inset, t.line, t.text),
        (&mut widgets.hovered, t.hover, t.line2, t.text),
        (&mut widgets.active, t.hover, t.accent, t.text),
        (&mut widgets.open, t.hover, t.line2, t.text),
    ];
    for (state, fill, line, text) in states {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, line);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = CornerRadius::same(radius::BOX);
        state.expansion = 0.0;
    }
    v
}
