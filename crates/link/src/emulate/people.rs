//! People who do not exist: names that nobody has, insurers that begin with 99.

use super::dice::Dice;

const FAMILIES: [(&str, &str); 6] = [
    ("試験", "ｼｹﾝ"),
    ("架空", "ｶｸｳ"),
    ("模擬", "ﾓｷﾞ"),
    ("見本", "ﾐﾎﾝ"),
    ("仮名", "ｶﾒｲ"),
    ("練習", "ﾚﾝｼｭｳ"),
];
const NAMES: [(&str, &str, &str); 6] = [
    ("太郎", "ﾀﾛｳ", "1"),
    ("花子", "ﾊﾅｺ", "2"),
    ("髙一", "ｺｳｲﾁ", "1"),
    ("﨑美", "ｻｷﾐ", "2"),
    ("次郎", "ｼﾞﾛｳ", "1"),
    ("和①", "ｶｽﾞｲﾁ", "3"),
];

/// Somebody who does not exist.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) insurer: String,
    pub(super) symbol: String,
    pub(super) number: String,
    pub(super) branch: String,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) sex: &'static str,
    pub(super) birth: String,
    pub(super) address: String,
    pub(super) post: String,
}

impl Person {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let (family, family_kana) = FAMILIES[dice.below(6) as usize];
        let (name, kana, sex) = NAMES[dice.below(6) as usize];
        let year = dice.within((1930, 2020));
        let (month, day) = (dice.within((1, 12)), dice.within((1, 28)));
        Self {
            insurer: format!("  99{}", dice.digits(4)),
            symbol: "試験".to_owned(),
            number: format!("000{}", dice.digits(4)),
            branch: format!("0{}", dice.below(3)),
            name: format!("{family}　{name}"),
            kana: format!("{family_kana} {kana}"),
            sex,
            birth: format!("{year}{month:02}{day:02}"),
            address: format!("架空県試験市{}番地", dice.within((1, 999))),
            post: format!("999{}", dice.digits(4)),
        }
    }
}
