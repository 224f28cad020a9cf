//! The variables as controls in a row. What is chosen goes into the URL, and from there everywhere else.

use super::filters_bar::FiltersBar;
use crate::browser::url::Entry;
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, button, el, react, value_of};
use crate::parts;
use crate::state::session::Session;
use crate::state::variables::{Choice, ChoiceState, Resolved, Variables, is_shown, label_of};
use crate::ui::listbox::ListBox;
use crate::ui::popover::{Popover, stays_in_window};
use dashboard::model::{Hide, Selection, SourceRef, Variable, VariableKind};
use std::rc::Rc;
use std::sync::Arc;

/// The controls of all variables that are shown; none where there are none.
///
/// `more` stands behind them.
pub fn variables_bar(
    session: Session,
    variables: &[Variable],
    state: &Variables,
    more: impl IntoIterator<Item = El>,
) -> Option<El> {
    let shown = variables.iter().zip(&state.choices).filter(|(variable, _)| is_shown(variable));
    let controls: Vec<El> = shown.map(|(variable, choice)| field(session, variable, choice, state.resolved)).collect();
    let controls: Vec<El> = controls.into_iter().chain(more).collect();
    (!controls.is_empty()).then(|| el("div").class("variables").children(controls))
}

/// A control with its label, and what is wrong with it.
fn field(session: Session, variable: &Variable, choice: &ArcRwSignal<Choice>, resolved: RwSignal<Arc<Resolved>>) -> El {
    let control = match &variable.kind {
        VariableKind::TextBox => text_box(session, variable, choice.clone()),
        VariableKind::Switch { on, off } => switch(session, variable, choice.clone(), (on, off)),
        VariableKind::AdHoc { datasource, .. } => parts::filters_bar(FiltersBar {
            session,
            name: variable.name.clone(),
            label: label_of(variable).to_owned(),
            source: source_of(session, datasource.clone(), resolved),
            choice: choice.clone(),
        }),
        _ => picker(session, variable, choice.clone()),
    };
    let label = (variable.hide != Hide::Label).then(|| {
        let description = Some(variable.description.as_str()).filter(|text| !text.is_empty());
        el("span").class("name").attr_if("title", description).text(label_of(variable))
    });
    let state = {
        let choice = choice.clone();
        move || {
            let word = choice.with(|choice| match choice.state {
                ChoiceState::Loading => "loading",
                ChoiceState::Ready => "ready",
                ChoiceState::Failed(_) => "failed",
            });
            Some(word.to_owned())
        }
    };
    let choice = choice.clone();
    let field = el("div").class("field").attr("data-variable", &variable.name).attr_with("data-state", state);
    field.children(label).child(control).child_with(move || choice.with(problem_mark))
}

/// The data source that an ad hoc variable filters, which may be what another variable says.
fn source_of(session: Session, source: SourceRef, resolved: RwSignal<Arc<Resolved>>) -> Rc<dyn Fn() -> String> {
    Rc::new(move || session.source_uid(resolved.with(|resolved| source.resolve(&resolved.scope)).as_deref()))
}

fn problem_mark(choice: &Choice) -> Option<El> {
    let ChoiceState::Failed(problem) = &choice.state else { return None };
    let mark = el("span").class("mark warn").attr("role", "note").attr("tabindex", "0").attr("title", problem);
    Some(mark.attr("aria-label", problem).text("!"))
}

/// Puts the values of a variable into the URL.
fn set(session: Session, name: &str, values: Vec<String>) {
    session.edit_params(Entry::Push, |params| params.set(&format!("var-{name}"), values));
}

/// A list behind a button. Of several that can be chosen all go into the URL at once, when the list is closed.
fn picker(session: Session, variable: &Variable, choice: ArcRwSignal<Choice>) -> El {
    let open = RwSignal::new(false);
    let draft: RwSignal<Option<Selection>> = RwSignal::new(None);
    let name = variable.name.clone();
    react(move || {
        if !open.get()
            && let Some(chosen) = draft.try_update_untracked(Option::take).flatten()
        {
            set(session, &name, chosen.values);
        }
    });
    let (label, multi, takes_others) = (label_of(variable).to_owned(), variable.multi, !variable.only_offered);
    let face = {
        let choice = choice.clone();
        move || choice.with(face)
    };
    let popover = Popover {
        open,
        label: {
            let (label, face) = (label.clone(), face.clone());
            Box::new(move || format!("{label}: {}", face()))
        },
        face: vec![el("span").class("chosen").text_with(face)],
        class: "choice",
        end: false,
    };
    let anchor = popover.build(move || {
        let (offered, known) = (choice.clone(), choice.clone());
        let chosen = Memo::new(move |_| draft.get().unwrap_or_else(|| known.with(|choice| choice.chosen.clone())));
        let pick = move |option: &_| {
            draft.set(Some(chosen.with_untracked(|chosen: &Selection| chosen.toggled(option, multi))));
            if !multi {
                open.set(false);
            }
        };
        parts::listbox(ListBox {
            label: label.clone(),
            options: Memo::new(move |_| offered.with(|choice| choice.options.clone())),
            chosen,
            multi,
            takes_others,
            pick: Rc::new(pick),
        })
    });
    stays_in_window(anchor, open)
}

/// What is chosen, in words.
fn face(choice: &Choice) -> String {
    match choice.chosen.labels.as_slice() {
        [] => "None".to_owned(),
        labels => labels.join(", "),
    }
}

fn text_box(session: Session, variable: &Variable, choice: ArcRwSignal<Choice>) -> El {
    let input = el("input").attr("aria-label", label_of(variable)).attr("spellcheck", "false");
    let shown = input.clone();
    react(move || {
        let text = choice.with(|choice| choice.chosen.values.first().cloned().unwrap_or_default());
        let _ = shown.clone().prop("value", &text.into());
    });
    let name = variable.name.clone();
    input.on("change", move |event| set(session, &name, vec![value_of(&event)]))
}

fn switch(session: Session, variable: &Variable, choice: ArcRwSignal<Choice>, (on, off): (&str, &str)) -> El {
    let (on, off) = (on.to_owned(), off.to_owned());
    let is_on = {
        let on = on.clone();
        move |choice: &Choice| choice.chosen.has(&on)
    };
    let checked = {
        let (choice, is_on) = (choice.clone(), is_on.clone());
        move || Some(choice.with(&is_on).to_string())
    };
    let name = variable.name.clone();
    button("switch")
        .attr("role", "switch")
        .attr("aria-label", label_of(variable))
        .attr_with("aria-checked", checked)
        .on_click(move || set(session, &name, vec![if choice.with_untracked(&is_on) { &off } else { &on }.clone()]))
}
