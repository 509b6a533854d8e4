//! What the codes of the doctor stand for, for `sekisho explain CODE`.

use diag::{CodeInfo, text};

/// The codes, in their order.
pub static DOCTOR_CODES: &[CodeInfo] = &[
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
                ja: "この機械とサーバの時計が違うか、ファイルの日時が未来です。5 分を超え\
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
                     のだけで、ディレクトリサーバの利用者は分かりません。",
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
        code: "E427",
        name: "names-searched",
        explain: || {
            text!(
                ja: "サーバが、ない名前を聞かれるたびにフォルダー全体を調べます。残ったファイルが\
                     多いほど回答が遅れます。Samba では `case sensitive = yes` で止められます。",
                en: "The server searches the whole folder for every name that is not there: \
                     the more files are left, the later every answer. With `case sensitive = yes` \
                     Samba does not.",
            )
        },
    },
    CodeInfo {
        code: "E428",
        name: "samba-setting",
        explain: || {
            text!(
                ja: "この機械の Samba の設定が連携の妨げになります。ごみ箱（`recycle`）は消した結\
                     果を残し、`veto files` は一時ファイルや隔離を見えなくします。",
                en: "A setting of this machine's Samba is in the way: its recycle bin keeps what \
                     is deleted, and `veto files` puts temporary files or the quarantine out of \
                     reach.",
            )
        },
    },
    CodeInfo {
        code: "E429",
        name: "server-does-not-tell",
        explain: || {
            text!(
                ja: "共有のサーバが、ほかの機器がファイルを開いているかどうかを答えません。\
                     開かれているかもしれないファイルは消しません。",
                en: "The server of the share does not tell whether other machines have a file \
                     open. What may be open is not deleted.",
            )
        },
    },
];
