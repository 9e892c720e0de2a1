//! What pictures and charts are made of, layer by layer.

pub mod axes;
pub mod heat;
pub mod inside;
pub mod marks;
pub mod strip;
pub mod trail;
