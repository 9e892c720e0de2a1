//! The way from columns to numbers, edited in the window: recipe and split.

use optiscope::data::{Folds, Split};

use super::data::on;
use super::driver::Window;

/// Unfolds a section by the beginning of its title.
#[track_caller]
pub fn unfold(window: &mut Window, title: &str) {
    let full = window.whole_label(title);
    window.click(&full);
    window.frames(10);
}

fn steps(window: &Window) -> Vec<&'static str> {
    window.model().preparation.steps().iter().map(|step| step.step.id()).collect()
}

#[test]
fn steps_are_added_moved_and_removed() {
    let mut window = on("penguins");
    unfold(&mut window, "Recipe: ");
    assert_eq!(steps(&window), ["impute", "one_hot", "standardize"]);
    assert!(window.model().preparation.recipe.is_none() && window.has("the usual recipe"));
    window.press("Add step");
    window.click_entry("PCA");
    window.finish();
    assert_eq!(steps(&window), ["impute", "one_hot", "standardize", "pca"]);
    let model = window.state().bench.data().model_for(window.doc()).expect("a model");
    assert!(model.prepared.train.feature_names.iter().all(|name| name.starts_with("pc")));
    window.press("step 3 standardize remove");
    window.finish();
    window.press("step 3 pca up");
    window.finish();
    assert_eq!(steps(&window), ["impute", "pca", "one_hot"]);
    window.press("Back to the usual");
    window.finish();
    assert!(window.model().preparation.recipe.is_none());
}

#[test]
fn a_step_that_cannot_be_done_says_why_where_it_stands() {
    let mut window = on("penguins");
    unfold(&mut window, "Recipe: ");
    window.press("step 1 impute remove");
    window.finish();
    assert!(window.says("missing"), "a sentence");
}

#[test]
fn what_the_recipe_does_to_gradient_descent_is_told() {
    let mut window = on("iris");
    unfold(&mut window, "Recipe: ");
    window.finish();
    let effect = window.state().bench.data().effect(window.doc()).expect("known");
    assert!(effect.before.condition > 10.0 * effect.after.condition, "{effect:?}");
    assert!(window.has("Condition number") && window.says("times fewer steps"));
}

#[test]
fn the_split_can_be_changed_and_undone() {
    let mut window = on("penguins");
    unfold(&mut window, "Split: ");
    window.is_undone_and_redone(|window| window.choose("split by", "at random"));
    assert_eq!(window.model().preparation.split, Split::Random);
    window.choose("split by", "by group");
    window.choose("split column", "island");
    window.finish();
    let column = "island".to_owned();
    assert_eq!(window.model().preparation.split, Split::Group { column });
    let model = window.state().bench.data().model_for(window.doc()).expect("a model");
    assert!(model.prepared.validation.is_some());
}

#[test]
fn folds_are_stepped_through() {
    let mut window = on("iris");
    unfold(&mut window, "Split: ");
    window.press("cross-validation");
    window.finish();
    let folds = |fold| {
        Some(Folds {
            folds: 5,
            repeats: 1,
            fold,
        })
    };
    assert_eq!(window.model().preparation.folds, folds(0));
    let first = window.state().bench.data().model_for(window.doc()).expect("a model");
    window.press("previous fold");
    window.finish();
    assert_eq!(window.model().preparation.folds, folds(4));
    let last = window.state().bench.data().model_for(window.doc()).expect("a model");
    assert_ne!(first.prepared.validation, last.prepared.validation);
    assert_eq!(last.prepared.train.n_rows, 120);
}
