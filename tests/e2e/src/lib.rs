//! The harness of the end-to-end tests: a real browser ([`Browser`], [`Page`]) on the built app, served in front of a
//! real Prometheus and Alertmanager ([`World`]), with faults between them where a test wants some ([`World::faulty`]).
//!
//! Tests are plain functions on a [`World`] and block while they wait; the waiting is bounded and says what it waited
//! for. What they look at is the surface that tools can rely on: data attributes, addresses and User Timing measures.

pub mod audit;
mod browser;
mod certificates;
mod clock;
pub mod corpus;
mod dashboards;
mod firefox;
mod http;
pub mod local;
mod nginx;
mod page;
mod panel;
pub mod plain;
mod process;
mod setup;
mod world;

pub use browser::{Browser, Options, Theme};
pub use certificates::{Authority, Identity};
pub use clock::Clock;
pub use dashboards::Dashboard;
pub use firefox::Firefox;
pub use http::{Client, Reply};
pub use local::Local;
pub use nginx::{Nginx, NginxConfig, PATH as NGINX_PATH};
pub use page::{Measure, Page};
pub use panel::{Panel, State};
pub use process::{Process, free_port};
pub use setup::Setup;
pub use world::{Faulty, World};
