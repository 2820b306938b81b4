//! Pages of the account to which signing in may lead back. A word in the address names one: no address is ever taken
//! from it.

/// Such a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Account,
    Email,
    Password,
    TwoStep,
    Devices,
    Linked,
    Activity,
    Data,
    Delete,
}

const ALL: [Next; 9] = [
    Next::Account,
    Next::Email,
    Next::Password,
    Next::TwoStep,
    Next::Devices,
    Next::Linked,
    Next::Activity,
    Next::Data,
    Next::Delete,
];

impl Next {
    pub(super) fn of(word: &str) -> Option<Self> {
        ALL.into_iter().find(|next| next.word() == word)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Email => "email",
            Self::Password => "password",
            Self::TwoStep => "two-step",
            Self::Devices => "devices",
            Self::Linked => "linked",
            Self::Activity => "activity",
            Self::Data => "data",
            Self::Delete => "delete",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Account => "/account",
            Self::Email => "/account/email",
            Self::Password => "/account/password",
            Self::TwoStep => "/account/two-step",
            Self::Devices => "/account/devices",
            Self::Linked => "/account/linked",
            Self::Activity => "/account/activity",
            Self::Data => "/account/data",
            Self::Delete => "/account/delete",
        }
    }

    /// The page on which a form of the account stands, by where it is sent.
    pub(super) fn of_form(path: &str) -> Option<Self> {
        let on = |next: &Self| {
            path.strip_prefix(next.path()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        ALL.into_iter().filter(on).max_by_key(|next| next.path().len())
    }

    /// Whether the page asks for a sign-in of the last ten minutes, or only for one.
    pub(super) fn asks_again(self) -> bool {
        !matches!(self, Self::Account | Self::Activity)
    }

    pub(super) fn by_login(self) -> String {
        format!("/login?next={}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9700_22_a_word_leads_to_a_page_of_ours_and_an_address_nowhere() {
        for next in ALL {
            assert_eq!(Next::of(next.word()), Some(next));
            assert!(next.path().starts_with("/account"));
        }
        for foreign in ["", "/account", "//evil.example", "https://evil.example", "account\r\nx", "Account"] {
            assert_eq!(Next::of(foreign), None, "{foreign}");
        }
    }
}
