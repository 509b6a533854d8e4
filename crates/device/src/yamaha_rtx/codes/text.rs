//! What the codes of the text mean: P120 to P199.

use diag::{CodeInfo, text};

/// What the codes of the text mean: P120 to P199.
pub(super) static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "P120",
        name: "unknown-command",
        explain: || {
            text!(
                ja: "知らないコマンドです。何をする行か分からないため、その行が関係しうる要件は\
                     証明しません。",
                en: "A command that is not known. What it does is unknown, so no requirement it \
                     may touch is proved.",
            )
        },
    },
    CodeInfo {
        code: "P121",
        name: "unreadable-argument",
        explain: || {
            text!(
                ja: "コマンドは知っていますが、引数を読み取れません。その行は使わず、関係しうる\
                     要件は証明しません。",
                en: "The command is known but an argument cannot be read. The line is not used, \
                     and no requirement it may touch is proved.",
            )
        },
    },
    CodeInfo {
        code: "P122",
        name: "setting-not-modelled",
        explain: || {
            text!(
                ja: "コマンドの意味は分かりますが、判定には反映していません。影響しうる要件は証\
                     明しません。",
                en: "The command is understood but not modelled. Requirements it may touch are \
                     not proved.",
            )
        },
    },
    CodeInfo {
        code: "P123",
        name: "keyword-as-address",
        explain: || {
            text!(
                ja: "フィルターのアドレスの位置にプロトコルやポートの名前があります。ルータは\
                     名前（FQDN）として受け付けますが、意図した動作にはなりません。アドレスの書\
                     き忘れがないか確かめてください。",
                en: "A protocol or port name stands where a filter expects an address. The \
                     router takes it for a host name, which is hardly what was meant. Look for \
                     the address that is missing.",
            )
        },
    },
    CodeInfo {
        code: "P124",
        name: "address-by-name",
        explain: || {
            text!(
                ja: "フィルターのアドレスが名前で書かれています。名前はルータが運用中に解決する\
                     ため、設定だけからは証明できません。",
                en: "A filter gives an address by name. The router resolves it while it runs, so \
                     the configuration alone proves nothing about it.",
            )
        },
    },
    CodeInfo {
        code: "P125",
        name: "range-reversed",
        explain: || {
            text!(
                ja: "範囲の始点が終点より大きくなっています。書き間違いがないか確かめてください。",
                en: "A range begins above its end. Check it for a slip of the pen.",
            )
        },
    },
    CodeInfo {
        code: "P126",
        name: "line-too-long",
        explain: || {
            text!(
                ja: "行が長すぎ、ルータは受け付けません。",
                en: "The line is longer than the router takes.",
            )
        },
    },
    CodeInfo {
        code: "P127",
        name: "nothing-selected",
        explain: || {
            text!(
                ja: "`pp select` や `tunnel select` の前に、選択を必要とする設定があります。",
                en: "A setting needs a `pp select` or `tunnel select` before it.",
            )
        },
    },
    CodeInfo {
        code: "P128",
        name: "dynamic-without-effect",
        explain: || {
            text!(
                ja: "このアプリケーション名の動的フィルターは受け付けられますが動作しません。静\
                     的フィルターで通してください。",
                en: "A dynamic filter for this application is accepted but does nothing. Use \
                     static filters.",
            )
        },
    },
    CodeInfo {
        code: "P129",
        name: "dynamic-approximated",
        explain: || {
            text!(
                ja: "このアプリケーションの動的フィルターは、実際より広く開くものとして扱います。",
                en: "A dynamic filter for this application is taken to open more than it does.",
            )
        },
    },
    CodeInfo {
        code: "P130",
        name: "wrapped-line-joined",
        explain: || {
            text!(
                ja: "80 桁の画面で折り返された行をつなげて読みました。元のファイルを \
                     `show config` から保存し直すと確実です。",
                en: "A line that an 80-column console broke was joined with the next. Saving the \
                     output anew without line breaks is safer.",
            )
        },
    },
    CodeInfo {
        code: "P131",
        name: "arrow-joined",
        explain: || {
            text!(
                ja: "行末の矢印を続きの行とつなげて読みました。",
                en: "A line that ends in an arrow was joined with the next.",
            )
        },
    },
    CodeInfo {
        code: "P132",
        name: "prompt-removed",
        explain: || {
            text!(
                ja: "コンソールのプロンプトを取り除いて読みました。",
                en: "Console prompts were taken away before reading.",
            )
        },
    },
    CodeInfo {
        code: "P133",
        name: "embedded-file",
        explain: || {
            text!(
                ja: "設定にファイルが埋め込まれています。中のスクリプトは運用中に設定を変更でき\
                     るため、証明はこの行がある限り成り立ちません。",
                en: "A file is embedded. A script in it can change the configuration at run \
                     time, so nothing is proved while it is there.",
            )
        },
    },
    CodeInfo {
        code: "P134",
        name: "commented-command",
        explain: || {
            text!(
                ja: "コマンドのように見えるコメントがあります。`#` で始まる行はコメントとして読\
                     みます。",
                en: "A comment looks like a command. Lines that begin with `#` are read as \
                     comments.",
            )
        },
    },
    CodeInfo {
        code: "P135",
        name: "embedded-file-open",
        explain: || {
            text!(
                ja: "埋め込まれたファイルの終わりの印がありません。",
                en: "The mark that ends an embedded file is missing.",
            )
        },
    },
    CodeInfo {
        code: "P136",
        name: "carriage-return-inside",
        explain: || {
            text!(
                ja: "行の途中に復帰文字 (CR) があります。複数の行が一行に見えるため、読み取りま\
                     せん。改行を LF または CRLF にして保存し直してください。",
                en: "A carriage return stands inside a line, which makes several lines look like \
                     one. It is not read. Save the file again with LF or CRLF.",
            )
        },
    },
    CodeInfo {
        code: "P137",
        name: "comment-or-prompt",
        explain: || {
            text!(
                ja: "すべてのコマンドの前に `#` があります。コメントにした設定なら何も設定されて\
                     おらず、プロンプトごと写した画面なら設定されています。どちらか分からないため\
                     、証明しません。",
                en: "Every command stands behind `#`. Commented out, they set nothing; copied \
                     from a screen with its prompt, they do. Which is the case is unknown, so \
                     nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P138",
        name: "joined-line",
        explain: || {
            text!(
                ja: "行末の矢印や 80 桁の折り返しで次の行とつなげましたが、次の行が別のコマンドか\
                     もしれません。結果に影響しないコマンドの一部として見落とさないよう、証明しま\
                     せん。",
                en: "The line was joined with the next one at an arrow or at column 80, but the \
                     next one may be a command of its own. It must not be lost inside a harmless \
                     command, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P139",
        name: "two-configurations",
        explain: || {
            text!(
                ja: "1 つのファイルに `show config` の見出しが 2 つあります。変更の前と後の設定など\
                     が混ざると、動いていない行で要件を満たしたように見えるため、証明しません。",
                en: "One file holds two headings of `show config`. Settings from before and after \
                     a change would be mixed, and lines that do not run could seem to protect, so \
                     nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P140",
        name: "ipsec-not-encrypted",
        explain: || {
            text!(
                ja: "`ah` のポリシーはパケットに署名するだけで、暗号化しません。中身は経路上で読めます。",
                en: "An `ah` policy signs packets but does not encrypt them; they can be read on \
                     the way.",
            )
        },
    },
    CodeInfo {
        code: "P141",
        name: "no-configuration",
        explain: || {
            text!(
                ja: "ファイルのほとんどの行がコマンドではありません。端末ソフトのログ、CSV、\
                     メールの引用、別の機種の設定などを渡していることがあります。\
                     `show config` の出力だけをテキストファイルに保存し直してください。\
                     このファイルからは何も証明しません。",
                en: "Most lines of the file are no commands: it may be the log of a terminal \
                     program, a CSV, a quoted mail, or another router's configuration. Save what \
                     `show config` prints, and nothing else. Nothing is proved from the file.",
            )
        },
    },
    CodeInfo {
        code: "P142",
        name: "settings-after-leaving",
        explain: || {
            text!(
                ja: "`exit`・`quit` の後、または最後の `save` の後に設定の行があります。ルータ\
                     がその\
                     行を受け付けたか、電源を入れ直した後も残っているか分からないため、何も証明し\
                     ません。`show config` の出力を渡してください。",
                en: "Settings stand behind `exit` or `quit`, or behind the last `save`. \
                     Whether the \
                     router took them, and whether they are there after a restart, is not known, \
                     so nothing is proved. Pass the output of `show config`.",
            )
        },
    },
    CodeInfo {
        code: "P144",
        name: "model-contradicted",
        explain: || {
            text!(
                ja: "サイトファイルの `model` と、`show config` の見出しの機種が違います。\
                     どちらが正しい\
                     か分からないため、何も証明しません。",
                en: "The `model` of the site file is not that of the heading of `show config`. \
                     Which \
                     of them is right is not known, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P143",
        name: "model-not-covered",
        explain: || {
            text!(
                ja: "設定は、新しい機種のコマンドリファレンスに従って読みます。その対象ではない機種\
                     は、一部のコマンドを受け付けないことがあるため、それに頼る要件は証明しま\
                     せん。",
                en: "Configurations are read by the command reference of current models. A model \
                     that it does not cover may refuse some commands, so requirements that rest on \
                     them are not proved.",
            )
        },
    },
    CodeInfo {
        code: "P145",
        name: "remains-removed",
        explain: || {
            text!(
                ja: "画面から写した設定に、ページ送りの印（`---つづく---` など）、Markdown の枠\
                     （```）、画面の制御文字が残っていました。取り除いて読みました。判定には影響し\
                     ません。",
                en: "Marks of a pager such as `---More---`, a Markdown fence or control characters \
                     of a screen were left in a configuration that was copied. It was read without \
                     them. This does not change any verdict.",
            )
        },
    },
];
