//! Everything that a page says when something went wrong is looked at in a real browser. The words are read from the
//! sources of the pages, so that new ones are looked at too, or are found to be out of sight.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use syn::visit::{self, Visit};
use syn::{Expr, Lit, Pat};

use crate::house::sources::{self, Source};

/// What stands in for what is only known while it runs, as long as it may be.
const LONG: &[(&str, &str)] = &[
    ("{email}", "a-rather-long-name-of-a-parent-without-a-place-to-break@subdomain.example.org"),
    ("{label}", "Neighbourhood Library"),
    ("{advice}", "Wait for the next code in your app, then type it."),
    ("{left}", "4"),
    ("{}", "Neighbourhood Library"),
];

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Said {
    head: String,
    text: String,
    /// On a page of its own, and not above a form.
    own: bool,
}

/// The words of one source.
#[derive(Default)]
struct Words<'a> {
    path: &'a str,
    /// Texts by the name that they were given, here or in another file.
    named: BTreeMap<String, String>,
    said: BTreeSet<Said>,
    unread: Vec<String>,
}

/// What an expression says: a literal, `format!`, or what was given a name before.
fn words(of: &Expr, named: &BTreeMap<String, String>) -> Option<String> {
    match of {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        Expr::Reference(inner) => words(&inner.expr, named),
        Expr::MethodCall(call) => words(&call.receiver, named),
        Expr::Path(path) => named.get(&path.path.segments.last()?.ident.to_string()).cloned(),
        Expr::Macro(call) => {
            let literal = call.mac.tokens.clone().into_iter().next()?;
            syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
        }
        _ => None,
    }
}

impl Words<'_> {
    fn say(&mut self, head: &Expr, text: &Expr, own: bool) {
        match (words(head, &self.named), words(text, &self.named)) {
            (Some(head), Some(text)) => {
                let whole =
                    |said: String| LONG.iter().fold(said, |said, (gap, with)| said.replace(gap, with));
                let head =
                    whole(if head == "Please wait {}" { "Please wait 15 minutes".into() } else { head });
                self.said.insert(Said { head, text: whole(text), own });
            }
            _ => self.unread.push(self.path.to_owned()),
        }
    }
}

impl<'ast> Visit<'ast> for Words<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && let Some(text) = words(&init.expr, &self.named)
        {
            self.named.insert(name.ident.to_string(), text);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let of: Vec<String> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
            let of: Vec<&str> = of.iter().map(String::as_str).collect();
            let own = self.path.ends_with("/fault.rs");
            match (of.as_slice(), call.args.iter().collect::<Vec<_>>().as_slice()) {
                (["Alert", "new"], [head, text]) | (["Came", "Not"], [head, text]) => {
                    self.say(head, text, own);
                }
                (["Alert", "wait"], [_, text]) => {
                    if let Some(text) = words(text, &self.named) {
                        self.said.insert(Said { head: "Please wait 15 minutes".into(), text, own });
                    }
                }
                // The way to another page says nothing.
                (["Self", "new"], [status, head, text]) if own && !says_nothing(status) => {
                    self.say(head, text, true);
                }
                _ => {}
            }
        }
        visit::visit_expr_call(self, call);
    }

    /// `(head, text)` by the status of an error.
    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        if let (true, [head, text]) =
            (self.path.ends_with("/fault.rs"), tuple.elems.iter().collect::<Vec<_>>().as_slice())
            && words(head, &self.named).is_some()
        {
            self.say(head, text, true);
        }
        visit::visit_expr_tuple(self, tuple);
    }
}

fn says_nothing(status: &Expr) -> bool {
    matches!(status, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "SEE_OTHER"))
}

/// Everything that these files say, and the files in which something could not be read.
fn read(files: &[Source]) -> (BTreeSet<Said>, Vec<String>) {
    let (mut said, mut unread, mut named) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
    for file in files {
        for item in syn::parse_file(&file.text).expect("a source").items {
            if let syn::Item::Const(text) = item
                && let Some(words) = words(&text.expr, &named)
            {
                named.insert(text.ident.to_string(), words);
            }
        }
    }
    for file in files {
        let mut found = Words { path: &file.path, named: named.clone(), ..Words::default() };
        found.visit_file(&syn::parse_file(&file.text).expect("a source"));
        said.extend(found.said);
        unread.extend(found.unread);
    }
    (said, unread)
}

fn pages() -> Vec<Source> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    sources::read_all(&root, &["sync-server/src/pages"], ".rs").expect("the sources")
}

#[test]
fn every_alert_and_fault_is_looked_at_in_a_real_browser_and_fits_a_narrow_phone_and_twice_the_text() {
    let (said, unread) = read(&pages());
    // The one that hands on what `Came::Not` says.
    assert_eq!(unread, ["sync-server/src/pages/upstream/callback.rs"], "write the words beside the alert");
    let own = said.iter().filter(|one| one.own).count();
    assert!(own >= 8 && said.len() >= own + 28, "{said:#?}");
    let (program, said) = (support::server::binary(), serde_json::to_string(&said).expect("words"));
    let variables = [("KINFOLIO_SERVER", program.as_os_str()), ("KINFOLIO_ALERTS", said.as_ref())];
    support::web::run("alerts.test.mjs", &variables);
}

#[test]
fn an_alert_is_read_however_it_is_written_and_one_that_cannot_be_read_is_told() {
    let file = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let (said, unread) = read(&[
        file("pages/fault.rs", "const WAIT: &str = \"Later.\"; fn f() { (format!(\"Wait {}\", 1), WAIT); }"),
        file("pages/a.rs", "fn f() { let text = \"Why.\"; Alert::new(&format!(\"{label} is off\"), text); }"),
        file("pages/b.rs", "fn f(head: &str) { Alert::new(head, \"Why.\"); Alert::new(\"One\", WAIT); }"),
    ]);
    let said: Vec<_> = said.iter().map(|one| (&*one.head, &*one.text, one.own)).collect();
    let expected = [
        ("Neighbourhood Library is off", "Why.", false),
        ("One", "Later.", false),
        ("Wait Neighbourhood Library", "Later.", true),
    ];
    assert_eq!((said.as_slice(), unread), (expected.as_slice(), vec!["pages/b.rs".to_owned()]));
}
