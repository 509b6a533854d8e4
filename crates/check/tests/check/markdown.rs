//! `cases.md` as data: headings, prose and blocks with their place. What the blocks mean is
//! the business of `snapshot` and `expectation`.

/// A case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// What it shows: the heading.
    pub(crate) name: String,
    /// Line of the heading.
    pub(crate) line: usize,
    /// The sentences below the heading.
    pub(crate) prose: String,
    /// The blocks in order.
    pub(crate) blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What stands after the fence, such as `yamaha-rtx router-a`.
    pub(crate) info: String,
    /// Its lines.
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// The lines as a text.
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// The cases of a file.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.trim().to_owned(), lines: Vec::new() });
            }
            (Some(_), Some("")) => {
                let case = cases.last_mut().expect("a block stands below a heading");
                case.blocks.extend(open.take());
            }
            (Some(block), _) => block.lines.push(line.to_owned()),
            (None, None) => match (line.strip_prefix("## "), cases.last_mut()) {
                (Some(name), _) => {
                    let (prose, blocks) = (String::new(), Vec::new());
                    cases.push(Case { name: name.to_owned(), line: number, prose, blocks });
                }
                (None, Some(case)) => case.prose.push_str(line),
                (None, None) => {}
            },
        }
    }
    assert!(open.is_none(), "the last block is not closed");
    cases
}
