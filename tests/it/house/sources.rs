//! Reads Rust sources with syn: which paths a file names, outside of its tests.
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::Visit;

/// One source file of the repository.
pub struct Source {
    /// Relative to the repository, with forward slashes: `core/src/entries/mod.rs`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What one file names, resolved as far as a single file can tell.
pub struct Named {
    /// The file.
    pub path: String,
    /// Every path of two segments or more, and every root of a `use`; `self`, `super` and what a `use` or a `mod`
    /// brings in are resolved, so that a path of this crate begins with `crate`, and one of another with its name.
    pub paths: BTreeSet<Vec<String>>,
    /// Names of struct fields.
    pub fields: BTreeSet<String>,
    /// Texts in quotes, those that macros take as arguments among them.
    pub texts: BTreeSet<String>,
}

/// Every file with this ending under `folders` of `root`, sorted.
pub fn read_all(root: &Path, folders: &[&str], ending: &str) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for folder in folders {
        collect(root, &root.join(folder), ending, &mut found)?;
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(root: &Path, folder: &Path, ending: &str, into: &mut Vec<Source>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != "node_modules" {
                collect(root, &path, ending, into)?;
            }
        } else if name.ends_with(ending) {
            let text = std::fs::read_to_string(&path)?;
            let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            into.push(Source { path: relative, text });
        }
    }
    Ok(())
}

/// What each file names, test code left out: `#[cfg(test)]` items, and files that only such a `mod` brings in.
pub fn names_of(files: &[Source]) -> Result<Vec<Named>> {
    let mut named = Vec::new();
    let mut test_modules: Vec<(String, Vec<String>)> = Vec::new();
    for file in files {
        let syntax = syn::parse_file(&file.text).with_context(|| format!("parse {}", file.path))?;
        let (crate_dir, module) = module_of(&file.path);
        let folder = folder_of(&file.path);
        let mut reader = Reader { module, folder, ..Reader::default() };
        reader.visit_file(&syntax);
        test_modules.extend(reader.tests.drain(..).map(|module| (crate_dir.clone(), module)));
        let Reader { paths, fields, texts, .. } = reader;
        named.push(Named { path: file.path.clone(), paths, fields, texts });
    }
    named.retain(|file| {
        let (crate_dir, module) = module_of(&file.path);
        !test_modules.iter().any(|(dir, test)| *dir == crate_dir && module.starts_with(test))
    });
    Ok(named)
}

/// `core/src/entries/queries.rs` -> (`core`, [`entries`, `queries`]).
pub fn module_of(path: &str) -> (String, Vec<String>) {
    let (crate_dir, inside) = path.split_once("/src/").unwrap_or(("", path));
    let mut module: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || (module.len() == 1 && (last == "lib" || last == "main")))
    {
        module.pop();
    }
    (crate_dir.to_owned(), module)
}

/// `core/src/entries/queries.rs` -> [`entries`].
fn folder_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    parts.pop();
    parts
}

/// What most macros take.
type Arguments = syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>;

/// What the items of one file, module or block bring in: name -> the path that it stands for.
type Scope = BTreeMap<String, Vec<String>>;

#[derive(Default)]
struct Reader {
    module: Vec<String>,
    /// The scopes around, outermost first; a module does not see those outside of it.
    scopes: Vec<Scope>,
    folder: Vec<String>,
    paths: BTreeSet<Vec<String>>,
    fields: BTreeSet<String>,
    texts: BTreeSet<String>,
    tests: Vec<Vec<String>>,
}

impl Reader {
    /// A path as it is written, without a leading `::`.
    fn note(&mut self, mut segments: Vec<String>) {
        // A name may stand for another one that is brought in; a few steps are more than anybody writes.
        for _ in 0..4 {
            let name = segments.first().cloned().unwrap_or_default();
            match self.scopes.iter().rev().find_map(|scope| scope.get(&name)) {
                Some(whole) if whole.first() != Some(&name) => {
                    segments.splice(..1, whole.iter().cloned());
                }
                _ => break,
            }
        }
        self.note_whole(segments);
    }

    /// A path that no item of the file stands in for.
    fn note_whole(&mut self, segments: Vec<String>) {
        let supers = segments.iter().take_while(|s| *s == "super" || *s == "self").count();
        if supers == 0 {
            self.paths.insert(segments);
            return;
        }
        let up = segments.iter().filter(|s| *s == "super").count();
        let base = self.module.get(..self.module.len().saturating_sub(up)).unwrap_or_default();
        let rest = segments.get(supers..).unwrap_or_default();
        let whole =
            std::iter::once("crate".to_owned()).chain(base.iter().cloned()).chain(rest.iter().cloned());
        self.paths.insert(whole.collect());
    }

