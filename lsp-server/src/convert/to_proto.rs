//! Ours → LSP: the only place that writes the client's columns.

use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;
use yaml_ide::code_actions::CodeActionKind;
use yaml_ide::completion::{CompletionItem, CompletionKind};
use yaml_ide::diagnostics::{Diagnostic, Severity, Tag};
use yaml_ide::document_highlight::Highlight;
use yaml_ide::document_links::{DocumentLink, LinkTarget};
use yaml_ide::document_symbols::{DocumentSymbol, SymbolKind};
use yaml_ide::find_references::Location;
use yaml_ide::folding_ranges::{FoldingKind, FoldingRange};
use yaml_ide::goto_definition::Target;
use yaml_ide::hover::Hover;
use yaml_ide::inlay_hints::InlayHint;
use yaml_ide::rename::{TextEdit, WorkspaceEdit};
use yaml_ide::workspace_symbols::WorkspaceSymbol;
use yaml_syntax::{LineCol, TextRange, TextSize};

use super::{Lines, plain_text, snippet};
use crate::session::Snapshot;

/// The position of an offset.
pub(crate) fn position(lines: Lines<'_>, offset: TextSize) -> lsp::Position {
    let LineCol { line, col } = lines.source.line_col(offset);
    let offset = offset.min(lines.source.len());
    lsp::Position::new(line, lines.count(offset - TextSize::from(col), offset))
}

/// The positions of both ends.
pub(crate) fn range(lines: Lines<'_>, range: TextRange) -> lsp::Range {
    lsp::Range::new(position(lines, range.start()), position(lines, range.end()))
}

/// `CommonMark` for the client to draw, or what is left of it where the client cannot.
pub(crate) fn markdown(snapshot: &Snapshot, value: String) -> lsp::MarkupContent {
    if snapshot.client.markdown {
        let kind = lsp::MarkupKind::Markdown;
        return lsp::MarkupContent { kind, value };
    }
    lsp::MarkupContent {
        kind: lsp::MarkupKind::PlainText,
        value: plain_text::of_markdown(&value),
    }
}

pub(crate) fn hover(snapshot: &Snapshot, lines: Lines<'_>, hover: Hover) -> lsp::Hover {
    lsp::Hover {
        contents: lsp::HoverContents::Markup(markdown(snapshot, hover.markdown)),
        range: Some(range(lines, hover.range)),
    }
}

pub(crate) fn text_edit(lines: Lines<'_>, edit: TextEdit) -> lsp::TextEdit {
    lsp::TextEdit::new(range(lines, edit.range), edit.insert)
}

pub(crate) fn text_edits(lines: Lines<'_>, edits: Vec<TextEdit>) -> Vec<lsp::TextEdit> {
    edits
        .into_iter()
        .map(|edit| text_edit(lines, edit))
        .collect()
}

/// A change with tab stops, as the protocol has it from 3.18 on.
///
/// Clients indent the later lines of a snippet like the line that it starts in. One that begins with
/// a line end is therefore put at the start of the next line, where there is nothing to repeat;
/// `None` where there is no next line.
pub(crate) fn snippet_edit(lines: Lines<'_>, place: TextRange, snippet: &str) -> Option<Value> {
    let (place, snippet) = match snippet.strip_prefix('\n') {
        None => (place, snippet.to_owned()),
        Some(rest) => {
            let row = lines.source.line_col(place.end()).line + 1;
            let next = (row < lines.source.line_count()).then(|| lines.source.line_range(row))?;
            (TextRange::empty(next.start()), format!("{rest}\n"))
        }
    };
    let snippet = json!({"kind": "snippet", "value": snippet});
    Some(json!({"range": range(lines, place), "snippet": snippet}))
}

/// A change of several files. It names the versions that it was made for where the client can
/// check them, so that it is never applied to another text.
pub(crate) fn workspace_edit(snapshot: &Snapshot, edit: WorkspaceEdit) -> lsp::WorkspaceEdit {
    let files = edit.files.into_iter().filter_map(|(file, edits)| {
        let lines = snapshot.lines(file)?;
        let identity = snapshot.documents.identity(file)?.clone();
        Some((identity, text_edits(lines, edits)))
    });
    if !snapshot.client.versioned_edits {
        let changes = files
            .map(|(identity, edits)| (identity.uri, edits))
            .collect();
        return lsp::WorkspaceEdit::new(changes);
    }
    let changes = files.map(|(identity, edits)| lsp::TextDocumentEdit {
        text_document: lsp::OptionalVersionedTextDocumentIdentifier {
            uri: identity.uri,
            version: identity.version,
        },
        edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
    });
    lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Edits(changes.collect())),
        ..lsp::WorkspaceEdit::default()
    }
}

