//! Queries that are kept: in the order they were last run, each once, some with a star.

use serde_json::{Value, json};

/// More are forgotten, the oldest first; those with a star stay.
const MOST: usize = 200;
/// Longer queries are not kept: the browser's storage is small.
const LONGEST: usize = 10_000;

/// Queries with whether they have a star, latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept(Vec<(String, bool)>);

impl Kept {
    /// Reads what [`Self::to_json`] wrote. Total: what is none of it is left out.
    pub fn parse(text: &str) -> Self {
        let Ok(Value::Array(list)) = json::parse(text) else { return Self::default() };
        let read = |entry: &Value| {
            let expr = entry.get("expr")?.as_str()?.to_owned();
            Some((expr, entry.get("starred").and_then(Value::as_bool).unwrap_or_default()))
        };
        let mut kept = Self::default();
        for (expr, starred) in list.iter().rev().filter_map(read) {
            kept.add(&expr);
            if starred {
                kept.star(&expr);
            }
        }
        kept
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        let entries = self.0.iter().map(|(expr, starred)| json!({ "expr": expr, "starred": starred }));
        Value::Array(entries.collect()).to_string()
    }

    /// Puts a query to the front.
    pub fn add(&mut self, expr: &str) {
        let expr = expr.trim();
        if expr.is_empty() || expr.len() > LONGEST {
            return;
        }
        let starred = self.0.iter().any(|(known, starred)| known == expr && *starred);
        self.remove(expr);
        self.0.insert(0, (expr.to_owned(), starred));
        let oldest = self.0.iter().rposition(|(_, starred)| !starred);
        if let Some(oldest) = oldest.filter(|_| self.0.len() > MOST) {
            self.0.remove(oldest);
        }
    }

    /// Gives a query a star, or takes it away.
    pub fn star(&mut self, expr: &str) {
        for (_, starred) in self.0.iter_mut().filter(|(known, _)| known == expr) {
            *starred = !*starred;
        }
    }

    /// Forgets a query.
    pub fn remove(&mut self, expr: &str) {
        self.0.retain(|(known, _)| known != expr);
    }

    /// Those with a star, then the others.
    pub fn in_order(&self) -> impl Iterator<Item = (&str, bool)> {
        let with = |wanted: bool| self.0.iter().filter(move |(_, starred)| *starred == wanted);
        with(true).chain(with(false)).map(|(expr, starred)| (expr.as_str(), *starred))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kept: &Kept) -> String {
        let words = kept.in_order().map(|(expr, starred)| format!("{expr}{}", if starred { "*" } else { "" }));
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_latest_comes_first_behind_the_starred() {
        let mut kept = Kept::default();
        ["a", "b", " a ", "", "c"].into_iter().for_each(|expr| kept.add(expr));
        assert_eq!(shown(&kept), "c a b");
        kept.star("b");
        assert_eq!(shown(&kept), "b* c a");
        assert_eq!(Kept::parse(&kept.to_json()), kept);
        kept.star("b");
        kept.remove("a");
        assert_eq!(shown(&kept), "c b");
    }

    #[test]
    fn there_are_never_too_many() {
        let mut kept = Kept::default();
        kept.add("first");
        kept.star("first");
        (0..2 * MOST).for_each(|number| kept.add(&number.to_string()));
        kept.add(&"x".repeat(LONGEST + 1));
        assert_eq!(kept.in_order().count(), MOST);
        assert!(shown(&kept).starts_with("first* 399 "));
    }

    #[test]
    fn anything_may_have_been_stored() {
        for text in ["", "{", "[]", "null", "[1, {}, {\"expr\": 1}, []]"] {
            assert_eq!(Kept::parse(text), Kept::default(), "{text}");
        }
        assert_eq!(shown(&Kept::parse("[{\"expr\":\"up\"},{\"expr\":\"a\",\"starred\":true}]")), "a* up");
    }
}
