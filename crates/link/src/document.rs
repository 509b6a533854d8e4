//! XML as the exchange uses it: elements and their text, read strictly and within bounds, and
//! written so that every value comes back byte for byte. Attributes are passed over.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::Event;
use serde_json::{Map, Value};

use crate::encoding::{self, DecodeError, Encoding};

/// Largest message. LIMIT: a larger one is refused without being read.
pub const SIZE_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Deepest nesting. LIMIT: messages have about eight levels.
pub const DEPTH_MAX: usize = 32;
/// Most elements of a message. LIMIT: a bulk result of some thousand people.
pub const ELEMENTS_MAX: usize = 200_000;
/// Most memory that the elements of a message may take. LIMIT: as many elements as there may be,
/// with names and texts as long as they are in answers.
const TREE_MAX_BYTES: usize = 40 * 1024 * 1024;
/// What an element takes besides the bytes of its name and text: itself and three allocations.
const ELEMENT_BYTES: usize = size_of::<Element>() + 3 * 24;

/// An element: a name with text, or with other elements.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its text; empty where there are children.
    pub text: String,
    /// What is in it, in written order.
    pub children: Vec<Element>,
}

/// Why a file is not a message. It never holds anything of the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentError {
    /// It may still be in the making: the root is not closed, or there are zeros.
    Unfinished,
    /// It is not well-formed.
    Malformed,
    /// It is not text.
    Encoding(DecodeError),
    /// It has a document type or an entity of its own.
    Refused,
    /// It has more elements or levels, or is larger, than a message can.
    TooLarge,
}

/// Reads a message.
///
/// # Errors
/// When it is not whole, not well-formed, or has what a message never has.
pub fn parse(bytes: &[u8]) -> Result<(Element, Encoding), DocumentError> {
    let (text, encoding) = decode(bytes.to_owned())?;
    Ok((tree(&text)?, encoding))
}

/// The text of a message. It takes the bytes, so that a large one is not there twice.
///
/// # Errors
/// When it cannot be a whole message, or is not text.
pub(crate) fn decode(mut bytes: Vec<u8>) -> Result<(String, Encoding), DocumentError> {
    if bytes.len() as u64 > SIZE_MAX_BYTES {
        return Err(DocumentError::TooLarge);
    }
    // An empty file, or one that was made in its final length before it was filled.
    if bytes.is_empty() || bytes.contains(&0) {
        return Err(DocumentError::Unfinished);
    }
    match encoding::decode(&bytes) {
        Ok((Cow::Owned(text), encoding)) => Ok((text, encoding)),
        Ok((Cow::Borrowed(text), encoding)) => {
            let mark = bytes.len() - text.len();
            bytes.drain(..mark);
            let text = String::from_utf8(bytes).expect("it was just text");
            Ok((text, encoding))
        }
        Err(DecodeError::TooLong) => Err(DocumentError::TooLarge),
        // Cut inside a character: whether that is all that is wrong shows when the rest comes.
        Err(error) if !is_closed(&bytes) && error != DecodeError::UnknownLabel => {
            Err(DocumentError::Unfinished)
        }
        Err(error) => Err(DocumentError::Encoding(error)),
    }
}

/// True if the last thing in the file is the end of an element.
fn is_closed(bytes: &[u8]) -> bool {
    bytes.trim_ascii_end().ends_with(b">")
}

/// The elements of a message.
///
/// # Errors
/// When it is not whole, not well-formed, or has what a message never has.
pub(crate) fn tree(text: &str) -> Result<Element, DocumentError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|error| fault(&error))? {
            Event::Start(start) => tree.start(start.name().as_ref())?,
            Event::End(_) => tree.end()?,
            Event::Text(text) => tree.put(&text.xml10_content())?,
            Event::CData(text) => tree.put(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let name = reference.into_inner();
                tree.put(character(&name)?.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err(DocumentError::Refused),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    tree.root.filter(|_| tree.open.is_empty()).ok_or(DocumentError::Unfinished)
}

/// Elements as they are read.
#[derive(Default)]
struct Tree {
    /// Those that are not closed, each within the one before.
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
    /// The memory that they take.
    bytes: usize,
}

impl Tree {
    fn start(&mut self, name: &str) -> Result<(), DocumentError> {
        self.count += 1;
        if self.open.len() >= DEPTH_MAX || self.count > ELEMENTS_MAX {
            return Err(DocumentError::TooLarge);
        }
        if self.root.is_some() {
            return Err(DocumentError::Malformed);
        }
        self.grow(ELEMENT_BYTES + name.len())?;
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), DocumentError> {
        let mut element = self.open.pop().ok_or(DocumentError::Malformed)?;
        if !element.children.is_empty() {
            // Between elements there is only layout.
            if !element.text.trim_ascii().is_empty() {
                return Err(DocumentError::Malformed);
            }
            self.bytes -= element.text.len();
            element.text = String::new();
            element.children.shrink_to_fit();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn put(&mut self, text: &str) -> Result<(), DocumentError> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                self.grow(text.len())
            }
            None if text.trim_start_matches('\u{FEFF}').trim_ascii().is_empty() => Ok(()),
            None => Err(DocumentError::Malformed),
        }
    }

    fn grow(&mut self, bytes: usize) -> Result<(), DocumentError> {
        self.bytes += bytes;
        if self.bytes > TREE_MAX_BYTES { Err(DocumentError::TooLarge) } else { Ok(()) }
    }
}

/// What a reference stands for: the five of XML and numbers, nothing else.
fn character(name: &str) -> Result<char, DocumentError> {
    let digits = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(DocumentError::Refused)?,
    };
    let number = match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let found = number.ok().and_then(char::from_u32).filter(|c| is_allowed(*c));
    found.ok_or(DocumentError::Malformed)
}

