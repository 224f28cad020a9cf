//! Shapes that only this page shows, as paths on a 16 x 16 grid.

pub const EYE: &str = "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z";
pub const FORMAT: &str = "M3 4h10M5.5 8H13M3 12h10";
pub const LIST: &str = "M3 4h1M6.5 4H13M3 8h1M6.5 8H13M3 12h1M6.5 12H13";
pub const STAR: &str = "M8 2.5l1.7 3.5 3.8.5-2.8 2.7.7 3.8L8 11.2 4.6 13l.7-3.8L2.5 6.5l3.8-.5z";
pub const CODE: &str = "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5";
pub const COPY: &str = "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7";
