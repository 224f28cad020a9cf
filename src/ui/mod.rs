//! Controls: one file each, none of them knows a page.

pub mod copy;
pub mod dialog;
pub mod drop;
pub mod file_button;
pub mod filter;
pub mod icon;
pub mod keys;
pub mod labels;
pub mod list_keys;
pub mod listbox;
pub mod markdown;
pub mod notice;
pub mod palette;
pub mod popover;
pub mod range_form;
pub mod rows;
pub mod state_mark;
pub mod tab;
pub mod time_picker;
pub mod top_bar;
pub mod virtual_rows;
pub mod words;
pub mod zone_field;