/// A place in some file, if that is still open.
pub(crate) fn location(snapshot: &Snapshot, location: Location) -> Option<lsp::Location> {
    let lines = snapshot.lines(location.file)?;
    let uri = snapshot.documents.identity(location.file)?.uri.clone();
    Some(lsp::Location::new(uri, range(lines, location.range)))
}

/// A place to go to, with the word in `origin` that leads there.
pub(crate) fn location_link(
    snapshot: &Snapshot,
    origin: Lines<'_>,
    target: &Target,
) -> Option<lsp::LocationLink> {
    let lines = snapshot.lines(target.file)?;
    Some(lsp::LocationLink {
        origin_selection_range: Some(range(origin, target.origin)),
        target_uri: snapshot.documents.identity(target.file)?.uri.clone(),
        target_range: range(lines, target.range),
        target_selection_range: range(lines, target.selection),
    })
}

pub(crate) fn diagnostic(
    snapshot: &Snapshot,
    lines: Lines<'_>,
    diagnostic: &Diagnostic,
) -> lsp::Diagnostic {
    let related = diagnostic.related.iter().filter_map(|related| {
        let place = Location {
            file: related.file,
            range: related.range,
        };
        Some(lsp::DiagnosticRelatedInformation {
            location: location(snapshot, place)?,
            message: related.message.clone(),
        })
    });
    let related = Some(related.collect::<Vec<_>>()).filter(|list| !list.is_empty());
    let tags = Some(
        diagnostic
            .tags
            .iter()
            .map(|tag| self::tag(*tag))
            .collect::<Vec<_>>(),
    );
    let docs = diagnostic.docs.as_ref().and_then(|docs| docs.parse().ok());
    lsp::Diagnostic {
        range: range(lines, diagnostic.range),
        severity: Some(severity(diagnostic.severity)),
        code: Some(lsp::NumberOrString::String(diagnostic.code.to_owned())),
        code_description: docs.map(|href| lsp::CodeDescription { href }),
        source: Some("kun".to_owned()),
        message: diagnostic.message.clone(),
        related_information: related,
        tags: tags.filter(|list| !list.is_empty()),
        data: None,
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

fn tag(tag: Tag) -> lsp::DiagnosticTag {
    match tag {
        Tag::Deprecated => lsp::DiagnosticTag::DEPRECATED,
        Tag::Unnecessary => lsp::DiagnosticTag::UNNECESSARY,
    }
}

pub(crate) fn completion_item(
    snapshot: &Snapshot,
    lines: Lines<'_>,
    item: CompletionItem,
) -> lsp::CompletionItem {
    let client = &snapshot.client;
    let is_snippet = item.is_snippet && client.snippets;
    let is_relative = is_snippet && client.indents_snippets;
    let insert = match item.is_snippet {
        true if is_relative => snippet::relative(lines.source, item.range.start(), &item.insert),
        true if !is_snippet => snippet::without_tab_stops(&item.insert),
        _ => item.insert,
    };
    let edit = lsp::TextEdit::new(range(lines, item.range), insert);
    let additional = text_edits(lines, item.additional_edits);
    let retrigger = item.retrigger && client.can_retrigger;
    lsp::CompletionItem {
        label: item.label,
        kind: Some(completion_kind(item.kind)),
        detail: Some(item.detail).filter(|detail| !detail.is_empty()),
        sort_text: Some(format!("{:05}", item.rank)),
        filter_text: Some(item.filter),
        insert_text_format: is_snippet.then_some(lsp::InsertTextFormat::SNIPPET),
        insert_text_mode: Some(if is_relative {
            lsp::InsertTextMode::ADJUST_INDENTATION
        } else {
            lsp::InsertTextMode::AS_IS
        }),
        text_edit: Some(lsp::CompletionTextEdit::Edit(edit)),
        additional_text_edits: Some(additional).filter(|edits| !edits.is_empty()),
        tags: item
            .deprecated
            .then(|| vec![lsp::CompletionItemTag::DEPRECATED]),
        command: retrigger.then(|| {
            let name = crate::capabilities::RETRIGGER.to_owned();
            lsp::Command::new("Suggest values".to_owned(), name, None)
        }),
        data: Some(item.documentation.into()).filter(|key| key != ""),
        ..lsp::CompletionItem::default()
    }
}

fn completion_kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    match kind {
        CompletionKind::Field => lsp::CompletionItemKind::FIELD,
        CompletionKind::EnumMember => lsp::CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Value => lsp::CompletionItemKind::VALUE,
        CompletionKind::Kind => lsp::CompletionItemKind::CLASS,
        CompletionKind::Reference => lsp::CompletionItemKind::REFERENCE,
        CompletionKind::Snippet => lsp::CompletionItemKind::SNIPPET,
    }
}

pub(crate) fn code_action_kind(kind: CodeActionKind) -> lsp::CodeActionKind {
    match kind {
        CodeActionKind::QuickFix => lsp::CodeActionKind::QUICKFIX,
        CodeActionKind::Rewrite => lsp::CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::FixAll => lsp::CodeActionKind::SOURCE_FIX_ALL,
    }
}

pub(crate) fn document_symbol(lines: Lines<'_>, symbol: DocumentSymbol) -> lsp::DocumentSymbol {
    let children = symbol
        .children
        .into_iter()
        .map(|child| document_symbol(lines, child));
    let children = Some(children.collect::<Vec<_>>()).filter(|list| !list.is_empty());
    #[expect(
        deprecated,
        reason = "the struct has the field, and no other constructor"
    )]
    lsp::DocumentSymbol {
        // An empty name is against the protocol, and a key can be empty.
        name: if symbol.name.is_empty() {
            "\"\"".to_owned()
        } else {
            symbol.name
        },
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(lines, symbol.range),
        selection_range: range(lines, symbol.selection),
        children,
    }
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Object => lsp::SymbolKind::CLASS,
        SymbolKind::Mapping => lsp::SymbolKind::MODULE,
        SymbolKind::Sequence => lsp::SymbolKind::ARRAY,
        SymbolKind::Item => lsp::SymbolKind::OBJECT,
        SymbolKind::String => lsp::SymbolKind::STRING,
        SymbolKind::Number => lsp::SymbolKind::NUMBER,
        SymbolKind::Boolean => lsp::SymbolKind::BOOLEAN,
        SymbolKind::Null => lsp::SymbolKind::NULL,
    }
}

