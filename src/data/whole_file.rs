//! Files are written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file through `write` into a temporary file beside the target, which then takes the target's place. If anything
/// fails, the target is as it was.
///
/// # Errors
/// Whatever the file system or `write` says.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".optiscope-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Without this the file would be readable by its owner only; the umask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    let mut buffered = BufWriter::new(&file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}