    /// Reads what is inside of a file, a module or a block, with what its items bring in.
    fn within<'i>(&mut self, items: impl Iterator<Item = &'i syn::Item>, read: impl FnOnce(&mut Self)) {
        let mut scope = Scope::new();
        for item in items.filter(|item| !is_test(attributes_of(item))) {
            match item {
                syn::Item::Use(item) => {
                    scope.extend(leaves(&item.tree, &[]).into_iter().filter_map(|leaf| {
                        // The name of a crate from outside stands for itself.
                        leaf.name.filter(|_| leaf.path.len() > 1).map(|name| (name, leaf.path))
                    }))
                }
                syn::Item::Mod(item) => {
                    let name = item.ident.to_string();
                    scope.insert(name.clone(), vec!["self".to_owned(), name]);
                }
                _ => {}
            }
        }
        self.scopes.push(scope);
        read(self);
        self.scopes.pop();
    }

    /// Macro bodies and attribute arguments are tokens: paths in them are found as `a::b::c`.
    fn note_tokens(&mut self, tokens: &str) {
        let tokens = tokens.replace(" :: ", "::");
        for run in tokens.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let path: Vec<String> = run.trim_matches(':').split("::").map(str::to_owned).collect();
            match path.len() {
                0 | 1 => {}
                _ if run.starts_with("::") => self.note_whole(path),
                _ => self.note(path),
            }
        }
    }
}

/// One leaf of a `use`: what it names, and the name that it brings in.
struct Leaf {
    path: Vec<String>,
    name: Option<String>,
}

fn leaves(tree: &syn::UseTree, before: &[String]) -> Vec<Leaf> {
    let below = |ident: &syn::Ident| {
        let own = Some(ident.to_string()).filter(|ident| ident != "self");
        before.iter().cloned().chain(own).collect::<Vec<_>>()
    };
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree, &[before, &[path.ident.to_string()]].concat()),
        syn::UseTree::Group(group) => group.items.iter().flat_map(|item| leaves(item, before)).collect(),
        syn::UseTree::Name(name) => {
            let path = below(&name.ident);
            vec![Leaf { name: path.last().cloned(), path }]
        }
        syn::UseTree::Rename(name) => {
            vec![Leaf { path: below(&name.ident), name: Some(name.rename.to_string()) }]
        }
        syn::UseTree::Glob(_) => vec![Leaf { path: before.to_vec(), name: None }],
    }
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Mod(i) => &i.attrs,
        syn::Item::Fn(i) => &i.attrs,
        syn::Item::Impl(i) => &i.attrs,
        syn::Item::Struct(i) => &i.attrs,
        syn::Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]` stands among them.
pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// The file that `#[path = "…"]` names.
fn named_file(attributes: &[syn::Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(file), .. }) => Some(file.value()),
            _ => None,
        },
        _ => None,
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes_of(item)) {
            syn::visit::visit_item(self, item);
        } else if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            self.tests.push(match named_file(&module.attrs) {
                Some(file) => [self.folder.as_slice(), &[file.trim_end_matches(".rs").to_owned()]].concat(),
                None => [self.module.as_slice(), &[module.ident.to_string()]].concat(),
            });
        }
    }

    fn visit_file(&mut self, file: &'ast syn::File) {
        self.within(file.items.iter(), |reader| syn::visit::visit_file(reader, file));
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        let outside = std::mem::take(&mut self.scopes);
        let items = module.content.iter().flat_map(|(_, items)| items);
        self.within(items, |reader| syn::visit::visit_item_mod(reader, module));
        self.scopes = outside;
        self.module.pop();
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let items = block.stmts.iter().filter_map(|statement| match statement {
            syn::Stmt::Item(item) => Some(item),
            _ => None,
        });
        self.within(items, |reader| syn::visit::visit_block(reader, block));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for Leaf { path, .. } in leaves(&item.tree, &[]) {
            match item.leading_colon {
                Some(_) => self.note_whole(path),
                None => self.note(path),
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match path.leading_colon {
            Some(_) => self.note_whole(segments),
            None if segments.len() > 1 => self.note(segments),
            None => {}
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.note_tokens(&list.tokens.to_string());
        }
        // A comment is an attribute with a text; it says nothing that runs.
        if !attribute.path().is_ident("doc") {
            syn::visit::visit_attribute(self, attribute);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.note_tokens(&mac.tokens.to_string());
        if let Ok(arguments) = mac.parse_body_with(Arguments::parse_terminated) {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
        syn::visit::visit_macro(self, mac);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.insert(text.value());
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.fields.extend(field.ident.as_ref().map(ToString::to_string));
        syn::visit::visit_field(self, field);
    }
}
