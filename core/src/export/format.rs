//! The kinds of file that a document can be.

/// What a document is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// One HTML file for any browser, in which names can be changed.
    #[default]
    Html,
    /// A document for word processors.
    Docx,
    /// Pages to print or to send, in which nothing changes.
    Pdf,
    /// A folder in one file: the page, its photos beside it, and tables. Of portfolios only.
    Zip,
}

impl Format {
    /// The ending of its files' names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Zip => "zip",
        }
    }
}