fn fault(error: &Error) -> DocumentError {
    match error {
        // Every syntax error is about input that ended too early.
        Error::Syntax(_) | Error::IllFormed(IllFormedError::UnclosedReference) => {
            DocumentError::Unfinished
        }
        _ => DocumentError::Malformed,
    }
}

/// Characters that XML 1.0 allows.
fn is_allowed(c: char) -> bool {
    let is_control = c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    !is_control && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// What cannot be written, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteError {
    /// The element.
    pub element: String,
    /// The character that the encoding or XML does not have.
    pub character: char,
}

/// Writes a message with its declaration.
///
/// # Errors
/// With the element and the character that cannot be written; nothing is replaced.
pub fn write(root: &Element, encoding: Encoding) -> Result<Vec<u8>, WriteError> {
    let mut bytes =
        format!("<?xml version=\"1.0\" encoding=\"{}\" standalone=\"no\"?>\n", encoding.label())
            .into_bytes();
    write_element(root, encoding, &mut bytes)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn write_element(
    element: &Element,
    encoding: Encoding,
    bytes: &mut Vec<u8>,
) -> Result<(), WriteError> {
    let fault = |character| WriteError { element: element.name.clone(), character };
    let name = encoding::encode(&element.name, encoding).map_err(fault)?;
    bytes.push(b'<');
    bytes.extend(&name);
    bytes.push(b'>');
    if element.children.is_empty() {
        let mut text = String::with_capacity(element.text.len());
        for c in element.text.chars() {
            match c {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                // A reader would turn it into a line feed.
                '\r' => text.push_str("&#13;"),
                c if is_allowed(c) => text.push(c),
                c => return Err(fault(c)),
            }
        }
        bytes.extend(encoding::encode(&text, encoding).map_err(fault)?);
    }
    for child in &element.children {
        write_element(child, encoding, bytes)?;
    }
    bytes.extend(b"</");
    bytes.extend(&name);
    bytes.push(b'>');
    Ok(())
}

impl Element {
    /// An element with text.
    #[must_use]
    pub fn leaf(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), children: Vec::new() }
    }

    /// An element with others in it.
    #[must_use]
    pub fn parent(name: &str, children: Vec<Self>) -> Self {
        Self { name: name.to_owned(), text: String::new(), children }
    }

    /// The first child with this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element with this name, however deep, in written order.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        if self.name == name {
            return Some(&self.text);
        }
        self.children.iter().find_map(|child| child.text_of(name))
    }

    /// Calls `each` for every element in it, itself first.
    pub fn visit<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        for child in &self.children {
            child.visit(each);
        }
    }

    /// As JSON: text as a string, whatever it looks like; elements as an object; an element
    /// that stands there several times, or for which `is_list` holds, as an array.
    pub fn to_json(&self, is_list: &impl Fn(&str) -> bool) -> Value {
        if self.children.is_empty() {
            return Value::String(self.text.clone());
        }
        let mut object = Map::new();
        for child in &self.children {
            let value = child.to_json(is_list);
            match object.get_mut(&child.name) {
                None if is_list(&child.name) => {
                    object.insert(child.name.clone(), Value::Array(vec![value]));
                }
                None => {
                    object.insert(child.name.clone(), value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Value::Object(object)
    }

    /// The elements that a JSON value stands for, all with this name.
    ///
    /// # Errors
    /// With the name of an element whose value is not a string, an object or an array: a
    /// number would lose the zeros before it.
    pub fn from_json(name: &str, value: &Value) -> Result<Vec<Self>, String> {
        match value {
            Value::String(text) => Ok(vec![Self::leaf(name, text)]),
            Value::Array(values) => {
                let all: Result<Vec<Vec<Self>>, String> =
                    values.iter().map(|value| Self::from_json(name, value)).collect();
                Ok(all?.into_iter().flatten().collect())
            }
            Value::Object(object) => {
                let mut children = Vec::new();
                for (name, value) in object {
                    children.extend(Self::from_json(name, value)?);
                }
                Ok(vec![Self::parent(name, children)])
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Err(name.to_owned()),
        }
    }
}
