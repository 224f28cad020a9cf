//! Samples in order of time, whatever order they came in.

use super::Fault;
use frame::Millis;

/// The rows of `times` in order of time, of several for one instant only the last; none when all rows are in order
/// already.
pub(super) fn rows_by_time(times: &[Millis]) -> Result<Option<Vec<usize>>, Fault> {
    if times.is_sorted_by(|earlier, later| earlier < later) {
        return Ok(None);
    }
    let time_of = |row: usize| times.get(row).copied();
    let mut rows = frame::sorted_indices(times.len(), &|a, b| time_of(a).cmp(&time_of(b)))?;
    rows.dedup_by(|later, kept| {
        let same = time_of(*later) == time_of(*kept);
        if same {
            *kept = *later;
        }
        same
    });
    Ok(Some(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_row_for_an_instant_stays() {
        let check = |times: &[i64], expected: Option<&[usize]>| {
            let times: Vec<Millis> = times.iter().copied().map(Millis).collect();
            assert_eq!(rows_by_time(&times), Ok(expected.map(<[usize]>::to_vec)), "{times:?}");
        };
        check(&[], None);
        check(&[1, 2, 3], None);
        check(&[1, 1], Some(&[1]));
        check(&[3, 1, 2], Some(&[1, 2, 0]));
        check(&[2, 1, 2, 1, 2], Some(&[3, 4]));
    }
}
