//! What the terminal does, as a scenario file says it. What is not said has a default that
//! makes it a well-behaved terminal.

use std::collections::BTreeMap;

use diag::{Text, text};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalogue::Catalogue;
use crate::encoding::Encoding;
use crate::moment;
use crate::name::ApiId;

/// Largest number in a scenario. LIMIT: a day in milliseconds, a million files.
const NUMBER_MAX: u64 = 86_400_000;

/// How an answer is written into its folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Write {
    /// Under another name, then renamed.
    Rename,
    /// Under its name, in pieces with pauses.
    InPlace,
    /// In its final length full of zeros first, then filled in pieces.
    Preallocated,
    /// In pieces, held with an exclusive lock.
    Exclusive,
}

/// What comes of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the words are those of the scenario file")]
pub enum Play {
    Normal,
    Several,
    ErrorFile,
    Failed,
    Hang,
    Refuse,
    Late,
    Duplicate,
    OtherIdentifier,
    OtherInstitution,
    WrongDeclaration,
    OtherHeader,
    Truncated,
    Bom,
    UnknownCode,
    DocumentType,
    Zip,
    ZipAes,
    ZipTruncated,
    ZipBomb,
    Pdf,
}

/// The words of [`Play`].
const PLAYS: [(&str, Play); 21] = [
    ("normal", Play::Normal),
    ("several", Play::Several),
    ("error-file", Play::ErrorFile),
    ("failed", Play::Failed),
    ("hang", Play::Hang),
    ("refuse", Play::Refuse),
    ("late", Play::Late),
    ("duplicate", Play::Duplicate),
    ("other-identifier", Play::OtherIdentifier),
    ("other-institution", Play::OtherInstitution),
    ("wrong-declaration", Play::WrongDeclaration),
    ("other-header", Play::OtherHeader),
    ("truncated", Play::Truncated),
    ("bom", Play::Bom),
    ("unknown-code", Play::UnknownCode),
    ("document-type", Play::DocumentType),
    ("zip", Play::Zip),
    ("zip-aes", Play::ZipAes),
    ("zip-truncated", Play::ZipTruncated),
    ("zip-bomb", Play::ZipBomb),
    ("pdf", Play::Pdf),
];
const WRITES: [(&str, Write); 4] = [
    ("rename", Write::Rename),
    ("in-place", Write::InPlace),
    ("preallocated", Write::Preallocated),
    ("exclusive", Write::Exclusive),
];
const VALIDITIES: [(&str, &str); 5] = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")];

impl Play {
    /// The word of the scenario file.
    #[must_use]
    pub fn word(self) -> &'static str {
        PLAYS.iter().find(|(_, play)| *play == self).map_or("", |(word, _)| word)
    }
}

/// A scenario.
///
/// # Units
/// Times in milliseconds, except where the name says otherwise. Ranges include both ends.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Chance.
    pub seed: u64,
    /// The only institution that is answered; it begins with 99.
    pub institution: String,
    /// How answers are written.
    pub encoding: Encoding,
    /// The time in every answer, `yyyyMMddHHmmss`.
    pub time: String,
    /// Password of encrypted answers.
    pub password: String,
    /// From the request to its removal.
    pub take: (u64, u64),
    /// From the removal to the answer.
    pub delay: (u64, u64),
    /// As `delay`, for late answers.
    pub late: (u64, u64),
    /// Pieces of an answer that is written in place.
    pub pieces: (u64, u64),
    /// Pause between two pieces.
    pub stall: (u64, u64),
    /// Long pause between two pieces.
    pub long_stall: (u64, u64),
    /// How many pauses of a hundred are long ones.
    pub long_stall_percent: u64,
    /// How often a bulk request is answered with "in progress" first.
    pub busy: u64,
    /// Files that nobody took away, made at the start.
    pub left_overs: u64,
    /// Card reader results: how many, and how far apart.
    pub faces: (u64, u64),
    /// `ResponseFileStayTime`, in minutes; 0 for none.
    pub stay_minutes: u64,
    /// How often the own cleaner looks.
    pub cleaner_every: u64,
    /// What comes of requests, by weight.
    pub plays: Vec<(Play, u64)>,
    /// How answers are written, by weight.
    pub writes: Vec<(Write, u64)>,
    /// `QualificationValidity`, by weight.
    pub validities: Vec<(&'static str, u64)>,
    /// Answers to messages whose form is not known: by kind, the whole text.
    pub opaque: BTreeMap<String, String>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 1,
            institution: "9910000000".to_owned(),
            encoding: Encoding::ShiftJis,
            time: "20990101090000".to_owned(),
            password: "shiken-99".to_owned(),
            take: (20, 100),
            delay: (50, 300),
            late: (60_000, 120_000),
            pieces: (2, 6),
            stall: (0, 50),
            long_stall: (400, 5_000),
            long_stall_percent: 10,
            busy: 2,
            left_overs: 0,
            faces: (0, 1_000),
            stay_minutes: 0,
            cleaner_every: 60_000,
            plays: vec![(Play::Normal, 1)],
            writes: vec![(Write::Rename, 1)],
            validities: vec![("1", 1)],
            opaque: BTreeMap::new(),
        }
    }
}

