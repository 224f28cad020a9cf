//! Where a link leads once variables, the time range and the data it belongs to are filled in.

use crate::data_point::{self, DataPoint};
use crate::interpolate::{Caption, Reference, Scope, Value, references};
use crate::link::SafeUrl;
use crate::model::{Link, LinkTarget};
use crate::time::RawRange;
use crate::variable_format::{URI_KEPT, encode, percent_encode, url_parameters};
use crate::zone_name;
use frame::{Millis, TimeRange, Zone};

/// What the texts of a link may use.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The variables, `__from` and `__to` among them.
    pub scope: &'a Scope,
    /// What links take along.
    pub parameters: &'a Parameters,
    /// The data that the link belongs to.
    pub data: Option<&'a DataPoint<'a>>,
    /// The dashboards that can be opened here.
    pub catalog: &'a dyn Catalog,
}

/// What links take along, as parameters of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// The time range and the zone: `from=now-1h&to=now&timezone=utc`.
    pub time: String,
    /// The variables: `var-job=node`.
    pub variables: String,
}

impl Parameters {
    /// Those of a time range as it is written, of a zone, and of variables with their values.
    #[must_use]
    pub fn new<'a>(
        range: &RawRange,
        zone: &Zone,
        variables: impl IntoIterator<Item = (&'a str, &'a [String])>,
    ) -> Self {
        let mut time = String::new();
        for (name, value) in [("from", &*range.from), ("to", &range.to), ("timezone", zone_name(zone))] {
            append(&mut time, name, &[value.to_owned()]);
        }
        let mut all = String::new();
        for (name, values) in variables {
            append(&mut all, &format!("var-{name}"), values);
        }
        Self { time, variables: all }
    }

    fn named(&self, name: &str) -> Option<&str> {
        match name {
            "__url_time_range" => Some(&self.time),
            "__all_variables" => Some(&self.variables),
            _ => None,
        }
    }
}

fn append(parameters: &mut String, name: &str, values: &[String]) {
    if !parameters.is_empty() && !values.is_empty() {
        parameters.push('&');
    }
    url_parameters(name, values, parameters);
}

/// Puts the time range into `scope`: `__from` and `__to` as epoch milliseconds, which people read as `written`, and
/// `__timezone`.
pub fn put_range(scope: &mut Scope, range: TimeRange, zone: &Zone, written: impl Fn(Millis) -> String) {
    for (name, at) in [("__from", range.start), ("__to", range.end)] {
        scope.set_captioned(name, Value::One(at.0.to_string()), Caption::Each([written(at)].into()));
    }
    scope.set("__timezone", Value::One(zone_name(zone).to_owned()));
}

/// Whether `text` says when the time range begins or ends.
#[must_use]
pub fn says_range(text: &str) -> bool {
    references(text).any(|name| matches!(name, "__from" | "__to"))
}

/// The dashboards that can be opened here.
pub trait Catalog {
    /// Whether there is one with this uid.
    fn has(&self, uid: &str) -> bool;
    /// The uid of the one whose title is written so in an address, as Grafana did before there were uids.
    fn by_slug(&self, slug: &str) -> Option<String>;
}

