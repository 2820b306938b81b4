//! A page's content: text, rules and photos as drawing operators, each inside its tag.

use pdf_writer::types::{ArtifactSubtype, ArtifactType};
use pdf_writer::{Content, Finish, Name, Settings, Str, TextStr};

use super::fonts::{Drawn, Glyph, resource};
use super::lines::{Line, Run};
use super::style::Colour;
use super::tags::{Node, Tags};

/// Whose the marked content is that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Tagged(Node),
    Layout,
    Footer,
}

/// The content of one page; all places count from its lower left corner.
pub struct Drawing<'t> {
    content: Content,
    tags: &'t mut Tags,
    page: usize,
    open: Option<Open>,
    colour: Option<Colour>,
    font: Option<(usize, f32)>,
    /// Pictures of emoji, to be drawn over their spaces: which, and its place, width and height.
    pub pictures: Vec<usize>,
}

impl<'t> Drawing<'t> {
    pub fn begin(tags: &'t mut Tags, page: usize) -> Self {
        Self {
            content: Content::with_settings(Settings { pretty: false }),
            tags,
            page,
            open: None,
            colour: None,
            font: None,
            pictures: Vec::new(),
        }
    }

    /// A line of text; without a tag it is decoration.
    pub fn text(
        &mut self,
        x: f32,
        baseline: f32,
        line: &Line,
        tag: Option<Node>,
        picture: impl Fn(usize) -> [f32; 4],
    ) {
        self.open(tag.map_or(Open::Layout, Open::Tagged));
        self.line(x, baseline, line, picture);
    }

    /// A line of the footer.
    pub fn footer(&mut self, x: f32, baseline: f32, line: &Line, picture: impl Fn(usize) -> [f32; 4]) {
        self.open(Open::Footer);
        self.line(x, baseline, line, picture);
    }

    /// A rectangle filled with one colour.
    pub fn filled(&mut self, [x, y, width, height]: [f32; 4], colour: Colour) {
        self.open(Open::Layout);
        self.set_colour(colour);
        self.content.rect(tidy(x), tidy(y), tidy(width), tidy(height)).fill_nonzero();
    }

    /// An image that the page's resources call so.
    pub fn image(&mut self, place: [f32; 4], name: &str, tag: Node) {
        self.open(Open::Tagged(tag));
        self.placed(place, name);
    }

    /// Ends the content.
    pub fn end(mut self) -> (Vec<u8>, Vec<usize>) {
        self.close();
        (self.content.finish().into_vec(), self.pictures)
    }

    fn line(&mut self, x: f32, baseline: f32, line: &Line, picture: impl Fn(usize) -> [f32; 4]) {
        for run in &line.runs {
            let at = x + line.x + run.x;
            self.run(at, baseline, run);
            match run.drawn {
                Some(Drawn::Picture(number)) => {
                    let [dx, dy, width, height] = picture(number).map(|ems| ems * run.size);
                    self.placed([at + dx, baseline + dy, width, height], &emoji(number));
                    self.pictures.push(number);
                }
                Some(Drawn::Frame) => {
                    let size = run.size;
                    self.set_colour(run.colour);
                    self.content.save_state().set_line_width(0.5);
                    self.content.rect(
                        tidy(at + 0.08 * size),
                        tidy(baseline),
                        tidy(0.44 * size),
                        tidy(0.66 * size),
                    );
                    self.content.stroke().restore_state();
                }
                None => {}
            }
        }
    }

    fn run(&mut self, x: f32, baseline: f32, run: &Run) {
        self.set_colour(run.colour);
        self.content.begin_text();
        if self.font != Some((run.face, run.size)) {
            self.content.set_font(Name(resource(run.face).as_bytes()), run.size);
            self.font = Some((run.face, run.size));
        }
        self.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, tidy(x), tidy(baseline)]);
        if let Some(says) = &run.says {
            let mut mark = self.content.begin_marked_content_with_properties(Name(b"Span"));
            mark.properties().actual_text(TextStr(says));
        }
        let mut rest = run.glyphs.as_slice();
        let (mut raised, mut back) = (0, 0);
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|glyph| glyph.dy == first.dy).count();
            let (now, later) = rest.split_at_checked(same).unwrap_or((rest, &[]));
            if raised != first.dy {
                raised = first.dy;
                self.content.set_rise(tidy(f32::from(raised) * run.size / 1000.0));
            }
            back = show(&mut self.content, now, back);
            rest = later;
        }
        if raised != 0 {
            self.content.set_rise(0.0);
        }
        if run.says.is_some() {
            self.content.end_marked_content();
        }
        self.content.end_text();
    }

    fn placed(&mut self, [x, y, width, height]: [f32; 4], name: &str) {
        self.content.save_state().transform([tidy(width), 0.0, 0.0, tidy(height), tidy(x), tidy(y)]);
        self.content.x_object(Name(name.as_bytes())).restore_state();
    }

    fn set_colour(&mut self, colour: Colour) {
        if self.colour != Some(colour) {
            let [red, green, blue] = colour.rgb().map(|part| tidy3(f32::from(part) / 255.0));
            self.content.set_fill_rgb(red, green, blue).set_stroke_rgb(red, green, blue);
            self.colour = Some(colour);
        }
    }

    fn open(&mut self, wanted: Open) {
        if self.open == Some(wanted) {
            return;
        }
        self.close();
        match wanted {
            Open::Tagged(node) => {
                let number = self.tags.content(node, self.page);
                let mut mark = self.content.begin_marked_content_with_properties(Name(b"P"));
                mark.properties().identify(number);
            }
            Open::Layout => {
                let mut mark = self.content.begin_marked_content_with_properties(Name(b"Artifact"));
                mark.properties().artifact().kind(ArtifactType::Layout);
            }
            Open::Footer => {
                let mut mark = self.content.begin_marked_content_with_properties(Name(b"Artifact"));
                let mut artifact = mark.properties().artifact();
                artifact.kind(ArtifactType::Pagination).subtype(ArtifactSubtype::Footer);
                artifact.finish();
            }
        }
        self.open = Some(wanted);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.content.end_marked_content();
        }
    }
}

/// What pages call the picture of an emoji.
pub fn emoji(number: usize) -> String {
    format!("E{number}")
}

/// Shows glyphs of one height with their distances; letters beside each other are one string. Takes and gives back how far the
/// pen is from where the line has it, in thousandths.
fn show(content: &mut Content, glyphs: &[Glyph], mut back: i16) -> i16 {
    let mut shown = content.show_positioned();
    let mut items = shown.items();
    let mut codes: Vec<u8> = Vec::new();
    for glyph in glyphs {
        let before = back.saturating_sub(glyph.dx);
        if before != 0 {
            if !codes.is_empty() {
                items.show(Str(&codes));
                codes.clear();
            }
            items.adjust(f32::from(before));
        }
        codes.extend(glyph.code.to_be_bytes());
        // The pen goes on by what the font says; what the line says differently is made up for before the next glyph.
        back = glyph.nominal.saturating_sub(glyph.advance).saturating_add(glyph.dx);
    }
    if !codes.is_empty() {
        items.show(Str(&codes));
    }
    back
}

/// Hundredths of a point are enough.
fn tidy(length: f32) -> f32 {
    (length * 100.0).round() / 100.0
}

fn tidy3(part: f32) -> f32 {
    (part * 1000.0).round() / 1000.0
}
