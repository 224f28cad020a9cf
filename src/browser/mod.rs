//! The browser behind small Rust interfaces: one file per thing it offers.

pub mod clock;
pub mod embed;
pub mod frame_loop;
pub mod observe;
pub mod panic;
pub mod storage;
pub mod timing;
pub mod url;
pub mod worker_client;
pub mod zones;
