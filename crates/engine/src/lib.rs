//! The query engine: decides what is asked of the data sources, when, and what each panel shows of the answers.
//!
//! It is sans-IO: a state machine fed with what happened ([`Input`]) and the time at which it did, which says what to do
//! ([`Output`]). It lives in a worker; its tests are simulations with a made-up clock and server.
//!
//! What it takes care of:
//! - `plan`: Grafana's steps and intervals, variables put in;
//! - `schedule`: each question once, visible panels first, a few at a time, nothing that nobody wants any more;
//! - `source`, `retry`: outages met once per data source, patience in between;
//! - `increment`, `cache`, `merge`: answers made of what is there and the part of it that is asked for;
//! - `budget`: what one answer and the whole page may take;
//! - `clock`: a server whose clock differs;
//! - `refine`: a finer answer behind the coarse one, for drawing;
//! - `shape`: expressions, transformations, overrides, for the panels that have such;
//! - `answer`, `store`, `present`: answers in full resolution, and what is drawn and read off.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
mod budget;
mod cache;
mod clock;
mod course;
mod engine;
mod event;
mod filters;
mod increment;
mod legend;
mod merge;
mod panel;
mod part;
mod plan;
mod present;
mod refine;
mod retry;
mod schedule;
mod settings;
pub mod shape;
mod source;
mod state;
mod store;
pub mod texts;
mod view;

pub use course::{Course, CourseChange, Stack};
pub use engine::{Engine, ExemplarQuery};
pub use event::{Fetch, FetchId, GRACE_MILLIS, Input, Output, Report};
pub use filters::{AddFilters, add_filters};
pub use increment::{Analyse, analyse};
pub use present::{Columns, Picture, Probe};
pub use settings::{Refine, Settings, SourceSettings};
pub use shape::{FieldHead, Goal, Shaper, Shaping};
pub use state::{Data, ErrorCard, Finer, PanelState, QueryData, SeriesHead};
pub use view::{CalcsOf, Format, PanelId, PanelSpec, Placement, QuerySource, QuerySpec, Shape, SourceFilters, View};
