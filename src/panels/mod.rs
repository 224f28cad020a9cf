//! One file per visualization, and the card around each.

pub mod card;
pub mod chart;
pub mod instant;
pub mod legend;
pub mod links;
pub mod place;
pub mod settings;
pub mod stand_in;
pub mod stat;
pub mod table_panel;
pub mod text;
