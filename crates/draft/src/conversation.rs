//! The questions, in the order in which they are put.

use diag::{Text, text};
use site::Word;

use crate::check::{anything, claimed, linkage, name, peer, receipts, terminals};
use crate::{Answers, Choice, Form, Question};

/// Every question. Those that apply are put in this order.
pub static QUESTIONS: &[Question] = &[
    Question {
        key: "name",
        ask: || text!(ja: "施設の名前", en: "name of the facility"),
        hint: || {
            text!(
                ja: "図と報告書に出ます。仮の名前でもかまいません",
                en: "it appears in drawings and reports; a working name will do",
            )
        },
        who: facility,
        form: Form::Text { example: ("みどり内科", "Midori Clinic") },
        check: name,
        may_stay_open: false,
        applies: |_| true,
    },
    Question {
        key: "kind",
        ask: || text!(ja: "施設の種類", en: "kind of facility"),
        hint: || text!(ja: "開設の届出の区分です", en: "as it is registered"),
        who: facility,
        form: Form::Choice(words::<site::FacilityKind>),
        check: anything,
        may_stay_open: false,
        applies: |_| true,
    },
    Question {
        key: "line",
        ask: || {
            text!(
                ja: "オンライン資格確認に使う回線",
                en: "the line that carries eligibility verification",
            )
        },
        hint: || {
            text!(
                ja: "回線の契約書で、閉域網の契約か、IPsec サービスの契約かを確認します",
                en: "the contract says: a closed network, or IPsec over the Internet",
            )
        },
        who: carrier,
        form: Form::Choice(words::<site::LineKind>),
        check: anything,
        may_stay_open: false,
        applies: |_| true,
    },
    Question {
        key: "eligibility",
        ask: || text!(ja: "オンライン資格確認の接続方式", en: "how eligibility traffic is carried"),
        hint: || {
            text!(
                ja: "IPv6 で接続する回線は IPoE、IPv4 で接続する回線は PPPoE です",
                en: "IPoE on lines that connect by IPv6, PPPoE on those that connect by IPv4",
            )
        },
        who: carrier,
        form: Form::Choice(words::<site::AccessMethod>),
        check: anything,
        may_stay_open: true,
        applies: is_ip_vpn,
    },
    Question {
        key: "endpoint",
        ask: || text!(ja: "IPsec トンネルを終端するもの", en: "what ends the IPsec tunnel"),
        hint: || {
            text!(
                ja: "専用ルータが届くサービスはルータ、端末にソフトを入れるサービスは端末です",
                en: "a router where the service sends one, a terminal where software is installed",
            )
        },
        who: provider,
        form: Form::Choice(words::<site::Endpoint>),
        check: anything,
        may_stay_open: false,
        applies: is_ipsec,
    },
    Question {
        key: "peer",
        ask: || text!(ja: "IPsec の接続先（アドレスか名前）", en: "far end of the IPsec tunnel"),
        hint: || {
            text!(
                ja: "契約したサービスの設定資料にあります",
                en: "the papers of the contracted service state it",
            )
        },
        who: provider,
        form: Form::Text { example: ("203.0.113.1", "203.0.113.1") },
        check: peer,
        may_stay_open: true,
        applies: is_ipsec,
    },
    Question {
        key: "placement",
        ask: || text!(ja: "機能の置き方", en: "which functions share a machine"),
        hint: || {
            text!(
                ja: "資格確認端末・レセコン・オンライン請求端末が、何台に分かれているかです",
                en: "whether eligibility terminal, claims computer and claims terminal are apart",
            )
        },
        who: vendor,
        form: Form::Choice(placements),
        check: anything,
        may_stay_open: false,
        applies: |_| true,
    },
    Question {
        key: "claims",
        ask: || text!(ja: "オンライン請求の接続方式", en: "how online claims are carried"),
        hint: || {
            text!(
                ja: "端末の「接続」で PPPoE を張っていれば PPPoE、IPv6 で請求していれば IPoE です",
                en: "PPPoE where the terminal dials a session, IPoE where claims go by IPv6",
            )
        },
        who: carrier,
        form: Form::Choice(claims),
        check: claimed,
        may_stay_open: true,
        applies: is_ip_vpn,
    },
    Question {
        key: "pppoe-by",
        ask: || {
            text!(
                ja: "資格確認の PPPoE セッションを張るもの",
                en: "what opens the PPPoE session of eligibility",
            )
        },
        hint: || {
            text!(
                ja: "PPPoE の ID とパスワードを設定した機器です",
                en: "the device that the PPPoE name and password are set up on",
            )
        },
        who: installer,
        form: Form::Choice(diallers),
        check: anything,
        may_stay_open: true,
        applies: |answers| is_ip_vpn(answers) && answers.is("eligibility", "pppoe"),
    },
    Question {
        key: "claims-machine",
        ask: || text!(ja: "オンライン請求をする端末", en: "the machine that sends claims"),
        hint: || {
            text!(
                ja: "資料は、同じ端末でも別の端末でもよいとしています",
                en: "the reference document allows the same machine or another one",
            )
        },
        who: vendor,
        form: Form::Choice(claims_machines),
        check: anything,
        may_stay_open: true,
        applies: |answers| is_merged(answers) && !answers.is("claims", "none"),
    },
    Question {
        key: "receipt-address",
        ask: || {
            text!(
                ja: "レセコン等の IP アドレス（複数ならカンマ区切り）",
                en: "addresses of the claims computers, separated by commas",
            )
        },
        hint: || {
            text!(
                ja: "マスクの長さも書きます（255.255.255.0 は /24）",
                en: "with the prefix length; the mask 255.255.255.0 is /24",
            )
        },
        who: vendor,
        form: Form::Text { example: ("192.0.2.20/25", "192.0.2.20/25") },
        check: receipts,
        may_stay_open: true,
        applies: has_router_a,
    },
    Question {
        key: "terminal-address",
        ask: || {
            text!(
                ja: "資格確認端末の院内側の IP アドレス（複数ならカンマ区切り）",
                en: "inner addresses of the eligibility terminals, separated by commas",
            )
        },
        hint: || {
            text!(
                ja: "レセコン等が別の端末なら、間にルータA が入る別の LAN です",
                en: "where claims computers are apart, another LAN than theirs",
            )
        },
        who: installer,
        form: Form::Text { example: ("192.0.2.130/28", "192.0.2.130/28") },
        check: terminals,
        may_stay_open: true,
        applies: |answers| has_router_a(answers) || is_ipsec(answers) || is_behind_pppoe(answers),
    },
    Question {
        key: "linkage",
        ask: || {
            text!(
                ja: "レセコンが資格確認端末を使う方法",
                en: "how the claims computers use the terminal",
            )
        },
        hint: || {
            text!(
                ja: "ファイル共有なら smb、専用ポートなら tcp/番号 です",
                en: "smb for shared folders, tcp/number for a port",
            )
        },
        who: vendor,
        form: Form::Text { example: ("smb", "smb") },
        check: linkage,
        may_stay_open: true,
        applies: has_router_a,
    },
    Question {
        key: "receipt-files",
        ask: || {
            text!(
                ja: "レセプトのファイルをオンライン請求端末へ渡す方法",
                en: "how receipt files get to the online-claims terminal",
            )
        },
        hint: || {
            text!(
                ja: "資料は定めていません。LAN で渡すサービスだけを開け、ほかは閉じます",
                en: "the document leaves it open; what is not used over the LAN stays closed",
            )
        },
        who: vendor,
        form: Form::Choice(receipt_files),
        check: anything,
        may_stay_open: true,
        applies: |answers| answers.is("placement", "separate") && !answers.is("claims", "none"),
    },
    Question {
        key: "router-a",
        ask: || text!(ja: "ルータA の種類", en: "make of Router A"),
        hint: || {
            text!(
                ja: "レセコン等と資格確認端末の間のルータです",
                en: "the router between the claims computers and the terminal",
            )
        },
        who: installer,
        form: Form::Choice(vendors),
        check: anything,
        may_stay_open: true,
        applies: has_router_a,
    },
    Question {
        key: "router-b",
        ask: || text!(ja: "ルータB の種類", en: "make of Router B"),
        hint: || {
            text!(
                ja: "回線（ONU）に一番近いルータです",
                en: "the router next to the line's ONU",
            )
        },
        who: installer,
        form: Form::Choice(vendors),
        check: anything,
        may_stay_open: true,
        applies: |_| true,
    },
    Question {
        key: "maintenance",
        ask: || {
            text!(
                ja: "保守業者などが外から入る回線",
                en: "lines by which suppliers come in from outside",
            )
        },
        hint: || {
            text!(
                ja: "リモート保守の VPN や専用ルータも含みます。届く範囲を確かめます",
                en: "remote maintenance counts, whether by VPN or by a router of its own",
            )
        },
        who: vendor,
        form: Form::Choice(maintenance),
        check: anything,
        may_stay_open: true,
        applies: |_| true,
    },
];

