//! Controls that are used in more than one panel.

pub mod controls;
pub mod param;
pub mod text;
pub mod thumbnail;
