//! Each panel's state on the page: one enum, set once per change.

use crate::dom::{ArcRwSignal, Memo};
use crate::protocol::{Phase, PictureHead};
use engine::{ErrorCard, PanelId, View};
use frame::{Millis, SortedMap};
use std::cell::RefCell;
use std::sync::Arc;

/// What a panel draws: the reduced columns of its series and everything known at full resolution about them.
#[derive(Debug, PartialEq)]
pub struct Picture {
    pub head: PictureHead,
    /// Epoch milliseconds of every point of every series, one after the other.
    pub times: Vec<f64>,
    /// As long as `times`; a gap is `frame::GAP`.
    pub values: Vec<f64>,
}

impl Picture {
    /// Times and values of series `index`; empty for one that is not there.
    pub fn points(&self, index: usize) -> (&[f64], &[f64]) {
        let at = |index: usize| self.head.offsets.get(index).map(|offset| *offset as usize);
        let range = at(index).unwrap_or(0)..at(index + 1).unwrap_or(0);
        (self.times.get(range.clone()).unwrap_or_default(), self.values.get(range).unwrap_or_default())
    }
}

/// Where a panel is. Whatever was drawn before stays until something newer replaces it.
#[derive(Clone, Debug, Default)]
pub enum PanelView {
    /// Not asked for yet.
    #[default]
    Idle,
    /// Asked for; `stale` is what it showed before.
    Loading { stale: Option<Arc<Picture>> },
    /// Up to date.
    Ready(Arc<Picture>),
    /// The last request failed.
    Failed { error: ErrorCard, retry_at: Option<Millis>, stale: Option<Arc<Picture>> },
}

impl PanelView {
    /// What is drawn now, current or stale.
    pub fn picture(&self) -> Option<&Arc<Picture>> {
        match self {
            Self::Idle => None,
            Self::Loading { stale } | Self::Failed { stale, .. } => stale.as_ref(),
            Self::Ready(picture) => Some(picture),
        }
    }

    /// The word for it on the panel's `data-state`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading { .. } => "loading",
            Self::Ready(picture) if picture.head.series.is_empty() => "empty",
            Self::Ready(_) => "ready",
            Self::Failed { .. } => "failed",
        }
    }

    /// The state after `phase`, with the new picture where one came.
    fn next(&self, phase: Phase, fresh: Option<Arc<Picture>>) -> Self {
        let picture = fresh.or_else(|| self.picture().cloned());
        match (phase, picture) {
            (Phase::Idle, None) => Self::Idle,
            (Phase::Idle | Phase::Loading, stale) => Self::Loading { stale },
            (Phase::Ready, Some(picture)) => Self::Ready(picture),
            (Phase::Ready, None) => Self::Idle,
            (Phase::Failed { error, retry_at }, stale) => Self::Failed { error, retry_at, stale },
        }
    }
}

thread_local! {
    static PANELS: RefCell<SortedMap<PanelId, ArcRwSignal<PanelView>>> = RefCell::default();
}

/// The signal of panel `id`. It outlives the elements that show it: a panel that is built anew, because a row above it
/// was closed, goes on where it was.
pub fn use_panel(id: &PanelId) -> ArcRwSignal<PanelView> {
    PANELS.with_borrow_mut(|panels| panels.get_or_default(id.clone()).clone())
}

/// Forgets the panels that are not in `view`.
pub fn retain(view: &View) {
    PANELS.with_borrow_mut(|panels| panels.retain(|id, _| view.panels.iter().any(|panel| panel.id == *id)));
}

/// What a panel draws. Told anew with another picture only, not whenever its state changes.
pub fn picture_of(view: ArcRwSignal<PanelView>) -> Memo<Option<Arc<Picture>>> {
    let is_other = |old: Option<&Option<Arc<Picture>>>, new: Option<&Option<Arc<Picture>>>| match (old, new) {
        (Some(Some(old)), Some(Some(new))) => !Arc::ptr_eq(old, new),
        (Some(None), Some(None)) => false,
        _ => true,
    };
    Memo::new_with_compare(move |_| view.with(|view| view.picture().cloned()), is_other)
}

/// Takes in what the worker says of a panel. Panels that are gone are passed over.
pub fn arrive(id: &PanelId, phase: Phase, fresh: Option<Picture>) {
    let signal = PANELS.with_borrow(|panels| panels.get(id).cloned());
    if let Some(signal) = signal {
        let fresh = fresh.map(Arc::new);
        signal.update(|view| *view = view.next(phase, fresh));
    }
}
