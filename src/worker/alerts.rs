//! Rules and alerts, from their server's JSON to borsh's form for the page. Only these functions need what reads JSON
//! here, so they are loaded when somebody looks at alerts.

use crate::protocol::Alerts;
use borsh::BorshSerialize;
use frame::SortedMap;
use promapi::rule_list::{RuleList, RuleWish};
use promapi::rules::Rules;
use promapi::{DecodeError, alertmanager, decode_reply};
use std::cell::RefCell;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// An answer in borsh's form, or why the answer has none; or why there is no code to read it with.
pub type Encoded = Result<Result<Vec<u8>, DecodeError>, SplitLoaderError>;

thread_local! {
    /// The rules of each data source as it told them last. Only the rows that are looked at go to the page.
    static RULES: RefCell<SortedMap<String, RuleList>> = RefCell::default();
}

/// How many rules there are in the answer of the Prometheus `source`; they are kept for [`rule_page`].
#[wasm_split(alerts, fallible)]
pub fn rules(source: String, body: Vec<u8>) -> Encoded {
    Ok(decode_reply::<Rules>(&body).and_then(|reply| {
        let list = RuleList::new(reply.data.groups);
        let counts = encode(&Alerts::Rules(list.counts()));
        RULES.with_borrow_mut(|kept| kept.insert(source, list));
        counts
    }))
}

/// A part of the rules that `source` told last; nothing where none are kept.
#[wasm_split(alerts, fallible)]
pub fn rule_page(source: String, wish: RuleWish) -> Encoded {
    let page = RULES.with_borrow_mut(|kept| kept.get_mut(&source).map(|list| list.page(&wish)));
    Ok(page.map_or_else(|| Ok(Vec::new()), |page| encode(&page)))
}

/// The groups of alerts in an Alertmanager's answer.
#[wasm_split(alerts, fallible)]
pub fn groups(body: Vec<u8>) -> Encoded {
    Ok(alertmanager::decode(&body).and_then(|groups| encode(&Alerts::Groups(groups))))
}

/// An answer in borsh's form. Fails for nothing that JSON has a form for.
pub fn encode(answer: &impl BorshSerialize) -> Result<Vec<u8>, DecodeError> {
    borsh::to_vec(answer).map_err(|_| DecodeError::OutOfMemory)
}
