//! What the codes of requests, answers and scenarios stand for, for `sekisho explain CODE`.

use diag::{CodeInfo, text};

/// The codes, in their order.
pub static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "E400",
        name: "doubtful-answer",
        explain: || {
            text!(
                ja: "回答のファイルはありますが、要求への完全な回答だと証明できません。内容は誰の\
                     結果としても渡さず、できれば隔離（`.quarantine`）に移します。理由は括弧の中の\
                     語です。unfinished と archive-unfinished は書きかけ、encoding-mismatch は宣言\
                     と異なる文字コード、other-request は別の要求の識別子・受付番号か医療\
                     機関コード、ambiguous は判断に使う項目が重複しているか違う場所にある、\
                     too-large と archive-bad-name は受け入れない大きさと名前です。端末を確かめて\
                     ください。",
                en: "There is a file, and it is not proved to be the whole answer to the request. \
                     Its content is nobody's result, and it goes into quarantine (`.quarantine`) \
                     where that is possible. The word in brackets says \
                     why: unfinished and archive-unfinished, it is not written to its end; \
                     encoding-mismatch, it says one encoding and is another; other-request, the \
                     identifier, the reception number or the institution is another one; \
                     ambiguous, what decides stands there twice or in another place; \
                     too-large and archive-bad-name, what is never taken. Look at the terminal.",
            )
        },
    },
    CodeInfo {
        code: "E401",
        name: "no-answer-yet",
        explain: || {
            text!(
                ja: "待つ時間のうちに回答が来ませんでした。端末がすでに要求を取った場合に二重に\
                     ならないよう、再送はしません。`collect` で後から受け取れます（7 日間）。",
                en: "No answer came in time. The request is not sent again, since the terminal may \
                     have taken it. `collect` fetches a late answer for a week.",
            )
        },
    },
    CodeInfo {
        code: "E402",
        name: "unreadable-answer",
        explain: || {
            text!(
                ja: "回答のファイルはありますが、動かしている利用者に読む権限がないか、ZIP のパス\
                     ワード（`--password-file`）がないか違います。共有と\
                     ファイルの権限を直してください。端末が置くファイルも読めるように、フォル\
                     ダーのグループと既定の権限（ACL）を確かめてください。要求は再送しません。\
                     `collect` で後から受け取れます（7 日間）。",
                en: "The answer is there, and the user who runs the program has no right to read \
                     it, or the password of the ZIP file (`--password-file`) is missing or \
                     wrong. Mend the rights of the share and of the files, also of those that the \
                     terminal will put there: the group of the folder and its default access list. \
                     The request is not sent again; `collect` fetches the answer for a week.",
            )
        },
    },
    CodeInfo {
        code: "E403",
        name: "unacknowledged-answer-gone",
        explain: || {
            text!(
                ja: "以前に渡した回答が、確認済み（`ack`）にならないうちに `res` からなくなりまし\
                     た。端末の消し忘れ処理か、ほかのプログラムが消したか、掃除が隔離しています\
                     （`quarantine` で確かめられます）。知らせるのは 1 回だけです。受け取った回答は\
                     すぐ `ack` してください。",
                en: "An answer that was handed over went away from `res` before anybody \
                     acknowledged it (`ack`): the terminal's own cleaner or another program took \
                     it, or the sweeper put it into quarantine (`quarantine` shows that). It is \
                     told once. Acknowledge answers as soon as they are received.",
            )
        },
    },
    CodeInfo {
        code: "P400",
        name: "institution-not-ten-digits",
        explain: || {
            text!(
                ja: "医療機関コードは 10 桁の数字です。先頭の 0 も書いてください。",
                en: "The institution's code has ten digits, zeros at its beginning included.",
            )
        },
    },
    CodeInfo {
        code: "P401",
        name: "request-not-an-object",
        explain: || {
            text!(
                ja: "要求は JSON のオブジェクト、その配列、または並びで書いてください。内容は表示\
                     しません。",
                en: "Requests are JSON objects, one after the other or in an array. Their content \
                     is not shown.",
            )
        },
    },
    CodeInfo {
        code: "P402",
        name: "link-file-unreadable",
        explain: || {
            text!(
                ja: "指定したファイルを読めません。場所と権限を確かめてください。",
                en: "The file cannot be read. Check its place and the rights on it.",
            )
        },
    },
    CodeInfo {
        code: "P403",
        name: "folder-or-journal-unusable",
        explain: || {
            text!(
                ja: "共有フォルダー（`req`・`res`・`face` がある所）か台帳を使えません。リンクを\
                     経由した場所は開きません。台帳の途中が壊れているときは何も送りません。",
                en: "The shared folder (which holds `req`, `res` and `face`) or the journal cannot \
                     be used. Nothing is opened through a link, and nothing is sent while a record \
                     in the middle of the journal is damaged.",
            )
        },
    },
    CodeInfo {
        code: "P404",
        name: "request-not-sent",
        explain: || {
            text!(
                ja: "この要求は送っていません。項目の不足、知らない項目、文字列でない値、または\
                     指定の文字コードで書けない文字があります。項目は `catalogue` で分かります。",
                en: "This request was not sent: an element is missing, unknown or not a string, \
                     or a character cannot be written in the encoding. `catalogue` lists the \
                     elements.",
            )
        },
    },
    CodeInfo {
        code: "P405",
        name: "unknown-message-kind",
        explain: || {
            text!(
                ja: "この種類の電文は、形式が分からないか、このコマンドでは扱いません。一覧は \
                     `catalogue` です。",
                en: "The form of this kind of message is not known, or another command handles it. \
                     `catalogue` lists them.",
            )
        },
    },
    CodeInfo {
        code: "P406",
        name: "acknowledged-but-not-handed-over",
        explain: || {
            text!(
                ja: "渡していない回答は確認済みにできません。確認済みの回答は掃除で消えるため、\
                     `--state` と名前を確かめてください。",
                en: "What was never handed over cannot be acknowledged, since the sweeper deletes \
                     what is. Check `--state` and the name.",
            )
        },
    },
    CodeInfo {
        code: "P407",
        name: "output-not-written",
        explain: || {
            text!(
                ja: "標準出力に書き込めません（ディスクの空きなど）。書けなかった回答は渡していな\
                     いものとして扱い、`collect` で受け取れます。",
                en: "Standard output cannot be written, as on a full disk. An answer that was not \
                     written counts as not handed over; `collect` fetches it.",
            )
        },
    },
    CodeInfo {
        code: "P410",
        name: "wrong-scenario",
        explain: || {
            text!(
                ja: "模擬端末のシナリオに誤りがあります。項目の例は `examples/linkage` です。医療\
                     機関コードは 99 で始まる架空のものに限ります。",
                en: "The scenario of the emulated terminal is wrong. `examples/linkage` shows the \
                     keys. The institution has to be an invented one that begins with 99.",
            )
        },
    },
];
