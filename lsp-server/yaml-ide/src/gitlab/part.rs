//! What one document says of a pipeline: its jobs and stages, and the names that it uses.

mod matrix;

use yaml_syntax::{Document, Entry, Node, TextRange};

use super::scalar::{self, Read};
use super::schema::{self, Role, Schema};
use crate::object::{Object, Value};

pub(crate) use matrix::Matrix;

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 32;

/// More are not offered.
const MAX_IMAGES: usize = 64;

/// What a document says. Ranges are in bytes of the text when it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// In order, hidden ones among them.
    pub(crate) jobs: Vec<Job>,
    /// The stages, if the document lists them.
    pub(crate) stages: Option<Vec<Name>>,
    /// The files that it includes, and those of child pipelines.
    pub(crate) includes: Vec<Include>,
    /// Names of jobs and stages that it uses.
    pub(crate) uses: Vec<(Role, Name)>,
    /// What `!reference` brings in: the job, and the keyword of it.
    pub(crate) references: Vec<(Name, Option<Name>)>,
    /// The inputs that `spec` asks for, if it is a header and takes none from elsewhere.
    pub(crate) inputs: Option<Vec<String>>,
    /// Names of variables that it defines for all jobs.
    pub(crate) variables: Vec<Name>,
    /// Names of images that it uses, each once.
    pub(crate) images: Vec<String>,
    /// Whether it is the header of a file.
    pub(crate) is_header: bool,
    /// Whether `workflow: rules` decides when there is a pipeline.
    pub(crate) has_workflow_rules: bool,
}

/// A name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) range: TextRange,
}

/// A file that is included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Include {
    /// A file of the same repository, from its root; with `*` perhaps several.
    Local(Name),
    /// One that is not in the repository, or whose name depends on variables.
    Elsewhere,
    /// A file of a child pipeline: a pipeline of its own.
    Child(Name),
}

/// A job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) name: Name,
    /// From its key to its end.
    pub(crate) whole: TextRange,
    pub(crate) stage: Option<Name>,
    pub(crate) extends: Vec<Name>,
    /// What it waits for; `None` where it does not say.
    pub(crate) needs: Option<Vec<Need>>,
    /// Whether it takes over the state of another pipeline.
    pub(crate) needs_pipeline: bool,
    pub(crate) dependencies: Vec<Name>,
    pub(crate) environment: Option<Environment>,
    /// Of which copies of it there are, if a matrix of fixed values says so.
    pub(crate) matrix: Option<Matrix>,
    /// The keywords that it has, merged ones too.
    pub(crate) keywords: Vec<String>,
}

/// A job that another one waits for.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    pub(crate) name: Name,
    pub(crate) optional: bool,
    /// Which copies of it, if a matrix of fixed values says so.
    pub(crate) matrix: Option<Matrix>,
}

/// The environment of a job.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) name: Option<Name>,
    pub(crate) action: Option<String>,
    pub(crate) on_stop: Option<Name>,
}

impl Job {
    /// Whether it never runs itself: a template for others.
    pub(crate) fn is_hidden(&self) -> bool {
        self.name.text.starts_with('.')
    }

    /// Whether it has this keyword.
    pub(crate) fn has(&self, keyword: &str) -> bool {
        self.keywords.iter().any(|one| one == keyword)
    }
}

/// Reads a document.
pub(crate) fn read(document: Document<'_>) -> Part {
    let mut part = Part::default();
    let Some(root) = document.root() else {
        return part;
    };
    let Some(pipeline) = Value::new(document, root).object() else {
        return part;
    };
    for (key, entry, value) in pipeline.pairs() {
        match (key.as_str(), value) {
            ("stages", Some(value)) => {
                let mut stages = Vec::new();
                texts(value, &mut stages, 0);
                part.stages = Some(stages);
            }
            ("include", Some(value)) => includes(value, &mut part.includes, Include::Local),
            ("variables", Some(value)) => part.variables = keys(value),
            ("workflow", Some(value)) => {
                let workflow = value.object();
                part.has_workflow_rules = workflow.is_some_and(|workflow| workflow.has("rules"));
            }
            ("spec", Some(value)) => {
                part.is_header = true;
                part.inputs = inputs(value);
            }
            (_, Some(value)) if is_job(&key) => part.job(key, entry, value),
            _ => {}
        }
    }
    uses(document, root, &schema::PIPELINE, &mut part, 0);
    part
}

fn inputs(spec: Value<'_>) -> Option<Vec<String>> {
    let spec = spec.object().filter(|spec| !spec.has("include"))?;
    let inputs = spec.object("inputs").into_iter().flat_map(Object::pairs);
    Some(inputs.map(|(name, _, _)| name).collect())
}

/// Whether a key at the top is the name of a job. Older global keywords are none: GitLab reads
/// `types` as a job, which nobody means.
pub(crate) fn is_job(key: &str) -> bool {
    let global = schema::PIPELINE.map().and_then(|map| map.field(key));
    global.is_none_or(|field| field.name == "pages") && key != "<<"
}

impl Part {
    fn job(&mut self, key: String, entry: Entry<'_>, value: Value<'_>) {
        let (Some(job), Some(written)) = (value.object(), entry.key()) else {
            return;
        };
        if let Some(trigger) = job.object("trigger")
            && let Some(files) = trigger.get("include")
        {
            includes(files, &mut self.includes, Include::Child);
        }
        let name = Name {
            text: key,
            range: written.range(),
        };
        self.jobs.push(read_job(name, entry.range(), job));
    }
}

