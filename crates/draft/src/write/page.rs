//! Lines of the site file, and what stays open in it.

use diag::{Lang, Text, text};

/// Something that nobody answered yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// What is to be asked.
    pub what: Text,
    /// Who knows it.
    pub who: Text,
}

/// The file as it grows.
pub(crate) struct Page {
    lang: Lang,
    pub(crate) text: String,
    pub(crate) open: Vec<Open>,
}

impl Page {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { lang, text: String::new(), open: Vec::new() }
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A line with a comment behind it.
    pub(crate) fn line_with(&mut self, line: &str, comment: &Text) {
        let comment = comment.get(self.lang).to_owned();
        self.line(&format!("{line} # {comment}"));
    }

    /// A comment.
    pub(crate) fn say(&mut self, comment: &Text) {
        let comment = comment.get(self.lang).to_owned();
        self.line(&format!("# {comment}"));
    }

    /// An empty line and the header of a section.
    pub(crate) fn section(&mut self, header: &str) {
        self.line("");
        self.line(&format!("[{header}]"));
    }

    /// Something that is to be asked, with the line to write once it is known.
    pub(crate) fn ask(&mut self, what: Text, who: Text, sample: &str) {
        self.mark(what, who);
        self.line(&format!("# {sample}"));
    }

    /// Something that is to be asked, and belongs into the line that follows.
    pub(crate) fn mark(&mut self, what: Text, who: Text) {
        self.say(&text!(
            ja: "要確認: {what} ← {who}", en: "to be asked: {what} <- {who}",
            what = what, who = who,
        ));
        self.note(what, who);
    }

    /// Notes something that is to be asked, once.
    fn note(&mut self, what: Text, who: Text) {
        let open = Open { what, who };
        if !self.open.contains(&open) {
            self.open.push(open);
        }
    }
}
