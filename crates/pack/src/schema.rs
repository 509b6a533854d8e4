//! The JSON Schema of a pack file, made from the same table that reads it.

use serde_json::{Map, Value, json};

use crate::field::{COMMON, Field, Form, KINDS, PACK};

/// The JSON Schema (draft 2020-12) of a pack file, with descriptions in both languages.
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    properties.insert("pack".to_owned(), table(&[PACK]));
    for kind in KINDS {
        let described = format!("{}\n\n{}", kind.ja, kind.en);
        let list = json!({
            "description": described,
            "type": "array",
            "items": table(&[kind.fields, COMMON]),
        });
        properties.insert(kind.name.to_owned(), list);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sekisho pack",
        "type": "object",
        "properties": properties,
        "required": ["pack"],
        "additionalProperties": false,
    })
}

fn table(fields: &[&[Field]]) -> Value {
    let all = || fields.iter().copied().flatten();
    let mut properties = Map::new();
    for field in all() {
        let mut value = form(field.form);
        if let Some(object) = value.as_object_mut() {
            let described = format!("{}\n\n{}", field.ja, field.en);
            object.insert("description".to_owned(), json!(described));
        }
        properties.insert(field.key.to_owned(), value);
    }
    let required: Vec<&str> =
        all().filter(|field| field.part.is_required()).map(|field| field.key).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn form(form: Form) -> Value {
    match form {
        Form::Text => json!({ "type": "string", "pattern": r"\S" }),
        Form::Day => json!({ "type": "string", "format": "date" }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Number => json!({ "type": "integer", "minimum": 1 }),
        Form::Build => json!({ "type": "string", "pattern": r"^[^.\s]+$" }),
        Form::Firmware => json!({
            "type": "string",
            "pattern": r"^(all|none|configured|\D*\d[^.]*(\.\d[^.]*){2,})$",
        }),
        Form::Word(words) => json!({ "type": "string", "enum": words }),
        Form::Texts => list(json!({ "type": "string", "pattern": r"\S" })),
        Form::Ports => list(json!({
            "type": "string",
            "pattern": r"^(any|icmp|esp|(tcp|udp)/[0-9]{1,5}(-[0-9]{1,5})?)$",
        })),
        Form::Prefixes => {
            list(json!({ "type": "string", "pattern": r"^[0-9A-Fa-f:.]+/[0-9]{1,3}$" }))
        }
        Form::Addresses => list(json!({ "type": "string", "pattern": r"^[0-9A-Fa-f:.]+$" })),
        Form::Words(words) => list(json!({ "type": "string", "enum": words })),
        Form::Numbers => list(json!({ "type": "integer", "minimum": 1 })),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes a part of the answer")]
fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}
