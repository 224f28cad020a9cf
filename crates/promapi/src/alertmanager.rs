//! Alertmanager's API, `/api/v2`: no envelope, errors in three forms.

use crate::reply::decode_json;
use crate::wire;
use crate::{ApiError, DecodeError, Request};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Labels, Millis};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The alerts as they are grouped for notification; decode as `Vec<AlertGroup>`. The path is below the server's root.
#[must_use]
pub fn alert_groups() -> Request {
    Request::get("api/v2/alerts/groups")
}

/// Version and cluster; decode as [`Status`]. The path is below the server's root.
#[must_use]
pub fn status() -> Request {
    Request::get("api/v2/status")
}

/// Decodes a whole body. The caller bounds its size.
///
/// # Errors
///
/// [`DecodeError::Api`] when the body is one of the forms Alertmanager reports errors in: a JSON string, or an object
/// with a code and a message. The others when it is not readable.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Complaint {
        Text(String),
        Object { message: String },
    }
    decode_json(body).map_err(|error| match serde_json::from_slice(body) {
        Ok(Complaint::Text(message) | Complaint::Object { message }) => {
            DecodeError::Api(ApiError { kind: String::new(), message })
        }
        Err(_) => error,
    })
}

/// Alerts that are notified together. One alert can be in several groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct AlertGroup {
    /// The labels the group was made by.
    #[serde(deserialize_with = "wire::labels")]
    pub labels: Labels,
    /// Who is notified.
    pub receiver: Receiver,
    /// Its alerts.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub alerts: Vec<Alert>,
}

/// Somebody who is notified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct Receiver {
    /// Its name in the configuration.
    pub name: String,
}

/// An alert that Alertmanager knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Alert {
    /// A hash of its labels: what it is known by.
    pub fingerprint: String,
    /// Its labels.
    #[serde(deserialize_with = "wire::labels")]
    pub labels: Labels,
    /// Its annotations: texts from outside.
    #[serde(deserialize_with = "wire::labels")]
    pub annotations: Labels,
    /// Who is notified.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub receivers: Vec<Receiver>,
    /// Since when it is active.
    #[serde(deserialize_with = "wire::instant")]
    pub starts_at: Option<Millis>,
    /// When it counts as resolved, unless it is sent again.
    #[serde(deserialize_with = "wire::instant")]
    pub ends_at: Option<Millis>,
    /// When it was sent last.
    #[serde(deserialize_with = "wire::instant")]
    pub updated_at: Option<Millis>,
    /// Where it comes from. Unchecked: Alertmanager stores `javascript:` as it stores anything else.
    #[serde(rename = "generatorURL", deserialize_with = "wire::null_as_default")]
    pub generator_url: String,
    /// Whether it is notified.
    pub status: AlertStatus,
}

/// Whether an alert is notified, and what keeps it from being so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AlertStatus {
    /// Its state.
    pub state: AlertState,
    /// The ids of silences that match it.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub silenced_by: Vec<String>,
    /// The fingerprints of alerts that inhibit it.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub inhibited_by: Vec<String>,
    /// The time intervals that mute it.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub muted_by: Vec<String>,
}

/// The state of an alert in Alertmanager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// It has not been through the notification pipeline yet.
    Unprocessed,
    /// It is notified.
    Active,
    /// It is silenced, inhibited or muted.
    Suppressed,
    /// The server says something that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The answer of `/status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Status {
    /// The cluster of Alertmanagers this one belongs to.
    pub cluster: Cluster,
    /// Its version.
    pub version_info: VersionInfo,
    /// Since when it runs.
    #[serde(deserialize_with = "wire::instant")]
    pub uptime: Option<Millis>,
}

/// A cluster of Alertmanagers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct Cluster {
    /// This one's name in it.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub name: String,
    /// `ready`, `settling` or `disabled`.
    pub status: String,
    /// Everyone in it, this one too.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub peers: Vec<Peer>,
}

/// A member of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Host and port.
    pub address: String,
}

/// What an Alertmanager was built from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct VersionInfo {
    /// The version, such as `0.28.0`.
    pub version: String,
    /// The commit.
    pub revision: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_alerts() {
        let body = br#"[{"labels":{"alertname":"Down"},"receiver":{"name":"team"},"alerts":[
            {"annotations":{"summary":"<i>x</i>"},"endsAt":"2026-11-20T14:05:00.000Z","fingerprint":"0f","receivers":[{"name":"team"}],
             "startsAt":"2026-11-20T14:00:00.000Z","updatedAt":"2026-11-20T15:00:00.000+01:00","generatorURL":"javascript:alert(1)",
             "status":{"inhibitedBy":[],"silencedBy":["s1"],"state":"suppressed"},"labels":{"alertname":"Down","job":"db"}}]},
            {"labels":{},"receiver":{"name":"other"},"alerts":[{"status":{"state":"new","mutedBy":null}}]}]"#;
        let groups: Vec<AlertGroup> = decode(body).unwrap();
        let alert = &groups[0].alerts[0];
        assert_eq!((groups[0].receiver.name.as_str(), alert.labels.get("job")), ("team", Some("db")));
        assert_eq!(alert.starts_at, alert.updated_at);
        assert_eq!(alert.status.state, AlertState::Suppressed);
        assert_eq!(
            (alert.status.silenced_by.as_slice(), alert.generator_url.as_str()),
            (["s1".to_owned()].as_slice(), "javascript:alert(1)")
        );
        assert_eq!(groups[1].alerts[0].status.state, AlertState::Unknown);
        let copy: Vec<AlertGroup> = borsh::from_slice(&borsh::to_vec(&groups).unwrap()).unwrap();
        assert_eq!(copy, groups);
    }

    #[test]
    fn version_and_cluster() {
        let body =
            br#"{"cluster":{"status":"ready","peers":[]},"versionInfo":{"version":"0.25.0","goVersion":"go1.19"},
            "config":{"original":"x"},"uptime":"2026-11-20T14:00:00.000Z"}"#;
        let status: Status = decode(body).unwrap();
        assert_eq!((status.cluster.status.as_str(), status.version_info.version.as_str()), ("ready", "0.25.0"));
        assert_eq!(status.uptime, Some(Millis(1_795_183_200_000)));
    }

    #[test]
    fn errors_come_in_three_forms() {
        let api = |message: &str| DecodeError::Api(ApiError { kind: String::new(), message: message.to_owned() });
        for (body, expected) in [
            (r#""bad matcher""#, api("bad matcher")),
            (r#"{"code":602,"message":"filter in query is required"}"#, api("filter in query is required")),
            ("Limit of concurrent GET requests reached", DecodeError::NotJson { offset: 0 }),
            (r#"{"x":1}"#, DecodeError::Malformed { offset: 0, what: "a value of an unexpected kind" }),
            ("", DecodeError::Truncated { offset: 0 }),
        ] {
            assert_eq!(decode::<Vec<AlertGroup>>(body.as_bytes()), Err(expected), "{body}");
        }
    }

    #[test]
    fn requests_are_below_the_servers_root() {
        assert_eq!((alert_groups().path.as_str(), status().path.as_str()), ("api/v2/alerts/groups", "api/v2/status"));
    }
}
