//! The colours of a chart, for a dark and a light page.

use crate::Color;

/// What a chart is coloured with, apart from its series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Whether the page is dark.
    pub dark: bool,
    /// The panel behind the chart.
    pub panel: Color,
    /// Text that is read first.
    pub text: Color,
    /// Text that is read second: axis labels.
    pub second: Color,
    /// Text and lines that stay back.
    pub faint: Color,
    /// Lines of the page.
    pub line: Color,
    /// The one thing to act on.
    pub accent: Color,
    /// State colours.
    pub ok: Color,
    /// An alert that waits.
    pub pending: Color,
    /// An alert that fires.
    pub firing: Color,
    /// An annotation or anything else to know.
    pub info: Color,
}

impl Theme {
    /// The dark page.
    pub const DARK: Self = Self {
        dark: true,
        panel: Color::rgb(0x151a21),
        text: Color::rgb(0xe6eaf0),
        second: Color::rgb(0x9aa5b4),
        faint: Color::rgb(0x6b7686),
        line: Color::rgb(0x262d38),
        accent: Color::rgb(0xf0701f),
        ok: Color::rgb(0x2ea36b),
        pending: Color::rgb(0xd9982b),
        firing: Color::rgb(0xe5484d),
        info: Color::rgb(0x4a8fe7),
    };

    /// The light page.
    pub const LIGHT: Self = Self {
        dark: false,
        panel: Color::rgb(0xffffff),
        text: Color::rgb(0x1a1f27),
        second: Color::rgb(0x5a6473),
        faint: Color::rgb(0x8a94a3),
        line: Color::rgb(0xdfe3e8),
        accent: Color::rgb(0xc2500a),
        ..Self::DARK
    };
}