fn read_job(name: Name, whole: TextRange, job: Object<'_>) -> Job {
    let mut extends = Vec::new();
    if let Some(value) = job.get("extends") {
        texts(value, &mut extends, 0);
    }
    let mut dependencies = Vec::new();
    if let Some(value) = job.get("dependencies") {
        texts(value, &mut dependencies, 0);
    }
    Job {
        name,
        whole,
        stage: job.get("stage").and_then(self::name),
        extends,
        needs: job.get("needs").map(needs),
        needs_pipeline: job.objects("needs").iter().any(|need| need.has("pipeline"))
            || job
                .object("needs")
                .is_some_and(|needs| needs.has("pipeline")),
        dependencies,
        environment: job.get("environment").map(environment),
        matrix: matrix::read(job),
        keywords: job.keys(),
    }
}

fn environment(value: Value<'_>) -> Environment {
    let Some(settings) = value.object() else {
        return Environment {
            name: name(value),
            ..Environment::default()
        };
    };
    Environment {
        name: settings.get("name").and_then(name),
        action: settings.get("action").and_then(Value::raw_text),
        on_stop: settings.get("on_stop").and_then(name),
    }
}

fn needs(value: Value<'_>) -> Vec<Need> {
    let needs = value.items().into_iter().filter_map(|item| {
        let Some(settings) = item.object() else {
            return name(item).map(|name| Need {
                name,
                optional: false,
                matrix: None,
            });
        };
        let elsewhere = settings.has("project") || settings.has("pipeline");
        let name = settings.get("job").and_then(name).filter(|_| !elsewhere)?;
        let optional = settings.get("optional").and_then(Value::raw_text);
        let optional = optional.is_some_and(|text| text == "true");
        Some(Need {
            name,
            optional,
            matrix: matrix::read(settings),
        })
    });
    needs.collect()
}

/// A text that is written here, and does not depend on variables.
fn name(value: Value<'_>) -> Option<Name> {
    let written = value.written();
    let scalar = written.as_scalar()?;
    let text = scalar.text().into_owned();
    let is_text = scalar::read(scalar, written.tag()) == Read::Text;
    let fixed = is_text && written.tag().is_none_or(|tag| tag == "!!str") && !text.contains('$');
    let range = written.range();
    (fixed && !text.is_empty()).then_some(Name { text, range })
}

/// The texts of a list, and of lists in it; or the one text.
fn texts(value: Value<'_>, found: &mut Vec<Name>, depth: usize) {
    if let Some(name) = name(value) {
        found.push(name);
    }
    if depth < MAX_DEPTH {
        for item in value.items() {
            texts(item, found, depth + 1);
        }
    }
}

fn keys(value: Value<'_>) -> Vec<Name> {
    let pairs = value.object().into_iter().flat_map(Object::pairs);
    let keys = pairs.filter_map(|(text, entry, _)| {
        let range = entry.key()?.range();
        Some(Name { text, range })
    });
    keys.collect()
}

fn includes(value: Value<'_>, found: &mut Vec<Include>, local: fn(Name) -> Include) {
    for item in value.items() {
        includes(item, found, local);
    }
    let file = match value.object() {
        Some(settings) => match settings.get("local") {
            Some(file) => file,
            None => return found.push(Include::Elsewhere),
        },
        None if value.node().is_some_and(|node| node.as_scalar().is_some()) => value,
        None => return,
    };
    let is_address = |name: &Name| name.text.contains("://");
    found.push(match name(file).filter(|name| !is_address(name)) {
        Some(name) => local(name),
        None => Include::Elsewhere,
    });
}

/// Names of jobs and stages at all places whose schema says that such a name stands there.
fn uses(
    document: Document<'_>,
    node: Node<'_>,
    schema: &'static Schema,
    part: &mut Part,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    let tag = node.tag();
    match node {
        Node::Sequence(list) if tag == Some("!reference") => {
            let items = list.items().filter_map(yaml_syntax::Item::node);
            let mut names = items.map(|node| name(Value::new(document, node)));
            if let Some(Some(job)) = names.next() {
                part.uses.push((Role::Template, job.clone()));
                part.references.push((job, names.next().flatten()));
            }
        }
        Node::Mapping(mapping) => {
            // The job of another project is none of this pipeline.
            let keys = ["project", "pipeline"];
            let elsewhere = keys.iter().any(|key| mapping.entry(key).is_some());
            for entry in mapping.entries() {
                let key = entry.key_text().unwrap_or_default();
                let inner = schema.map().and_then(|map| map.value(&key));
                if let Some(value) = entry.value().filter(|_| key != "job" || !elsewhere) {
                    uses(document, value, inner.unwrap_or(&ANY), part, depth + 1);
                }
            }
        }
        Node::Sequence(list) => {
            let inner = schema.items().unwrap_or(&ANY);
            for item in list.items().filter_map(yaml_syntax::Item::node) {
                uses(document, item, inner, part, depth + 1);
            }
        }
        Node::Scalar(_) => {
            let role = schema.role();
            let named =
                role.filter(|role| matches!(role, Role::Job | Role::Template | Role::Stage));
            let name = name(Value::new(document, node));
            if role == Some(Role::Image)
                && let Some(name) = &name
                && part.images.len() < MAX_IMAGES
                && !part.images.contains(&name.text)
            {
                part.images.push(name.text.clone());
            }
            part.uses.extend(named.zip(name));
        }
        Node::Alias(_) => {}
    }
}

/// For what no keyword tells about, such as values that others refer to.
static ANY: Schema = Schema {
    forms: &[schema::Form::Any],
};