impl Surroundings<'_> {
    /// A title or a tooltip of a link.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.fill(text, "text")
    }

    /// A text, with `default_format` for the variables that name no format of their own.
    #[must_use]
    pub fn fill(&self, text: &str, default_format: &str) -> String {
        self.scope.replace(text, &mut |_, reference, out| self.write(reference, default_format, out))
    }

    /// Markdown or HTML, as far as it is read: values in it are no HTML, and in an address they are parts of it. As in
    /// Grafana, they may hold markdown, links among it.
    #[must_use]
    pub fn markup(&self, text: &str) -> String {
        let text = crate::prefix(text, crate::text::MAX_BYTES);
        self.scope.replace(text, &mut |_, reference, out| match address_at_end(out) {
            Some(start) => {
                let value = self.url_value(reference, out.get(start..).unwrap_or_default())?;
                out.push_str(&value);
                Some(())
            }
            None => self.write(reference, "html", out),
        })
    }

    /// Where an address of a text leads here.
    #[must_use]
    pub fn address(&self, url: &SafeUrl) -> SafeUrl {
        SafeUrl::parse(&self.within(url.to_string())).unwrap_or_else(|| url.clone())
    }

    /// The address that `link` leads to; none for one to dashboards by their tags, and for what is not safe to follow.
    ///
    /// Grafana's addresses of dashboards, `/d/uid/slug`, lead to the same dashboard here if there is one.
    #[must_use]
    pub fn follow(&self, link: &Link) -> Option<SafeUrl> {
        match &link.target {
            LinkTarget::Url(url) => {
                let url = Some(self.filled_url(url)).filter(|url| !url.is_empty())?;
                SafeUrl::parse(&self.with_parameters(self.within(url), link))
            }
            LinkTarget::Dashboards { .. } => None,
        }
    }

    /// The address of the dashboard `uid` with what `link` takes along.
    #[must_use]
    pub fn to_dashboard(&self, uid: &str, link: &Link) -> Option<SafeUrl> {
        SafeUrl::parse(&self.with_parameters(own_address(uid, ""), link))
    }

    /// One pass over all variables: what a value brings is never looked at again.
    fn filled_url(&self, url: &str) -> String {
        // Line ends of an editor's.
        let url = url.replace(['\n', '\r'], "");
        let filled = self.scope.replace(url.trim(), &mut |_, reference, out| {
            let value = self.url_value(reference, out)?;
            out.push_str(&value);
            Some(())
        });
        // Browsers do so, too.
        filled.replace(' ', "%20")
    }

    /// What a reference stands for behind `before` in an address.
    fn url_value(&self, reference: &Reference<'_>, before: &str) -> Option<String> {
        let mut value = String::new();
        self.write(reference, "glob", &mut value)?;
        if reference.format.is_some() || self.parameters.named(reference.name).is_some() {
            return Some(value);
        }
        // A value must not become a second parameter, or the end of the address.
        let mut encoded = String::new();
        encode(&value, if in_parameter(before) { VALUE_KEPT } else { URI_KEPT }, &mut encoded);
        Some(encoded)
    }

    fn write(&self, reference: &Reference<'_>, default_format: &str, out: &mut String) -> Option<()> {
        if let Some(parameters) = self.parameters.named(reference.name) {
            out.push_str(parameters);
            return Some(());
        }
        let format = reference.format.unwrap_or(default_format);
        match self.data.and_then(|data| data.get(reference.name, reference.path)) {
            Some(value) => reference.write(&Value::One(value), None, format, out),
            // What cannot be told stays as it is written, in the format that it asks for.
            None if reference.format.is_some() && data_point::is_macro(reference.name) => {
                reference.write(&Value::One(reference.source.to_owned()), None, format, out);
            }
            None => self.scope.write(reference, format, out)?,
        }
        Some(())
    }

    fn with_parameters(&self, url: String, link: &Link) -> String {
        let time = link.keep_time.then_some(&self.parameters.time);
        let variables = link.include_vars.then_some(&self.parameters.variables);
        // A route's own parameters follow the `?` behind its `#`.
        let end = if url.starts_with('#') { url.len() } else { url.find('#').unwrap_or(url.len()) };
        let (address, fragment) = url.split_at(end);
        let mut address = address.to_owned();
        for parameters in [time, variables].into_iter().flatten().filter(|text| !text.is_empty()) {
            if !address.ends_with(['?', '&']) {
                address.push(if address.contains('?') { '&' } else { '?' });
            }
            address.push_str(parameters);
        }
        address + fragment
    }

    /// Grafana's address of a dashboard as it is called here, if it is one of the catalog; any other stays as it is.
    fn within(&self, url: String) -> String {
        let (path, query) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        if path.contains(':') || path.starts_with("//") {
            return url;
        }
        let mut segments = path.trim_start_matches(['/', '.']).split('/');
        // Grafana may lie one folder deep.
        let mut next = || segments.next().unwrap_or_default();
        let uid = match (next(), next(), next()) {
            ("d", uid, _) | (_, "d", uid) if self.catalog.has(uid) => Some(uid.to_owned()),
            ("dashboard", "db", slug) => self.catalog.by_slug(slug),
            _ => None,
        };
        uid.map_or_else(|| url.clone(), |uid| own_address(&uid, query))
    }
}

fn own_address(uid: &str, query: &str) -> String {
    let mut url = String::from("#/d/");
    percent_encode(uid, &mut url);
    url + query
}

/// What stays of a parameter's value.
const VALUE_KEPT: &str = "-_.~;/?:@$,";

/// Whether what follows `url` is the value of a parameter.
fn in_parameter(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.rfind(['=', '&']).and_then(|at| query.get(at..)).is_some_and(|rest| rest.starts_with('='))
}

