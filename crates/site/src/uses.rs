//! Services by name: the words that `use` takes beside plain ports.

use crate::{PortRange, PortSpec};

/// What a `[[service]]` opens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Use {
    /// As it is written: a word of [`USES`] or a port such as `tcp/445`.
    pub written: String,
    /// Protocol and ports; not empty.
    pub ports: Vec<PortSpec>,
}

/// A service that has a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownUse {
    /// The word.
    pub word: &'static str,
    /// Protocol and ports it stands for.
    pub ports: &'static [PortSpec],
    /// What it is, in Japanese.
    pub ja: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

impl Use {
    /// Reads a word of [`USES`] or a port.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let known = USES.iter().find(|known| known.word == text);
        let ports = match known {
            Some(known) => known.ports.to_vec(),
            None => vec![PortSpec::read(text)?],
        };
        Some(Self { written: text.to_owned(), ports })
    }
}

const fn tcp(port: u16) -> PortSpec {
    PortSpec::Tcp(PortRange::one(port))
}

const fn udp(port: u16) -> PortSpec {
    PortSpec::Udp(PortRange::one(port))
}

const fn known(
    word: &'static str,
    ports: &'static [PortSpec],
    ja: &'static str,
    en: &'static str,
) -> KnownUse {
    KnownUse { word, ports, ja, en }
}

/// Every service that has a name.
///
/// # Source
/// IANA service name and transport protocol port number registry; 8000 is the default of the
/// API of the ORCA claims system.
pub static USES: &[KnownUse] = &[
    known("smb", &[tcp(445)], "ファイル共有", "file sharing"),
    known("https", &[tcp(443)], "暗号化された Web", "encrypted web"),
    known("http", &[tcp(80)], "暗号化されない Web", "web in clear"),
    known("rdp", &[tcp(3389), udp(3389)], "リモートデスクトップ", "remote desktop"),
    known("dns", &[udp(53), tcp(53)], "名前解決", "name resolution"),
    known("ntp", &[udp(123)], "時刻同期", "clock synchronisation"),
    known("ping", &[PortSpec::Icmp], "到達確認", "reachability test"),
    known("ssh", &[tcp(22)], "遠隔操作（SSH）", "secure shell"),
    known("snmp", &[udp(161)], "機器の監視", "device monitoring"),
    known("syslog", &[udp(514)], "ログの送信", "log collection"),
    known("ipp", &[tcp(631)], "印刷（IPP）", "printing by IPP"),
    known("raw-printing", &[tcp(9100)], "印刷（9100 番ポート）", "printing on port 9100"),
    known("dicom", &[tcp(104), tcp(11112)], "医用画像（DICOM）", "medical images"),
    known("hl7", &[tcp(2575)], "HL7（MLLP）", "HL7 over MLLP"),
    known(
        "orca-api",
        &[tcp(8000)],
        "日医標準レセプトソフトの API",
        "API of the ORCA claims system",
    ),
    known("sql-server", &[tcp(1433)], "データベース（SQL Server）", "SQL Server database"),
    known("oracle", &[tcp(1521)], "データベース（Oracle）", "Oracle database"),
    known("postgresql", &[tcp(5432)], "データベース（PostgreSQL）", "PostgreSQL database"),
    known("mysql", &[tcp(3306)], "データベース（MySQL）", "MySQL database"),
    known("vnc", &[tcp(5900)], "画面共有（VNC）", "screen sharing by VNC"),
    known("any", &[PortSpec::Any], "すべて", "everything"),
];
