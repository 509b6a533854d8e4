//! Characters: every one that CP932 has, none that it has not, and files that say one thing and
//! are another.

use link::document::{self, Element};
use link::encoding::{self, DecodeError, Encoding};

use crate::terminal::amount;

/// Every character that one or two bytes stand for.
fn characters() -> Vec<char> {
    let mut found = Vec::new();
    let mut add = |bytes: &[u8]| {
        let mut file = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>".to_vec();
        file.extend(bytes);
        if let Ok((text, Encoding::ShiftJis)) = encoding::decode(&file) {
            let c = text.chars().last().expect("a character");
            if text.ends_with("?>") || c == '>' {
                return;
            }
            found.push(c);
        }
    };
    for first in 0x20..=0xFF_u8 {
        add(&[first]);
        if first >= 0x80 {
            for second in 0x40..=0xFC_u8 {
                add(&[first, second]);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn a11_every_character_of_cp932_comes_back() {
    let all = characters();
    // JIS X 0208, the rows of NEC and IBM, half-width kana, ASCII; and the user's own.
    assert!(all.len() > 9_000, "{}", all.len());
    let is_own = |c: &&char| ('\u{E000}'..='\u{F8FF}').contains(*c);
    for c in all.iter().filter(|c| !is_own(c)) {
        let bytes = encoding::encode(&c.to_string(), Encoding::ShiftJis);
        let bytes = bytes.unwrap_or_else(|_| panic!("U+{:04X}", u32::from(*c)));
        let mut file = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>".to_vec();
        file.extend(bytes);
        let (text, _) = encoding::decode(&file).expect("it comes back");
        assert_eq!(text.chars().last(), Some(*c));
    }
    for c in all.iter().filter(is_own) {
        assert_eq!(encoding::encode(&c.to_string(), Encoding::ShiftJis), Err(*c));
    }
}

#[test]
fn a11_a_character_that_cannot_be_written_is_named() {
    for c in ['〜', '𠮷', '¥', '‾', '−', '\u{FE00}', '한'] {
        let root = Element::parent("XmlMsg", vec![Element::leaf("Name", &format!("試験{c}"))]);
        let error = document::write(&root, Encoding::ShiftJis).expect_err("not in CP932");
        assert_eq!((error.element.as_str(), error.character), ("Name", c));
    }
}

/// A document with some text; the number makes it another one.
fn document(number: usize) -> Element {
    const TEXTS: [&str; 8] =
        ["試験　太郎", "ｼｹﾝ ﾀﾛｳ", "検査", "髙﨑①Ⅷ", "ﾃｱ", "架空健康保険組合", "あア亜", "～－"];
    // Nothing but half-width kana, which are single bytes in Shift_JIS.
    const KANA: [&str; 4] = ["ﾃｱ", "ﾆｼ ﾉｱ", "ｼｹﾝ ﾀﾛｳ", "ﾄｴ ﾄｴ"];
    if number % 8 == 7 {
        let kana = Element::leaf("NameKana", KANA[number / 8 % 4]);
        return Element::parent("XmlMsg", vec![kana]);
    }
    let mut leaves = vec![Element::leaf("InsurerName", "架空健康保険組合")];
    let mut rest = number;
    while rest > 0 {
        leaves.push(Element::leaf("Name", TEXTS[rest % 8]));
        rest /= 8;
    }
    Element::parent("XmlMsg", leaves)
}

#[test]
fn a11_a_wrong_declaration_is_detected_in_both_directions() {
    let count = amount(2_000, 200_000);
    for (declared, actual) in
        [(Encoding::Utf8, Encoding::ShiftJis), (Encoding::ShiftJis, Encoding::Utf8)]
    {
        for number in 0..count {
            let bytes = document::write(&document(number), actual).expect("it can be written");
            let label = actual.label().as_bytes();
            let at = bytes.windows(label.len()).position(|part| part == label).expect("a label");
            let mut wrong = bytes[..at].to_vec();
            wrong.extend(declared.label().as_bytes());
            wrong.extend(&bytes[at + label.len()..]);
            let error = encoding::decode(&wrong).expect_err("it says something else than it is");
            assert_eq!(error, DecodeError::Mismatch { declared, actual }, "{number}");
            assert!(document::parse(&bytes).is_ok(), "{number} is right as it was");
        }
    }
}

/// A number that looks random.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Documents that are ASCII but for one name of one to five characters.
#[test]
fn a11_a_wrong_declaration_of_a_document_with_one_short_name_is_detected() {
    const POOLS: [&str; 5] = [
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ",
        "あいうえおかきくけこさしすせそ",
        "山田太郎髙﨑鈴木一郎佐藤花子渡邊齋藤",
        "ＡＢＣ１２３",
        "①②Ⅷ㈱～－",
    ];
    let pools = POOLS.map(|pool| pool.chars().collect::<Vec<char>>());
    let (count, mut state) = (amount(20_000, 1_000_000), 42);
    let mut pick = |below: usize| (next(&mut state) % below as u64) as usize;
    let (mut missed, mut refused) = (0, 0);
    for _ in 0..count {
        let is_kana = pick(2) == 0;
        let name: String = (0..=pick(if is_kana { 4 } else { 5 }))
            .map(|_| {
                let pool = &pools[if is_kana { 0 } else { pick(5) }];
                pool[pick(pool.len())]
            })
            .collect();
        let root = Element::parent("XmlMsg", vec![Element::leaf("Name", &name)]);
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            let right = document::write(&root, encoding).expect("it can be written");
            refused += usize::from(encoding::decode(&right).is_err());
            let (own, other) = match encoding {
                Encoding::Utf8 => ("UTF-8", "Shift_JIS"),
                Encoding::ShiftJis => ("Shift_JIS", "UTF-8"),
            };
            let (head, rest) = right.split_at(own.len() + 30);
            let head = String::from_utf8_lossy(head).replace(own, other);
            let wrong = [head.as_bytes(), rest].concat();
            missed += usize::from(encoding::decode(&wrong).is_ok());
        }
    }
    println!(
        "soak: A11: of {count} short names {missed} missed, {refused} refused that were right"
    );
    // All that are missed say UTF-8.
    assert!(missed * 2_000 <= count, "{missed} of {count}");
    assert!(refused * 2_000 <= count, "{refused} of {count}");
}

#[test]
fn other_encodings_are_refused() {
    for label in ["EUC-JP", "ISO-2022-JP", "UTF-16", "nonsense"] {
        let file = format!("<?xml version='1.0' encoding='{label}'?><XmlMsg/>");
        assert_eq!(encoding::decode(file.as_bytes()).err(), Some(DecodeError::UnknownLabel));
    }
}
