//! What servers send apart from results of queries: rules, targets, metadata, alerts.

use promapi::{alertmanager, decode_reply, exemplars, metadata, rules, targets};

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let _ = decode_reply::<rules::Rules>(body).map(|reply| {
        let rules = reply.data.groups.iter().flat_map(|group| &group.rules);
        rules.for_each(|rule| _ = rule.alert_state());
    });
    let _ = decode_reply::<targets::Targets>(body);
    let _ = decode_reply::<targets::DatabaseStatus>(body);
    let _ = decode_reply::<metadata::Metadata>(body);
    let _ = decode_reply::<metadata::SeriesList>(body);
    let _ = decode_reply::<metadata::BuildInfo>(body);
    let _ = exemplars::decode(body);
    let _ = alertmanager::decode::<Vec<alertmanager::AlertGroup>>(body);
    let _ = alertmanager::decode::<alertmanager::Status>(body);
}
