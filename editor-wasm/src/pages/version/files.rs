//! The files of a version.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FileListProps {
    pub(crate) files: Vec<String>,
    pub(crate) shown: String,
    /// Those that differ from the version.
    pub(crate) changed: Vec<String>,
    pub(crate) on_open: Callback<String>,
    pub(crate) on_new_file: Callback<String>,
    pub(crate) on_remove_file: Callback<String>,
}

/// The list of files, with a field that adds one.
#[component]
pub(crate) fn FileList(props: &FileListProps) -> Html {
    let is_adding = use_state(|| false);
    let problem = use_state(|| None::<&'static str>);
    let input = use_node_ref();
    let on_submit = {
        let (is_adding, problem, input) = (is_adding.clone(), problem.clone(), input.clone());
        let (files, on_new_file) = (props.files.clone(), props.on_new_file.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<web_sys::HtmlInputElement>() else {
                return;
            };
            let path = input.value().trim().to_owned();
            let fault = fault(&path, &files);
            problem.set(fault);
            if fault.is_none() {
                is_adding.set(false);
                on_new_file.emit(path);
            }
        })
    };
    let on_add = {
        let is_adding = is_adding.clone();
        move |_| is_adding.set(!*is_adding)
    };
    html! {
        <section>
            <div class="side-title">
                <h2>{ "Files" }</h2>
                <button class="quiet" onclick={on_add} title="Add a file" aria-label="Add a file">{ "+" }</button>
            </div>
            <ul class="file-list">
                { for props.files.iter().map(|path| row(props, path)) }
            </ul>
            if *is_adding {
                <form onsubmit={on_submit}>
                    <input ref={input} placeholder="service.yaml" aria-label="Path of the new file" autocomplete="off" spellcheck="false" />
                    if let Some(problem) = *problem {
                        <p class="failure" role="alert">{ problem }</p>
                    }
                </form>
            }
        </section>
    }
}

fn row(props: &FileListProps, path: &String) -> Html {
    let is_shown = *path == props.shown;
    let on_open = {
        let path = path.clone();
        props.on_open.reform(move |_: MouseEvent| path.clone())
    };
    let on_remove = {
        let path = path.clone();
        props
            .on_remove_file
            .reform(move |_: MouseEvent| path.clone())
    };
    html! {
        <li key={path.clone()} class={classes!(is_shown.then_some("is-shown"))}>
            <button class="quiet file" onclick={on_open} aria-current={is_shown.then_some("true")}>
                { path }
                if props.changed.contains(path) {
                    <span class="unsaved" title="unsaved" aria-label="unsaved">{ " ●" }</span>
                }
            </button>
            if props.files.len() > 1 {
                <button class="quiet remove" onclick={on_remove} title="Remove this file" aria-label={format!("Remove {path}")}>{ "×" }</button>
            }
        </li>
    }
}

/// Why a path cannot be used; the server checks it again.
fn fault(path: &str, files: &[String]) -> Option<&'static str> {
    if path.is_empty() {
        return Some("Name the file, such as service.yaml.");
    }
    if files.iter().any(|file| file == path) {
        return Some("There is a file of that name.");
    }
    let is_safe = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    (!is_safe || path.contains('\\')).then_some("Use a relative path without `..`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_their_folder_are_refused() {
        for path in [
            "",
            "/a.yaml",
            "../a.yaml",
            "a//b.yaml",
            "a\\b.yaml",
            "there.yaml",
        ] {
            assert!(
                fault(path, &["there.yaml".to_owned()]).is_some(),
                "{path:?}"
            );
        }
        assert_eq!(fault("base/a.yaml", &[]), None);
    }
}
