//! The editor with what serves it: files and outline left, deploy right, problems below.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use api_types::DeployObject;
use editor_core::Text;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::files::FileList;
use super::outline::Outline;
use super::problems::{Problem, Problems};
use super::save::SaveDialog;
use super::{FIRST_FILE, Saved};
use crate::drafts::{self, Draft, DraftKey};
use crate::lsp::{Diagnostic, Location, LspClient, Position, Range};
use crate::navigation::{use_navigator, window};
use crate::pages::deploy::{DeployPanel, use_followed_deploy};
use crate::parts::badge::Badge;
use crate::route::{Route, encode};
use crate::view::{Editor, EditorHandle, LineNote};

/// How long a pause in typing is before the draft is kept, in milliseconds. Leaving the page keeps
/// it at once.
const KEEP_AFTER: u32 = 300;

#[derive(Properties, PartialEq)]
pub(crate) struct WorkbenchProps {
    pub(crate) draft_key: DraftKey,
    pub(crate) saved: Rc<Saved>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
}

/// Keeps what is typed in the browser's storage.
struct DraftKeeper {
    key: DraftKey,
    draft: RefCell<Draft>,
    pending: RefCell<Option<Timeout>>,
}

impl DraftKeeper {
    fn new(key: DraftKey) -> Self {
        Self {
            draft: RefCell::new(drafts::load(&key)),
            key,
            pending: RefCell::new(None),
        }
    }

    /// Takes the text of a file; `saved` is what the version has.
    fn set(self: &Rc<Self>, path: &str, text: String, saved: Option<&String>) {
        let mut draft = self.draft.borrow_mut();
        if saved == Some(&text) {
            draft.files.remove(path);
        } else {
            draft.files.insert(path.to_owned(), Some(text));
        }
        let this = Rc::clone(self);
        let timeout = Timeout::new(KEEP_AFTER, move || this.keep());
        *self.pending.borrow_mut() = Some(timeout);
    }

    fn remove(&self, path: &str, saved: Option<&String>) {
        let mut draft = self.draft.borrow_mut();
        if saved.is_some() {
            draft.files.insert(path.to_owned(), None);
        } else {
            draft.files.remove(path);
        }
        drop(draft);
        self.keep();
    }

    fn keep(&self) {
        drafts::keep(&self.key, &self.draft.borrow());
    }

    fn forget(&self) {
        self.draft.borrow_mut().files.clear();
        self.pending.borrow_mut().take();
        self.keep();
    }

    fn is_empty(&self) -> bool {
        self.draft.borrow().files.is_empty()
    }
}

