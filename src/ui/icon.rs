//! Icons as inline SVG: 16 px, one stroke, the text's colour.

use crate::dom::{El, button, svg};

/// The shapes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Home,
    Explore,
    Alerts,
    Targets,
    Settings,
    Refresh,
    Back,
    Forward,
    ZoomOut,
    Theme,
    Chevron,
    Close,
    Add,
    Clock,
    Star,
}

impl Shape {
    /// Its path on a 16 x 16 grid.
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M2.5 7.5 8 3l5.5 4.5M4 6.5V13h8V6.5",
            Self::Explore => "M2.5 12.5 6 8l2.5 2.5L13.5 4M10 4h3.5v3.5",
            Self::Alerts => "M3.5 11.5h9L11.2 9V6.5a3.2 3.2 0 0 0-6.4 0V9zM6.8 13.5h2.4",
            Self::Targets => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
            Self::Settings => {
                "M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 6.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5.8 12.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z"
            }
            Self::Refresh => "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
            Self::Back => "M9.5 4 5.5 8l4 4",
            Self::Forward => "M6.5 4l4 4-4 4",
            Self::ZoomOut => "M11 11l3 3M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM5 7h4",
            Self::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
            Self::Chevron => "M6 4l4 4-4 4",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Add => "M8 3v10M3 8h10",
            Self::Star => "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
        }
    }
}

/// An icon that stands beside a word, or in a button that carries its name itself.
pub fn icon(shape: Shape) -> El {
    drawn(shape.path())
}

/// An icon from a path on a 16 x 16 grid, for shapes that only one page shows.
pub fn drawn(path: &str) -> El {
    svg("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "1.5")
        .attr("stroke-linecap", "round")
        .attr("stroke-linejoin", "round")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", path))
}

/// A button that shows an icon alone; `label` is its name and its tooltip.
pub fn icon_button(shape: Shape, label: &str) -> El {
    drawn_button(shape.path(), label)
}

/// The same with the icon that `path` draws.
pub fn drawn_button(path: &str, label: &str) -> El {
    button("button icon-only").attr("aria-label", label).attr("title", label).child(drawn(path))
}
