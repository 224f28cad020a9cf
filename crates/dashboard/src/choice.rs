//! What is chosen of a variable's options: by the URL, by a click, and what of it a panel is repeated for.

use crate::model::{ALL, Selection, Variable, VariableKind, VariableOption};
use crate::variables::without_own_name;

impl Selection {
    /// A choice of everything.
    #[must_use]
    pub fn all() -> Self {
        Self { values: vec![ALL.into()], labels: vec!["All".into()] }
    }

    /// Whether `value` is one of the chosen.
    #[must_use]
    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|chosen| chosen == value)
    }

    /// The choice after `option` was clicked. Of several that can be chosen it comes or goes: what is chosen by name ends
    /// "all", and "all" ends what is chosen by name. Nothing is left where nothing is meant.
    #[must_use]
    pub fn toggled(&self, option: &VariableOption, multi: bool) -> Self {
        let alone = || Self { values: vec![option.value.clone()], labels: vec![option.label.clone()] };
        if !multi || option.value == ALL || self.is_all() {
            return alone();
        }
        let mut next = self.clone();
        match self.values.iter().position(|value| *value == option.value) {
            Some(at) => {
                next.values.remove(at);
                if at < next.labels.len() {
                    next.labels.remove(at);
                }
            }
            None => {
                next.values.push(option.value.clone());
                next.labels.push(option.label.clone());
            }
        }
        next
    }
}

/// What the values in the URL choose of `variable`; none where they choose nothing. They count as they are, so that a link
/// keeps its meaning also when an option is gone.
#[must_use]
pub fn from_url(variable: &Variable, options: &[VariableOption], values: &[String]) -> Option<Selection> {
    let is_all = |value: &String| {
        let by_name = variable.include_all && value == "All";
        value == ALL || by_name || (values.len() == 1 && variable.all_value.as_ref() == Some(value))
    };
    if is_all(values.last()?) {
        return Some(Selection::all());
    }
    let meant = |value: &String| if is_interval(variable) { without_own_name(value).to_owned() } else { value.clone() };
    let values: Vec<String> = values.iter().filter(|value| !is_all(value)).map(meant).collect();
    let label = |value: &String| label_of(options, value).unwrap_or(value).to_owned();
    Some(Selection { labels: values.iter().map(label).collect(), values })
}

fn is_interval(variable: &Variable) -> bool {
    matches!(variable.kind, VariableKind::Interval { .. })
}

fn label_of<'a>(options: &'a [VariableOption], value: &str) -> Option<&'a str> {
    options.iter().find(|option| option.value == value).map(|option| option.label.as_str())
}

/// The options that `chosen` stands for, one by one: what panels are repeated for.
#[must_use]
pub fn chosen_options(options: &[VariableOption], chosen: &Selection) -> Vec<VariableOption> {
    if chosen.is_all() {
        return options.iter().filter(|option| option.value != ALL).cloned().collect();
    }
    let labels = chosen.labels.iter().map(Some).chain(std::iter::repeat(None));
    let option = |(value, label): (&String, Option<&String>)| VariableOption {
        label: label.unwrap_or(value).clone(),
        value: value.clone(),
    };
    chosen.values.iter().zip(labels).map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::AUTO_INTERVAL;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn options(values: &[&str]) -> Vec<VariableOption> {
        values.iter().map(|value| VariableOption::plain(*value)).collect()
    }

    #[test]
    fn a_click_chooses() {
        let check = |chosen: &[&str], clicked: &str, multi: bool, expected: &[&str]| {
            let next = Selection::of(texts(chosen)).toggled(&VariableOption::plain(clicked), multi);
            assert_eq!(next.values, texts(expected), "{chosen:?}, {clicked}");
            assert_eq!(next.labels.len(), next.values.len());
        };
        check(&[], "a", false, &["a"]);
        check(&["a"], "b", false, &["b"]);
        check(&["a"], "a", false, &["a"]);
        check(&["a"], "b", true, &["a", "b"]);
        check(&["a", "b"], "a", true, &["b"]);
        check(&["a"], "a", true, &[]);
        check(&[ALL], "a", true, &["a"]);
        check(&["a", "b"], ALL, true, &[ALL]);
        check(&[ALL], ALL, true, &[ALL]);
        check(&[ALL], "a", false, &["a"]);
    }

    #[test]
    fn the_url_chooses() {
        let mut variable = Variable::new("v", VariableKind::Custom);
        let check = |variable: &Variable, values: &[&str], expected: Option<&[&str]>| {
            let chosen = from_url(variable, &options(&["a", "b"]), &texts(values));
            assert_eq!(chosen.map(|chosen| chosen.values), expected.map(texts), "{values:?}");
        };
        check(&variable, &[], None);
        check(&variable, &["gone"], Some(&["gone"]));
        check(&variable, &["All"], Some(&["All"]));
        variable.include_all = true;
        variable.all_value = Some(".*".into());
        check(&variable, &["All"], Some(&[ALL]));
        check(&variable, &[".*"], Some(&[ALL]));
        check(&variable, &["a", "b"], Some(&["a", "b"]));
        check(&variable, &["a", ALL], Some(&[ALL]));
        check(&variable, &[ALL, "a"], Some(&["a"]));
        check(&variable, &["$__auto_interval_step"], Some(&["$__auto_interval_step"]));
        let variable = Variable::new("step", VariableKind::Interval { auto: None });
        check(&variable, &["$__auto_interval_step"], Some(&[AUTO_INTERVAL]));
        check(&variable, &["5m"], Some(&["5m"]));
    }

    #[test]
    fn everything_is_every_option() {
        let chosen = |values: &[&str]| {
            let offered = options(&[ALL, "a", "b"]);
            chosen_options(&offered, &Selection::of(texts(values))).into_iter().map(|o| o.value).collect::<Vec<_>>()
        };
        assert_eq!(chosen(&[ALL]), ["a", "b"]);
        assert_eq!(chosen(&["b", "gone"]), ["b", "gone"]);
        assert!(chosen(&[]).is_empty());
    }
}
