//! Complaints about one part of a file, while they are collected.

mod edits;

use std::collections::HashSet;

use k8s_schemas::{Schema, SchemaSet, Schemas};
use yaml_syntax::{Document, Entry, Node, Source, SyntaxError, TextRange, TextSize};

use super::{Diagnostic, Related, Severity, pages};
use crate::code_actions::Fix;
use crate::formats::placeholder;
use crate::language::{self, Language};
use crate::manifest::Manifest;
use crate::part::Part;
use crate::rename::TextEdit;
use crate::skeleton::Layout;
use crate::{Analysis, Config, Deployed, FileId, kustomize, layout};

/// What can be said of a part of an object without the rest of it.
const IN_PATCHES: [&str; 35] = [
    "annotation-key",
    "base64",
    "config-key",
    "container-name",
    "cron",
    "date-time",
    "deprecated-api",
    "deprecated-field",
    "deprecated-label",
    "duplicate-item",
    "duplicate-key",
    "enum",
    "env-name",
    "floating-tag",
    "http-header",
    "image-name",
    "ingress-host",
    "invalid-address",
    "invalid-api-version",
    "invalid-name",
    "invalid-namespace",
    "label-key",
    "label-value",
    "out-of-range",
    "pattern",
    "percentage",
    "pod-security",
    "quantity",
    "quantity-unit",
    "removed-api",
    "type",
    "unknown-anchor",
    "unknown-field",
    "unknown-kind",
    "unknown-resource",
];

/// Complaints about one part of a file, and what is needed to judge it.
pub(crate) struct Report<'a> {
    analysis: &'a Analysis,
    file: FileId,
    part: &'a Part<'a>,
    /// Sorted by where they start.
    errors: Vec<SyntaxError>,
    /// Where they start and end, sorted.
    broken: Vec<TextSize>,
    found: Vec<Diagnostic>,
    /// Mappings of which a key was refused: a field that is missing there was hardly forgotten.
    slips: HashSet<TextRange>,
    /// Whether the document is a patch: what it leaves out stands elsewhere.
    is_patch: bool,
    /// Where the alias stands whose value is judged.
    alias: Option<TextRange>,
    /// Bytes of values behind aliases that were judged.
    aliased: usize,
}

const A_STAR: &str = "`*` begins an alias: put the value in quotes";

/// More than this behind aliases is a bomb.
const MAX_ALIASED: usize = 1 << 20;

impl<'a> Report<'a> {
    pub(crate) fn new(analysis: &'a Analysis, file: FileId, part: &'a Part<'a>) -> Self {
        let errors = part.errors();
        let ends = errors.iter().map(|error| error.range);
        let ends = ends.flat_map(|range| [range.start(), range.end()]);
        let mut broken: Vec<TextSize> = ends.collect();
        broken.sort_unstable();
        Self {
            analysis,
            file,
            part,
            errors,
            broken,
            found: Vec::new(),
            slips: HashSet::new(),
            is_patch: kustomize::is_patch(analysis, file, part),
            alias: None,
            aliased: 0,
        }
    }

