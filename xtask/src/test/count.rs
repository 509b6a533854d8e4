//! Counting results: one for each check, and as many as there are for the tests.

/// How many checks and tests had which end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Passed.
    pub passed: usize,
    /// Failed, timed out, or never came to an end.
    pub failed: usize,
    /// Not run.
    pub skipped: usize,
}

impl Tally {
    /// Counts one check.
    pub fn count(&mut self, is_passed: bool) {
        if is_passed { self.passed += 1 } else { self.failed += 1 }
    }

    /// Counts something that could not be run, and says why.
    pub fn skip(&mut self, name: &str, reason: &str) {
        println!("skipping {name}: {reason}");
        self.skipped += 1;
    }

    /// Counts a whole run of tests.
    ///
    /// # Shape
    /// A run that failed without a failed test (it did not compile, it crashed) counts one.
    pub fn add(&mut self, found: &Tally, is_success: bool) {
        self.passed += found.passed;
        self.failed += found.failed;
        self.skipped += found.skipped;
        if !is_success && found.failed == 0 {
            self.failed += 1;
        }
    }
}

/// Whether all is well, and the last lines to print.
///
/// # Shape
/// The last line is `N passed, N failed`. With `is_ci` everything skipped is a failure.
#[must_use]
pub fn conclusion(tally: &Tally, is_ci: bool) -> (bool, String) {
    let Tally { passed, mut failed, skipped } = *tally;
    let mut lines = String::new();
    if skipped > 0 {
        lines += &format!("{skipped} skipped\n");
    }
    if is_ci && skipped > 0 {
        failed += skipped;
        lines += "CI: nothing may be skipped\n";
    }
    lines += &format!("{passed} passed, {failed} failed");
    (failed == 0, lines)
}

/// What the `Summary` line of nextest says; nothing counted if there is none.
#[must_use]
pub fn of_nextest(output: &str) -> Tally {
    let mut lines = output.lines().rev();
    let summary = lines.find(|line| line.trim_start().starts_with("Summary ["));
    let mut tally = Tally::default();
    let Some((_, results)) = summary.and_then(|line| line.split_once(" run: ")) else {
        return tally;
    };
    for (number, end) in numbers(results) {
        match end.as_str() {
            "passed" => tally.passed += number,
            "skipped" => tally.skipped += number,
            _ => tally.failed += number,
        }
    }
    tally
}

/// The sum of all `test result:` lines.
#[must_use]
pub fn of_cargo_test(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines().filter(|line| line.starts_with("test result:")) {
        for (number, end) in numbers(line.split_once(". ").map_or("", |(_, rest)| rest)) {
            match end.as_str() {
                "passed" => tally.passed += number,
                "failed" => tally.failed += number,
                "ignored" => tally.skipped += number,
                _ => {}
            }
        }
    }
    tally
}

/// Pairs such as `3 passed`; remarks in parentheses are left out.
fn numbers(text: &str) -> Vec<(usize, String)> {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for part in plain.split([',', ';']) {
        if let Some((number, end)) = part.trim().split_once(' ') {
            found.extend(number.parse().ok().map(|number| (number, end.trim().to_owned())));
        }
    }
    found
}
