//! Parameters of queries and forms, read strictly: a doubled one is an error where it is asked for.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use percent_encoding::percent_decode;
use zeroize::Zeroizing;

/// Name and value pairs, in order. Wiped when dropped: a form may hold a password.
pub(crate) struct Params(Vec<(String, Zeroizing<String>)>);

/// A parameter stands twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Doubled;

impl Params {
    /// Whether a request says that its body is a form.
    pub(crate) fn is_form(headers: &HeaderMap) -> bool {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// Reads `application/x-www-form-urlencoded` text. None: a `%` in it begins no byte, it is not UTF-8 after decoding, or
    /// it has more than 64 pairs.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut pairs = Vec::new();
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            pairs.push((name, Zeroizing::new(value)));
            if pairs.len() > 64 {
                return None;
            }
        }
        Some(Self(pairs))
    }

    /// The value of a parameter that may stand once. RFC 6749 3.1: an empty one counts as missing.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Doubled> {
        let mut found = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Doubled),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// For a page's own form: missing and doubled are empty.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.one(name).ok().flatten().unwrap_or_default()
    }

    /// Whether any parameter stands twice.
    pub(crate) fn has_doubles(&self) -> bool {
        self.0.iter().any(|(name, _)| self.one(name).is_err())
    }
}

fn decode(text: &[u8]) -> Option<String> {
    // The decoder takes half an escape for text. What two readers of one request could read in two ways is refused.
    let mut escapes = text.split(|byte| *byte == b'%').skip(1);
    if !escapes.all(|rest| rest.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))) {
        return None;
    }
    let spaced: Cow<'_, [u8]> = if text.contains(&b'+') {
        text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect()
    } else {
        text.into()
    };
    // No text of Postgres holds a NUL, and no form of ours has a use for one.
    percent_decode(&spaced).decode_utf8().ok().filter(|text| !text.contains('\0')).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_parameter_is_an_error_and_an_empty_one_is_missing() {
        let params = Params::parse(b"a=1&b=x+y%20z&a=2&c=&=&d").unwrap();
        assert_eq!(params.one("a"), Err(Doubled));
        assert_eq!(params.one("b"), Ok(Some("x y z")));
        assert_eq!(params.one("c"), Ok(None));
        assert_eq!(params.one("e"), Ok(None));
        assert!(params.has_doubles());
    }

    #[test]
    fn a_form_is_a_form_by_its_whole_name() {
        for (kind, is) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded ; charset=utf-8", true),
            ("application/x-www-form-urlencodedx", false),
            ("multipart/form-data", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(Params::is_form(&headers), is, "{kind}");
        }
        assert!(!Params::is_form(&HeaderMap::new()));
    }

    #[test]
    fn half_an_escape_and_bytes_that_are_no_text_are_refused() {
        for broken in ["a=%zz", "a=%", "a=%4", "%=a", "a=%25%", "a=%+1", "a=%ff", "a=%00"] {
            assert!(Params::parse(broken.as_bytes()).is_none(), "{broken}");
        }
        assert_eq!(Params::parse(b"a=%25zz%2541").unwrap().one("a"), Ok(Some("%zz%41")));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes: Vec<u8>) {
            let _ = Params::parse(&bytes).map(|params| params.has_doubles());
        }
    }
}
