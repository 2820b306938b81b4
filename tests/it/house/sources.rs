//! Reads Rust sources with syn: which paths a file names, outside of its tests.
use anyhow::{Context, Result};
use std::collections::BTreeSet;
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
    /// Every path of two segments or more, and every root of a `use`; `self` and `super` are resolved, so
    /// that a path of this crate always begins with `crate`.
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

#[derive(Default)]
struct Reader {
    module: Vec<String>,
    folder: Vec<String>,
    paths: BTreeSet<Vec<String>>,
    fields: BTreeSet<String>,
    texts: BTreeSet<String>,
    tests: Vec<Vec<String>>,
}

impl Reader {
    fn note(&mut self, segments: Vec<String>) {
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

    fn note_use(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.note_use(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.note_use(item, before)),
            syn::UseTree::Name(name) if name.ident == "self" => self.note(before.clone()),
            syn::UseTree::Name(name) => self.note([before.as_slice(), &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.note([before.as_slice(), &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.note(before.clone()),
        }
    }

    /// Macro bodies and attribute arguments are tokens: paths in them are found as `a::b::c`.
    fn note_tokens(&mut self, tokens: &str) {
        let tokens = tokens.replace(" :: ", "::");
        for run in tokens.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let path: Vec<String> = run.trim_matches(':').split("::").map(str::to_owned).collect();
            if path.len() > 1 {
                self.note(path);
            }
        }
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
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Mod(i) => &i.attrs,
            syn::Item::Fn(i) => &i.attrs,
            syn::Item::Impl(i) => &i.attrs,
            syn::Item::Struct(i) => &i.attrs,
            syn::Item::Use(i) => &i.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
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

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        syn::visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_use(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.note(segments);
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
