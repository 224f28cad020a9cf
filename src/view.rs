//! Leptos' `view!`, with its type forgotten.
//!
//! Every view has a type of its own, and what builds, updates and removes it, alone, in an `Option`, in a `Vec` and as
//! what a closure returns, is compiled for each. As `AnyView` that is compiled once.

macro_rules! view {
    ($($markup:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($markup)* })
    };
}

pub(crate) use view;