/// Where the address begins that `markup` ends within: behind `](`, in `href="`, or at its scheme.
fn address_at_end(markup: &str) -> Option<usize> {
    /// Longer ones are not followed: what is looked back for at every reference has a limit.
    const LONGEST: usize = 1_000;
    let near = (markup.len().saturating_sub(LONGEST)..=markup.len()).find(|at| markup.is_char_boundary(*at))?;
    let ends_word = |(_, letter): &(usize, char)| letter.is_whitespace() || "\"'<>".contains(*letter);
    let last = markup.get(near..)?.char_indices().rev().find(ends_word);
    let (before, word) = markup.split_at_checked(near + last.map_or(0, |(at, letter)| at + letter.len_utf8()))?;
    let target = word.rfind("](").map(|at| at + 2);
    let bare = ["http://", "https://"].into_iter().filter_map(|scheme| word.find(scheme)).min();
    let quoted = ["href=\"", "href='", "]("].iter().any(|mark| before.trim_end_matches('<').ends_with(mark));
    let start = target.or(bare).or(quoted.then_some(0))?;
    // A bracket that closes more than was opened ends it.
    let count = |bracket: char| word.get(start..).map_or(0, |address| address.matches(bracket).count());
    (count(')') <= count('(')).then_some(before.len() + start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_point::{DataField, DataValue};
    use crate::link::slug_of;
    use frame::Labels;

    /// Uids and titles.
    impl Catalog for Vec<(&str, &str)> {
        fn has(&self, uid: &str) -> bool {
            self.iter().any(|(known, _)| *known == uid)
        }

        fn by_slug(&self, slug: &str) -> Option<String> {
            self.iter().find(|(_, title)| slug_of(title) == slug).map(|(uid, _)| (*uid).to_owned())
        }
    }

    fn scope() -> Scope {
        let mut scope = Scope::default();
        scope.set("job", Value::Many(["a b".into(), "c&d".into()].into()));
        scope.set("one", Value::Many(["only".into()].into()));
        scope.set("host", Value::One("x&y=1 #2".into()));
        scope.set("path", Value::One("a/b".into()));
        scope.set("script", Value::One("javascript:alert(1)".into()));
        scope.set("__from", Value::One("5".into()));
        scope
    }

    fn link(url: &str, keep_time: bool, include_vars: bool) -> Link {
        Link { target: LinkTarget::Url(url.into()), keep_time, include_vars, ..Link::default() }
    }

    fn with_surroundings<T>(then: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let labels: Labels = [("zone", "eu & us")].into_iter().collect();
        let fields = [DataField { name: "Value", display_name: "Load", labels: &labels }];
        let value = DataValue { raw: "0.5".into(), numeric: 0.5, digits: "50".into(), text: "50%".into() };
        let point = DataPoint {
            series: "A",
            table: "",
            ref_id: "A",
            fields: &fields,
            field: 0,
            value: Some(value),
            time: None,
            row: None,
        };
        let (job, zone) = (["a b".to_owned(), "c&d".to_owned()], Zone::Utc);
        let parameters = Parameters::new(&RawRange::new("now-1h", "now"), &zone, [("job", &job[..]), ("none", &[])]);
        let catalog = vec![("fleet", "The Fleet"), ("a/b", "Other")];
        then(&Surroundings { scope: &scope(), parameters: &parameters, data: Some(&point), catalog: &catalog })
    }

    const TIME: &str = "from=now-1h&to=now&timezone=utc";

    #[test]
    fn links_lead_somewhere() {
        let check_link = |link: Link, expected: Option<&str>| {
            let url = with_surroundings(|around| around.follow(&link));
            let expected = expected.map(|url| url.replace("TIME", TIME));
            assert_eq!(url.as_ref().map(SafeUrl::as_str), expected.as_deref(), "{link:?}");
        };
        let check = |url: &str, expected: Option<&str>| check_link(link(url, false, false), expected);
        check("https://a.b/c", Some("https://a.b/c"));
        check("https://a.b/?q=a b\n&r=1 ", Some("https://a.b/?q=a%20b&r=1"));
        check_link(link("https://a.b/c?x=1", true, false), Some("https://a.b/c?x=1&TIME"));
        check_link(link("https://a.b/c?", true, false), Some("https://a.b/c?TIME"));
        check_link(link("https://a.b/c#part", true, true), Some("https://a.b/c?TIME&var-job=a%20b&var-job=c%26d#part"));
        check(
            "https://a.b/?${__url_time_range}&$__all_variables",
            Some("https://a.b/?TIME&var-job=a%20b&var-job=c%26d"),
        );
        check("https://a.b/$path?q=${host}&r=$path", Some("https://a.b/a/b?q=x%26y%3D1%20%232&r=a/b"));
        check("https://a.b/?q=${script:percentencode}&t=$__from", Some("https://a.b/?q=javascript%3Aalert%281%29&t=5"));
        check("https://a.b/?${job:queryparam}", Some("https://a.b/?var-job=a%20b&var-job=c%26d"));
        check("https://a.b/?z=${__field.labels.zone}&v=${__value.text}", Some("https://a.b/?z=eu%20%26%20us&v=50%25"));
        check("https://a.b/?z=${__field.labels.zone:raw}", Some("https://a.b/?z=eu%20&%20us"));
        check("https://a.b/?j=$job&one=$one", Some("https://a.b/?j=%7Ba%20b,c%26d%7D&one=only"));
        check("https://a.b/?no=${__data.fields.none}", Some("https://a.b/?no=${__data.fields.none}"));
        check("https://a.b/?open=${", Some("https://a.b/?open=${"));
        for hostile in ["$script", "${script:raw}", "javascript:x", "java\nscript:x", "data:text/html,x", ""] {
            check(hostile, None);
            check_link(link(hostile, true, true), None);
        }
    }

    #[test]
    fn dashboards_of_the_catalog_are_opened_here() {
        let check = |url: &str, keep_time: bool, expected: &str| {
            let url = with_surroundings(|around| around.follow(&link(url, keep_time, false)));
            assert_eq!(url.as_ref().map(SafeUrl::as_str), Some(&*expected.replace("TIME", TIME)));
        };
        check("/d/fleet/a-slug", true, "#/d/fleet?TIME");
        check("d/fleet?var-x=1", true, "#/d/fleet?var-x=1&TIME");
        check("../grafana/d/fleet/slug?viewPanel=2", false, "#/d/fleet?viewPanel=2");
        check("dashboard/db/the-fleet?a=b", false, "#/d/fleet?a=b");
        check("/d/elsewhere/x", false, "/d/elsewhere/x");
        check("dashboard/db/elsewhere", false, "dashboard/db/elsewhere");
        check("https://grafana.example/d/fleet", false, "https://grafana.example/d/fleet");
        check("#/d/fleet?a=b", true, "#/d/fleet?a=b&TIME");
    }

    #[test]
    fn a_dashboard_is_found_by_its_uid() {
        let url = with_surroundings(|around| around.to_dashboard("a/b", &link("", true, false)));
        assert_eq!(url.unwrap().as_str(), format!("#/d/a%2Fb?{TIME}"));
    }

    #[test]
    fn the_time_range_is_a_variable() {
        let mut scope = Scope::default();
        put_range(&mut scope, TimeRange::new(5, 9), &Zone::Utc, |at| format!("at {}", at.0));
        assert_eq!(scope.text("$__from, ${__to:raw}, ${__timezone}"), "at 5, 9, utc");
    }

    #[test]
    fn texts_that_say_the_time_range() {
        let check = |text: &str, expected: bool| assert_eq!(says_range(text), expected, "{text}");
        check("https://a.b/?from=$__from", true);
        check("https://a.b/?to=${__to:date:iso}", true);
        check("https://a.b/?${__url_time_range}&v=$v", false);
        check("__from", false);
    }

    #[test]
    fn titles_are_filled_in() {
        let check = |text: &str, expected: &str| assert_eq!(with_surroundings(|around| around.text(text)), expected);
        check("$job of ${__field.displayName}", "a b + c&d of Load");
        check("${__series.name}: ${__value.raw} $unknown", "A: 0.5 $unknown");
        check(
            "${__data.fields.x} ${__data.fields.x:percentencode}",
            "${__data.fields.x} %24%7B__data.fields.x%3Apercentencode%7D",
        );
    }

    #[test]
    fn values_in_markup_are_no_markup() {
        let check = |text: &str, expected: &str| assert_eq!(with_surroundings(|around| around.markup(text)), expected);
        check("**$job** ${host} ${host:raw} $no", "**a b, c&amp;d** x&amp;y=1 #2 x&y=1 #2 $no");
        check(
            "[$job](https://a.b/$path?q=${host}&r=1) $one",
            "[a b, c&amp;d](https://a.b/a/b?q=x%26y%3D1%20%232&r=1) only",
        );
        check("[a](/d/x?var-h=$host \"$job\")", "[a](/d/x?var-h=x%26y%3D1%20%232 \"a b, c&amp;d\")");
        check("[a](</d/$host>) ($host)", "[a](</d/x&y=1%20#2>) (x&amp;y=1 #2)");
        check("<a href='$path?q=$job'>$job</a>", "<a href='a/b?q=%7Ba%20b,c%26d%7D'>a b, c&amp;d</a>");
        check("see (https://a.b/?q=$host)$host", "see (https://a.b/?q=x%26y%3D1%20%232)x&amp;y=1 #2");
        check("[a](/x(y)?q=$host)$host", "[a](/x(y)?q=x%26y%3D1%20%232)x&amp;y=1 #2");
        check("?${__url_time_range}", "?from=now-1h&to=now&timezone=utc");
    }

    #[test]
    fn addresses_of_texts_lead_here() {
        let check = |url: &str, expected: &str| {
            let url = SafeUrl::parse(url).unwrap();
            assert_eq!(with_surroundings(|around| around.address(&url)).as_str(), expected);
        };
        check("/d/fleet/a-slug?from=now-1h", "#/d/fleet?from=now-1h");
        check("/d/elsewhere", "/d/elsewhere");
        check("https://a.b/d/fleet", "https://a.b/d/fleet");
    }
}
