//! The bound on work of one question, and what is said when it is reached.

use std::fmt;

/// How much work a question may cost.
///
/// # Units
/// Steps: a cube produced by box splitting, sixteen patterns passed over while looking for the
/// next entry, or an edge visited while diagrams are combined. A step costs at most a few
/// hundred bytes and, on current machines, a fraction of a microsecond, so one number bounds
/// time and memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    left: u64,
}

/// The budget was spent before the question was answered; the answer is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BudgetExceeded;

impl Budget {
    /// A budget of `steps`.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// A budget that no computation reaches; for tests and for inputs known to be small.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { left: u64::MAX }
    }

    /// Steps not spent yet.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// Takes `steps` from the budget.
    ///
    /// # Errors
    /// When fewer are left; the budget is then empty and stays so.
    pub fn spend(&mut self, steps: u64) -> Result<(), BudgetExceeded> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(BudgetExceeded)
            }
        }
    }
}

impl Default for Budget {
    /// One million steps: far above what any list of a small site needs.
    fn default() -> Self {
        Self::new(1_000_000)
    }
}

impl fmt::Display for BudgetExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the work limit was reached before the question was answered")
    }
}

impl std::error::Error for BudgetExceeded {}