/// The editor and its panels.
#[component]
pub(crate) fn Workbench(props: &WorkbenchProps) -> Html {
    let WorkbenchProps {
        draft_key, saved, ..
    } = props;
    let navigator = use_navigator();
    let lsp = use_context::<LspClient>().expect("the root provides the language server");
    let keeper = use_memo(draft_key.clone(), |key| DraftKeeper::new(key.clone()));
    let files = drafts::overlay(&saved.files, &keeper.draft.borrow());
    let is_unsaved = use_state(|| !keeper.is_empty());
    let redraw = use_force_update();
    let handle = use_state(|| None::<EditorHandle>);
    let diagnostics = use_mut_ref(BTreeMap::<Rc<str>, Rc<[Diagnostic]>>::new);
    let is_saving = use_state(|| false);
    let job = use_state(|| None::<String>);
    let followed = use_followed_deploy((*job).clone());

    let path = props
        .file
        .clone()
        .filter(|path| files.contains_key(path))
        .or_else(|| files.keys().next().cloned())
        .unwrap_or_else(|| FIRST_FILE.to_owned());

    use_kept_on_leave(&keeper);
    use_diagnostics(&lsp, &diagnostics, &redraw);
    use_other_files(&lsp, draft_key, &files, &path);

    let open = {
        let (navigator, key) = (navigator.clone(), draft_key.clone());
        Callback::from(move |(file, line): (String, Option<u32>)| {
            navigator.go(Route::Version {
                project: key.project.clone(),
                set: key.set.clone(),
                version: key.version.clone(),
                file: Some(file),
                line,
            });
        })
    };
    let on_ready = {
        let (handle, line) = (handle.clone(), props.line);
        Callback::from(move |ready: EditorHandle| {
            if let Some(line) = line {
                ready.reveal(line_range(line.saturating_sub(1)));
            }
            handle.set(Some(ready));
        })
    };
    let on_change = {
        let (keeper, saved) = (Rc::clone(&keeper), Rc::clone(saved));
        let (path, is_unsaved) = (path.clone(), is_unsaved.clone());
        Callback::from(move |handle: EditorHandle| {
            keeper.set(&path, handle.contents(), saved.files.get(&path));
            if *is_unsaved == keeper.is_empty() {
                is_unsaved.set(!keeper.is_empty());
            }
        })
    };
    let on_navigate = {
        let (open, prefix) = (open.clone(), uri(draft_key, ""));
        Callback::from(move |location: Location| {
            if let Some(path) = location.uri.strip_prefix(prefix.as_str()) {
                open.emit((decode_path(path), Some(location.range.start.line + 1)));
            }
        })
    };
    let on_problem = {
        let (handle, open, shown) = (handle.clone(), open.clone(), path.clone());
        Callback::from(move |problem: Problem| match &*handle {
            Some(handle) if problem.file == shown => handle.reveal(problem.diagnostic.range),
            _ => open.emit((problem.file, Some(problem.diagnostic.range.start.line + 1))),
        })
    };
    let on_new_file = {
        let (keeper, open, is_unsaved) = (Rc::clone(&keeper), open.clone(), is_unsaved.clone());
        Callback::from(move |path: String| {
            keeper.set(&path, String::new(), None);
            keeper.keep();
            is_unsaved.set(true);
            open.emit((path, None));
        })
    };
    let on_remove_file = {
        let (keeper, saved, is_unsaved) =
            (Rc::clone(&keeper), Rc::clone(saved), is_unsaved.clone());
        let redraw = redraw.clone();
        Callback::from(move |path: String| {
            keeper.remove(&path, saved.files.get(&path));
            is_unsaved.set(!keeper.is_empty());
            redraw.force_update();
        })
    };
    let on_discard = {
        let (keeper, saved, path) = (Rc::clone(&keeper), Rc::clone(saved), path.clone());
        let (handle, is_unsaved) = (handle.clone(), is_unsaved.clone());
        Callback::from(move |_: MouseEvent| {
            if let (Some(handle), Some(text)) = (&*handle, saved.files.get(&path)) {
                handle.set_text(text);
            }
            keeper.forget();
            is_unsaved.set(false);
        })
    };
    let on_saved = {
        let (keeper, key, path) = (Rc::clone(&keeper), draft_key.clone(), path.clone());
        Callback::from(move |version: String| {
            keeper.forget();
            navigator.go(Route::Version {
                project: key.project.clone(),
                set: key.set.clone(),
                version,
                file: Some(path.clone()),
                line: None,
            });
        })
    };
    let on_key = {
        let is_saving = is_saving.clone();
        Callback::from(move |event: KeyboardEvent| {
            let is_save = (event.ctrl_key() || event.meta_key()) && event.key() == "s";
            if is_save && !event.shift_key() && !event.alt_key() {
                event.prevent_default();
                is_saving.set(true);
            }
        })
    };

    let problems = problems_of(&diagnostics.borrow(), draft_key);
    let notes = notes(
        saved,
        &path,
        followed.deploy.as_ref().map(|it| it.objects.as_slice()),
    );
    let text = files.get(&path).cloned().unwrap_or_default();
    html! {
        <div class="workbench" onkeydown={on_key}>
            <nav class="side" aria-label="Files and outline">
                <FileList
                    files={files.keys().cloned().collect::<Vec<_>>()}
                    shown={path.clone()}
                    changed={changed_files(saved, &files)}
                    on_open={open.reform(|path| (path, None))}
                    {on_new_file}
                    {on_remove_file}
                />
                <Outline handle={(*handle).clone()} round={problems.len()} />
            </nav>
            <div class="center">
                <div class="editor-bar">
                    <span class="path">{ &path }</span>
                    if *is_unsaved {
                        <span class="unsaved" role="status">{ "● unsaved, kept in this browser" }</span>
                    }
                    <span class="spacer" />
                    if *is_unsaved && saved.version.is_some() {
                        <button class="quiet" onclick={on_discard}>{ "Discard changes" }</button>
                    }
                    <button
                        class={classes!(is_unsaved.then_some("primary"))}
                        onclick={{ let is_saving = is_saving.clone(); move |_| is_saving.set(true) }}
                        title="Ctrl+S"
                    >{ "Save as version…" }</button>
                </div>
                <div class="editor-area">
                    <Editor
                        uri={uri(draft_key, &path)}
                        {text}
                        label={format!("{path}, YAML editor")}
                        lsp={lsp}
                        {notes}
                        {on_ready}
                        {on_change}
                        {on_navigate}
                    />
                </div>
                <Problems {problems} {on_problem} />
            </div>
            <DeployPanel
                project={draft_key.project.clone()}
                set={draft_key.set.clone()}
                version={saved.version.as_ref().map(|version| version.name.clone())}
                is_unsaved={*is_unsaved}
                followed={job.is_some().then(|| Rc::clone(&followed))}
                on_started={{ let job = job.clone(); move |id| job.set(Some(id)) }}
                on_again={{ let job = job.clone(); move |()| job.set(None) }}
            />
            if *is_saving {
                <SaveDialog
                    draft_key={draft_key.clone()}
                    parent={saved.version.as_ref().map(|version| version.name.clone())}
                    files={drafts::overlay(&saved.files, &keeper.draft.borrow())}
                    {on_saved}
                    on_close={{ let is_saving = is_saving.clone(); move |()| is_saving.set(false) }}
                />
            }
        </div>
    }
}