/// The questions that apply after `answers`, in order.
pub fn relevant(answers: &Answers) -> impl Iterator<Item = &'static Question> {
    QUESTIONS.iter().filter(|question| (question.applies)(answers))
}

/// The next question that applies and was not put yet.
#[must_use]
pub fn next(answers: &Answers) -> Option<&'static Question> {
    relevant(answers).find(|question| !answers.was_put(question.key))
}

pub(crate) fn facility() -> Text {
    text!(ja: "施設の方", en: "the facility")
}

pub(crate) fn carrier() -> Text {
    text!(ja: "回線事業者・回線の契約書", en: "the carrier, or the contract of the line")
}

pub(crate) fn provider() -> Text {
    text!(ja: "IPsec サービスの提供事業者", en: "the provider of the IPsec service")
}

pub(crate) fn vendor() -> Text {
    text!(ja: "レセコン・電子カルテのベンダ", en: "the vendor of the claims computer")
}

pub(crate) fn installer() -> Text {
    text!(ja: "ネットワークを設置した業者", en: "who installed the network")
}

pub(crate) fn is_ip_vpn(answers: &Answers) -> bool {
    answers.is("line", "ip-vpn")
}

pub(crate) fn is_ipsec(answers: &Answers) -> bool {
    answers.is("line", "ipsec")
}

