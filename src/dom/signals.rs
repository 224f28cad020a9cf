//! Leptos' signals, memos and stored values, of one kind for all types.
//!
//! What works behind a signal is compiled for each type that one holds, 1 to 2 KB every time, and the first load has some
//! fifty of them. Here it is compiled once, for [`Value`]; only who reads and writes one knows of which type it is. They
//! are used as Leptos' own are, and named as they are.

use leptos::prelude::{self, LocalStorage, Read, ReadUntracked, ReadValue as _, Track, Write, WriteValue as _};
use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;

/// What is held in place of a `T`.
type Value = Box<dyn Any + Send + Sync>;

/// A signal that belongs to the scope it is made in.
pub type RwSignal<T> = Typed<prelude::RwSignal<Value>, T>;
/// A signal that lives as long as somebody has it.
pub type ArcRwSignal<T> = Typed<prelude::ArcRwSignal<Value>, T>;
/// What is worked out of signals, again when one of them has changed and somebody wants it.
pub type Memo<T> = Typed<prelude::Memo<Value>, T>;
/// What belongs to the scope it is made in, and tells nobody when it changes.
pub type StoredValue<T> = Typed<prelude::StoredValue<Box<dyn Any>, LocalStorage>, T>;

/// `S` holding a `T`. It is made of one, and takes nothing else.
pub struct Typed<S, T> {
    of_any: S,
    holds: PhantomData<fn() -> T>,
}

/// What a signal can hold.
pub trait Held: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> Held for T {}

/// What can be read.
pub trait Readable: Read<Value: Deref<Target = Value>> + ReadUntracked<Value: Deref<Target = Value>> + Track {}

impl<S: Read<Value: Deref<Target = Value>> + ReadUntracked<Value: Deref<Target = Value>> + Track> Readable for S {}

/// What can be written.
pub trait Writable: Write<Value = Value> {}

impl<S: Write<Value = Value>> Writable for S {}

impl<S, T> Typed<S, T> {
    fn of(of_any: S) -> Self {
        Self { of_any, holds: PhantomData }
    }
}

impl<T: Held> RwSignal<T> {
    pub fn new(value: T) -> Self {
        Self::of(prelude::RwSignal::new(Box::new(value)))
    }
}

impl<T: Held> ArcRwSignal<T> {
    pub fn new(value: T) -> Self {
        Self::of(prelude::ArcRwSignal::new(Box::new(value)))
    }
}

impl<T: Held> Memo<T> {
    /// What `make` gives, which is told what it was before.
    pub fn new(make: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::new_with_compare(make, |before, now| before != now)
    }

    /// The same; `is_other` says whether who has read it is told.
    pub fn new_with_compare(
        make: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        is_other: fn(Option<&T>, Option<&T>) -> bool,
    ) -> Self {
        memo(Box::new(move |before| {
            let before = before.as_deref().map(|before| known(before));
            let now = make(before);
            let is_other = is_other(before, Some(&now));
            (Box::new(now), is_other)
        }))
    }
}

/// Gives a new value for the former one, and whether it is another one.
type Make = Box<dyn Fn(Option<Value>) -> (Value, bool) + Send + Sync>;

fn memo<T>(make: Make) -> Memo<T> {
    Typed::of(prelude::Memo::new_owning(make))
}

impl<S: Readable, T: Held> Typed<S, T> {
    /// Has whoever is running told of changes.
    pub fn track(&self) {
        self.of_any.track();
    }

    pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(known(&**self.of_any.read()))
    }

    pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(known(&**self.of_any.read_untracked()))
    }

    /// None where its scope has been left.
    pub fn try_with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> Option<U> {
        Some(read(known(&**self.of_any.try_read_untracked()?)))
    }

    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    pub fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// None where its scope has been left.
    pub fn try_get_untracked(&self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_untracked(T::clone)
    }
}

impl<S: Writable, T: Held> Typed<S, T> {
    /// Sets it, if its scope is still there, and tells who has read it.
    pub fn set(&self, value: T) {
        let _ = self.try_set(value);
    }

