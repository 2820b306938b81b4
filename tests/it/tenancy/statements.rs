//! Every SQL statement that the server's rooms hand to a transaction, read from its sources.

use std::collections::BTreeSet;

use syn::visit::Visit;
use syn::{Expr, ExprMethodCall, Item, Lit};

use crate::house::sources::{self, Source};

/// The statements, many-row ones with one row; and how many calls hand one over.
pub struct Statements {
    pub texts: BTreeSet<String>,
    pub calls: usize,
    /// Calls whose statement this reader cannot find.
    pub unread: Vec<String>,
}

/// Reads the rooms of the server. `store/` is left out: it is the transaction type itself.
pub fn of_the_server() -> Statements {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = sources::read_all(&root, &["sync-server/src"], ".rs").expect("the sources");
    files.retain(|file| !file.path.starts_with("sync-server/src/store/"));
    read(&files)
}

fn read(files: &[Source]) -> Statements {
    let mut all = Statements { texts: BTreeSet::new(), calls: 0, unread: Vec::new() };
    for file in files {
        let syntax = syn::parse_file(&file.text).expect("Rust");
        let mut named = Named::default();
        named.visit_file(&syntax);
        let mut reader = Reader { path: &file.path, named, all: &mut all };
        reader.visit_file(&syntax);
    }
    all
}

/// Texts that a `let` or a `const` names.
#[derive(Default)]
struct Named(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Named {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (syn::Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && let Some(text) = text(&init.expr)
        {
            self.0.push((name.ident.to_string(), text));
        }
        syn::visit::visit_local(self, local);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.0.extend(text(&item.expr).map(|text| (item.ident.to_string(), text)));
    }
}

struct Reader<'a> {
    path: &'a str,
    named: Named,
    all: &'a mut Statements,
}

impl Reader<'_> {
    /// What an argument says; a name says all that it stands for in this file.
    fn said(&self, argument: &Expr) -> Vec<String> {
        if let Some(text) = text(argument) {
            return vec![text];
        }
        let Expr::Path(path) = argument else { return Vec::new() };
        let meant = self.named.0.iter().filter(|(name, _)| path.path.is_ident(name));
        meant.map(|(_, text)| text.clone()).collect()
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let test = match item {
            Item::Mod(item) => sources::is_test(&item.attrs),
            Item::Fn(item) => sources::is_test(&item.attrs),
            _ => false,
        };
        if !test {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        syn::visit::visit_expr_method_call(self, call);
        let on_tx = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("tx"));
        let said = |at: usize| call.args.get(at).map(|argument| self.said(argument)).unwrap_or_default();
        let found = match call.method.to_string().as_str() {
            _ if !on_tx => return,
            "execute" | "query" | "query_one" => said(0),
            "execute_many" | "query_many" => {
                let width = match call.args.get(1) {
                    Some(Expr::Lit(width)) => match &width.lit {
                        Lit::Int(width) => width.base10_parse().unwrap_or(0),
                        _ => 0,
                    },
                    _ => 0,
                };
                let row: Vec<String> = (1..=width).map(|column| format!("${column}")).collect();
                let (before, after) = (said(0), said(3));
                before.iter().zip(&after).map(|(b, a)| format!("{b} ({}) {a}", row.join(", "))).collect()
            }
            _ => return,
        };
        self.all.calls += 1;
        if found.is_empty() {
            self.all.unread.push(format!("{}: {}", self.path, call.method));
        }
        self.all.texts.extend(found);
    }
}

/// A text literal, its line breaks made blanks.
fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value().split_whitespace().collect::<Vec<_>>().join(" ")),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn the_registry_reads_every_shape_of_a_call() {
    let text = r#"
        const NAMED: &str = "SELECT 1";
        fn room(tx: &mut Tx<'_>, sql: &str) {
            tx.query(NAMED, &[]);
            let local = "SELECT 2
                         FROM t";
            tx.query_one(local, &[]);
            tx.execute_many("INSERT INTO t VALUES", 2, &values, "RETURNING a");
            tx.execute("DELETE FROM t", &[]);
            tx.execute(sql, &[]);
        }
        #[cfg(test)]
        mod tests { fn f() { tx.execute("DROP TABLE t", &[]); } }
    "#;
    let found = read(&[Source { path: "room.rs".into(), text: text.into() }]);
    let wanted =
        ["DELETE FROM t", "INSERT INTO t VALUES ($1, $2) RETURNING a", "SELECT 1", "SELECT 2 FROM t"];
    assert_eq!(found.texts.iter().collect::<Vec<_>>(), wanted);
    assert_eq!((found.calls, found.unread), (5, vec!["room.rs: execute".to_owned()]));
}
