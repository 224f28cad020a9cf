//! Alerting and recording rules, as `/rules` tells them.
//!
//! Read from JSON, and passed on in borsh's form: whoever decodes them may be another thread than the one that shows
//! them.

use crate::wire;
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Labels, Millis, float_bits};
use serde::Deserialize;

/// The answer of `/rules`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
pub struct Rules {
    /// The groups, in the server's order.
    #[serde(default, deserialize_with = "wire::null_as_default")]
    pub groups: Vec<RuleGroup>,
    /// What to pass on to get the next page, where the answer is not the last one.
    // Prometheus 3.0 spelled the key with its Go tag's option in it.
    #[serde(default, rename = "groupNextToken", alias = "groupNextToken:omitempty")]
    pub next_token: Option<String>,
}

/// A group of rules, evaluated one after the other.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RuleGroup {
    /// Its name, unique in its file.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub name: String,
    /// The file it comes from; a namespace in Mimir and Cortex.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub file: String,
    /// Seconds between two evaluations.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub interval: f64,
    /// Seconds the last evaluation took.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub evaluation_time: f64,
    /// When the group was evaluated last, none before the first time.
    #[serde(deserialize_with = "wire::instant")]
    pub last_evaluation: Option<Millis>,
    /// Its rules, in order.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub rules: Vec<Rule>,
}

/// A rule: what both kinds have, and what is special about its kind.
#[derive(Clone, Debug, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(from = "WireRule")]
pub struct Rule {
    /// The alert's name, or the recorded metric's.
    pub name: String,
    /// The expression, in PromQL.
    pub query: String,
    /// Labels it adds.
    pub labels: Labels,
    /// Whether its last evaluation went well.
    pub health: Health,
    /// What went wrong in the last evaluation, empty when nothing did.
    pub last_error: String,
    /// Seconds the last evaluation took.
    pub evaluation_time: f64,
    /// When it was evaluated last, none before the first time.
    pub last_evaluation: Option<Millis>,
    /// What it does with the result.
    pub kind: RuleKind,
}

impl Rule {
    /// The state of an alerting rule; a recording rule has none.
    #[must_use]
    pub fn alert_state(&self) -> Option<AlertState> {
        match &self.kind {
            RuleKind::Alerting(alerting) => Some(alerting.state),
            RuleKind::Recording => None,
        }
    }
}

/// What a rule does with its result.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum RuleKind {
    /// Stores it as new series.
    Recording,
    /// Raises alerts.
    Alerting(Alerting),
}

/// What only alerting rules have.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Alerting {
    /// The state of its most advanced alert.
    pub state: AlertState,
    /// Seconds the expression has to hold before an alert fires.
    pub hold_secs: f64,
    /// Seconds an alert goes on firing after the expression ceased to hold.
    pub keep_firing_secs: f64,
    /// Annotations as written in the rule, templates unexpanded.
    pub annotations: Labels,
    /// The alerts there are now.
    pub alerts: Vec<Alert>,
}

/// An alert of a rule.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Alert {
    /// Its labels, the rule's included.
    #[serde(deserialize_with = "wire::labels")]
    pub labels: Labels,
    /// Its annotations, templates expanded: texts from outside.
    #[serde(deserialize_with = "wire::labels")]
    pub annotations: Labels,
    /// Its state.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub state: AlertState,
    /// Since when the expression holds.
    #[serde(deserialize_with = "wire::instant")]
    pub active_at: Option<Millis>,
    /// Since when it only goes on firing because the rule keeps it so.
    #[serde(deserialize_with = "wire::instant")]
    pub keep_firing_since: Option<Millis>,
    /// The expression's value at the last evaluation.
    #[serde(deserialize_with = "wire::value")]
    #[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")]
    pub value: f64,
}

/// The state of an alert or of an alerting rule, the most urgent first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// It fires.
    Firing,
    /// The expression holds, not yet for long enough.
    Pending,
    /// The expression does not hold.
    Inactive,
    /// The server does not say, or says something that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether a rule's evaluation goes well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It does.
    Ok,
    /// It failed; see the rule's last error.
    Err,
    /// Not evaluated yet, or the server says something that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A rule on the wire: one object for both kinds, told apart by `type`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WireRule {
    #[serde(deserialize_with = "wire::null_as_default")]
    r#type: String,
    #[serde(deserialize_with = "wire::null_as_default")]
    name: String,
    #[serde(deserialize_with = "wire::null_as_default")]
    query: String,
    #[serde(deserialize_with = "wire::labels")]
    labels: Labels,
    #[serde(deserialize_with = "wire::null_as_default")]
    health: Health,
    #[serde(deserialize_with = "wire::null_as_default")]
    last_error: String,
    #[serde(deserialize_with = "wire::null_as_default")]
    evaluation_time: f64,
    #[serde(deserialize_with = "wire::instant")]
    last_evaluation: Option<Millis>,
    #[serde(deserialize_with = "wire::null_as_default")]
    state: AlertState,
    #[serde(deserialize_with = "wire::null_as_default")]
    duration: f64,
    #[serde(deserialize_with = "wire::null_as_default")]
    keep_firing_for: f64,
    #[serde(deserialize_with = "wire::labels")]
    annotations: Labels,
    #[serde(deserialize_with = "wire::null_as_default")]
    alerts: Vec<Alert>,
}

