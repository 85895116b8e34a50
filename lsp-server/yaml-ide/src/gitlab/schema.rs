//! What may stand where in a pipeline file. The tables are made by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/gitlab_tables.rs"));

/// What a value may be: one of its forms. Nothing at all (`null`) is always taken.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) forms: &'static [Form],
}

/// One way to write a value.
#[derive(Debug)]
pub(crate) enum Form {
    /// Whatever.
    Any,
    /// A text: what it says, and how many characters it has at most (0: any number).
    Text(Role, u32),
    /// One of these words; also a variable, if so marked.
    Words(&'static [Word], bool),
    /// A whole number from the first to the second.
    Integer(i64, i64),
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A mapping.
    Map(&'static Map),
    /// A list of such values, and how many it has at most (0: any number).
    List(&'static Schema, u32),
}

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing that is known.
    Plain,
    /// The name of a job.
    Job,
    /// The name of a job or a hidden one.
    Template,
    /// The name of a stage.
    Stage,
    /// The condition of a rule.
    Condition,
    /// A time in words.
    Duration,
    /// A time in words, or `never`.
    Expiry,
    /// A pattern between slashes.
    Pattern,
    /// Branches or tags of `only` and `except`.
    Ref,
    /// The key of a cache.
    CacheKey,
    /// The name of an environment.
    Environment,
    /// The name of a container image.
    Image,
    /// A file to include.
    File,
    /// A pattern of paths.
    Path,
}

/// A word of a closed list.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) word: &'static str,
    /// What it means; often nothing.
    pub(crate) text: &'static str,
}

/// A mapping: known keywords, and perhaps names that people choose.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) fields: &'static [Field],
    pub(crate) others: Option<&'static Schema>,
}

/// A keyword.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    /// The page that explains it, below [`DOCS`].
    pub(crate) docs: &'static str,
    /// What holds where it is not written; empty where nothing does.
    pub(crate) default: &'static str,
    /// What is written in its place, if it is deprecated.
    pub(crate) instead: Option<&'static str>,
    pub(crate) required: bool,
    pub(crate) schema: &'static Schema,
}

/// Where the documentation stands.
pub(crate) const DOCS: &str = "https://docs.gitlab.com/ci/";

impl Schema {
    /// The mapping that a value may be. Of several the one that has most of `keys`.
    pub(crate) fn map(&self) -> Option<&'static Map> {
        self.forms.iter().find_map(|form| match form {
            Form::Map(map) => Some(*map),
            _ => None,
        })
    }

    /// What the items of a list may be, if the value may be one.
    pub(crate) fn items(&self) -> Option<&'static Schema> {
        self.list().map(|(items, _)| items)
    }

    /// The items of a list, and how many there may be.
    pub(crate) fn list(&self) -> Option<(&'static Schema, u32)> {
        self.forms.iter().find_map(|form| match form {
            Form::List(items, most) => Some((*items, *most)),
            _ => None,
        })
    }

    /// The words that the value may be.
    pub(crate) fn words(&self) -> impl Iterator<Item = &'static Word> {
        self.forms.iter().flat_map(|form| match form {
            Form::Words(words, _) => *words,
            _ => &[],
        })
    }

    /// What the text says that the value may be.
    pub(crate) fn role(&self) -> Option<Role> {
        self.forms.iter().find_map(|form| match form {
            Form::Text(role, _) => Some(*role),
            _ => None,
        })
    }

    /// Whether it may be `true` or `false`.
    pub(crate) fn is_boolean(&self) -> bool {
        self.forms.iter().any(|form| matches!(form, Form::Boolean))
    }

    /// Whether anything goes.
    pub(crate) fn is_any(&self) -> bool {
        self.forms.iter().any(|form| matches!(form, Form::Any))
    }

    /// Its forms in words: `text or list of texts`.
    pub(crate) fn name(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in self.forms.iter().map(Form::name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            Some((last, _)) => last.clone(),
            None => String::new(),
        }
    }
}

impl Form {
    fn name(&self) -> String {
        let name = match self {
            Self::Any => "any value",
            Self::Text(Role::Duration | Role::Expiry, _) => "duration",
            Self::Text(Role::Job | Role::Template, _) => "job",
            Self::Text(Role::Stage, _) => "stage",
            Self::Text(Role::Condition, _) => "condition",
            Self::Text(_, _) | Self::Words(..) => "string",
            Self::Integer(..) => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Map(_) => "mapping",
            Self::List(items, _) if items.items().is_some() => "list",
            Self::List(items, _) => return format!("list of {}", items.name()),
        };
        name.to_owned()
    }
}

impl Map {
    /// The keyword of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What the value of `key` may be.
    pub(crate) fn value(&self, key: &str) -> Option<&'static Schema> {
        let field = self.field(key).map(|field| field.schema);
        field.or(self.others)
    }
}

impl Field {
    /// The address of the page that explains it.
    pub(crate) fn url(&self) -> String {
        format!("{DOCS}{}", self.docs)
    }
}