/// What is wrong with a scenario, and in which line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// From 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub what: Text,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// With everything that is wrong, in the order of the lines.
    pub fn parse(content: &str) -> Result<Self, Vec<Mistake>> {
        let (table, errors) = DeTable::parse_recoverable(content);
        let mut reader = Reader { content, mistakes: Vec::new() };
        for error in &errors {
            let message = error.message().to_owned();
            let what = text!(
                ja: "TOML として読めません（{message}）", en: "this is not TOML ({message})",
                message = message,
            );
            reader.mistake(error.span().map_or(0, |span| span.start), what);
        }
        let mut scenario = Self::default();
        if errors.is_empty() {
            reader.root(table.get_ref(), &mut scenario);
        }
        reader.mistakes.sort_by_key(|mistake| mistake.line);
        if reader.mistakes.is_empty() { Ok(scenario) } else { Err(reader.mistakes) }
    }

    /// True if a text names no institution that may exist.
    fn is_invented(text: &str) -> bool {
        codes(text).all(|code| code == "{institution}" || Self::is_synthetic(code))
    }

    /// True if an institution with this code does not exist.
    #[must_use]
    pub fn is_synthetic(code: &str) -> bool {
        code.len() == 10 && code.starts_with("99") && code.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// What stands in the elements that name an institution, however their tags are written.
pub(super) fn codes(text: &str) -> impl Iterator<Item = &str> {
    const TAG: &str = "MedicalInstitutionCode";
    text.match_indices(TAG).filter_map(|(at, _)| {
        let is_end = text[..at].rsplit('<').next().is_some_and(|name| name.starts_with('/'));
        let behind = text[at + TAG.len()..].split_once('>').map_or("", |(_, behind)| behind);
        (!is_end).then(|| behind.split('<').next().unwrap_or_default())
    })
}

struct Reader<'a> {
    content: &'a str,
    mistakes: Vec<Mistake>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn mistake(&mut self, at: usize, what: Text) {
        let before = self.content.get(..at).unwrap_or_default();
        self.mistakes.push(Mistake { line: before.matches('\n').count() + 1, what });
    }

    fn root(&mut self, table: &DeTable<'_>, scenario: &mut Scenario) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match name {
                "institution" => self.institution(value, scenario),
                "encoding" => match value.get_ref().as_str().and_then(Encoding::from_label) {
                    Some(encoding) => scenario.encoding = encoding,
                    None => self.wrong(value, name, "\"UTF-8\", \"Shift_JIS\""),
                },
                "time" => match value.get_ref().as_str() {
                    Some(time) if is_time(time) => scenario.time = time.to_owned(),
                    _ => self.wrong(value, name, "\"20990101090000\""),
                },
                "password" => match value.get_ref().as_str() {
                    Some(password) => scenario.password = password.to_owned(),
                    None => self.wrong(value, name, "\"…\""),
                },
                "seed" => self.number(value, name, &mut scenario.seed),
                "busy" => self.number(value, name, &mut scenario.busy),
                "left-overs" => self.number(value, name, &mut scenario.left_overs),
                "long-stall-percent" => self.number(value, name, &mut scenario.long_stall_percent),
                "take-ms" => self.range(value, name, &mut scenario.take),
                "delay-ms" => self.range(value, name, &mut scenario.delay),
                "late-ms" => self.range(value, name, &mut scenario.late),
                "pieces" => self.range(value, name, &mut scenario.pieces),
                "stall-ms" => self.range(value, name, &mut scenario.stall),
                "long-stall-ms" => self.range(value, name, &mut scenario.long_stall),
                "result" => self.weights(value, name, &PLAYS, &mut scenario.plays),
                "write" => self.weights(value, name, &WRITES, &mut scenario.writes),
                "validity" => self.weights(value, name, &VALIDITIES, &mut scenario.validities),
                "opaque" => self.opaque(value, scenario),
                "face" => self.pair(value, ["count", "every-ms"], &mut scenario.faces),
                "cleaner" => {
                    let mut pair = (scenario.stay_minutes, scenario.cleaner_every);
                    self.pair(value, ["stay-minutes", "every-ms"], &mut pair);
                    (scenario.stay_minutes, scenario.cleaner_every) = pair;
                }
                _ => self.unknown(key.span().start, name),
            }
        }
    }

    fn institution(&mut self, value: &Value<'_>, scenario: &mut Scenario) {
        match value.get_ref().as_str() {
            Some(code) if Scenario::is_synthetic(code) => scenario.institution = code.to_owned(),
            _ => self.mistake(
                value.span().start,
                text!(
                    ja: "`institution` は 99 で始まる 10 桁にしてください。実在のコードには応答しません",
                    en: "`institution` has to be ten digits that begin with 99; a real code is \
                         never answered",
                ),
            ),
        }
    }

    /// Whole answers by kind, of those that the catalogue does not know.
    fn opaque(&mut self, value: &Value<'_>, scenario: &mut Scenario) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(value, "opaque", "[opaque]");
        };
        let catalogue = Catalogue::load();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let text = value.get_ref().as_str().filter(|text| Scenario::is_invented(text));
            if ApiId::parse(name).is_err() || catalogue.kind(name).is_some() {
                let what = text!(
                    ja: "`{name}` は、内容の分からない電文の種類ではありません",
                    en: "`{name}` is not a kind of message whose form is unknown",
                    name = name,
                );
                self.mistake(key.span().start, what);
            } else if let Some(text) = text {
                scenario.opaque.insert(name.to_owned(), text.to_owned());
            } else {
                let what = text!(
                    ja: "`{name}` の回答は文字列で書き、医療機関コードは `{{institution}}` か 99 で\
                         始まるものにしてください",
                    en: "the answer of `{name}` has to be a text whose institution is \
                         `{{institution}}` or begins with 99",
                    name = name,
                );
                self.mistake(value.span().start, what);
            }
        }
    }

    fn wrong(&mut self, value: &Value<'_>, name: &str, form: &str) {
        let what = text!(
            ja: "`{name}` は {form} の形で書いてください",
            en: "`{name}` has to be written as {form}",
            name = name, form = form,
        );
        self.mistake(value.span().start, what);
    }

    fn unknown(&mut self, at: usize, name: &str) {
        let what = text!(
            ja: "`{name}` という項目はありません", en: "there is no key `{name}`", name = name,
        );
        self.mistake(at, what);
    }

    fn number(&mut self, value: &Value<'_>, name: &str, place: &mut u64) {
        match whole(value.get_ref()) {
            Some(number) => *place = number,
            None => self.wrong(value, name, "0…86400000"),
        }
    }

    fn range(&mut self, value: &Value<'_>, name: &str, place: &mut (u64, u64)) {
        let numbers: Vec<u64> = match value.get_ref() {
            DeValue::Array(array) => array.iter().filter_map(|one| whole(one.get_ref())).collect(),
            _ => Vec::new(),
        };
        match numbers[..] {
            [least, most] if least <= most => *place = (least, most),
            _ => self.wrong(value, name, "[20, 100]"),
        }
    }

    fn pair(&mut self, value: &Value<'_>, names: [&str; 2], place: &mut (u64, u64)) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(value, names[0], "[…]");
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name == names[0] {
                self.number(value, name, &mut place.0);
            } else if name == names[1] {
                self.number(value, name, &mut place.1);
            } else {
                self.unknown(key.span().start, name);
            }
        }
    }

    fn weights<T: Copy>(
        &mut self,
        value: &Value<'_>,
        name: &str,
        words: &[(&str, T)],
        place: &mut Vec<(T, u64)>,
    ) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(value, name, "[…]");
        };
        let mut weights = Vec::new();
        // In the order of the words, so that the order of the lines changes nothing.
        for (word, item) in words {
            if let Some(value) = table.get(*word) {
                let mut weight = 0;
                self.number(value, word, &mut weight);
                weights.push((*item, weight));
            }
        }
        for (key, _) in table {
            let key_name = key.get_ref().as_ref();
            if !words.iter().any(|(word, _)| *word == key_name) {
                self.unknown(key.span().start, key_name);
            }
        }
        if weights.iter().all(|(_, weight)| *weight == 0) {
            self.wrong(value, name, "word = 1");
        }
        *place = weights;
    }
}

/// Whether it is a moment of the calendar, `yyyyMMddHHmmss`.
fn is_time(text: &str) -> bool {
    text.split_at_checked(8).is_some_and(|(day, clock)| {
        let is_clock = clock.len() == 6 && clock.bytes().all(|byte| byte.is_ascii_digit());
        let is_right = |at: usize, end: &str| &clock[at..at + 2] < end;
        moment::read_day(day).is_some()
            && is_clock
            && is_right(0, "24")
            && is_right(2, "60")
            && is_right(4, "60")
    })
}

fn whole(value: &DeValue<'_>) -> Option<u64> {
    let DeValue::Integer(number) = value else { return None };
    let number = u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()?;
    (number <= NUMBER_MAX).then_some(number)
}
