//! One sort for the whole program.

use std::cmp::Ordering;
use std::collections::TryReserveError;

/// Sorts `items`; equal ones stay in their order.
///
/// The standard library compiles its sort anew for every type and every comparison, at five kilobytes of Wasm each. This
/// one sorts indices, and only moves the items by type: for lists of what people read, not for samples.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = sorted_indices(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // Without the memory to sort them the items are better unsorted than lost.
    let Ok(order) = order else { return };
    let mut from: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|index| from.get_mut(index)?.take()));
}

/// The indices below `len` in the order of what they stand for; equal ones stay in their order.
///
/// A merge sort from the bottom up, which leaves alone what is in order already.
///
/// # Errors
///
/// There is no memory for so many.
#[inline(never)]
pub fn sorted_indices(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Result<Vec<usize>, TryReserveError> {
    let (mut order, mut merged) = (Vec::new(), Vec::new());
    order.try_reserve_exact(len)?;
    merged.try_reserve_exact(len)?;
    order.extend(0..len);
    let mut run = 1;
    while run < len {
        merged.clear();
        for pair in order.chunks(2 * run) {
            let (left, right) = pair.split_at(run.min(pair.len()));
            merge(left, right, compare, &mut merged);
        }
        std::mem::swap(&mut order, &mut merged);
        run *= 2;
    }
    Ok(order)
}

fn merge(mut left: &[usize], mut right: &[usize], compare: &dyn Fn(usize, usize) -> Ordering, out: &mut Vec<usize>) {
    let in_order = |a: &usize, b: &usize| compare(*a, *b).is_le();
    let all_in_order = left.last().zip(right.first()).is_none_or(|(a, b)| in_order(a, b));
    while let (false, [a, left_rest @ ..], [b, right_rest @ ..]) = (all_in_order, left, right) {
        if in_order(a, b) {
            out.push(*a);
            left = left_rest;
        } else {
            out.push(*b);
            right = right_rest;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_items_stay_in_their_order() {
        let mut words = vec!["pear", "fig", "plum", "kiwi", "date", "apple"];
        sort_by(&mut words, |a, b| a.len().cmp(&b.len()));
        assert_eq!(words, ["fig", "pear", "plum", "kiwi", "date", "apple"]);
    }

    proptest! {
        #[test]
        fn items_are_sorted_as_the_standard_library_sorts_them(mut items: Vec<(u8, u8)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expected);
        }
    }
}