    /// The same; gives the value back where its scope has been left.
    pub fn try_set(&self, value: T) -> Option<T> {
        match self.of_any.try_write() {
            Some(mut held) => *known_mut(&mut **held) = value,
            None => return Some(value),
        }
        None
    }

    /// Changes it, if its scope is still there, and tells who has read it.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        let _ = self.try_update(change);
    }

    /// The same; gives what `change` does.
    pub fn try_update<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        Some(change(known_mut(&mut **self.of_any.try_write()?)))
    }

    /// The same, and tells nobody.
    pub fn try_update_untracked<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        Some(change(known_mut(&mut **self.of_any.try_write_untracked()?)))
    }
}

impl<T: 'static> StoredValue<T> {
    pub fn new(value: T) -> Self {
        Self::of(prelude::StoredValue::new_local(Box::new(value)))
    }

    pub fn with_value<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(known(&**self.of_any.read_value()))
    }

    /// None where its scope has been left.
    pub fn try_with_value<U>(&self, read: impl FnOnce(&T) -> U) -> Option<U> {
        Some(read(known(&**self.of_any.try_read_value()?)))
    }

    /// Sets it, if its scope is still there.
    pub fn set_value(&self, value: T) {
        self.update_value(|held| *held = value);
    }

    /// Changes it, if its scope is still there.
    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        let _ = self.try_update_value(change);
    }

    /// The same; gives what `change` does.
    pub fn try_update_value<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        Some(change(known_mut(&mut **self.of_any.try_write_value()?)))
    }
}

fn known<T: 'static>(value: &dyn Any) -> &T {
    value.downcast_ref().unwrap_or_else(|| other())
}

fn known_mut<T: 'static>(value: &mut dyn Any) -> &mut T {
    value.downcast_mut().unwrap_or_else(|| other())
}

/// It would be a fault of this module.
#[cold]
fn other() -> ! {
    unreachable!("a signal holds what it was made of")
}

impl<S: Copy, T> Copy for Typed<S, T> {}

impl<S: Clone, T> Clone for Typed<S, T> {
    fn clone(&self) -> Self {
        Self::of(self.of_any.clone())
    }
}

impl<T: Held + Default> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Held + Default> Default for ArcRwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::Owner;

    #[test]
    fn a_signal_holds_what_it_is_given() {
        let owner = Owner::new();
        owner.with(|| {
            let signal = RwSignal::new(vec![1]);
            signal.update(|held| held.push(2));
            assert_eq!(signal.get_untracked(), [1, 2]);
            signal.set(vec![3]);
            assert_eq!(signal.try_update(|held| held.pop()), Some(Some(3)));
            assert_eq!(signal.with_untracked(Vec::len), 0);
        });
    }

    #[test]
    fn a_memo_tells_of_other_values_only() {
        let owner = Owner::new();
        owner.with(|| {
            let (signal, runs) = (RwSignal::new(1), ArcRwSignal::new(0));
            let half = Memo::new(move |_| signal.get() / 2);
            let counted = {
                let runs = runs.clone();
                Memo::new(move |before: Option<&i32>| {
                    runs.try_update_untracked(|runs| *runs += 1);
                    half.get() + before.copied().unwrap_or(0)
                })
            };
            let check = |value: i32, expected: (i32, i32)| {
                signal.set(value);
                assert_eq!((counted.get_untracked(), runs.get_untracked()), expected, "{value}");
            };
            check(1, (0, 1));
            check(0, (0, 1));
            check(5, (2, 2));
            check(4, (2, 2));
            check(6, (5, 3));
        });
    }

    #[test]
    fn a_scope_that_was_left_has_none() {
        let owner = Owner::new();
        let signal = owner.with(|| RwSignal::new(1));
        drop(owner);
        assert_eq!(signal.try_get_untracked(), None);
        assert_eq!(signal.try_set(2), Some(2));
        assert_eq!(signal.try_update(|held| *held), None);
        signal.set(3);
    }
}
