//! What the server wants from outside. It reads no files itself: whoever runs it does.

/// Something that the server wants. Its runner gets it and hands it to the pump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Bytes at an address of the page's server: for [`Pump::supply`](crate::Pump::supply).
    Asset(String),
    /// The text of a file, if reading its folder would come to it: for
    /// [`Pump::found`](crate::Pump::found), as the next.
    File {
        /// The folder of the client that it stands in, as a URI.
        root: String,
        /// Its name, as a URI.
        uri: String,
    },
    /// Every manifest below a folder, then [`Found::Folder`].
    Folder {
        /// The folder of the client that it is or stands in, as a URI.
        root: String,
        /// Its name, as a URI.
        uri: String,
    },
    /// The schemas that were saved at these places, and those of no other place: for
    /// [`Pump::found`](crate::Pump::found), now and whenever they change.
    Schemas(Vec<SavedSchemas>),
    /// No more of the folders that are being read; each still ends with [`Found::Folder`].
    Stop,
}

/// What was found of something [`Wanted`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file; without a text it is gone, or none that can be read.
    File {
        /// Its name, as a URI.
        uri: String,
        /// What is in it.
        text: Option<String>,
    },
    /// The end of a folder.
    Folder {
        /// Whether some of its files were not read because they are too many or too large.
        is_cut: bool,
    },
    /// Saved schemas, as they are now.
    Schemas {
        /// Where they were looked for.
        place: SavedSchemas,
        /// The files there, or why there are none.
        files: Result<Vec<SavedFile>, String>,
    },
}

/// `OpenAPI` documents of a cluster that somebody saved: a file, or all JSON files of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSchemas {
    /// The folder that the path starts in, as a URI; none if the path stands for itself.
    pub folder: Option<String>,
    /// As the person wrote it.
    pub path: String,
}

/// A file of [`SavedSchemas`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Its path below the folder.
    pub name: String,
    /// What is in it, or why it cannot be read.
    pub text: Result<String, String>,
}
