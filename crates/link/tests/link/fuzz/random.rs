//! Chance that follows from a seed, and the damage that it does.

/// Bytes that mean something to one of the formats.
const MARKS: &[u8] = b"<>&;/\"'\0\xff\x81\xe3PK\x05\x06\n -]!{}:,=[#0";
/// Characters that are hard somewhere: in Shift_JIS, in XML, in JSON, on a terminal.
const CHARACTERS: &[char] = &[
    '試',
    '験',
    '髙',
    '﨑',
    '①',
    'Ⅷ',
    'ｼ',
    'ﾞ',
    '～',
    '〜',
    '−',
    '－',
    '¥',
    '‾',
    '\\',
    '|',
    '𠮷',
    '\u{e0100}',
    '\u{feff}',
    '\u{fffe}',
    '\u{202e}',
    '\u{7f}',
    '\u{85}',
    '\u{a0}',
    '\u{3000}',
    'é',
    '\0',
    '\t',
    '\r',
    '\n',
    '\u{1b}',
    ' ',
    '0',
    '9',
    'a',
    '&',
    '<',
    '>',
    '"',
    '\'',
    ']',
];

/// Numbers that follow from a seed (xorshift).
pub(super) struct Random(u64);

impl Random {
    /// Of the rounds of one seed each has numbers of its own.
    pub(super) fn new(seed: u64, round: u64) -> Self {
        let mut state = seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((state ^ (state >> 31)) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or(0) % end.max(1)
    }

    pub(super) fn is_one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// One of some things.
    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A short text of hard characters.
    pub(super) fn text(&mut self) -> String {
        (0..self.below(8)).map(|_| self.of(CHARACTERS)).collect()
    }

    /// A number such as programs get wrong.
    pub(super) fn number(&mut self) -> String {
        const NUMBERS: &[&str] = &[
            "0",
            "-1",
            "1",
            "00",
            "4294967296",
            "18446744073709551615",
            "18446744073709551616",
            "170141183460469231731687303715884105727",
            "-170141183460469231731687303715884105728",
            "1e9",
            "",
        ];
        if self.is_one_in(2) { self.of(NUMBERS).to_owned() } else { self.below(300).to_string() }
    }

    /// The bytes with some of them changed, doubled, moved, cut out or cut off.
    pub(super) fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + self.below(20)).min(bytes.len());
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = self.of(MARKS),
                2 => bytes.insert(at, self.of(MARKS)),
                3 if self.is_one_in(3) => bytes.truncate(at),
                4 => bytes.extend_from_within(at..end),
                5 => {
                    let piece: Vec<u8> = bytes.drain(at..end).collect();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => {
                    bytes.drain(at..end);
                }
            }
        }
        bytes
    }

    /// The pieces of something, such as its lines, with some of them lost, doubled, swapped, or
    /// with one of `others` in their place.
    pub(super) fn shuffle(&mut self, mut pieces: Vec<String>, others: &[&str]) -> Vec<String> {
        for _ in 0..=self.below(4) {
            if pieces.is_empty() {
                break;
            }
            let (at, other) = (self.below(pieces.len()), self.below(pieces.len()));
            match self.below(5) {
                0 => {
                    pieces.remove(at);
                }
                1 => pieces.insert(other, pieces[at].clone()),
                2 => pieces.swap(at, other),
                3 if !others.is_empty() => pieces.insert(at, self.of(others).to_owned()),
                _ => pieces.truncate(at.max(1)),
            }
        }
        pieces
    }
}