impl From<WireRule> for Rule {
    fn from(wire: WireRule) -> Self {
        let kind = match wire.r#type.as_str() {
            "recording" => RuleKind::Recording,
            _ => RuleKind::Alerting(Alerting {
                state: wire.state,
                hold_secs: wire.duration,
                keep_firing_secs: wire.keep_firing_for,
                annotations: wire.annotations,
                alerts: wire.alerts,
            }),
        };
        Self {
            name: wire.name,
            query: wire.query,
            labels: wire.labels,
            health: wire.health,
            last_error: wire.last_error,
            evaluation_time: wire.evaluation_time,
            last_evaluation: wire.last_evaluation,
            kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_reply;

    fn check(groups: &str) -> Rules {
        let body = format!(r#"{{"status":"success","data":{{"groups":{groups}}}}}"#);
        let rules: Rules = decode_reply(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {groups}")).data;
        let copy: Rules = borsh::from_slice(&borsh::to_vec(&rules).unwrap()).unwrap();
        // By text, as NaN is not equal to itself.
        assert_eq!(format!("{copy:?}"), format!("{rules:?}"), "it crosses to the page as it is");
        rules
    }

    #[test]
    fn alerting_and_recording_rules() {
        let rules = check(
            r#"[{"name":"g","file":"a.yml","interval":60,"evaluationTime":0.001,"lastEvaluation":"2026-11-20T14:00:00Z","limit":0,
            "rules":[
              {"type":"alerting","name":"Down","query":"up == 0","duration":300,"keepFiringFor":60,"state":"firing","health":"ok",
               "labels":{"severity":"page"},"annotations":{"summary":"{{ $labels.job }} is down"},
               "evaluationTime":0.0005,"lastEvaluation":"2026-11-20T14:00:00.5Z",
               "alerts":[{"labels":{"alertname":"Down","job":"db"},"annotations":{"summary":"<b>db</b> is down"},
                          "state":"firing","activeAt":"2026-11-20T13:00:00Z","value":"1e+00"}]},
              {"type":"recording","name":"job:up:sum","query":"sum by (job) (up)","health":"err","lastError":"boom"}]}]"#,
        );
        let group = &rules.groups[0];
        assert_eq!((group.name.as_str(), group.file.as_str(), group.interval), ("g", "a.yml", 60.0));
        assert_eq!(group.last_evaluation, Some(Millis(1_795_183_200_000)));
        let [down, sum] = group.rules.as_slice() else { panic!("two rules") };
        let RuleKind::Alerting(alerting) = &down.kind else { panic!("an alerting rule") };
        assert_eq!((alerting.state, alerting.hold_secs, alerting.keep_firing_secs), (AlertState::Firing, 300.0, 60.0));
        let alert = &alerting.alerts[0];
        assert_eq!(
            (alert.labels.get("job"), alert.annotations.get("summary")),
            (Some("db"), Some("<b>db</b> is down"))
        );
        assert_eq!((alert.state, alert.value, alert.keep_firing_since), (AlertState::Firing, 1.0, None));
        assert_eq!((sum.kind.clone(), sum.health, sum.last_error.as_str()), (RuleKind::Recording, Health::Err, "boom"));
    }

    #[test]
    fn nulls_absent_keys_and_unknown_words_are_put_up_with() {
        assert_eq!(check("null").groups, []);
        let rules = check(
            r#"[{"name":"g","rules":null},
                {"name":null,"file":null,"interval":null,"evaluationTime":null,"rules":[
                   {"type":null,"name":null,"query":null,"health":null,"evaluationTime":null,"state":null,"duration":null,
                    "keepFiringFor":null,"alerts":[{"value":1.5,"state":null},{"value":1},{"value":{}},{"value":null}]}]},
                {"rules":[{"type":"alerting","name":"A","state":"resting","health":"poorly","alerts":null,"labels":null,
                           "lastEvaluation":"0001-01-01T00:00:00Z","annotations":null,"lastError":null},
                          {"type":"alerting","alerts":[{"value":"?","activeAt":null,"state":"unknown"}]}]}]"#,
        );
        let RuleKind::Alerting(Alerting { alerts, .. }) = &rules.groups[1].rules[0].kind else { panic!("it alerts") };
        assert_eq!(alerts[..2].iter().map(|alert| alert.value).collect::<Vec<_>>(), [1.5, 1.0]);
        assert!(alerts[2..].iter().all(|alert| alert.value.is_nan()));
        let [a, b] = rules.groups[2].rules.as_slice() else { panic!("two rules") };
        assert_eq!((a.health, a.last_evaluation), (Health::Unknown, None));
        assert_eq!(a.kind, RuleKind::Alerting(Alerting::default()));
        assert!(matches!(&b.kind, RuleKind::Alerting(Alerting { alerts, .. }) if alerts[0].value.is_nan()));
    }

    #[test]
    fn values_of_all_kinds_survive() {
        for value in ["NaN", "+Inf", "-Inf", "-0", "1.5e-300"] {
            let alert: Alert = serde_json::from_str(&format!(r#"{{"value":"{value}"}}"#)).unwrap();
            let copy: Alert = borsh::from_slice(&borsh::to_vec(&alert).unwrap()).unwrap();
            assert_eq!(copy.value.to_bits(), alert.value.to_bits(), "{value}");
        }
    }

    #[test]
    fn the_next_page_is_found_under_both_names() {
        for key in ["groupNextToken", "groupNextToken:omitempty"] {
            let rules: Rules = serde_json::from_str(&format!(r#"{{"groups":[],"{key}":"t"}}"#)).unwrap();
            assert_eq!(rules.next_token.as_deref(), Some("t"), "{key}");
        }
    }
}
