//! A tree as one line of text, without spans: two texts that mean the same give the same line.

use promql::ast::{Ast, At, Duration, DurationKind, Extent, Grouping, Id, Kind, Matcher, Matching, Modifiers};
use promql::token::Span;

/// The tree below the root.
pub fn tree(ast: &Ast) -> String {
    node(ast, ast.root())
}

fn node(ast: &Ast, id: Id) -> String {
    let of = |id: &Id| node(ast, *id);
    match &ast.node(id).kind {
        Kind::Missing => "?".to_owned(),
        Kind::Variable => format!("(var {})", ast.slice(ast.node(id).span)),
        Kind::Number { value, duration } => format!("{value}{}", if *duration { "s" } else { "" }),
        Kind::Text => format!("{:?}", ast.name(ast.node(id).span)),
        Kind::Selector(selector) => {
            let mut name = selector.name.map_or("", |name| ast.slice(name)).to_owned();
            let mut matchers: Vec<String> = selector.matchers().iter().map(|m| matcher(ast, m)).collect();
            // A name in braces is the name, unless there are several.
            matchers.sort_unstable();
            if let (true, Some(at)) = (name.is_empty(), matchers.iter().position(|m| m.starts_with("__name__="))) {
                name = matchers.remove(at);
            }
            format!("[{name} {}{}]", matchers.join(" "), modifiers(ast, &selector.modifiers))
        }
        Kind::Range { selector, range, modifiers: m } => {
            format!("(range {} {}{})", of(selector), duration(ast, range), modifiers(ast, m))
        }
        Kind::Subquery { expr, window, modifiers: m } => {
            let step = window.step.as_ref().map_or("default".to_owned(), |step| duration(ast, step));
            format!("(subquery {} {} {step}{})", of(expr), duration(ast, &window.range), modifiers(ast, m))
        }
        Kind::Call { name, args } => format!("({}{})", ast.slice(*name), list(ast, args)),
        Kind::Aggregate { op, name, grouping: g, args } => {
            let name = op.map_or_else(|| ast.slice(*name), |op| op.as_str());
            format!("({name}{}{})", grouping(ast, g.as_deref()), list(ast, args))
        }
        Kind::Binary { op, lhs, rhs, matching: m } => {
            format!("({}{} {} {})", op.as_str(), matching(ast, m.as_deref()), of(lhs), of(rhs))
        }
        Kind::Unary { minus, expr } => format!("({} {})", if *minus { "neg" } else { "pos" }, of(expr)),
        Kind::Paren(inner) => format!("(paren {})", of(inner)),
    }
}

fn list(ast: &Ast, ids: &[Id]) -> String {
    ids.iter().map(|id| format!(" {}", node(ast, *id))).collect()
}

fn matcher(ast: &Ast, matcher: &Matcher) -> String {
    match *matcher {
        Matcher::Label { name, op, value } => {
            format!("{}{}{:?}", ast.name(name), op.as_str(), promql::ast::string_value(ast.slice(value)))
        }
        Matcher::Metric(span) => format!("__name__={:?}", promql::ast::string_value(ast.slice(span))),
        Matcher::Variable(span) => ast.slice(span).to_owned(),
    }
}

fn modifiers(ast: &Ast, modifiers: &Modifiers) -> String {
    let offset = modifiers.offset.as_ref().filter(|offset| {
        // No offset and one of nothing are the same.
        !matches!(offset.kind, DurationKind::Literal { seconds, .. } if seconds == 0.0)
    });
    let offset = offset.map_or(String::new(), |offset| format!(" offset {}", duration(ast, offset)));
    let at = match modifiers.at {
        None => String::new(),
        Some(At::Time(millis)) => format!(" @{millis}"),
        Some(At::Start) => " @start".to_owned(),
        Some(At::End) => " @end".to_owned(),
        Some(At::Variable(span)) => format!(" @{}", ast.slice(span)),
    };
    let extent = match modifiers.extent {
        None => "",
        Some(Extent::Anchored) => " anchored",
        Some(Extent::Smoothed) => " smoothed",
    };
    at + extent + &offset
}

/// A plain duration by its length, whatever its units.
fn duration(ast: &Ast, whole: &Duration) -> String {
    match &whole.kind {
        DurationKind::Literal { seconds, .. } => format!("{seconds}s"),
        _ => calculation(ast, whole),
    }
}

fn calculation(ast: &Ast, duration: &Duration) -> String {
    let of = |duration: &Duration| calculation(ast, duration);
    match &duration.kind {
        DurationKind::Missing => "?".to_owned(),
        DurationKind::Variable => ast.slice(duration.span).to_owned(),
        DurationKind::Literal { seconds, units } => format!("{seconds}{}", if *units { "s" } else { "" }),
        DurationKind::Step => "step".to_owned(),
        DurationKind::Range => "range".to_owned(),
        DurationKind::Negative(inner) => format!("(neg {})", of(inner)),
        DurationKind::Paren(inner) => format!("(paren {})", of(inner)),
        DurationKind::Binary(op, operands) => format!("({} {} {})", op.as_str(), of(&operands[0]), of(&operands[1])),
        DurationKind::Choice { larger, of: choices, .. } => {
            format!("({} {} {})", if *larger { "max" } else { "min" }, of(&choices[0]), of(&choices[1]))
        }
    }
}

fn grouping(ast: &Ast, grouping: Option<&Grouping>) -> String {
    match grouping {
        Some(Grouping { without: true, labels: l }) => format!(" without{}", labels(ast, l)),
        // To aggregate by nothing is what an aggregation does anyway.
        Some(Grouping { labels: l, .. }) if !l.is_empty() => format!(" by{}", labels(ast, l)),
        _ => String::new(),
    }
}

fn labels(ast: &Ast, labels: &[Span]) -> String {
    format!("{:?}", labels.iter().map(|label| ast.name(*label)).collect::<Vec<_>>())
}

fn matching(ast: &Ast, matching: Option<&Matching>) -> String {
    let Some(matching) = matching else { return String::new() };
    let mut out = String::from(if matching.bool { " bool" } else { "" });
    if let Some(on) = &matching.labels
        && (on.on || !on.labels.is_empty() || matching.group.is_some())
    {
        out += &format!(" {}{}", if on.on { "on" } else { "ignoring" }, labels(ast, &on.labels));
    }
    if let Some(group) = &matching.group {
        out += &format!(" group_{}{}", if group.left { "left" } else { "right" }, labels(ast, &group.include));
    }
    for (side, span) in [("left", matching.fill_left), ("right", matching.fill_right)] {
        out += &span.map_or(String::new(), |span| {
            let written: String = ast.slice(span).split_whitespace().collect();
            format!(" fill_{side} {}", written.trim_start_matches('+'))
        });
    }
    out
}