/// Keeps the draft when the page is left, however that happens.
#[hook]
fn use_kept_on_leave(keeper: &Rc<DraftKeeper>) {
    let keeper = Rc::clone(keeper);
    use_effect_with((), move |()| {
        let listener = {
            let keeper = Rc::clone(&keeper);
            EventListener::new(&window(), "pagehide", move |_| keeper.keep())
        };
        move || {
            drop(listener);
            keeper.keep();
        }
    });
}

type AllDiagnostics = Rc<RefCell<BTreeMap<Rc<str>, Rc<[Diagnostic]>>>>;

/// Collects the diagnostics of all open files.
#[hook]
fn use_diagnostics(lsp: &LspClient, all: &AllDiagnostics, redraw: &UseForceUpdateHandle) {
    let (lsp, all, redraw) = (lsp.clone(), Rc::clone(all), redraw.clone());
    use_effect_with((), move |()| {
        let callback = Callback::from(move |(uri, diagnostics): (Rc<str>, Rc<[Diagnostic]>)| {
            all.borrow_mut().insert(uri, diagnostics);
            redraw.force_update();
        });
        let listener = lsp.on_diagnostics(callback);
        move || drop(listener)
    });
}

/// Tells the language server of the files that are not shown, for what stands across files.
#[hook]
fn use_other_files(lsp: &LspClient, key: &DraftKey, files: &BTreeMap<String, String>, shown: &str) {
    let others: Vec<_> = files
        .keys()
        .filter(|path| *path != shown)
        .cloned()
        .collect();
    let texts: Vec<_> = others
        .iter()
        .filter_map(|path| files.get(path))
        .cloned()
        .collect();
    let (lsp, key) = (lsp.clone(), key.clone());
    use_effect_with(others, move |others| {
        let uris: Vec<_> = others.iter().map(|path| uri(&key, path)).collect();
        for (uri, text) in uris.iter().zip(&texts) {
            lsp.open(uri, &Text::new(text));
        }
        move || uris.iter().for_each(|uri| lsp.close(uri))
    });
}

/// The address under which the language server knows a file.
fn uri(key: &DraftKey, path: &str) -> String {
    let path: Vec<_> = path.split('/').map(encode).collect();
    format!(
        "kun:///{}/{}/{}/{}",
        key.project,
        key.set,
        key.version,
        path.join("/")
    )
}

fn decode_path(encoded: &str) -> String {
    js_sys::decode_uri_component(encoded).map_or_else(|_| encoded.to_owned(), Into::into)
}

fn problems_of(all: &BTreeMap<Rc<str>, Rc<[Diagnostic]>>, key: &DraftKey) -> Rc<[Problem]> {
    let prefix = uri(key, "");
    let of_file = |(uri, diagnostics): (&Rc<str>, &Rc<[Diagnostic]>)| {
        let file = decode_path(uri.strip_prefix(prefix.as_str())?);
        let diagnostics = Rc::clone(diagnostics);
        Some((file, diagnostics))
    };
    let problems = all
        .iter()
        .filter_map(of_file)
        .flat_map(|(file, diagnostics)| {
            let problem = |diagnostic: &Diagnostic| Problem {
                file: file.clone(),
                diagnostic: diagnostic.clone(),
            };
            diagnostics.iter().map(problem).collect::<Vec<_>>()
        });
    problems.collect()
}

fn changed_files(saved: &Saved, files: &BTreeMap<String, String>) -> Vec<String> {
    let differs = |path: &&String| saved.files.get(*path) != files.get(*path);
    files.keys().filter(differs).cloned().collect()
}

/// What the last deploy says of the objects of this file, beside the line where each starts.
fn notes(saved: &Saved, path: &str, objects: Option<&[DeployObject]>) -> Rc<[LineNote]> {
    let (Some(version), Some(objects)) = (&saved.version, objects) else {
        return Rc::default();
    };
    let here = version.objects.iter().filter(|object| object.file == path);
    let notes = here.filter_map(|summary| {
        let object = objects.iter().find(|object| {
            object.kind == summary.kind
                && object.name == summary.name
                && object.api_version == summary.api_version
        })?;
        let badge = Badge::from(object.state);
        let said = if object.reason.is_empty() {
            badge.word
        } else {
            &object.reason
        };
        Some(LineNote {
            line: summary.line.saturating_sub(1),
            text: format!("{} {said}", badge.shape).into(),
            class: badge.class.into(),
            title: format!("{} {}: {}", object.kind, object.name, badge.word).into(),
        })
    });
    notes.collect()
}

/// The start of a line, from 0 on.
fn line_range(line: u32) -> Range {
    let start = Position { line, character: 0 };
    Range { start, end: start }
}
