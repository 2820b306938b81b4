//! Lists of subjects as places and laws name them; a family changes them as it likes (product.md 2).

/// A list to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Areas that reports in the United Kingdom are grouped by.
    UkAreas,
    /// The seven areas of the early years framework of England.
    EarlyYears,
    /// Pennsylvania, the elementary level.
    Pennsylvania,
    /// New York, grades 1 to 6.
    NewYork,
    /// Missouri: the first five are core.
    Missouri,
    /// The eight learning areas of Australia.
    Australia,
}

type Names = &'static [(&'static str, bool)];

const UK_AREAS: Names = &[
    ("English", true),
    ("Maths", true),
    ("Science", true),
    ("History", false),
    ("Geography", false),
    ("Art and design", false),
    ("Music", false),
    ("Languages", false),
    ("Computing", false),
    ("Design and technology", false),
    ("Physical education", false),
    ("Religion and beliefs", false),
    ("Personal and social", false),
    ("Life skills", false),
];

const EARLY_YEARS: Names = &[
    ("Communication and language", true),
    ("Physical development", true),
    ("Personal, social and emotional development", true),
    ("Literacy", false),
    ("Mathematics", false),
    ("Understanding the world", false),
    ("Expressive arts and design", false),
];

const PENNSYLVANIA: Names = &[
    ("English: spelling, reading and writing", false),
    ("Arithmetic", false),
    ("Science", false),
    ("Geography", false),
    ("History of the United States and Pennsylvania", false),
    ("Civics", false),
    ("Safety education", false),
    ("Health and physiology", false),
    ("Physical education", false),
    ("Music", false),
    ("Art", false),
];

const NEW_YORK: Names = &[
    ("Arithmetic", false),
    ("Reading", false),
    ("Spelling", false),
    ("Writing", false),
    ("English language", false),
    ("Geography", false),
    ("United States history", false),
    ("Science", false),
    ("Health education", false),
    ("Music", false),
    ("Visual arts", false),
    ("Physical education", false),
];

const MISSOURI: Names = &[
    ("Reading", true),
    ("Language arts", true),
    ("Mathematics", true),
    ("Social studies", true),
    ("Science", true),
    ("Art", false),
    ("Music", false),
    ("Physical education", false),
    ("Practical skills", false),
];

const AUSTRALIA: Names = &[
    ("English", false),
    ("Mathematics", false),
    ("Science", false),
    ("Humanities and social sciences", false),
    ("The arts", false),
    ("Technologies", false),
    ("Health and physical education", false),
    ("Languages", false),
];

impl Preset {
    /// Names in their order, and whether a law calls them core.
    pub(super) const fn subjects(self) -> Names {
        match self {
            Self::UkAreas => UK_AREAS,
            Self::EarlyYears => EARLY_YEARS,
            Self::Pennsylvania => PENNSYLVANIA,
            Self::NewYork => NEW_YORK,
            Self::Missouri => MISSOURI,
            Self::Australia => AUSTRALIA,
        }
    }
}
