//! The window as a user has it: found by label, clicked, dragged, typed into, read. No thread, no clock, no file dialog.

mod data;
mod document;
mod driver;
mod inside;
mod looks;
mod models;
mod playback;
mod reading;
mod recipe;
mod results;
mod runs;
mod welcome;
