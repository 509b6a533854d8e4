//! What the codes of the sweeper, the audit log and the doctor stand for, for
//! `sekisho explain CODE`.

use diag::{CodeInfo, text};

/// The codes, in their order.
pub static RETENTION_CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "E410",
        name: "folder-missing",
        explain: || {
            text!(
                ja: "req・res・face のどれかがないか、開けません。リンクや別の共有は、すり\
                     替えられると別の場所につながるため開きません。",
                en: "One of req, res and face is missing or cannot be opened. Links and \
                     other mounts are not followed: they can be made to lead elsewhere.",
            )
        },
    },
    CodeInfo {
        code: "E411",
        name: "folder-open-to-anybody",
        explain: || {
            text!(
                ja: "フォルダーの権限が広すぎます。書けると偽の結果やリンクを置けます。見え\
                     ると名前から患者が分かることがあります。連携用のグループに限ってくださ\
                     い。",
                en: "The rights of the folder are too wide. Who may write can plant false \
                     results and links; who may look sees names that may identify \
                     patients. Allow a group for the linkage only.",
            )
        },
    },
    CodeInfo {
        code: "E412",
        name: "access-list",
        explain: || {
            text!(
                ja: "権限表（ACL）がほかの利用者やグループにも許しているか、ここでは読めませ\
                     ん。要らないものを外してください。",
                en: "An access list also allows other users or groups, or cannot be read \
                     here. Take away what the linkage does not need.",
            )
        },
    },
    CodeInfo {
        code: "E413",
        name: "too-many-files",
        explain: || {
            text!(
                ja: "残ったファイルが多すぎます。一覧を読むソフトが遅くなります。掃除を定期\
                     的に動かしてください。",
                en: "Too many files stay. Software that lists the folder gets slow. Run \
                     the sweeper regularly.",
            )
        },
    },
    CodeInfo {
        code: "E414",
        name: "old-files",
        explain: || {
            text!(
                ja: "1 日より古いファイルがあります。同意の期限も過ぎ、置いておく理由があり\
                     ません。",
                en: "There are files older than a day. Consents have ended by then; there \
                     is no reason to keep them.",
            )
        },
    },
    CodeInfo {
        code: "E415",
        name: "left-over-files",
        explain: || {
            text!(
                ja: "端末の消し忘れ処理の記録、書きかけの一時ファイル、または中断した掃除の\
                     残りがあります。掃除で片付きます。",
                en: "There are reports of the terminal's cleaner, temporary files that \
                     were never published, or what an interrupted pass left. The sweeper \
                     tidies up.",
            )
        },
    },
    CodeInfo {
        code: "E416",
        name: "stay-time-not-set",
        explain: || {
            text!(
                ja: "端末の `ResponseFileStayTime`（分）がないか、1 日を超えるか、数ではあ\
                     りません。1440 以下にしてください。",
                en: "The terminal's `ResponseFileStayTime` (minutes) is absent, longer \
                     than a day, or no number. Set it to 1440 or less.",
            )
        },
    },
    CodeInfo {
        code: "E417",
        name: "encodings-met",
        explain: || {
            text!(
                ja: "結果の文字コードです。混ざっている、または宣言と違うときは、端末の設定\
                     を確かめてください。",
                en: "The encodings of results. If they are mixed or not what they declare, \
                     check the setting of the terminal.",
            )
        },
    },
    CodeInfo {
        code: "E418",
        name: "clock-offset",
        explain: || {
            text!(
                ja: "この機械とサーバーの時計が違うか、ファイルの日時が未来です。5 分を超え\
                     ると掃除は何も消しません。",
                en: "The clocks of this machine and of the server differ, or files have \
                     times in the future. Beyond five minutes the sweeper deletes nothing.",
            )
        },
    },
    CodeInfo {
        code: "E419",
        name: "other-consumers",
        explain: || {
            text!(
                ja: "ほかのソフトの印や、ファイルを開いているプログラムがあります。顔認証の\
                     結果を読むものは、方針の `consumers` にすべて書いてください。",
                en: "Other software has left marks here or has files open. Name all that \
                     read face results in `consumers` of the policy.",
            )
        },
    },
    CodeInfo {
        code: "E420",
        name: "smb-version",
        explain: || {
            text!(
                ja: "共有につないでいる SMB の版です。SMB 1 は暗号化も改ざん検知もなく、使\
                     ってはいけません。",
                en: "The version of SMB that reaches the share. SMB 1 neither encrypts nor \
                     notices changes and must not be used.",
            )
        },
    },
    CodeInfo {
        code: "E421",
        name: "guest-access",
        explain: || {
            text!(
                ja: "利用者の確認なしに共有につながっています。同じ LAN の誰でも読み書きで\
                     きます。",
                en: "The share is reached without an account. Anybody on the same LAN can \
                     read and write.",
            )
        },
    },
    CodeInfo {
        code: "E422",
        name: "recycle-bin",
        explain: || {
            text!(
                ja: "ごみ箱に消したファイルが残っています。中を確かめて空にし、この共有では\
                     使わない設定にしてください。",
                en: "A recycle bin keeps deleted files. Look into it, empty it, and turn \
                     it off for this share.",
            )
        },
    },
    CodeInfo {
        code: "E423",
        name: "files-in-quarantine",
        explain: || {
            text!(
                ja: "隔離（`.quarantine`）にファイルがあります。疑わしい回答か、長く確認されない\
                     結果です。",
                en: "The quarantine (`.quarantine`) holds files: doubtful answers, or results \
                     that nobody acknowledged for long.",
            )
        },
    },
    CodeInfo {
        code: "E424",
        name: "quarantine-not-ours",
        explain: || {
            text!(
                ja: "`.quarantine` を開けないか、自分だけのものではありません。疑わしいファイルは\
                     元の場所に残ります。",
                en: "`.quarantine` cannot be opened, or is not ours alone. Doubtful files stay \
                     where they are.",
            )
        },
    },
    CodeInfo {
        code: "E425",
        name: "members-of-a-group",
        explain: || {
            text!(
                ja: "フォルダーに書けるグループに入っている利用者です。この機械の名簿で分かるも\
                     のだけで、ディレクトリサーバーの利用者は分かりません。",
                en: "Who is in a group that may write into the folder, as far as this machine's \
                     own lists tell; those of a directory server are not seen.",
            )
        },
    },
    CodeInfo {
        code: "E426",
        name: "linkage-account-administers",
        explain: || {
            text!(
                ja: "連携用の利用者が管理者のグループに入っています。共有とフォルダーの権限だけ\
                     で足ります。",
                en: "The account for the linkage is in the administrators' group. Rights on \
                     share and folders are enough for it.",
            )
        },
    },
    CodeInfo {
        code: "E429",
        name: "server-does-not-tell",
        explain: || {
            text!(
                ja: "共有のサーバーが、ほかの機器がファイルを開いているかどうかを答えません。\
                     開かれているかもしれないファイルは消しません。",
                en: "The server of the share does not tell whether other machines have a file \
                     open. What may be open is not deleted.",
            )
        },
    },
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
                ja: "連携のファイルでないか、置き場所の違うファイルです。触りません。",
                en: "Files that are not of the linkage, or not where they belong. They are \
                     left alone.",
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
                ja: "時計が飛んだ、記録より前を指す、またはサーバーと違うため、何も消しませ\
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
                ja: "証拠の示す記録が監査記録にありません。別の台帳か、作り直された記録です。",
                en: "The record that the evidence speaks of is not in the log: another \
                     state, or a log made anew.",
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
