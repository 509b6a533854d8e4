//! Memory that is not needed any more, given back to the system.

/// Gives back what was freed. The C library of Linux keeps it for the next time; a service that
/// sleeps most of the time would hold what its largest pass needed for as long as it runs.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate of the tree offers malloc_trim")]
pub(crate) fn give_back() {
    // SAFETY: it may be called at any time and touches nothing that is in use.
    unsafe { libc::malloc_trim(0) };
}

/// Elsewhere the system is given back what was freed without being asked.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
