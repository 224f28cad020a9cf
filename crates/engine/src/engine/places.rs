//! Where panels stand in the view, found by their ids.

use crate::PanelId;
use crate::panel::Panel;

/// Panels' places in the order of their ids. Two panels may be called alike.
#[derive(Default)]
pub(super) struct Places(Vec<(PanelId, usize)>);

impl Places {
    /// The places of `panels`, which stand in the order of the view.
    pub fn new(panels: &[Panel]) -> Self {
        let mut places = panels.iter().enumerate().map(|(place, panel)| (panel.spec.id.clone(), place)).collect();
        frame::sort_by(&mut places, |(a, _), (b, _)| a.cmp(b));
        Self(places)
    }

    /// The place of the first panel called `id`.
    pub fn first(&self, id: &PanelId) -> Option<usize> {
        self.of(id).next()
    }

    /// The places of the panels called `id`, in the order of the view.
    pub fn of(&self, id: &PanelId) -> impl Iterator<Item = usize> {
        let first = self.0.partition_point(|(known, _)| known < id);
        let those = self.0.get(first..).unwrap_or_default();
        those.iter().take_while(move |(known, _)| known == id).map(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PanelSpec;

    #[test]
    fn panels_are_found_by_their_ids() {
        let panels = ["b", "a", "c", "a"].map(|id| Panel::new(PanelSpec { id: id.into(), ..PanelSpec::default() }));
        let places = Places::new(&panels);
        for (id, expected) in [("a", vec![1, 3]), ("b", vec![0]), ("c", vec![2]), ("", vec![]), ("d", vec![])] {
            assert_eq!(places.of(&id.into()).collect::<Vec<_>>(), expected, "{id}");
        }
    }
}
