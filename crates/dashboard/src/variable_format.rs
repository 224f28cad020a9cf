//! The formats a variable can be written in: the part after the colon in `${name:format}`.

use crate::interpolate::{Caption, Value};
use frame::{Millis, Zone, Zones};
use std::fmt::Write;

/// A format by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    CustomQueryParam,
    Date,
    Distributed,
    DoubleQuote,
    Glob,
    Html,
    Join,
    Json,
    Lucene,
    PercentEncode,
    Pipe,
    QueryParam,
    Raw,
    Regex,
    SingleQuote,
    SqlString,
    Text,
    UriEncode,
}

/// What a format is applied to.
pub(crate) struct Arguments<'a> {
    /// The variable's name.
    pub name: &'a str,
    pub value: &'a Value,
    /// What people read instead, if that differs.
    pub caption: Option<&'a Caption>,
    /// What follows the format's own colon: `;` in `${name:join:;}`.
    pub argument: Option<&'a str>,
}

impl Format {
    /// The format called `name`; Grafana falls back to `glob` for those it does not know.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "csv" => Self::Csv,
            "customqueryparam" => Self::CustomQueryParam,
            "date" => Self::Date,
            "distributed" => Self::Distributed,
            "doublequote" => Self::DoubleQuote,
            "html" => Self::Html,
            "join" => Self::Join,
            "json" => Self::Json,
            "lucene" => Self::Lucene,
            "percentencode" => Self::PercentEncode,
            "pipe" => Self::Pipe,
            "queryparam" => Self::QueryParam,
            "raw" => Self::Raw,
            "regex" => Self::Regex,
            "singlequote" => Self::SingleQuote,
            "sqlstring" => Self::SqlString,
            "text" => Self::Text,
            "uriencode" => Self::UriEncode,
            _ => Self::Glob,
        }
    }

    /// Writes the variable in this format.
    pub(crate) fn write(self, arguments: &Arguments<'_>, out: &mut String) {
        let parts = arguments.value.parts();
        let single = !matches!(arguments.value, Value::Many(_));
        let verbatim = matches!(arguments.value, Value::Verbatim(_));
        match self {
            Self::Text => match arguments.caption {
                Some(Caption::All) => out.push_str("All"),
                Some(Caption::Each(texts)) => join(texts, " + ", out, push),
                None => join(parts, " + ", out, push),
            },
            Self::QueryParam => {
                let (all, nothing) = (["$__all".to_owned()], [String::new()]);
                let parts = match arguments.caption {
                    Some(Caption::All) => &all,
                    _ if parts.is_empty() => &nothing,
                    _ => parts,
                };
                url_parameters(&format!("var-{}", arguments.name), parts, out);
            }
            Self::PercentEncode if single => join(parts, "", out, percent_encode),
            Self::PercentEncode => percent_encode(&format!("{{{}}}", parts.join(",")), out),
            _ if verbatim => join(parts, ",", out, push),
            Self::CustomQueryParam => {
                let (name, prefix) = arguments
                    .argument
                    .map_or((arguments.name, ""), |argument| argument.split_once(':').unwrap_or((argument, "")));
                query_params(name, prefix, parts, COMPONENT_KEPT, out);
            }
            Self::Glob => grouped(parts, ["{", ",", "}"], out, push),
            Self::Regex if parts.is_empty() => out.push_str("()"),
            Self::Regex => grouped(parts, ["(", "|", ")"], out, regex_escape),
            Self::Pipe => join(parts, "|", out, push),
            Self::Csv | Self::Raw => join(parts, ",", out, push),
            Self::Join => join(parts, arguments.argument.unwrap_or(","), out, push),
            Self::Html => join(parts, ", ", out, html_escape),
            Self::Json if single => join(parts, "", out, push),
            Self::Json => {
                out.push('[');
                join(parts, ",", out, json::push_string);
                out.push(']');
            }
            Self::Lucene if single => join(parts, "", out, lucene_escape),
            Self::Lucene if parts.is_empty() => out.push_str("__empty__"),
            Self::Lucene => {
                out.push('(');
                join(parts, " OR ", out, |value, out| {
                    out.push('"');
                    lucene_escape(value, out);
                    out.push('"');
                });
                out.push(')');
            }
            Self::Distributed => join_indexed(parts, ",", out, |index, value, out| {
                if index > 0 {
                    let _ = write!(out, "{}=", arguments.name);
                }
                out.push_str(value);
            }),
            Self::SingleQuote => join(parts, ",", out, |value, out| quote(value, '\'', &[('\'', "\\'")], out)),
            Self::DoubleQuote => join(parts, ",", out, |value, out| quote(value, '"', &[('"', "\\\"")], out)),
            Self::SqlString => {
                join(parts, ",", out, |value, out| quote(value, '\'', &[('\'', "''"), ('"', "\\\"")], out))
            }
            Self::UriEncode if single => join(parts, "", out, uri_encode),
            Self::UriEncode => uri_encode(&format!("{{{}}}", parts.join(",")), out),
            Self::Date => date(parts, arguments.argument, out),
        }
    }
}

