//! Rules, made up: as many as the largest servers have, the same each time.

use super::Params;
use serde_json::{Value, json};

/// How many there are where nothing else is asked for.
const GROUPS: u64 = 20;
const RULES: u64 = 100;
/// More than any server has.
const MOST: u64 = 1_000_000;

const SERVICES: [&str; 8] = ["Checkout", "Cart", "Search", "Payment", "Catalog", "Auth", "Gateway", "Inventory"];
const SYMPTOMS: [&str; 6] = ["ErrorRate", "LatencyHigh", "SaturationHigh", "Restarts", "QueueGrows", "CertificateEnds"];
const WHY: &str = "The share of requests that fail has been above what was agreed for longer than it may. Users see errors \
                   or wait. Look first at what was deployed last, then at the services that this one asks, then at the \
                   database and its replicas; the runbook has a query for each.";

/// The `data` of `/rules`. `groups` and `rules` say how many; the last rule is called `TheVeryLastOne`.
pub fn answer(params: &Params) -> Value {
    let number =
        |name: &str, default: u64| params.get(name).and_then(|text| text.parse().ok()).unwrap_or(default).min(MOST);
    let (groups, rules) = (number("groups", GROUPS).max(1), number("rules", RULES));
    let group = |index: u64| {
        // As even as it goes.
        let of_group = index * rules / groups..(index + 1) * rules / groups;
        let name = format!("{}-{}", SERVICES[(index % 8) as usize].to_lowercase(), index / 8);
        json!({
            "name": name, "file": format!("/etc/prometheus/rules/team-{:03}.yml", index / 25), "interval": 30, "limit": 0,
            "evaluationTime": 0.0125, "lastEvaluation": EVALUATED,
            "rules": of_group.map(|number| rule(number, number + 1 == rules)).collect::<Vec<_>>(),
        })
    };
    json!({ "groups": (0..groups).map(group).collect::<Vec<_>>() })
}

const EVALUATED: &str = "2026-11-20T14:00:00.123456789Z";

/// One in three records; of the others one in a hundred fires or is pending, and one in five hundred fails.
fn rule(number: u64, is_last: bool) -> Value {
    let (service, symptom) = (SERVICES[(number % 8) as usize], SYMPTOMS[(number / 8 % 6) as usize]);
    let job = service.to_lowercase();
    let ratio = format!(
        "sum by (cluster, namespace, job) (rate(http_requests_total{{job=\"{job}\", shard=\"{number}\", code=~\"5..\"}}[5m])) \
         / sum by (cluster, namespace, job) (rate(http_requests_total{{job=\"{job}\", shard=\"{number}\"}}[5m]))"
    );
    let fails = number % 500 == 499;
    let health = if fails { "err" } else { "ok" };
    let error =
        if fails { "found duplicate series for the match group on the right hand-side of the operation" } else { "" };
    if number % 3 == 2 && !is_last {
        return json!({
            "type": "recording", "name": format!("{job}:shard_{number}:error_ratio_rate5m"), "query": ratio,
            "labels": { "team": format!("team-{:03}", number / 100) }, "health": health, "lastError": error,
            "evaluationTime": 0.000_523_1, "lastEvaluation": EVALUATED,
        });
    }
    let name = if is_last { "TheVeryLastOne".to_owned() } else { format!("{service}{symptom}{number}") };
    let labels = json!({ "severity": if number.is_multiple_of(4) { "page" } else { "ticket" }, "team": format!("team-{:03}", number / 100) });
    let state = match number % 200 {
        7 => "firing",
        8 => "pending",
        _ => "inactive",
    };
    let alert =
        || json!({ "labels": labels, "annotations": {}, "state": state, "activeAt": EVALUATED, "value": "1.5e-01" });
    let alerts: Vec<Value> = (state != "inactive").then(alert).into_iter().collect();
    json!({
        "type": "alerting", "name": name, "query": format!("{ratio} > 0.0{}", number % 9 + 1), "duration": 300, "keepFiringFor": 0,
        "labels": labels, "state": state, "alerts": alerts, "health": health, "lastError": error,
        "annotations": {
            "summary": format!("{service} of shard {number} fails: {{{{ $value | humanizePercentage }}}} of requests"),
            "description": format!("{WHY} {WHY} {WHY}"),
            "impact": format!("Orders of shard {number} are late or lost; {job} keeps those that it can for an hour, then they are gone. Tell the shops of the shard."),
            "runbook_url": format!("https://runbooks.example/{job}/{symptom}"),
        },
        "evaluationTime": 0.000_823_1, "lastEvaluation": EVALUATED,
    })
}

#[cfg(test)]
mod tests {
    use super::{Params, answer};

    #[test]
    fn there_are_as_many_as_asked_for() {
        for (query, groups, rules) in [("", 20, 100), ("groups=3&rules=10", 3, 10), ("groups=0&rules=0", 1, 0)] {
            let data = answer(&Params::read(query, b""));
            let found = data["groups"].as_array().unwrap();
            let of = |group: &serde_json::Value| group["rules"].as_array().unwrap().len();
            assert_eq!((found.len(), found.iter().map(of).sum::<usize>()), (groups, rules), "{query}");
        }
    }

    #[test]
    fn the_largest_servers_answer_is_as_large() {
        let text = answer(&Params::read("groups=3402&rules=14758", b"")).to_string();
        assert!((18_500_000..19_500_000).contains(&text.len()), "{} bytes", text.len());
        assert!(text.contains("TheVeryLastOne"));
    }
}