pub(crate) fn workspace_symbol(
    snapshot: &Snapshot,
    symbol: WorkspaceSymbol,
) -> Option<lsp::WorkspaceSymbol> {
    let place = Location {
        file: symbol.file,
        range: symbol.range,
    };
    Some(lsp::WorkspaceSymbol {
        name: symbol.name,
        kind: lsp::SymbolKind::CLASS,
        tags: None,
        container_name: Some(symbol.container),
        location: lsp::OneOf::Left(location(snapshot, place)?),
        data: None,
    })
}

pub(crate) fn folding_range(lines: Lines<'_>, fold: FoldingRange) -> lsp::FoldingRange {
    let range = range(lines, fold.range);
    lsp::FoldingRange {
        start_line: range.start.line,
        start_character: Some(range.start.character),
        end_line: range.end.line,
        end_character: Some(range.end.character),
        kind: match fold.kind {
            FoldingKind::Comment => Some(lsp::FoldingRangeKind::Comment),
            FoldingKind::Document => Some(lsp::FoldingRangeKind::Region),
            FoldingKind::Block => None,
        },
        collapsed_text: fold.collapsed,
    }
}

/// Ranges that grow, as the protocol nests them; `None` without any.
pub(crate) fn selection_range(
    lines: Lines<'_>,
    ranges: &[TextRange],
) -> Option<lsp::SelectionRange> {
    ranges.iter().rev().fold(None, |parent, inner| {
        Some(lsp::SelectionRange {
            range: range(lines, *inner),
            parent: parent.map(Box::new),
        })
    })
}

pub(crate) fn highlight(lines: Lines<'_>, highlight: Highlight) -> lsp::DocumentHighlight {
    lsp::DocumentHighlight {
        range: range(lines, highlight.range),
        kind: Some(if highlight.is_definition {
            lsp::DocumentHighlightKind::WRITE
        } else {
            lsp::DocumentHighlightKind::READ
        }),
    }
}

/// A link, unless its target is no address and no open file.
pub(crate) fn document_link(
    snapshot: &Snapshot,
    lines: Lines<'_>,
    link: DocumentLink,
) -> Option<lsp::DocumentLink> {
    let target = match link.target {
        LinkTarget::Address(address) => address.parse().ok()?,
        LinkTarget::File(file) => snapshot.documents.identity(file)?.uri.clone(),
    };
    Some(lsp::DocumentLink {
        range: range(lines, link.range),
        target: Some(target),
        tooltip: Some(link.tooltip).filter(|tooltip| !tooltip.is_empty()),
        data: None,
    })
}

pub(crate) fn inlay_hint(snapshot: &Snapshot, lines: Lines<'_>, hint: InlayHint) -> lsp::InlayHint {
    let tooltip = Some(hint.tooltip).filter(|tooltip| !tooltip.is_empty());
    lsp::InlayHint {
        position: position(lines, hint.offset),
        label: lsp::InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: tooltip.map(|text| lsp::InlayHintTooltip::MarkupContent(markdown(snapshot, text))),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
