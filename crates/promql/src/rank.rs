//! How well a name fits what somebody typed of it.

/// How well `name` fits `sought`, more being better; none where it does not. Large and small letters are alike.
///
/// Best is the name itself, then one that begins so, then one with a word that does (words are what stands between `_`,
/// `:` and the like), then one that has it anywhere, then one whose words begin with parts of it: `hrd` and `reqdur` for
/// `http_request_duration`. Of equally good ones the shorter is better. Several words in `sought` all have to fit.
///
/// ```
/// let fits = |name| promql::rank::fit(name, "req");
/// assert!(fits("requests_total") > fits("http_requests_total"));
/// assert_eq!(fits("up"), None);
/// ```
#[must_use]
pub fn fit(name: &str, sought: &str) -> Option<u32> {
    let name = name.as_bytes();
    let words = sought.split_whitespace().map(|word| fit_word(name, word.as_bytes()));
    let all =
        words.map(|fit| fit.map(|tier| tier * LENGTHS)).try_fold(0_u32, |sum, fit| Some(sum.saturating_add(fit?)))?;
    Some(all + (LENGTHS - 1).saturating_sub(name.len() as u32))
}

/// More than the lengths of names that are told apart.
const LENGTHS: u32 = 1_000;

fn fit_word(name: &[u8], word: &[u8]) -> Option<u32> {
    if name.eq_ignore_ascii_case(word) {
        return Some(5);
    }
    let mut anywhere = false;
    for start in 0..name.len() {
        if begins_with(name.get(start..).unwrap_or_default(), word) {
            anywhere = true;
            match start {
                0 => return Some(4),
                _ if begins_word(name, start) => return Some(3),
                _ => {}
            }
        }
    }
    if anywhere { Some(2) } else { is_made_of_beginnings(name, word).then_some(1) }
}

fn begins_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
}

fn begins_word(name: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| name.get(before));
    before.is_none_or(|before| !before.is_ascii_alphanumeric())
}

/// Whether `word` is the beginnings of words of `name`, in order. Looks at every letter of the name once for each of the
/// word's at most.
fn is_made_of_beginnings(name: &[u8], word: &[u8]) -> bool {
    // Tells most names apart, at a fraction of what follows.
    if !has_letters_in_order(name, word) {
        return false;
    }
    // Where in the name the letters so far may have ended.
    let mut ends: Vec<usize> = vec![0];
    for (index, letter) in word.iter().enumerate() {
        let Some(earliest) = ends.first().copied() else { return false };
        let fits = |at: &usize| {
            let is_letter = name.get(*at).is_some_and(|here| here.eq_ignore_ascii_case(letter));
            is_letter && (begins_word(name, *at) || (index > 0 && ends.binary_search(at).is_ok()))
        };
        ends = (earliest..name.len()).filter(fits).map(|at| at + 1).collect();
    }
    !ends.is_empty()
}

fn has_letters_in_order(name: &[u8], word: &[u8]) -> bool {
    let mut rest = name.iter();
    word.iter().all(|letter| rest.any(|here| here.eq_ignore_ascii_case(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The names that fit, best first.
    fn check(sought: &str, names: &[&str], expected: &[&str]) {
        let mut found: Vec<(u32, &str)> = names.iter().filter_map(|name| Some((fit(name, sought)?, *name))).collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        assert_eq!(found.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), expected, "{sought}");
    }

    #[test]
    fn better_fits_come_first() {
        let names = ["http_requests_total", "requests", "go_info", "http_request_duration_seconds", "up", "prerequest"];
        check("", &["b", "aa"], &["b", "aa"]);
        check("requ", &names, &["requests", "http_requests_total", "http_request_duration_seconds", "prerequest"]);
        check("UP", &names, &["up"]);
        check("hrd", &names, &["http_request_duration_seconds"]);
        check("reqdur", &names, &["http_request_duration_seconds"]);
        check("total http", &names, &["http_requests_total"]);
        check("total go", &names, &[]);
        check("red", &["req_ed", "request_total"], &["req_ed"]);
        check("tsd", &names, &[]);
    }

    proptest! {
        #[test]
        fn what_a_name_has_in_it_fits(name in "[a-zA-Z_:é]{1,20}", start in 0_usize..20, end in 0_usize..21) {
            if let Some(part) = name.get(start.min(end)..end.max(start)) {
                prop_assert!(fit(&name, part).is_some());
            }
            prop_assert!(fit(&name, &name) >= fit(&name, ""));
        }

        #[test]
        fn any_text_will_do(name in ".{0,30}", sought in ".{0,10}") {
            let _ = fit(&name, &sought);
        }
    }
}
