//! README's tables follow from the lists in the code. `UPDATE_README=1 cargo test --no-default-features --test engine readme` writes them.

use std::fs;

use optiscope::functions::FunctionConfig;
use optiscope::optim::OptimizerConfig;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn optimizers() -> String {
    let mut table = String::from("| id | rule | source |\n|---|---|---|\n");
    for rule in OptimizerConfig::all() {
        let info = rule.info();
        table += &format!("| `{}` | {} | {} |\n", rule.id(), info.name, info.source);
    }
    table
}

fn functions() -> String {
    let mut table = String::from("| id | formula | what it teaches |\n|---|---|---|\n");
    for function in FunctionConfig::all() {
        let info = function.info();
        let formula = function.formula().replace('|', "\\|").replace('\n', " ");
        table += &format!("| `{}` | {} | {} |\n", function.id(), formula, info.teaches);
    }
    table
}

/// The text with what stands between the mark that begins with `name` and the end mark replaced.
fn with_table(text: &str, name: &str, table: &str) -> String {
    let mark = text.find(&format!("<!-- {name}:")).expect("the mark is in README");
    let start = mark + text[mark..].find("-->\n").expect("the mark ends") + 4;
    let end = start + text[start..].find("<!-- end -->").expect("the end mark is in README");
    format!("{}\n{table}\n{}", &text[..start], &text[end..])
}

#[test]
fn tables_are_those_of_the_catalogues() {
    let text = fs::read_to_string(README).expect("README.md is there");
    let wanted = with_table(&with_table(&text, "optimizers", &optimizers()), "functions", &functions());
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(README, &wanted).expect("README.md can be written");
        return;
    }
    assert!(
        text == wanted,
        "README's tables are out of date; the head of tests/engine/readme.rs says how to write them"
    );
}
