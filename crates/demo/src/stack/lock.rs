//! One stack at a time in a data directory.

use super::StackError;
use super::files::Layout;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io;

/// Held while the data directory is in use; the system lets go of it however the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// # Errors
    /// Another process uses the directory.
    pub fn take(layout: &Layout) -> Result<Self, StackError> {
        let path = layout.path("lock");
        let file = File::create(&path).map_err(StackError::io("write", &path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StackError::InUse { directory: layout.path("") }),
            Err(error) => Err(StackError::io("lock", &path)(io::Error::from(error))),
        }
    }
}
