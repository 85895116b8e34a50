//! What may stand at the cursor of a pipeline.

mod keys;
mod matrix;
mod values;

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Node, Path, PathSegment, Source, TextRange, TextSize};

use super::at;
use super::pipeline::Pipeline;
use super::schema::Schema;
use super::variables;
use crate::completion::context::{self, Context, Slot};
use crate::completion::{CompletionItem, CompletionKind, Found};
use crate::{Analysis, FileId, fuzzy, layout};

/// The cursor, and what is known about its place.
struct Site<'a> {
    analysis: &'a Analysis,
    file: FileId,
    context: &'a Context,
    path: Path,
    schema: &'static Schema,
}

impl Site<'_> {
    fn pipeline(&self) -> Pipeline<'_> {
        Pipeline::of(self.analysis, self.file)
    }

    /// The name of the job around the cursor.
    fn job(&self) -> Option<&str> {
        match self.path.first()? {
            PathSegment::Key(name) => Some(name),
            PathSegment::Index(_) => None,
        }
    }
}

/// Lists what may stand at `offset`, ranked.
#[inline(never)]
pub(crate) fn items(
    analysis: &Analysis,
    file: FileId,
    offset: TextSize,
) -> Option<Vec<CompletionItem>> {
    let parse = analysis.parse(file)?;
    if let Some((range, typed)) = variable_before(parse.source(), offset) {
        return Some(variables_of(analysis, file, range, &typed));
    }
    let layout = layout::of(parse, offset, analysis.config());
    let mut context = context::context(parse, offset, layout)?;
    let path = context.path()?;
    if (context.slot == Slot::Value || is_bare_item(&context))
        && let Some((name, value)) = compared(&context.typed)
    {
        let (name, value) = (name.to_owned(), value.to_owned());
        narrow(&mut context, offset, &value);
        return Some(values_of(&context, &name));
    }
    if let Some(items) = reference(analysis, file, &context, &path) {
        return Some(items);
    }
    let schema = at(&path)?;
    let site = Site {
        analysis,
        file,
        context: &context,
        path,
        schema,
    };
    let mut found = Found {
        context: &context,
        items: Vec::new(),
    };
    match context.slot {
        Slot::Key => keys::complete(&site, &mut found),
        Slot::Value => {
            values::complete(&site, "", &mut found);
            values::lists(&site, &mut found);
        }
    }
    Some(found.ranked())
}

/// Whether what is typed cannot become a key: it has a variable in it.
fn is_bare_item(context: &Context) -> bool {
    !context.has_colon && context.typed.contains('$')
}

/// The variable that is typed, wherever it stands: in `… && $CI_CO` it is `CI_CO`.
fn variable_before(source: &Source, offset: TextSize) -> Option<(TextRange, String)> {
    let line = source.line_range(source.line_col(offset).line);
    let before = source.slice(TextRange::new(line.start(), offset));
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = before.trim_end_matches(is_word);
    let is_variable = rest.ends_with('$') || rest.ends_with("${");
    if !is_variable || before.trim_start().starts_with('#') {
        return None;
    }
    let typed = before.get(rest.len()..)?.to_owned();
    Some((TextRange::new(offset - TextSize::of(&typed), offset), typed))
}

/// Makes `word`, which ends at `offset`, the thing to complete.
fn narrow(context: &mut Context, offset: TextSize, word: &str) {
    context.token = TextRange::new(offset - TextSize::of(word), offset);
    word.clone_into(&mut context.typed);
    context.quote = None;
    context.lead = String::new();
    context.indent = None;
}

fn variables_of(
    analysis: &Analysis,
    file: FileId,
    range: TextRange,
    typed: &str,
) -> Vec<CompletionItem> {
    let pipeline = Pipeline::of(analysis, file);
    let own = pipeline.parts().flat_map(|(_, _, part)| &part.variables);
    let own = own.map(|name| (name.text.as_str(), "of this pipeline"));
    let others = variables::PREDEFINED.iter();
    let others = others.map(|(name, _)| (*name, "set by GitLab"));
    let mut scored: Vec<(i32, &str, &str)> = own
        .chain(others)
        .filter_map(|(name, detail)| Some((fuzzy::score(typed, name)?, name, detail)))
        .collect();
    sort_by_number(&mut scored, |(score, _, _)| fuzzy::best_first(*score));
    let ranked = (0..).zip(scored);
    ranked
        .map(|(rank, (_, name, detail))| CompletionItem {
            label: name.to_owned(),
            kind: CompletionKind::Value,
            detail: detail.to_owned(),
            filter: name.to_owned(),
            rank,
            range,
            insert: name.to_owned(),
            is_snippet: false,
            additional_edits: Vec::new(),
            deprecated: false,
            retrigger: false,
            documentation: match variables::find(name) {
                Some(_) => format!("{}${name}", super::DOCUMENTATION),
                None => String::new(),
            },
        })
        .collect()
}

/// The variable that is compared with a text that is being typed: `$CI_PIPELINE_SOURCE == "me`.
fn compared(typed: &str) -> Option<(&str, &str)> {
    let quote = typed.rfind(['"', '\''])?;
    let before = typed.get(..quote)?.trim_end();
    let value = typed.get(quote + 1..)?;
    let before = before.strip_suffix("==").or(before.strip_suffix("!="))?;
    let name = before.trim_end().rsplit('$').next()?;
    (!variables::values(name).is_empty()).then_some((name, value))
}

fn values_of(context: &Context, variable: &str) -> Vec<CompletionItem> {
    let mut found = Found {
        context,
        items: Vec::new(),
    };
    for value in variables::values(variable) {
        found.push(value, CompletionKind::EnumMember, (*value).to_owned());
    }
    found.ranked()
}

/// The parts of `!reference [job, keyword]`.
fn reference(
    analysis: &Analysis,
    file: FileId,
    context: &Context,
    path: &[PathSegment],
) -> Option<Vec<CompletionItem>> {
    let (PathSegment::Index(index), outer) = path.split_last()? else {
        return None;
    };
    let list = context.document()?.node_at_path(outer)?;
    if list.tag() != Some("!reference") {
        return None;
    }
    let mut found = Found {
        context,
        items: Vec::new(),
    };
    let pipeline = Pipeline::of(analysis, file);
    if *index == 0 {
        for job in pipeline.jobs() {
            let name = &job.job.name.text;
            found.push(
                name,
                CompletionKind::Reference,
                layout::plain_or_quoted(name),
            );
        }
    } else if *index == 1 {
        let first = list.as_sequence()?.items().next()?.node();
        let name = first.and_then(Node::as_scalar)?.text().into_owned();
        for keyword in &pipeline.job(&name)?.job.keywords {
            found.push(keyword, CompletionKind::Field, keyword.clone());
        }
    }
    Some(found.ranked())
}