/// Whether machines reach the line over IPv4, by a PPPoE session of router B.
pub(crate) fn is_behind_pppoe(answers: &Answers) -> bool {
    is_ip_vpn(answers) && answers.is("eligibility", "pppoe") && answers.is("pppoe-by", "router")
}

/// Whether claims computer and eligibility terminal are one machine.
pub(crate) fn is_merged(answers: &Answers) -> bool {
    answers.is("placement", "receipt-on-terminal") || answers.is("placement", "terminal-on-receipt")
}

/// Whether a router stands between the claims computers and the terminal.
pub(crate) fn has_router_a(answers: &Answers) -> bool {
    answers.is("placement", "separate") || answers.is("placement", "one-terminal")
}

/// The words of a vocabulary of the site file with their meanings.
fn words<W: Word>() -> Vec<Choice> {
    let words = W::WORDS.iter();
    words.map(|one| Choice { word: one.word, label: Text::new(one.ja, one.en) }).collect()
}

fn placements() -> Vec<Choice> {
    let choice = |word, label| Choice { word, label };
    vec![
        choice(
            "separate",
            text!(
                ja: "レセコン・資格確認端末・オンライン請求端末が、それぞれ別",
                en: "claims computer, eligibility terminal and claims terminal apart",
            ),
        ),
        choice(
            "one-terminal",
            text!(
                ja: "資格確認とオンライン請求が同じ端末、レセコンは別",
                en: "eligibility and claims on one terminal, the claims computer apart",
            ),
        ),
        choice(
            "receipt-on-terminal",
            text!(
                ja: "資格確認端末にレセコンの機能を入れて、1 台",
                en: "the claims computer installed on the eligibility terminal",
            ),
        ),
        choice(
            "terminal-on-receipt",
            text!(
                ja: "レセコンに資格確認端末の機能を入れて、1 台",
                en: "the eligibility terminal installed on the claims computer",
            ),
        ),
    ]
}

fn claims() -> Vec<Choice> {
    let mut choices = words::<site::AccessMethod>();
    choices.push(Choice {
        word: "none",
        label: text!(ja: "オンライン請求をしていません。", en: "Claims are not sent online."),
    });
    choices
}

fn diallers() -> Vec<Choice> {
    let choice = |word, label| Choice { word, label };
    vec![
        choice(
            "machine",
            text!(
                ja: "端末です。ルータは PPPoE をパススルーします。",
                en: "The terminal; the router passes PPPoE through.",
            ),
        ),
        choice(
            "router",
            text!(
                ja: "ルータB です。オンライン請求も PPPoE なら、同じルータが張ります。",
                en: "Router B, which also carries online claims if they go over PPPoE.",
            ),
        ),
    ]
}

fn claims_machines() -> Vec<Choice> {
    vec![
        Choice { word: "same", label: text!(ja: "同じ端末です。", en: "The same machine.") },
        Choice {
            word: "own", label: text!(ja: "別の端末です。", en: "A machine of its own.")
        },
    ]
}

fn receipt_files() -> Vec<Choice> {
    let choice = |word, label| Choice { word, label };
    vec![
        choice(
            "media",
            text!(ja: "USB メモリなどで運びます。", en: "They are carried on a stick."),
        ),
        choice(
            "push",
            text!(
                ja: "レセコンが、オンライン請求端末の共有フォルダーに置きます。",
                en: "The claims computer puts them into a share of the claims terminal.",
            ),
        ),
        choice(
            "pull",
            text!(
                ja: "オンライン請求端末が、レセコンの共有フォルダーから取ります。",
                en: "The claims terminal takes them from a share of the claims computer.",
            ),
        ),
    ]
}

/// What most sites have.
const USUAL_VENDOR: &str = "yamaha-rtx";

fn vendors() -> Vec<Choice> {
    let known = device::vendors().iter();
    let mut choices: Vec<Choice> =
        known.map(|vendor| Choice { word: vendor.name, label: (vendor.title)() }).collect();
    // The first one is what Enter takes.
    choices.sort_by_key(|choice| choice.word != USUAL_VENDOR);
    choices.push(Choice {
        word: "other",
        label: text!(
            ja: "そのほか（設定はまだ読めません。分からないこととして扱います）",
            en: "something else (its configuration cannot be read and counts as unknown)",
        ),
    });
    choices
}

fn maintenance() -> Vec<Choice> {
    vec![
        Choice { word: "none", label: text!(ja: "ありません。", en: "There are none.") },
        Choice { word: "some", label: text!(ja: "あります。", en: "There are some.") },
    ]
}
