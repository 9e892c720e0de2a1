//! The list of update rules, in groups. A rule that cannot be used on the problem at hand is greyed out and says why.

use eframe::egui::{ComboBox, Response, RichText, Ui, WidgetText};

use crate::app::theme::{font, tokens};
use crate::objective::Offer;
use crate::optim::{OptimizerConfig, Order};

const HEIGHT: f32 = 460.0;

/// What a list of rules looks like, and which are in it.
pub struct RuleMenu<'a> {
    /// Tells this list from others on the same card.
    pub salt: &'a str,
    pub shown: WidgetText,
    pub width: f32,
    /// The rule that is chosen now.
    pub current: &'a OptimizerConfig,
    /// Whether rules around another rule are in the list.
    pub nested: bool,
}

impl RuleMenu<'_> {
    /// Shows the list; the rule that was chosen, with its defaults. `offer` is asked only while the list is open.
    pub fn show(self, ui: &mut Ui, offer: impl FnOnce() -> Option<Offer>) -> (Response, Option<OptimizerConfig>) {
        let mut chosen = None;
        let list = ComboBox::from_id_salt(self.salt)
            .selected_text(self.shown)
            .truncate()
            .width(self.width)
            .height(HEIGHT)
            .show_ui(ui, |ui| {
                let offer = offer();
                for (title, rules) in groups(self.nested) {
                    ui.label(RichText::new(title).font(font::small()).color(tokens(ui).text3));
                    for rule in rules {
                        if entry(ui, &rule, rule.id() == self.current.id(), offer.as_ref()) {
                            chosen = Some(rule);
                        }
                    }
                }
            });
        (list.response, chosen)
    }
}

/// One rule; true if it was chosen anew.
fn entry(ui: &mut Ui, rule: &OptimizerConfig, is_current: bool, offer: Option<&Offer>) -> bool {
    let info = rule.info();
    let refusal = offer.and_then(|offer| rule.refusal(offer));
    let button = eframe::egui::Button::selectable(is_current, info.name);
    let response = ui
        .add_enabled(refusal.is_none(), button)
        .on_hover_text(format!("{}\n{}", info.formula, info.source))
        .on_disabled_hover_text(refusal.unwrap_or_default());
    response.clicked() && !is_current
}

/// The rules by what they ask of a problem, in the order of the list.
fn groups(nested: bool) -> [(&'static str, Vec<OptimizerConfig>); 4] {
    let mut groups = [
        ("Gradients", Vec::new()),
        ("Curvature", Vec::new()),
        ("Values only", Vec::new()),
        ("Around another rule", Vec::new()),
    ];
    for rule in OptimizerConfig::all() {
        let group = match rule.order() {
            _ if !rule.inner_names().is_empty() => 3,
            Order::First => 0,
            Order::Second => 1,
            Order::Zeroth => 2,
        };
        groups[group].1.push(rule);
    }
    if !nested {
        groups[3].1.clear();
    }
    groups
}
