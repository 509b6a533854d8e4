//! What the codes of the policy, the sweeper and the audit log stand for, for
//! `sekisho explain CODE`.

use diag::{CodeInfo, text};

/// The codes, in their order.
pub static RETENTION_CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "L400",
        name: "unread-long",
        explain: || {
            text!(
                ja: "結果が確認されないまま、方針の警告の時間を過ぎました。取り込み済みなら \
                     `link ack` で知らせてください。",
                en: "Results were not acknowledged within the policy's time of warning. If \
                     they were fetched, tell with `link ack`.",
            )
        },
    },
    CodeInfo {
        code: "L401",
        name: "unread-too-long",
        explain: || {
            text!(
                ja: "結果が確認されないまま、方針のエラーの時間を過ぎました。\
                     `unread-delete` を書かない限り消しません。",
                en: "Results were not acknowledged within the policy's time of error. They \
                     are not deleted unless `unread-delete` says so.",
            )
        },
    },
    CodeInfo {
        code: "L402",
        name: "request-not-taken",
        explain: || {
            text!(
                ja: "端末が要求を取り込みません。要求は消しません。端末と連携アプリケーショ\
                     ンを確かめてください。",
                en: "The terminal does not take a request. Requests are never deleted. \
                     Check the terminal and its linkage application.",
            )
        },
    },
    CodeInfo {
        code: "L403",
        name: "due-but-kept",
        explain: || {
            text!(
                ja: "消すべきファイルが残りました。開かれている、変わった、断られた、上限に\
                     達した、などです。次回また試します。",
                en: "A file that was due stays: it is open, changed, refused by the \
                     system, or beyond a limit. The next pass tries again.",
            )
        },
    },
    CodeInfo {
        code: "L404",
        name: "hard-links",
        explain: || {
            text!(
                ja: "ファイルに別の名前があり、1 つを消しても内容が残ります。もう 1 つの名\
                     前を見つけて消してください。",
                en: "A file has another name; taking one away erases nothing. Find and \
                     delete the other one.",
            )
        },
    },
    CodeInfo {
        code: "L405",
        name: "foreign-files",
        explain: || {
            text!(
                ja: "連携のファイルでないか、置き場所の違うファイルです。触りません。\
                     名前の中に回答の名前があるもの（写しや改名した回答）は、\
                     `unread-alert` を過ぎるとエラーです。",
                en: "Files that are not of the linkage, or not where they belong. They are \
                     left alone. Those whose names hold the name of an answer (copies, renamed \
                     ones) are an error after `unread-alert`.",
            )
        },
    },
    CodeInfo {
        code: "L406",
        name: "strange-entries",
        explain: || {
            text!(
                ja: "連携の名前を持つリンク・フォルダー・装置、または日時が未来のファイルで\
                     す。触りません。",
                en: "Links, folders or devices with names of the linkage, or files with \
                     times in the future. They are left alone.",
            )
        },
    },
    CodeInfo {
        code: "L407",
        name: "clock-not-believed",
        explain: || {
            text!(
                ja: "時計が飛んだ、記録より前を指す、またはサーバと違うため、何も消しませ\
                     んでした。保存期間は今から数え直します。",
                en: "The clock jumped, is before a record, or differs from the server's; \
                     nothing was deleted, and all ages begin anew.",
            )
        },
    },
    CodeInfo {
        code: "L408",
        name: "interrupted-pass",
        explain: || {
            text!(
                ja: "前回の掃除が途中で止まりました。記録と合うものは消し、ほかは元の名前に\
                     戻しました。",
                en: "The last pass was interrupted. What the log announced was deleted; \
                     the rest has its name back.",
            )
        },
    },
    CodeInfo {
        code: "L409",
        name: "folder-unusable",
        explain: || {
            text!(
                ja: "フォルダー、作業フォルダー `.sweep`、または前回までの記憶を使えません。",
                en: "A folder, the private folder `.sweep`, or the memory of earlier \
                     passes cannot be used.",
            )
        },
    },
    CodeInfo {
        code: "L410",
        name: "audit-log-changed",
        explain: || {
            text!(
                ja: "監査記録が書いたときのままではありません。場所と番号を示します。この記\
                     録は証拠になりません。",
                en: "The audit log is not as it was written; place and number are shown. \
                     It proves nothing.",
            )
        },
    },
    CodeInfo {
        code: "L411",
        name: "evidence-of-another-log",
        explain: || {
            text!(
                ja: "証拠の示す記録が監査記録にないか、証拠の数が記録と違います。\
                     別の台帳、作り直された記録、書き換えられた証拠のどれかです。",
                en: "The record that the evidence speaks of is not in the log, or its numbers are \
                     not those of the log: another state, a log made anew, or evidence that was \
                     changed.",
            )
        },
    },
    CodeInfo {
        code: "L412",
        name: "no-complete-pass",
        explain: || {
            text!(
                ja: "このフォルダーの、最後まで終わった掃除が記録にありません。",
                en: "The log has no complete pass over this folder.",
            )
        },
    },
    CodeInfo {
        code: "L413",
        name: "audit-log-begun-anew",
        explain: || {
            text!(
                ja: "壊れた監査記録を別名で残し、新しい記録を始めています。その前の日について\
                     は何も証明しません。",
                en: "A broken audit log was set aside and a new one begun. Nothing is proved \
                     about the days before.",
            )
        },
    },
    CodeInfo {
        code: "L414",
        name: "evidence-without-site",
        explain: || {
            text!(
                ja: "証拠に施設名がありません。`--policy` にサイトファイルを指定してください。",
                en: "The evidence names no site. Name the site file with `--policy`.",
            )
        },
    },
    CodeInfo {
        code: "L415",
        name: "in-quarantine",
        explain: || {
            text!(
                ja: "疑わしい回答、または長く確認されない結果が隔離（`.quarantine`）にあります。\
                     `link quarantine DIR` で確かめてください。",
                en: "Doubtful answers, or results that nobody acknowledged for long, stand in \
                     quarantine (`.quarantine`). Look at them with `link quarantine DIR`.",
            )
        },
    },
    CodeInfo {
        code: "L416",
        name: "no-quarantine",
        explain: || {
            text!(
                ja: "隔離のフォルダー `.quarantine` を作れない、自分だけのものでない、または同\
                     名のファイルがあります。ファイルは元の場所に残ります。",
                en: "The folder `.quarantine` cannot be made, is not ours alone, or holds the \
                     name already. The file stays where it is.",
            )
        },
    },
    CodeInfo {
        code: "L417",
        name: "evidence-without-terminal",
        explain: || {
            text!(
                ja: "どの資格確認端末のフォルダーの証拠か分かりません。`--terminal` に、サイト\
                     ファイルにある端末の名前を指定してください。",
                en: "Which terminal's folder the evidence is about is not known. Name the \
                     terminal of the site file with `--terminal`.",
            )
        },
    },
    CodeInfo {
        code: "P430",
        name: "policy-unreadable",
        explain: || {
            text!(
                ja: "方針ファイルを UTF-8 の TOML として読めません。読めるまで何も消しませ\
                     ん。",
                en: "The policy file cannot be read as TOML in UTF-8. Nothing is deleted \
                     before it can.",
            )
        },
    },
    CodeInfo {
        code: "P431",
        name: "policy-key",
        explain: || {
            text!(
                ja: "方針に `[retention]` がないか、知らないキーがあります。",
                en: "The policy has no `[retention]`, or a key that is not known.",
            )
        },
    },
    CodeInfo {
        code: "P432",
        name: "policy-value-kind",
        explain: || {
            text!(
                ja: "方針の値の種類が違います。時間は `\"15min\"` のような文字列、\
                     `consumers` は名前の配列です。",
                en: "A value of the policy is of another kind. Times are strings such as \
                     `\"15min\"`, `consumers` is an array of names.",
            )
        },
    },
    CodeInfo {
        code: "P433",
        name: "policy-time",
        explain: || {
            text!(
                ja: "方針の時間の書き方が違うか、範囲の外か、順序が逆です。単位は `min`・\
                     `h`・`d` です。",
                en: "A time of the policy is written wrongly, out of range, or in the \
                     wrong order. Units are `min`, `h` and `d`.",
            )
        },
    },
    CodeInfo {
        code: "P440",
        name: "path-unusable",
        explain: || {
            text!(
                ja: "指定したフォルダーまたはファイルを使えません。名前と権限を確かめてくだ\
                     さい。",
                en: "A folder or file that was named cannot be used. Check its name and \
                     the rights.",
            )
        },
    },
    CodeInfo {
        code: "P441",
        name: "sweep-impossible",
        explain: || {
            text!(
                ja: "掃除を始められません。別の掃除、入れ替わったフォルダー、読めない確認や\
                     記録などです。記録なしでは何も消しません。",
                en: "No pass is possible: another sweeper, a folder that was replaced, \
                     acknowledgements or a log that cannot be used. Without a log nothing \
                     is deleted.",
            )
        },
    },
];
