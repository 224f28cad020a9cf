//! Texts as titles, identifiers, parts.

use std::ops::Range;

/// A form of text.
#[derive(Clone, Debug)]
pub enum TextForm {
    /// As it is.
    Same,
    /// ALL CAPITALS.
    Upper,
    /// no capitals.
    Lower,
    /// The first letter a capital.
    Sentence,
    /// Every Word With A Capital.
    Title,
    /// EveryWordWithACapital.
    Pascal,
    /// everyWordButTheFirst.
    Camel,
    /// words_with_underlines.
    Snake,
    /// words-with-dashes.
    Kebab,
    /// Without blanks around.
    Trim,
    /// These characters.
    Substring(Range<usize>),
}

impl TextForm {
    /// The form Grafana calls so.
    pub(super) fn parse(name: &str) -> Self {
        match name {
            "Upper Case" => Self::Upper,
            "Lower Case" => Self::Lower,
            "Sentence Case" => Self::Sentence,
            "Title Case" => Self::Title,
            "Pascal Case" => Self::Pascal,
            "Camel Case" => Self::Camel,
            "Snake Case" => Self::Snake,
            "Kebab Case" => Self::Kebab,
            "Trim" => Self::Trim,
            _ => Self::Same,
        }
    }

    /// The text in this form.
    pub(super) fn of(&self, text: &str) -> String {
        match self {
            Self::Same => text.to_owned(),
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::Sentence => capitalized(text),
            Self::Title => text.split(' ').map(capitalized).collect::<Vec<_>>().join(" "),
            Self::Pascal => words(text).map(capitalized).collect(),
            Self::Camel => {
                let word = |(index, word)| if index == 0 { str::to_lowercase(word) } else { capitalized(word) };
                words(text).enumerate().map(word).collect()
            }
            Self::Snake => text.to_lowercase().split(' ').collect::<Vec<_>>().join("_"),
            Self::Kebab => text.to_lowercase().split(' ').collect::<Vec<_>>().join("-"),
            Self::Trim => text.trim().to_owned(),
            Self::Substring(range) => text.chars().take(range.end).skip(range.start).collect(),
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let check =
            |name: &str, expected: &str| assert_eq!(TextForm::parse(name).of("web Server 2"), expected, "{name}");
        check("Upper Case", "WEB SERVER 2");
        check("Lower Case", "web server 2");
        check("Sentence Case", "Web Server 2");
        check("Title Case", "Web Server 2");
        check("Pascal Case", "WebServer2");
        check("Camel Case", "webServer2");
        check("Snake Case", "web_server_2");
        check("Kebab Case", "web-server-2");
        check("Nothing", "web Server 2");
        assert_eq!(TextForm::Substring(1..4).of("héllo"), "éll");
        assert_eq!(TextForm::Trim.of("  a "), "a");
    }
}