    pub(crate) fn document(&self) -> Document<'a> {
        self.part.document()
    }

    /// What is judged.
    pub(crate) fn part(&self) -> &'a Part<'a> {
        self.part
    }

    /// The objects of the part.
    pub(super) fn manifests(&self) -> Vec<Manifest<'a>> {
        self.part.manifests()
    }

    pub(crate) fn schemas(&self) -> Schemas<'a> {
        self.analysis.schemas_of(self.file)
    }

    /// The schemas, for a text inside of this one.
    pub(super) fn schema_set(&self) -> SchemaSet {
        self.analysis.schema_set().clone()
    }

    /// The settings.
    pub(super) fn config(&self) -> &'a Config {
        self.analysis.config()
    }

    /// The objects as they were, where that is known.
    pub(super) fn deployed(&self) -> Option<&'a Deployed> {
        self.analysis.deployed()
    }

    /// Takes over a complaint about a text inside of this one.
    pub(super) fn add(&mut self, found: Diagnostic) {
        self.found.push(found);
    }

    pub(crate) fn source(&self) -> Option<&'a Source> {
        self.analysis.source(self.file)
    }

    /// A part of the text.
    pub(crate) fn text(&self, range: TextRange) -> String {
        self.source()
            .map(|source| source.slice(range).into_owned())
            .unwrap_or_default()
    }

    /// The column of an offset, in bytes.
    /// How the document at `offset` is laid out.
    pub(crate) fn layout(&self, offset: TextSize) -> Layout {
        let parse = self.analysis.parse(self.file);
        parse.map_or_else(Layout::default, |parse| {
            layout::of(parse, offset, self.analysis.config())
        })
    }

    pub(crate) fn column(&self, offset: TextSize) -> usize {
        self.source()
            .map_or(0, |source| source.line_col(offset).col as usize)
    }

    /// The range without its line ends: what can be underlined.
    fn first_line(&self, range: TextRange) -> TextRange {
        let text = self.text(range);
        let line = text.lines().next().unwrap_or_default();
        if line.len() == text.len() {
            return range;
        }
        TextRange::new(range.start(), range.start() + TextSize::of(line))
    }

    pub(crate) fn error(
        &mut self,
        range: TextRange,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(range, Severity::Error, code, message.into())
    }

    pub(crate) fn warning(
        &mut self,
        range: TextRange,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(range, Severity::Warning, code, message.into())
    }

    pub(crate) fn info(
        &mut self,
        range: TextRange,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(range, Severity::Info, code, message.into())
    }

    pub(crate) fn hint(
        &mut self,
        range: TextRange,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(range, Severity::Hint, code, message.into())
    }

    pub(crate) fn push(
        &mut self,
        range: TextRange,
        severity: Severity,
        code: &'static str,
        message: String,
    ) -> &mut Diagnostic {
        let message = match named(code) {
            Some(what) => message.replace("is not allowed here", &format!("cannot be {what}")),
            None => message,
        };
        let range = self.alias.unwrap_or_else(|| self.first_line(range));
        self.found.push(Diagnostic {
            range,
            severity,
            code,
            message,
            docs: None,
            related: Vec::new(),
            tags: Vec::new(),
            fixes: Vec::new(),
        });
        self.found.last_mut().expect("one was pushed just now")
    }

    /// Whether a list or a mapping in brackets is around an offset.
    pub(super) fn is_in_flow(&self, offset: TextSize) -> bool {
        let place = crate::place::at(self.document(), offset);
        let root = self.document().root();
        let values = place.entries.iter().filter_map(|entry| entry.value());
        let mut around = root.into_iter().chain(values);
        around.any(|node| match node {
            Node::Mapping(mapping) => {
                mapping.is_flow() && mapping.range().covers(TextRange::empty(offset))
            }
            Node::Sequence(list) => list.is_flow() && list.range().covers(TextRange::empty(offset)),
            _ => false,
        })
    }

    /// Judges what an alias stands for, by the schema of the place where the alias stands.
    ///
    /// The first error is reported at the alias. What is wrong at the anchor is not said again, and
    /// aliases behind the alias are left alone.
    pub(super) fn behind(
        &mut self,
        alias: TextRange,
        target: TextRange,
        judge: impl FnOnce(&mut Self),
    ) {
        let errors = self
            .found
            .iter()
            .filter(|it| it.severity == Severity::Error);
        let is_wrong = errors.into_iter().any(|it| target.covers(it.range));
        self.aliased += u32::from(target.len()) as usize;
        if is_wrong || self.alias.is_some() || self.aliased > MAX_ALIASED {
            return;
        }
        let before = self.found.len();
        self.alias = Some(alias);
        judge(self);
        self.alias = None;
        let behind = self.found.split_off(before);
        let first = behind.into_iter().find(|it| it.severity == Severity::Error);
        self.found.extend(first.map(|found| Diagnostic {
            fixes: Vec::new(),
            related: Vec::new(),
            ..found
        }));
    }

    /// Whether what is missing in `range` may stand in a broken part of it: a syntax error is in it,
    /// or it is a mapping of which a key was refused already.
    pub(crate) fn is_broken(&self, range: TextRange) -> bool {
        let first = self.broken.partition_point(|at| *at < range.start());
        let next = self.broken.get(first);
        self.slips.contains(&range) || next.is_some_and(|at| range.touches(*at))
    }

    /// Whether the document is a patch for objects that stand elsewhere.
    pub(super) fn is_patch(&self) -> bool {
        self.is_patch
    }

    /// Notes that a key of the mapping at `range` was refused.
    pub(super) fn slip(&mut self, range: TextRange) {
        self.slips.insert(range);
    }

    /// Gives the complaints from `start` on a page, where they have none yet.
    pub(super) fn explain(&mut self, start: usize, schema: Schema<'_>) {
        let later = self.found.get_mut(start..).unwrap_or_default();
        for found in later.iter_mut().filter(|found| found.docs.is_none()) {
            found.docs = schema.docs_url();
        }
    }

    /// The number of complaints so far.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// Whether one of the complaints from `start` on is about the type of what stands at `range`.
    pub(super) fn has_wrong_type(&self, start: usize, range: TextRange) -> bool {
        let later = self.found.get(start..).unwrap_or_default();
        later
            .iter()
            .any(|found| found.code == "type" && range.covers(found.range))
    }

    pub(crate) fn file(&self) -> FileId {
        self.file
    }

    /// The complaints, sorted; those that a syntax error caused are dropped.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        let mut found = self.take();
        if self.is_patch {
            found.retain(|found| IN_PATCHES.contains(&found.code));
        }
        let language = language::of_file(self.analysis, self.file);
        for found in &mut found {
            let page = found
                .docs
                .take()
                .or_else(|| pages::of(found.code, language));
            found.docs = page;
            self.keep_quotes(found);
        }
        let errors = std::mem::take(&mut self.errors);
        for error in self.without_cascade(&errors) {
            let severity = if error.is_tolerated() {
                Severity::Warning
            } else {
                Severity::Error
            };
            let star = self.value_with_star(&error);
            let tabs = self.tabs(&error);
            let complaint = match &star {
                Some((range, _)) => {
                    self.push(*range, severity, "invalid-anchor", A_STAR.to_owned())
                }
                None => self.push(error.range, severity, error.code, error.message),
            };
            complaint.docs(pages::of_syntax());
            if let Some((range, blanks)) = tabs {
                complaint.replace("Indent with spaces", range, blanks);
            }
            if let Some((range, quoted)) = star {
                complaint.replace(format!("Quote it: `{quoted}`"), range, quoted);
            }
        }
        found.append(&mut self.found);
        super::sort_by_place(&mut found);
        found.dedup_by(|a, b| a.range == b.range && a.code == b.code && a.message == b.message);
        found
    }

    /// Whether a tool fills in, before it is applied, what the complaint is about: the key or value
    /// that is underlined, or one that its words compare it with. A list or a mapping stays one,
    /// whatever is filled in inside. In a pipeline that is part of its language.
    fn is_filled_in(&self, found: &Diagnostic) -> bool {
        if language::of_file(self.analysis, self.file) == Language::GitlabCi {
            return false;
        }
        let text = self.text(found.range);
        let is_whole = placeholder::is_in(&text) && !placeholder::is_collection(text.trim_start());
        is_whole || placeholder::is_in(&found.message)
    }

    /// A value such as `* * * * *`: all of it, and the same in quotes.
    fn value_with_star(&self, error: &SyntaxError) -> Option<(TextRange, String)> {
        let source = self.source()?;
        let line = source.line_range(source.line_col(error.range.start()).line);
        let text = self.text(line);
        let before = text.find(": ").map_or_else(|| text.find("- "), Some)? + 2;
        let rest = text.get(before..)?;
        let value = rest.trim_start();
        let start = line.start() + TextSize::from((before + rest.len() - value.len()) as u32);
        let value = value.split(" #").next().unwrap_or_default().trim_end();
        let is_split = matches!(error.code, "invalid-anchor" | "unexpected-text");
        if !is_split
            || !value.starts_with('*')
            || value.contains('"')
            || error.range.start() < start
        {
            return None;
        }
        let range = TextRange::new(start, start + TextSize::of(value));
        Some((range, format!("\"{value}\"")))
    }

    /// Behind a tab the indentation of the next line fits nothing, which is no second mistake.
    fn without_cascade(&self, errors: &[SyntaxError]) -> Vec<SyntaxError> {
        let line = |error: &SyntaxError| {
            let source = self.source();
            source.map_or(0, |source| source.line_col(error.range.start()).line)
        };
        let tabs = errors.iter().filter(|it| it.code == "tab-indentation");
        let behind_tabs: HashSet<u32> = tabs.map(|tab| line(tab) + 1).collect();
        let after_tab = |error: &SyntaxError| {
            error.code == "wrong-indentation" && behind_tabs.contains(&line(error))
        };
        // What follows a star that names nothing is part of the same value.
        let after_star = |error: &SyntaxError| {
            self.value_with_star(error).is_some_and(|(value, _)| {
                let before = TextRange::new(value.start(), error.range.start());
                let mut others = starting_in(errors, before).iter();
                others.any(|it| value.covers(it.range))
            })
        };
        let kept = errors
            .iter()
            .filter(|error| !after_tab(error) && !after_star(error));
        kept.cloned().collect()
    }

    /// The complaints without those that a syntax error caused; the errors themselves stay.
    pub(crate) fn take(&mut self) -> Vec<Diagnostic> {
        let mut found = std::mem::take(&mut self.found);
        found.retain(|found| !self.caused_by_syntax(found) && !self.is_filled_in(found));
        found
    }

    /// Whether a syntax error stands on the same line.
    fn caused_by_syntax(&self, found: &Diagnostic) -> bool {
        let Some(source) = self.source() else {
            return false;
        };
        let line = |offset| source.line_col(offset).line;
        let (first, last) = (line(found.range.start()), line(found.range.end()));
        let start = source.line_range(first).start();
        let next = (last + 1 < source.line_count()).then(|| source.line_range(last + 1).start());
        // An error may stand behind the last character.
        let end = next.unwrap_or(source.len() + TextSize::from(1));
        !starting_in(&self.errors, TextRange::new(start, end)).is_empty()
    }
}

