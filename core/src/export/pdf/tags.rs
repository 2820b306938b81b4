//! The tag tree: what everything on the pages is, in the order of reading, for screen readers.

use pdf_writer::types::{StructRole, TableHeaderScope};
use pdf_writer::{Finish, Ref, TextStr};

use super::objects::Objects;
use crate::error::Result;

/// A place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(usize);

/// The document itself.
pub const ROOT: Node = Node(0);

enum Kid {
    Node(Node),
    /// A stretch of a page's content, by its number there.
    Content {
        page: usize,
        number: i32,
    },
    Link {
        page: usize,
        annotation: Ref,
    },
}

struct Element {
    role: StructRole,
    scope: Option<TableHeaderScope>,
    parent: Node,
    alt: Option<String>,
    kids: Vec<Kid>,
}

/// Every element of the document.
pub struct Tags {
    elements: Vec<Element>,
    /// Whose each content of each page is.
    pages: Vec<Vec<Node>>,
    /// Whose each link is; links count on after the pages.
    links: Vec<Node>,
}

impl Tags {
    pub fn new() -> Self {
        let root =
            Element { role: StructRole::Document, scope: None, parent: ROOT, alt: None, kids: Vec::new() };
        Self { elements: vec![root], pages: Vec::new(), links: Vec::new() }
    }

    /// An element inside another, after what is there.
    pub fn add(&mut self, parent: Node, role: StructRole) -> Node {
        let node = Node(self.elements.len());
        self.elements.push(Element { role, scope: None, parent, alt: None, kids: Vec::new() });
        self.kid(parent, Kid::Node(node));
        node
    }

    /// A picture and what it shows.
    pub fn figure(&mut self, parent: Node, alt: String) -> Node {
        let node = self.add(parent, StructRole::Figure);
        if let Some(element) = self.elements.get_mut(node.0) {
            element.alt = Some(alt);
        }
        node
    }

    /// A header cell of a column or a row.
    pub fn header(&mut self, parent: Node, scope: TableHeaderScope) -> Node {
        let node = self.add(parent, StructRole::TH);
        if let Some(element) = self.elements.get_mut(node.0) {
            element.scope = Some(scope);
        }
        node
    }

    /// The number of a new stretch of content on a page, counted from 0.
    pub fn content(&mut self, of: Node, page: usize) -> i32 {
        while self.pages.len() <= page {
            self.pages.push(Vec::new());
        }
        let Some(on_page) = self.pages.get_mut(page) else { return 0 };
        let number = i32::try_from(on_page.len()).unwrap_or_default();
        on_page.push(of);
        self.kid(of, Kid::Content { page, number });
        number
    }

    /// The number by which a link finds its element; the pages' numbers come before.
    pub fn link(&mut self, of: Node, page: usize, annotation: Ref, pages: usize) -> i32 {
        self.links.push(of);
        self.kid(of, Kid::Link { page, annotation });
        i32::try_from(pages + self.links.len() - 1).unwrap_or_default()
    }

    /// Writes the tree; gives its root.
    pub fn write(&self, objects: &mut Objects<'_>, pages: &[Ref]) -> Result<Ref> {
        let refs: Vec<Ref> = self.elements.iter().map(|_| objects.promise()).collect();
        let at = |node: Node| refs.get(node.0).copied();
        let root = objects.promise();
        for (element, id) in self.elements.iter().zip(&refs) {
            let parent = if *id == refs.first().copied().unwrap_or(root) {
                root
            } else {
                at(element.parent).unwrap_or(root)
            };
            objects.write(*id, |chunk| {
                let mut told = chunk.struct_element(*id);
                told.kind(element.role).parent(parent);
                if let Some(alt) = &element.alt {
                    told.alt(TextStr(alt));
                }
                if let Some(scope) = element.scope {
                    told.attributes().push().table().scope(scope);
                }
                let mut kids = told.children();
                for kid in &element.kids {
                    match kid {
                        Kid::Node(node) => {
                            at(*node).into_iter().for_each(|node| {
                                kids.struct_element(node);
                            });
                        }
                        Kid::Content { page, number } => {
                            if let Some(page) = pages.get(*page) {
                                kids.marked_content_ref().page(*page).marked_content_id(*number);
                            }
                        }
                        Kid::Link { page, annotation } => {
                            if let Some(page) = pages.get(*page) {
                                kids.object_ref().page(*page).object(*annotation);
                            }
                        }
                    }
                }
            })?;
        }
        let parents = self.parents(objects, &refs, pages.len())?;
        objects.write(root, |chunk| {
            let mut tree = chunk.indirect(root).start::<pdf_writer::writers::StructTreeRoot<'_>>();
            tree.children().items(refs.first().copied());
            let mut numbers = tree.parent_tree();
            let mut numbers = numbers.nums();
            for (key, of) in (0..).zip(&parents) {
                numbers.insert(key, *of);
            }
            numbers.finish();
        })?;
        Ok(root)
    }

    /// For each page the elements of its contents, then the element of each link.
    fn parents(&self, objects: &mut Objects<'_>, refs: &[Ref], pages: usize) -> Result<Vec<Ref>> {
        let mut parents = Vec::new();
        for page in 0..pages {
            let on_page = self.pages.get(page).map(Vec::as_slice).unwrap_or_default();
            parents.push(objects.add(|chunk, id| {
                let of = on_page.iter().filter_map(|node| refs.get(node.0).copied());
                chunk.indirect(id).array().items(of);
            })?);
        }
        parents.extend(self.links.iter().filter_map(|node| refs.get(node.0).copied()));
        Ok(parents)
    }

    fn kid(&mut self, of: Node, kid: Kid) {
        if let Some(element) = self.elements.get_mut(of.0) {
            element.kids.push(kid);
        }
    }
}
