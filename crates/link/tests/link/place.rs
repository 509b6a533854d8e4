//! A folder of its own for each test, which vanishes with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Such a folder.
pub(crate) struct Place {
    path: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::inside(Path::new(env!("CARGO_TARGET_TMPDIR")))
    }

    /// One that never waits for a disk, where there is a place in memory.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::inside(memory) } else { Self::new() }
    }

    fn inside(above: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("link-{}-{number}", std::process::id());
        let path = above.join(name);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self { path: std::fs::canonicalize(&path).expect("it is there") }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A folder inside.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path.join(name);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        path
    }
}

/// The same file as another machine reaches it: by a second mount of the share, where
/// `SEKISHO_OTHER_MOUNT` names one, and otherwise by the same path.
#[cfg(target_os = "linux")]
pub(crate) fn elsewhere(path: &Path) -> PathBuf {
    let inside = path.strip_prefix(env!("CARGO_TARGET_TMPDIR"));
    match (std::env::var_os("SEKISHO_OTHER_MOUNT"), inside) {
        (Some(mount), Ok(inside)) => Path::new(&mount).join(inside),
        _ => path.to_owned(),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
