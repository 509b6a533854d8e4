//! What came of a request, as the caller gets it.

use diag::Text;
use serde_json::{Map, Value};

use super::SendError;
use crate::folder::Identity;
use crate::message::{Doubt, RECEPTION};
use crate::name::{ApiId, Step};
use crate::quarantine::Placing;

/// What came of a request.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// The answer holds what was asked for.
    Answered,
    /// The terminal is still working on a bulk request.
    InProgress,
    /// The terminal says that it failed; the answer says why.
    Failed,
    /// The terminal could not read the request and sent `.err`.
    Rejected,
    /// No whole answer came in time. It is looked for again by `collect`; the request is not
    /// sent again.
    Waiting,
    /// A file is there and is not shown, because it is not proved to be the answer.
    Doubtful,
    /// It was handed over before, nobody acknowledged it, and its file is not there any more.
    Gone,
    /// Nothing was published.
    Unsent,
}

impl Outcome {
    /// The word for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::InProgress => "in-progress",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Waiting => "waiting",
            Self::Doubtful => "doubtful",
            Self::Gone => "gone",
            Self::Unsent => "unsent",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Answered,
            Self::InProgress,
            Self::Failed,
            Self::Rejected,
            Self::Waiting,
            Self::Doubtful,
            Self::Gone,
            Self::Unsent,
        ];
        all.into_iter().find(|outcome| outcome.word() == word)
    }

    /// The exit code of a command that ends with this. `InProgress` counts as waiting.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Answered => 0,
            Self::Failed | Self::Rejected => 1,
            Self::Waiting | Self::InProgress | Self::Gone => 2,
            Self::Unsent => 3,
            Self::Doubtful => 4,
        }
    }
}

/// Whether an answer reached whoever asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Delivery {
    /// It did.
    Done,
    /// It could not be written. It counts as never handed over; `collect` finds it again.
    Failed,
}

/// What came of one request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The file name of the request; empty if nothing was published.
    pub request: String,
    /// The kind of message.
    pub api: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Which of the requests it was that were made together, from 1; `None` where that is not
    /// known any more.
    pub number: Option<u64>,
    /// The file name of the answer.
    pub response: Option<String>,
    /// The SHA-256 of the answer's file.
    pub sha256: Option<String>,
    /// Why it is doubtful, or why the wait goes on although a file is there.
    pub doubt: Option<Doubt>,
    /// Why nothing was published.
    pub fault: Option<Text>,
    /// Whether a doubtful file stands in quarantine now; `None` where there is no such file.
    pub placing: Option<Placing>,
    /// Which file was seen.
    pub(super) identity: Option<Identity>,
    /// True if it was handed over before and nobody acknowledged it.
    pub is_again: bool,
    /// True if there is no answer now, and one that came before was doubtful.
    pub was_doubtful: bool,
    /// The content: keys `message`, `codes`, `files`, `error`. Never for a doubtful answer.
    pub content: Map<String, Value>,
}

impl Answer {
    /// The number under which a request about many people is worked on, if this is the answer to
    /// one, which may come packed.
    #[must_use]
    pub fn reception(&self) -> Option<&str> {
        let is_first = |api: ApiId| api.is_bulk() && api.at_step(Step::Upload) == api;
        let is_taken = self.outcome == Outcome::Answered;
        if !is_taken || !ApiId::parse(&self.api).is_ok_and(is_first) {
            return None;
        }
        let messages: Vec<&Value> = match self.content.get("files").and_then(Value::as_array) {
            Some(files) => files.iter().filter_map(|file| file.get("message")).collect(),
            None => self.content.get("message").into_iter().collect(),
        };
        let [message] = messages[..] else { return None };
        let part = |part: &str| message.get(part)?.get(RECEPTION)?.as_str();
        let number = part("MessageHeader").or_else(|| part("MessageBody"));
        number.filter(|number| !number.is_empty())
    }

    pub(super) fn new(request: String, api: String, outcome: Outcome) -> Self {
        Self {
            request,
            api,
            outcome,
            number: None,
            response: None,
            sha256: None,
            doubt: None,
            placing: None,
            identity: None,
            fault: None,
            is_again: false,
            was_doubtful: false,
            content: Map::new(),
        }
    }

    pub(super) fn unsent(api: &str, error: &SendError) -> Self {
        let fault = Some(error.text());
        Self { fault, ..Self::new(String::new(), api.to_owned(), Outcome::Unsent) }
    }

    /// As one JSON object. It holds the people's data where there is an answer.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                object.insert(key.to_owned(), value);
            }
        };
        put("form", Some(1.into()));
        put("outcome", Some(self.outcome.word().into()));
        put("api", Some(self.api.clone().into()));
        put("number", self.number.map(Value::from));
        put("request", Some(self.request.clone().into()).filter(|_| !self.request.is_empty()));
        put("response", self.response.clone().map(Value::from));
        put("sha256", self.sha256.clone().map(Value::from));
        put("before", self.was_doubtful.then(|| Outcome::Doubtful.word().into()));
        put("again", self.is_again.then_some(Value::Bool(true)));
        put("doubt", self.doubt.as_ref().map(|doubt| doubt.word().into()));
        match self.placing {
            Some(Placing::Moved) => put("quarantine", Some("moved".into())),
            Some(Placing::Kept(why)) => {
                put("quarantine", Some("kept".into()));
                put("kept_because", Some(why.word().into()));
            }
            None => {}
        }
        if let Some(fault) = &self.fault {
            put("fault", Some(serde_json::json!({ "ja": fault.ja, "en": fault.en })));
        }
        object.extend(self.content.clone());
        Value::Object(object)
    }
}
