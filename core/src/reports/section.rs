//! The sections of reports, and which form has which (product.md 2).

use crate::shelf::choice;

choice! {
    /// What a report is laid out for. Every form is a beginning: a family writes what it likes.
    ReportForm {
        /// A local authority in England, or whoever asks for a short report.
        England = 1,
        /// Pennsylvania: the log and samples that an evaluator looks at.
        Pennsylvania = 2,
        /// New York: one quarter.
        NewYork = 3,
        /// Missouri: a year of hours.
        Missouri = 4,
        /// Queensland: the yearly report.
        Queensland = 5,
    }
}

choice! {
    /// A section that is written. Its number is kept and never changes its meaning.
    Section {
        /// Interests, strengths, needs and how they are met.
        About = 1,
        /// Philosophy and style.
        Approach = 2,
        /// How the education is full time: a typical week.
        Time = 3,
        /// English and literacy.
        English = 4,
        /// Maths and numeracy.
        Maths = 5,
        /// All other subjects.
        Other = 6,
        /// Sport, clubs, groups, outings.
        Physical = 7,
        /// Books, websites, kit, tutors, classes.
        Resources = 8,
        /// Progress since the last report, achievements, certificates.
        Progress = 9,
        /// Plans.
        Next = 10,
        /// The closing line.
        Closing = 11,
        /// What was covered, subject by subject.
        Covered = 12,
        /// A grade, level or narrative for each subject.
        Levels = 13,
        /// Why less than 80 % of what was planned was covered.
        Shortfall = 14,
        /// The evaluator's letter, or evaluations.
        Evaluation = 15,
        /// The year in review.
        Review = 16,
    }
}

impl Section {
    /// All of them, by number.
    pub const ALL: [Self; 16] = [
        Self::About,
        Self::Approach,
        Self::Time,
        Self::English,
        Self::Maths,
        Self::Other,
        Self::Physical,
        Self::Resources,
        Self::Progress,
        Self::Next,
        Self::Closing,
        Self::Covered,
        Self::Levels,
        Self::Shortfall,
        Self::Evaluation,
        Self::Review,
    ];

    /// What stands over it. That of [`Section::About`] goes on with the learner's name.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::About => "About",
            Self::Approach => "Our approach",
            Self::Time => "How the time is used",
            Self::English => "English",
            Self::Maths => "Maths",
            Self::Other => "Other subjects",
            Self::Physical => "Physical and social",
            Self::Resources => "Resources",
            Self::Progress => "Progress",
            Self::Next => "Next steps",
            Self::Closing => "Closing",
            Self::Covered => "What was covered",
            Self::Levels => "Level or narrative for each subject",
            Self::Shortfall => "Where less than 80 % was covered",
            Self::Evaluation => "Evaluation",
            Self::Review => "The year in review",
        }
    }

    /// Written by the family alone, and carried on to the next report.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::About | Self::Approach | Self::Closing)
    }
}

impl ReportForm {
    /// The sections that it asks for, in its order.
    pub const fn sections(self) -> &'static [Section] {
        use Section::{
            About, Approach, Closing, Covered, English, Evaluation, Levels, Maths, Next, Other, Physical,
            Progress, Resources, Review, Shortfall, Time,
        };
        match self {
            Self::England => {
                &[About, Approach, Time, English, Maths, Other, Physical, Resources, Progress, Next, Closing]
            }
            Self::Pennsylvania | Self::Missouri => &[Evaluation],
            Self::NewYork => &[Covered, Levels, Shortfall],
            Self::Queensland => &[Review, Covered, Levels, Next],
        }
    }
}
