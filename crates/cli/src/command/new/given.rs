//! Answers given as flags.

use clap::Args;
use diag::{Text, text};
use draft::Answers;

/// One flag for each question, and one that answers the three that decide the pattern.
#[derive(Args)]
pub(crate) struct Given {
    /// 参考パターンの名前かページ（回線・終端・置き方をまとめて答える）/ reference pattern or
    /// its page, which answers line, endpoint and placement at once
    #[arg(long, value_name = "ID|PAGE")]
    pattern: Option<String>,
    /// 施設の名前 / name of the facility
    #[arg(long)]
    name: Option<String>,
    /// 施設の種類: hospital | clinic | dental | pharmacy / kind of the facility:
    /// hospital | clinic | dental | pharmacy
    #[arg(long)]
    kind: Option<String>,
    /// 回線: ip-vpn | ipsec / line: ip-vpn | ipsec
    #[arg(long)]
    line: Option<String>,
    /// 資格確認の接続方式: ipoe | pppoe / access for eligibility: ipoe | pppoe
    #[arg(long, value_name = "METHOD")]
    eligibility: Option<String>,
    /// IPsec の終端: router | terminal / what ends IPsec: router | terminal
    #[arg(long)]
    endpoint: Option<String>,
    /// IPsec の接続先 / far end of IPsec
    #[arg(long, value_name = "ADDRESS|NAME")]
    peer: Option<String>,
    /// 機能の置き方: separate | one-terminal | receipt-on-terminal | terminal-on-receipt
    /// / placement: separate | one-terminal | receipt-on-terminal | terminal-on-receipt
    #[arg(long)]
    placement: Option<String>,
    /// オンライン請求の接続方式: pppoe | ipoe | none / access for claims: pppoe | ipoe | none
    #[arg(long, value_name = "METHOD")]
    claims: Option<String>,
    /// 資格確認の PPPoE を張るもの: machine（端末）| router（ルータB）/ what opens PPPoE for
    /// eligibility: machine | router
    #[arg(long, value_name = "WHICH")]
    pppoe_by: Option<String>,
    /// オンライン請求をする端末: same（資格確認と同じ）| own（専用）/ machine that sends claims:
    /// same (as for eligibility) | own
    #[arg(long, value_name = "WHICH")]
    claims_machine: Option<String>,
    /// レセコン等のアドレス（例 192.0.2.20/25,…）/ addresses of claims computers, such as
    /// 192.0.2.20/25,…
    #[arg(long, value_name = "ADDRESSES")]
    receipt_address: Option<String>,
    /// 資格確認端末のアドレス（例 192.0.2.130/28,…）/ addresses of terminals, such as
    /// 192.0.2.130/28,…
    #[arg(long, value_name = "ADDRESSES")]
    terminal_address: Option<String>,
    /// 連携の方法: smb | tcp/8000 | … / linkage: smb | tcp/8000 | …
    #[arg(long, value_name = "USE")]
    linkage: Option<String>,
    /// レセプトのファイルの渡し方: media（USB メモリなど）| push（レセコンから）| pull（オンライン
    /// 請求端末から）/ how receipt files travel: media | push | pull
    #[arg(long, value_name = "WAY")]
    receipt_files: Option<String>,
    /// ルータA の種類: yamaha-rtx | linux | other / make of Router A: yamaha-rtx | linux | other
    #[arg(long, value_name = "VENDOR")]
    router_a: Option<String>,
    /// ルータB の種類: yamaha-rtx | linux | other / make of Router B: yamaha-rtx | linux | other
    #[arg(long, value_name = "VENDOR")]
    router_b: Option<String>,
    /// 保守などの回線: none（なし）| some（あり）/ lines of suppliers: none | some
    #[arg(long, value_name = "WHICH")]
    maintenance: Option<String>,
}

impl Given {
    /// Puts what was given into `answers`.
    ///
    /// # Errors
    /// The text says which flag is no answer, and why.
    pub(crate) fn answer(self, answers: &mut Answers) -> Result<(), Text> {
        if let Some(pattern) = &self.pattern {
            answers.put_pattern(pattern)?;
        }
        let given = [
            ("name", self.name),
            ("kind", self.kind),
            ("line", self.line),
            ("eligibility", self.eligibility),
            ("endpoint", self.endpoint),
            ("peer", self.peer),
            ("placement", self.placement),
            ("claims", self.claims),
            ("pppoe-by", self.pppoe_by),
            ("claims-machine", self.claims_machine),
            ("receipt-address", self.receipt_address),
            ("terminal-address", self.terminal_address),
            ("linkage", self.linkage),
            ("receipt-files", self.receipt_files),
            ("router-a", self.router_a),
            ("router-b", self.router_b),
            ("maintenance", self.maintenance),
        ];
        for (key, answer) in given {
            let Some(answer) = answer else { continue };
            let before = answers.get(key).map(str::to_owned);
            answers.put(key, &answer)?;
            let Some(before) = before.filter(|before| answers.get(key) != Some(before)) else {
                continue;
            };
            // Only the pattern has answered before.
            return Err(contradiction(&self.pattern.unwrap_or_default(), (key, &answer), &before));
        }
        Ok(())
    }
}

/// A flag that says something else than the pattern.
fn contradiction(pattern: &str, (key, answer): (&str, &str), before: &str) -> Text {
    text!(
        ja: "`--{key} {answer}` は `--pattern {pattern}`（{key} は {before}）と食い違います。ど\
             ちらかを消してください",
        en: "`--{key} {answer}` contradicts `--pattern {pattern}`, where it is {before}; leave one \
             of them out",
        key = key, answer = answer, pattern = pattern, before = before,
    )
}
