//! The palette: every page and every command a few keys away.

use api_types::SearchHit;
use editor_core::sort_by_key;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::api;
use crate::navigation::{go, window};
use crate::parts::commands::{self, Command};
use crate::parts::dialog::Dialog;
use crate::parts::header::{THEMES, choose_theme};
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    /// Where the person is: what can be done there is listed.
    pub(crate) route: Route,
    pub(crate) on_close: Callback<()>,
}

/// A line of the palette.
#[derive(Clone, PartialEq)]
struct Choice {
    label: String,
    detail: String,
    act: Act,
}

/// What a line does.
#[derive(Clone, PartialEq)]
enum Act {
    Go(Route),
    Run(Command),
    Theme(&'static str),
}

/// Searches projects, sets, versions and commands, and does what is chosen.
#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let query = use_state(String::new);
    // What was found, and for which query.
    let hits = use_state(|| (String::new(), Vec::<Choice>::new()));
    let selected = use_state(|| 0_usize);
    // The newest query: answers to older ones come too late and are dropped.
    let newest = use_mut_ref(String::new);
    let on_input = {
        let (query, hits, selected) = (query.clone(), hits.clone(), selected.clone());
        Callback::from(move |event: InputEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            let typed = field.value();
            newest.borrow_mut().clone_from(&typed);
            query.set(typed.clone());
            selected.set(0);
            if typed.trim().is_empty() {
                return hits.set((typed, Vec::new()));
            }
            let (hits, newest) = (hits.clone(), newest.clone());
            spawn_local(async move {
                let found = api::search(&typed).send().await;
                if *newest.borrow() == typed {
                    let found = found.map(|page| page.items).unwrap_or_default();
                    hits.set((typed, found.into_iter().map(Choice::from).collect()));
                }
            });
        })
    };
    let local = places(&props.route)
        .into_iter()
        .chain(orders(&props.route))
        .filter(|it| is_meant(&it.label, &query));
    let mut local: Vec<Choice> = local.collect();
    sort_by_key(&mut local, |it| !begins_with(&it.label, &query));
    // Until the newest query is answered, Enter must not take what only an older one meant.
    let is_answered = hits.0 == *query;
    let found = hits.1.iter();
    let found = found.filter(|it| is_answered || is_meant(&it.label, &query));
    // Something with the name that was typed goes before a command that holds it.
    let choices: Vec<Choice> = found.cloned().chain(local).collect();
    let choose = {
        let on_close = props.on_close.clone();
        Callback::from(move |act: Act| {
            on_close.emit(());
            act.run();
        })
    };
    let on_key = {
        let (selected, choose) = (selected.clone(), choose.clone());
        let acts: Vec<Act> = choices.iter().map(|it| it.act.clone()).collect();
        Callback::from(move |event: KeyboardEvent| {
            let count = acts.len();
            match event.key().as_str() {
                "ArrowDown" if count > 0 => selected.set((*selected + 1) % count),
                "ArrowUp" if count > 0 => selected.set((*selected + count - 1) % count),
                "Home" => selected.set(0),
                "End" => selected.set(count.saturating_sub(1)),
                "Enter" => {
                    if let Some(act) = acts.get(*selected) {
                        choose.emit(act.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    use_effect_with(*selected, |selected| show_choice(*selected));
    html! {
        <Dialog label="Search" class="palette" on_close={props.on_close.clone()}>
            <input
                autofocus={true}
                placeholder="Search projects, sets, versions and commands"
                aria-label="Search projects, sets, versions and commands"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-choices"
                aria-activedescendant={(!choices.is_empty()).then(|| format!("palette-{}", *selected))}
                autocomplete="off"
                spellcheck="false"
                oninput={on_input}
                onkeydown={on_key}
            />
            if choices.is_empty() {
                <p class="quiet nothing" role="status">{ "Nothing is named like that." }</p>
            }
            <ul id="palette-choices" role="listbox" aria-label="Found">
                { for choices.iter().enumerate().map(|(idx, choice)| {
                    let act = choice.act.clone();
                    let on_click = choose.reform(move |_: MouseEvent| act.clone());
                    html! {
                        <li id={format!("palette-{idx}")} role="option" aria-selected={(idx == *selected).to_string()} onclick={on_click}>
                            <span>{ &choice.label }</span><span class="quiet">{ &choice.detail }</span>
                        </li>
                    }
                }) }
            </ul>
        </Dialog>
    }
}

/// Scrolls the chosen line into the list's window.
fn show_choice(selected: usize) {
    let document = window().document();
    let line = document.and_then(|it| it.get_element_by_id(&format!("palette-{selected}")));
    if let Some(line) = line {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

/// Whether a label holds all words that were typed.
fn is_meant(label: &str, query: &str) -> bool {
    let label = label.to_lowercase();
    let mut words = query.split_whitespace();
    words.all(|word| label.contains(&word.to_lowercase()))
}

/// Whether a label begins as what was typed: `fold all` means that command, not one with a longer name.
fn begins_with(label: &str, query: &str) -> bool {
    let label = label.to_lowercase();
    label.starts_with(&query.trim().to_lowercase())
}

/// The pages that are always there, and those around where the person is.
fn places(route: &Route) -> Vec<Choice> {
    let page = |label: String, route: Route| Choice {
        label,
        detail: "page".to_owned(),
        act: Act::Go(route),
    };
    let mut places = Vec::new();
    if let Route::Version { project, set, .. } | Route::Compare { project, set, .. } = route {
        let set_page = Route::Set {
            project: project.clone(),
            set: set.clone(),
        };
        places.push(page(format!("Versions of {set}"), set_page));
    }
    if let Route::Set { project, set } | Route::Version { project, set, .. } = route {
        let draft = Route::version(project, set, crate::pages::DRAFT);
        places.push(page(format!("Write a new version of {set}"), draft));
    }
    places.push(page("Projects".to_owned(), Route::Home));
    places.push(page("Account and tokens".to_owned(), Route::Account));
    places.push(page("Administration".to_owned(), Route::Admin));
    places
}

/// What can be done on a page, with its keys.
fn orders(route: &Route) -> Vec<Choice> {
    let command = |command: Command| Choice {
        label: command.name.to_owned(),
        detail: command.label(),
        act: Act::Run(command),
    };
    let theme = |(value, label): &(&'static str, &'static str)| Choice {
        label: format!("Theme: {label}"),
        detail: String::new(),
        act: Act::Theme(value),
    };
    let commands = commands::of(route).map(command);
    commands.chain(THEMES.iter().map(theme)).collect()
}

impl Act {
    fn run(self) {
        match self {
            Self::Go(route) => go(&route),
            Self::Run(command) => command.run(),
            Self::Theme(theme) => choose_theme(theme),
        }
    }
}

impl From<SearchHit> for Choice {
    fn from(hit: SearchHit) -> Self {
        let project = hit.project.to_string();
        let (label, detail, route) = match (hit.set, hit.version) {
            (Some(set), Some(version)) => (
                format!("{project} / {set} / {version}"),
                "version",
                Route::version(project, set.to_string(), version.to_string()),
            ),
            (Some(set), None) => {
                let set = set.to_string();
                (
                    format!("{project} / {set}"),
                    "resource set",
                    Route::Set { project, set },
                )
            }
            (None, _) => (project.clone(), "project", Route::Project { project }),
        };
        Self {
            label,
            detail: detail.to_owned(),
            act: Act::Go(route),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{begins_with, is_meant};

    #[test]
    fn a_command_is_found_by_any_of_its_words() {
        assert!(is_meant("Format the text", "text FORM"));
        assert!(is_meant("Format the text", ""));
        assert!(!is_meant("Format the text", "format line"));
    }

    #[test]
    fn a_command_is_meant_first_by_how_it_begins() {
        assert!(begins_with("Fold all", "fold ALL "));
        assert!(!begins_with("Fold with all within", "fold all"));
    }
}
