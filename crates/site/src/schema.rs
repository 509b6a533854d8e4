//! The JSON Schema of the site file, made from the same table of fields that decodes it.

use diag::Text;
use serde_json::{Map, Value, json};

use crate::decode::root::ROOT;
use crate::decode::shape::{Doc, Need, Record, Shape, WordDoc};

/// The JSON Schema (draft 2020-12) of the site file, with descriptions in both languages, for
/// routers of `vendors`: as the site file writes them, and what they are.
///
/// # Shape
/// It refuses no file that [`parse`](crate::parse) accepts, but one with another vendor. It
/// accepts some that `parse` refuses: references between entries and the shape of the network are
/// beyond a schema.
#[must_use]
pub fn schema(vendors: &[(&str, Text)]) -> Value {
    let mut definitions = Map::new();
    let mut root = record_schema(&ROOT, &mut definitions);
    if let Some(vendor) = definitions.get_mut("router").and_then(|one| property(one, "vendor")) {
        let words = vendors.iter().map(|(word, title)| named(word, &title.ja, &title.en));
        vendor.insert("oneOf".to_owned(), words.collect());
        vendor.remove("examples");
    }
    if let Some(object) = root.as_object_mut() {
        let id = json!("https://json-schema.org/draft/2020-12/schema");
        object.shift_insert(0, "$schema".to_owned(), id);
        object.shift_insert(1, "title".to_owned(), json!("sekisho site.toml"));
        object.insert("$defs".to_owned(), Value::Object(definitions));
    }
    root
}

fn described(doc: Doc) -> Value {
    json!(format!("{}\n\n{}", doc.ja, doc.en))
}

/// A word with its meaning.
fn named(word: &str, ja: &str, en: &str) -> Value {
    json!({ "const": word, "description": format!("{ja}\n\n{en}") })
}

/// The schema of `key` in that of a table.
fn property<'a>(table: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    table.get_mut("properties")?.get_mut(key)?.as_object_mut()
}

fn words_schema(words: &[WordDoc]) -> Value {
    words.iter().map(|word| named(word.word, word.doc.ja, word.doc.en)).collect()
}

fn record_schema(record: &Record, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in record.fields {
        let mut schema = shape_schema(&field.shape, definitions);
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), described(field.doc));
        }
        properties.insert(field.key.to_owned(), schema);
        if field.need == Need::Required {
            required.push(json!(field.key));
        }
    }
    let mut object = Map::new();
    object.insert("description".to_owned(), described(record.doc));
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        object.insert("required".to_owned(), Value::Array(required));
    }
    object.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(object)
}

fn reference(record: &Record, definitions: &mut Map<String, Value>) -> Value {
    if !definitions.contains_key(record.name) {
        // The place is taken first, so that the definitions keep the order of the file.
        definitions.insert(record.name.to_owned(), Value::Null);
        let schema = record_schema(record, definitions);
        definitions.insert(record.name.to_owned(), schema);
    }
    json!({ "$ref": format!("#/$defs/{}", record.name) })
}

fn shape_schema(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    match shape {
        Shape::Text(scalar) => json!({
            "type": "string",
            "pattern": scalar.pattern,
            "examples": [scalar.example.trim_matches('"')],
        }),
        Shape::Date(scalar) => json!({
            "type": "string",
            "format": "date",
            "examples": [scalar.example],
        }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Count(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Shape::Word(words) => json!({ "type": "string", "oneOf": words_schema(&words()) }),
        // Some words have the form of others: `any` stands for ports too.
        Shape::Named(scalar, words) => json!({
            "type": "string",
            "anyOf": [{ "oneOf": words_schema(&words()) }, { "pattern": scalar.pattern }],
            "examples": [scalar.example.trim_matches('"')],
        }),
        Shape::List(item) => {
            json!({ "type": "array", "items": shape_schema(item, definitions) })
        }
        Shape::OneOrMany(item) => {
            let one = shape_schema(item, definitions);
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
        }
        Shape::Either(shapes) => {
            let all: Vec<_> = shapes.iter().map(|shape| shape_schema(shape, definitions)).collect();
            json!({ "anyOf": all })
        }
        Shape::Table(record) => reference(record, definitions),
        Shape::Entries(record) => json!({
            "type": "object",
            "additionalProperties": reference(record, definitions),
        }),
        Shape::Map(item) => json!({
            "type": "object",
            "additionalProperties": shape_schema(item, definitions),
        }),
    }
}