/// The errors that start in a range, not at its end; `errors` are sorted.
fn starting_in(errors: &[SyntaxError], range: TextRange) -> &[SyntaxError] {
    let first = errors.partition_point(|error| error.range.start() < range.start());
    let behind = errors.partition_point(|error| error.range.start() < range.end());
    errors.get(first..behind).unwrap_or_default()
}

impl Diagnostic {
    pub(crate) fn docs(&mut self, url: impl Into<Option<String>>) -> &mut Self {
        self.docs = url.into();
        self
    }

    pub(crate) fn fix(&mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> &mut Self {
        let title = title.into();
        self.fixes.push(Fix {
            title,
            edits,
            snippet: None,
        });
        self
    }

    /// What the only change of the last fix inserts, with tab stops.
    pub(crate) fn stops(&mut self, snippet: String) {
        let stops = snippet.contains('$');
        if let Some(fix) = self.fixes.last_mut().filter(|_| stops) {
            fix.snippet = Some(snippet);
        }
    }

    /// A fix that puts `insert` in the place of `range`.
    pub(crate) fn replace(
        &mut self,
        title: impl Into<String>,
        range: TextRange,
        insert: impl Into<String>,
    ) -> &mut Self {
        let insert = insert.into();
        self.fix(title, vec![TextEdit { range, insert }])
    }

    pub(crate) fn related(
        &mut self,
        file: FileId,
        range: TextRange,
        message: impl Into<String>,
    ) -> &mut Self {
        let message = message.into();
        self.related.push(Related {
            file,
            range,
            message,
        });
        self
    }
}

/// The key of an entry, or the entry where it has none.
pub(crate) fn key_range(entry: Entry<'_>) -> TextRange {
    entry.key().map_or_else(|| entry.range(), Node::range)
}

/// What a name is for, that a rule of `formats::name` refused.
fn named(code: &str) -> Option<&'static str> {
    Some(match code {
        "annotation-key" => "the key of an annotation",
        "config-key" => "a key of a ConfigMap or Secret",
        "container-name" => "the name of a container",
        "crd-names" => "the name of a kind",
        "env-name" => "the name of a variable",
        "external-name" | "ingress-host" => "a host name",
        "invalid-name" => "a name",
        "invalid-namespace" => "the name of a namespace",
        "label-key" => "the key of a label",
        "label-value" => "the value of a label",
        "port-name" => "the name of a port",
        "volume-name" => "the name of a volume",
        _ => return None,
    })
}

/// A kind with the article before it: `a Pod`, `an Ingress`.
pub(super) fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}