fn push(value: &str, out: &mut String) {
    out.push_str(value);
}

fn join(parts: &[String], separator: &str, out: &mut String, mut write: impl FnMut(&str, &mut String)) {
    join_indexed(parts, separator, out, |_, value, out| write(value, out));
}

fn join_indexed(parts: &[String], separator: &str, out: &mut String, mut write: impl FnMut(usize, &str, &mut String)) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        write(index, part, out);
    }
}

/// One value alone, several between `open` and `close`.
fn grouped(parts: &[String], [open, separator, close]: [&str; 3], out: &mut String, write: fn(&str, &mut String)) {
    let many = parts.len() > 1;
    if many {
        out.push_str(open);
    }
    join(parts, separator, out, write);
    if many {
        out.push_str(close);
    }
}

/// `value` between two marks, with some characters replaced.
fn quote(value: &str, mark: char, replaced: &[(char, &str)], out: &mut String) {
    out.push(mark);
    for c in value.chars() {
        match replaced.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out.push_str(to),
            None => out.push(c),
        }
    }
    out.push(mark);
}

fn regex_escape(value: &str, out: &mut String) {
    for c in value.chars() {
        if matches!(c, '\\' | '^' | '$' | '*' | '+' | '?' | '.' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '/') {
            out.push('\\');
        }
        out.push(c);
    }
}

fn lucene_escape(value: &str, out: &mut String) {
    for c in value.chars() {
        if "!*+-=<>&|()[]{}^~?:\\/\" ".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

fn html_escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

/// `name=value` for each value, as Grafana writes its own addresses.
pub(crate) fn url_parameters(name: &str, values: &[String], out: &mut String) {
    query_params(name, "", values, QUERY_KEPT, out);
}

/// `name=prefixvalue` for each value.
fn query_params(name: &str, prefix: &str, values: &[String], kept: &str, out: &mut String) {
    join(values, "&", out, |value, out| {
        encode(name, kept, out);
        out.push('=');
        out.push_str(prefix);
        encode(value, kept, out);
    });
}

/// What stays of a component of a URL (RFC 3986, unreserved).
const COMPONENT_KEPT: &str = "-_.~";
/// What stays of Grafana's `var-` parameters as well.
const QUERY_KEPT: &str = "-_.~@:$,;";
/// What stays of a whole URL: what separates its parts.
pub(crate) const URI_KEPT: &str = "-_.~;/?:@&=+$,#";

/// Encodes a component of a URL.
pub fn percent_encode(value: &str, out: &mut String) {
    encode(value, COMPONENT_KEPT, out);
}

fn uri_encode(value: &str, out: &mut String) {
    encode(value, URI_KEPT, out);
}

/// Encodes all but letters, digits and what is `kept`.
pub(crate) fn encode(value: &str, kept: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && kept.contains(char::from(byte))) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Epoch milliseconds as a date on UTC, in one of the named forms or in ISO 8601.
fn date(parts: &[String], argument: Option<&str>, out: &mut String) {
    let (Some(text), 1) = (parts.first(), parts.len()) else { return out.push_str("NaN") };
    let Some(millis) = crate::interval::whole_number(text.trim()) else { return out.push_str("NaN") };
    let pattern = match argument.unwrap_or("iso") {
        "ms" => return out.push_str(text),
        "seconds" => {
            let _ = write!(out, "{}", millis.saturating_add(500).div_euclid(1000));
            return;
        }
        "iso" => "YYYY-MM-DDTHH:mm:ss.SSS[Z]",
        pattern => pattern,
    };
    out.push_str(&format::date::pattern(Millis(millis), pattern, &Zone::Utc, &UtcOnly));
}

/// Dates in texts are on UTC; Grafana's are on the browser's clock.
struct UtcOnly;

impl Zones for UtcOnly {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}
