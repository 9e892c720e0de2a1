//! The command line from outside: what a script or a person at a terminal gets.

mod functions;
mod habits;
mod models;
mod predict;
mod program;
mod refusals;
mod remarks;
