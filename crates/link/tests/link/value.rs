//! Values keep every byte on their way through JSON, and what is cut is never whole.

use link::document::{self, DocumentError, Element};
use link::encoding::Encoding;
use proptest::prelude::*;

fn tree(text: &str, deep: &str) -> Element {
    Element::parent(
        "XmlMsg",
        vec![
            Element::leaf("InsurerNumber", text),
            Element::parent("ResultList", vec![Element::leaf("Code", deep)]),
            Element::leaf("Code", deep),
            Element::leaf("Code", text),
        ],
    )
}

proptest! {
    #[test]
    fn a12_values_come_back_byte_for_byte(
        text in "[ 0]{0,3}[0-9A-Za-z<&>'\"あ試ｱ\\r\\n\\t]{0,8}[ ]{0,2}",
        deep in "0{0,5}[1-9]{0,3}",
    ) {
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            let written = document::write(&tree(&text, &deep), encoding).expect("written");
            let (first, found) = document::parse(&written).expect("it is right");
            prop_assert_eq!(found, encoding);
            prop_assert_eq!(&first.child("InsurerNumber").expect("there").text, &text);
            let json = first.to_json(&|name| name == "Code").to_string();
            let value = serde_json::from_str(&json).expect("JSON");
            let again = Element::from_json("XmlMsg", &value).expect("text").remove(0);
            prop_assert_eq!(document::write(&again, encoding).expect("written"), written);
        }
    }

    #[test]
    fn a_cut_document_is_never_whole(cut in 0_usize..10_000, zeros in 0_usize..50) {
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            let written = document::write(&tree("試験　太郎", "01"), encoding).expect("written");
            let end = written.iter().rposition(|byte| *byte == b'>').expect("an end");
            let mut part = written[..cut % end].to_vec();
            prop_assert!(document::parse(&part).is_err());
            part.resize(part.len() + zeros, 0);
            prop_assert_eq!(document::parse(&part), Err(DocumentError::Unfinished));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = document::parse(&bytes);
        let _ = link::archive::read(&bytes, Some("x"));
    }
}

#[test]
fn a12_a_number_is_not_text() {
    let value = serde_json::json!({ "Code": 1 });
    assert_eq!(Element::from_json("XmlMsg", &value), Err("Code".to_owned()));
}
