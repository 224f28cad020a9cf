//! Annotations from queries: when what a query tells was so.

use frame::Labels;

/// A source of annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// What the user calls it.
    pub name: String,
    /// Whether it is shown at first.
    pub enabled: bool,
    /// Whether it cannot be switched on and off.
    pub hidden: bool,
    /// Its colour, as Grafana writes colours.
    pub color: String,
    /// Where it is asked.
    pub datasource: crate::model::SourceRef,
    /// A PromQL expression, true where it has a value above 0.
    pub expr: String,
    /// The distance of the points asked for, such as `60s`; what is true at neighbouring ones is one event.
    pub step: Option<String>,
    /// The title of an event; `{{label}}` stands for a label.
    pub title: String,
    /// The text of an event, likewise.
    pub text: String,
    /// The labels whose values are its tags.
    pub tag_keys: Vec<String>,
    /// The values of the query are times, in epoch milliseconds.
    pub use_value_for_time: bool,
    /// Shown on these panels only, or on all but these.
    pub panels: PanelFilter,
}

/// Which panels something is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PanelFilter {
    /// All of them.
    #[default]
    All,
    /// Those with these ids.
    Only(Vec<u32>),
    /// All but those with these ids.
    AllBut(Vec<u32>),
}

impl PanelFilter {
    /// Whether the panel with this id is one of them.
    #[must_use]
    pub fn has(&self, id: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&id),
            Self::AllBut(ids) => !ids.contains(&id),
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it began, in epoch milliseconds.
    pub start: f64,
    /// When it was seen last; the same for what took no time.
    pub end: f64,
    /// A title.
    pub title: String,
    /// What there is to say about it.
    pub text: String,
    /// Words to it.
    pub tags: Vec<String>,
}

impl Annotation {
    /// The events in one series of the query's answer, whose points are `step_millis` apart, as Grafana finds them: values
    /// above 0 that follow each other at that distance are one.
    #[must_use]
    pub fn events(&self, labels: &Labels, times: &[f64], values: &[f64], step_millis: f64) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        let points = times.iter().zip(values).filter_map(|(time, value)| match self.use_value_for_time {
            true => value.is_finite().then(|| value.floor()),
            false => (*value > 0.0).then_some(*time),
        });
        for time in points {
            match events.last_mut() {
                Some(event) if event.end + step_millis >= time => event.end = time,
                _ => events.push(Event {
                    start: time,
                    end: time,
                    title: filled(&self.title, labels),
                    text: filled(&self.text, labels),
                    tags: self.tag_keys.iter().filter_map(|key| labels.get(key)).map(str::to_owned).collect(),
                }),
            }
        }
        events
    }
}

/// `template` with the values of labels in it; a label that is not there, or empty, is told by its name.
fn filled(template: &str, labels: &Labels) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once("{{") {
        let Some((label, after)) = opened.split_once("}}") else { break };
        text.push_str(before);
        rest = after;
        // Nothing, or more than a line, is no label.
        if label.is_empty() || label.contains('\n') {
            text.push_str("{{");
            rest = opened;
            continue;
        }
        let name = label.trim();
        let value = labels.get(name).filter(|value| !value.is_empty());
        // A blank is no name.
        text.push_str(value.unwrap_or(if name.is_empty() { label } else { name }));
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_what_is_so_without_a_pause() {
        let check = |points: &[(f64, f64)], step: f64, expected: &[(f64, f64)]| {
            let (times, values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
            let events = Annotation::default().events(&Labels::default(), &times, &values, step);
            let spans: Vec<(f64, f64)> = events.iter().map(|event| (event.start, event.end)).collect();
            assert_eq!(spans, expected, "{points:?}");
        };
        check(&[], 10.0, &[]);
        check(&[(0.0, 1.0), (10.0, 1.0), (20.0, 0.0), (30.0, 2.0)], 10.0, &[(0.0, 10.0), (30.0, 30.0)]);
        check(&[(0.0, 1.0), (25.0, 1.0)], 10.0, &[(0.0, 0.0), (25.0, 25.0)]);
        check(&[(0.0, frame::GAP), (10.0, f64::NAN), (20.0, -1.0), (30.0, f64::INFINITY)], 10.0, &[(30.0, 30.0)]);
    }

    #[test]
    fn values_may_be_times() {
        let annotation = Annotation { use_value_for_time: true, ..Annotation::default() };
        let events = annotation.events(&Labels::default(), &[0.0, 10.0, 20.0], &[7.5, 7.5, f64::NAN], 10.0);
        assert_eq!(events.iter().map(|event| (event.start, event.end)).collect::<Vec<_>>(), [(7.0, 7.0)]);
    }

    #[test]
    fn labels_tell_what_happened() {
        let labels: Labels = [("alertname", "Disk"), ("severity", "page")].into_iter().collect();
        let annotation = Annotation {
            title: "{{alertname}}".into(),
            text: "{{ severity }} {{nope}} {{".into(),
            tag_keys: vec!["severity".into(), "nope".into()],
            ..Annotation::default()
        };
        let event = annotation.events(&labels, &[1.0], &[1.0], 1.0).remove(0);
        assert_eq!(
            (event.title.as_str(), event.text.as_str(), event.tags),
            ("Disk", "page nope {{", vec!["page".to_owned()])
        );
    }
}
