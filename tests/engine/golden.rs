//! Reads reference numbers.

use serde_json::Value;

/// The JSON file of this name in `tests/golden/`.
pub fn read(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The items of an array.
#[track_caller]
pub fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not an array: {value}"))
}

/// The numbers of an array; numbers that are not finite are written as words.
#[track_caller]
pub fn numbers(value: &Value) -> Vec<f64> {
    let number = |v: &Value| match v.as_str() {
        Some(word) => word.parse().ok(),
        None => v.as_f64(),
    };
    let read = items(value).iter().map(number).collect::<Option<Vec<f64>>>();
    read.unwrap_or_else(|| panic!("not numbers: {value}"))
}
