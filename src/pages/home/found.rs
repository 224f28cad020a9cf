//! The dashboards that are asked for, in the order in which they are shown.

use crate::pages::home::filters::Filters;
use crate::state::catalog::Entry;
use promql::rank;

/// More are not shown while something is sought: another letter finds more than scrolling does.
const MOST_FOUND: usize = 100;

/// Dashboards under a heading.
#[derive(Debug, PartialEq)]
pub struct Group<'a> {
    pub kind: Kind,
    pub entries: Vec<&'a Entry>,
}

/// What a group has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They fit what is sought, best first; there are so many more.
    Found {
        more: usize,
    },
    Starred,
    Recent,
    /// They lie in `Entry::folder`, which is the same for all.
    Folder,
}

/// The groups that are shown. Folders come in the order of their names, and so do the dashboards in them.
pub fn groups<'a>(entries: &'a [Entry], asked: &Filters, favourites: &[String], recent: &[String]) -> Vec<Group<'a>> {
    let is_asked = |entry: &&Entry| {
        (!asked.starred || favourites.contains(&entry.uid)) && asked.tags.iter().all(|tag| entry.tags.contains(tag))
    };
    let shown = entries.iter().filter(is_asked);
    let sought = asked.sought.trim();
    if !sought.is_empty() {
        let mut fitting: Vec<(u32, &Entry)> = shown.filter_map(|entry| Some((fit(entry, sought)?, entry))).collect();
        frame::sort_by(&mut fitting, |a, b| b.0.cmp(&a.0).then_with(|| a.1.title.cmp(&b.1.title)));
        let more = fitting.len().saturating_sub(MOST_FOUND);
        let found: Vec<&Entry> = fitting.into_iter().take(MOST_FOUND).map(|(_, entry)| entry).collect();
        let group = Group { kind: Kind::Found { more }, entries: found };
        return Some(group).filter(|group| !group.entries.is_empty()).into_iter().collect();
    }
    let named = |kind: Kind, uids: &[String]| {
        let of = |uid: &String| entries.iter().find(|entry| entry.uid == *uid);
        Group { kind, entries: uids.iter().filter_map(of).collect() }
    };
    let above =
        if asked.is_empty() { vec![named(Kind::Starred, favourites), named(Kind::Recent, recent)] } else { Vec::new() };
    let mut shown: Vec<&Entry> = shown.collect();
    frame::sort_by(&mut shown, |a, b| (&a.folder, &a.title).cmp(&(&b.folder, &b.title)));
    let folders = shown.chunk_by(|a, b| a.folder == b.folder);
    let folders = folders.map(|entries| Group { kind: Kind::Folder, entries: entries.to_vec() });
    above.into_iter().filter(|group| !group.entries.is_empty()).chain(folders).collect()
}

/// How well `entry` fits: by its title first, else by all of its words together.
fn fit(entry: &Entry, sought: &str) -> Option<u32> {
    /// More than anything fits by.
    const BY_TITLE: u32 = 1_000_000;
    let by_title = rank::fit(&entry.title, sought).map(|fit| fit.saturating_add(BY_TITLE));
    by_title.or_else(|| rank::fit(&format!("{} {} {}", entry.title, entry.folder, entry.tags.join(" ")), sought))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(folder: &str, title: &str, tags: &[&str]) -> Entry {
        Entry {
            uid: title.to_lowercase(),
            title: title.into(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            folder: folder.into(),
            file: String::new(),
        }
    }

    fn entries() -> Vec<Entry> {
        vec![
            entry("", "Nodes", &["host"]),
            entry("Fleet", "Service detail", &["slo", "http"]),
            entry("Fleet", "Overview", &["slo"]),
            entry("", "Disks of nodes", &["host"]),
        ]
    }

    /// The groups as text: the kind, then the titles.
    fn check(asked: Filters, favourites: &[&str], recent: &[&str], expected: &[&str]) {
        let owned = |uids: &[&str]| uids.iter().map(|uid| (*uid).to_owned()).collect::<Vec<_>>();
        let entries = entries();
        let groups = groups(&entries, &asked, &owned(favourites), &owned(recent));
        let text = |group: &Group<'_>| {
            let titles: Vec<&str> = group.entries.iter().map(|entry| entry.title.as_str()).collect();
            format!("{:?}: {}", group.kind, titles.join(", "))
        };
        assert_eq!(groups.iter().map(text).collect::<Vec<_>>(), expected, "{asked:?}");
    }

    #[test]
    fn what_is_asked_for_is_found() {
        let nothing = Filters::default;
        let sought = |sought: &str| Filters { sought: sought.into(), ..nothing() };
        let folders = ["Folder: Disks of nodes, Nodes", "Folder: Overview, Service detail"];
        check(nothing(), &[], &[], &folders);
        let above = ["Starred: Overview", "Recent: Nodes, Overview", folders[0], folders[1]];
        check(nothing(), &["overview", "gone"], &["nodes", "overview"], &above);
        check(sought("node"), &["overview"], &[], &["Found { more: 0 }: Nodes, Disks of nodes"]);
        check(sought("sd"), &[], &[], &["Found { more: 0 }: Service detail"]);
        check(sought("fleet"), &[], &[], &["Found { more: 0 }: Overview, Service detail"]);
        check(sought("SLO over"), &[], &[], &["Found { more: 0 }: Overview"]);
        check(sought("nothing"), &[], &[], &[]);
        check(Filters { tags: vec!["slo".into()], ..nothing() }, &["nodes"], &[], &[folders[1]]);
        let both = Filters { tags: vec!["slo".into(), "http".into()], ..nothing() };
        check(both, &[], &[], &["Folder: Service detail"]);
        check(Filters { starred: true, ..nothing() }, &["nodes"], &["overview"], &["Folder: Nodes"]);
        check(Filters { starred: true, sought: "over".into(), ..nothing() }, &["nodes"], &[], &[]);
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let entries: Vec<Entry> = (0..150).map(|n| entry("", &format!("Panel {n:03}"), &[])).collect();
        let asked = Filters { sought: "panel".into(), ..Filters::default() };
        let found = groups(&entries, &asked, &[], &[]);
        let [group] = found.as_slice() else { panic!("one group") };
        assert_eq!((group.kind, group.entries.len()), (Kind::Found { more: 50 }, 100));
    }
}
