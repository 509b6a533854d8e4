//! The image that the virtual machine boots: busybox, a few modules, programs of ours with
//! their libraries, and the script.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::at;
use super::packages::Kernel;
use crate::problem::Problem;
use crate::process;

/// An image that is being built.
pub(super) struct Image {
    folder: PathBuf,
}

impl Image {
    /// Begins with busybox and the first process.
    pub(super) fn new(folder: PathBuf) -> Result<Self, Problem> {
        if folder.exists() {
            at(&folder, fs::remove_dir_all(&folder))?;
        }
        let image = Self { folder };
        for name in ["bin", "sbin", "proc", "sys", "dev", "tmp", "root", "lab", "a", "b", "c"] {
            image.make(name)?;
        }
        let busybox = process::text(Command::new("sh").args(["-c", "command -v busybox"]))?;
        let busybox = PathBuf::from(busybox.trim());
        image.copy(&busybox, "bin/busybox")?;
        let applets = process::text(Command::new(&busybox).arg("--list"))?;
        for applet in applets.lines().filter(|applet| *applet != "busybox") {
            image.link("/bin/busybox", &format!("bin/{applet}"))?;
        }
        image.link("/bin/busybox", "sbin/modprobe")?;
        image.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")?;
        image.write("init", include_str!("../../lab/init"))?;
        let init = image.folder.join("init");
        at(&init, fs::set_permissions(&init, fs::Permissions::from_mode(0o755)))?;
        Ok(image)
    }

    fn make(&self, name: &str) -> Result<(), Problem> {
        let path = self.folder.join(name);
        at(&path, fs::create_dir_all(&path))
    }

    fn link(&self, to: &str, name: &str) -> Result<(), Problem> {
        let path = self.folder.join(name);
        at(&path, symlink(to, &path))
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), Problem> {
        let path = self.folder.join(name);
        path.parent().map_or(Ok(()), |above| at(above, fs::create_dir_all(above)))?;
        at(&path, fs::write(&path, text))
    }

    fn copy(&self, from: &Path, name: &str) -> Result<(), Problem> {
        let path = self.folder.join(name);
        path.parent().map_or(Ok(()), |above| at(above, fs::create_dir_all(above)))?;
        // A link under the name would be followed, out of the image.
        if path.is_symlink() {
            at(&path, fs::remove_file(&path))?;
        }
        at(from, fs::copy(from, &path)).map(drop)
    }

    /// Copies a program under a path of its own, with the libraries that it is linked to.
    pub(super) fn program(&self, from: &Path, name: &str) -> Result<(), Problem> {
        self.copy(from, name)?;
        let said = process::text(Command::new("ldd").arg(from))?;
        for word in said.split_whitespace().filter(|word| word.starts_with('/')) {
            self.copy(Path::new(word), word.trim_start_matches('/'))?;
        }
        Ok(())
    }

    /// Copies modules, or folders of them, and what is needed to find them; `load` are loaded
    /// at the start.
    pub(super) fn modules(
        &self,
        kernel: &Kernel,
        paths: &[&str],
        load: &[&str],
    ) -> Result<(), Problem> {
        let base = format!("lib/modules/{}", kernel.release);
        for path in paths {
            let from = kernel.modules().join("kernel").join(path);
            self.tree(&from, &format!("{base}/kernel/{path}"))?;
        }
        for name in ["modules.order", "modules.builtin", "modules.builtin.modinfo"] {
            self.copy(&kernel.modules().join(name), &format!("{base}/{name}"))?;
        }
        let mut depmod = Command::new("busybox");
        process::done(depmod.args(["depmod", "-b"]).arg(&self.folder).arg(&kernel.release))?;
        self.write("lab/modules", &load.join("\n"))
    }

    fn tree(&self, from: &Path, name: &str) -> Result<(), Problem> {
        if from.is_file() {
            return self.copy(from, name);
        }
        for entry in at(from, fs::read_dir(from))?.flatten() {
            let inside = entry.file_name().to_string_lossy().into_owned();
            self.tree(&entry.path(), &format!("{name}/{inside}"))?;
        }
        Ok(())
    }

    /// Packs everything into one file.
    pub(super) fn pack(&self, to: &Path) -> Result<(), Problem> {
        let file = at(to, fs::File::create(to))?;
        let mut pack = Command::new("sh");
        pack.args(["-c", "find . | cpio --create --format=newc --quiet | gzip -1"]);
        process::done(pack.current_dir(&self.folder).stdout(Stdio::from(file)))
    }
}
