//! Why a file may not load.

use diag::{Span, Text, text};

/// The result of looking at a part of a file.
pub(super) type Load<T = ()> = Result<T, Refusal>;

/// A place that nft may refuse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    pub(super) span: Span,
    pub(super) why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Why {
    /// It is none of the forms that are known to be taken.
    Form,
    Separator,
    Break,
    LineEnd,
    Value,
    Range,
    Type,
    Operator,
    Protocol,
    Family,
    Hook,
    Place,
    Priority,
    Undefined,
    Twice,
    Overlap,
    Flag,
    Interface,
    Terminal,
    Circle,
    Absent,
    Large,
}

impl Why {
    /// What is wrong, as a noun phrase.
    #[allow(clippy::too_many_lines, reason = "one text for each variant")]
    pub(super) fn text(self) -> Text {
        match self {
            Self::Form => text!(
                ja: "nft が受け付けると分かっている書き方ではない部分",
                en: "a part that is in no form that nft is known to take",
            ),
            Self::Separator => text!(
                ja: "改行または `;` で終わっていない部分",
                en: "a part that does not end with a line break or `;`",
            ),
            Self::Break => text!(
                ja: "値の並びの中の空行や `;`",
                en: "an empty line or `;` inside a list of values",
            ),
            Self::LineEnd => text!(
                ja: "Windows の改行（CR）", en: "a line end of Windows (CR)",
            ),
            Self::Value => text!(
                ja: "この項目に書けない値", en: "a value that this field does not have",
            ),
            Self::Range => text!(
                ja: "逆順の範囲、または長すぎるプレフィックス",
                en: "a range in reverse order, or a prefix that is too long",
            ),
            Self::Type => text!(
                ja: "型の合わないセットやマップ", en: "a set or a map of another type",
            ),
            Self::Operator => text!(
                ja: "この項目に使えない演算子", en: "an operator that this field does not have",
            ),
            Self::Protocol => text!(
                ja: "同じ規則のほかの条件と合わないプロトコル",
                en: "a protocol that contradicts another condition of the rule",
            ),
            Self::Family => text!(
                ja: "このファミリーのテーブルに書けないもの",
                en: "something that tables of this family do not have",
            ),
            Self::Hook => text!(
                ja: "このフックや種類のチェインから呼べない文",
                en: "a statement that chains of this hook or type do not have",
            ),
            Self::Place => text!(
                ja: "カーネルにないチェインの場所（種類・フック・デバイス）",
                en: "a place for a chain that the kernel does not have (type, hook, device)",
            ),
            Self::Priority => text!(
                ja: "このチェインに使えない優先度", en: "a priority that this chain cannot have",
            ),
            Self::Undefined => text!(
                ja: "まだ定義のない名前", en: "a name that is not defined yet",
            ),
            Self::Twice => text!(ja: "2 度の定義", en: "a second definition"),
            Self::Overlap => text!(
                ja: "ほかの要素と重なる要素", en: "an element that overlaps another one",
            ),
            Self::Flag => text!(
                ja: "セットの `flags` にないものを必要とする要素や文",
                en: "an element or a statement that needs a flag which the set does not have",
            ),
            Self::Interface => text!(
                ja: "読み込むときにないかもしれないインターフェース（`iif`・`oif` は番号に直して読\
                     み込みます。`iifname`・`oifname` なら名前で比べます）",
                en: "an interface that may not be there when the rules are loaded (`iif` and `oif` \
                     become numbers then; `iifname` and `oifname` compare the name)",
            ),
            Self::Terminal => text!(
                ja: "判定のあとの文", en: "a statement behind a decision",
            ),
            Self::Circle => text!(
                ja: "互いに呼び合うチェイン、または深すぎる呼び出し",
                en: "chains that call each other in a circle, or too deep",
            ),
            Self::Absent => text!(
                ja: "ないものの削除、または使われているものの削除",
                en: "taking away something that is not there, or that is in use",
            ),
            Self::Large => text!(
                ja: "大きすぎる値や数", en: "a value or a number that is too large",
            ),
        }
    }
}
