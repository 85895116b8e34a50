//! The log of a job: searched, filtered, followed, each line with an address of its own.

use std::rc::Rc;

use api_types::{LogLevel, LogLine};
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::navigation::window;
use crate::parts::badge::level_class;

/// Pixels from the end within which the log counts as read to its end.
const NEAR_END: i32 = 8;
/// Lines drawn together: a block that has not changed is not compared line by line.
const BLOCK: usize = 100;
const LEVELS: [(LogLevel, &str); 3] = [
    (LogLevel::Info, "All lines"),
    (LogLevel::Warning, "Warnings and errors"),
    (LogLevel::Error, "Errors"),
];

#[derive(Properties, PartialEq)]
pub(super) struct LogProps {
    pub(super) lines: Vec<Rc<LogLine>>,
    /// Whether more may come.
    pub(super) is_running: bool,
}

/// The log.
#[component]
pub(super) fn Log(props: &LogProps) -> Html {
    let query = use_state(String::new);
    let level = use_state(|| LogLevel::Info);
    let is_followed = use_state(|| true);
    let frame = use_node_ref();
    {
        let (frame, is_followed) = (frame.clone(), is_followed.clone());
        use_effect_with((props.lines.len(), *is_followed), move |(_, follows)| {
            if let Some(frame) = frame.cast::<Element>()
                && *follows
            {
                frame.set_scroll_top(frame.scroll_height());
            }
        });
    }
    use_linked_line(props.lines.len(), &is_followed);
    let on_scroll = {
        let (frame, is_followed) = (frame.clone(), is_followed.clone());
        move |_: Event| {
            let at_end = frame.cast::<Element>().is_none_or(|it| {
                it.scroll_top() + it.client_height() + NEAR_END >= it.scroll_height()
            });
            if at_end != *is_followed {
                is_followed.set(at_end);
            }
        }
    };
    let shown = shown(&props.lines, &query, *level);
    let is_narrowed = shown.len() < props.lines.len();
    html! {
        <section class="log-area" aria-label="Log">
            <div class="log-bar">
                <h2>{ "Log" }</h2>
                <input type="search" aria-label="Search the log" placeholder="Search the log" value={(*query).clone()} oninput={on_query(&query)} />
                <select aria-label="Lines to show" onchange={on_level(&level)}>
                    { for LEVELS.iter().map(|(it, words)| html! {
                        <option value={level_class(*it)} selected={it == &*level}>{ *words }</option>
                    }) }
                </select>
                <label class="follow">
                    <input type="checkbox" checked={*is_followed} onchange={toggle(&is_followed)} />{ " Follow" }
                </label>
                if is_narrowed {
                    <span class="quiet" role="status">{ format!("{} of {} lines", shown.len(), props.lines.len()) }</span>
                }
            </div>
            { if props.lines.is_empty() {
                html! { <p class="empty">{ "Nothing has been logged yet." }</p> }
            } else if shown.is_empty() {
                html! { <p class="empty">{ "No line is like that." }</p> }
            } else {
                let (role, live) = (props.is_running.then_some("log"), props.is_running.then_some("polite"));
                html! {
                    <div class="log-frame" ref={frame} onscroll={on_scroll} tabindex="0" {role} aria-label="Lines" aria-live={live}>
                        { for shown.chunks(BLOCK).enumerate().map(|(idx, lines)| html! {
                            <Block key={idx} lines={lines.to_vec()} query={(*query).clone()} />
                        }) }
                    </div>
                }
            } }
        </section>
    }
}

/// Shows the line that the address names, once it is there.
#[hook]
fn use_linked_line(count: usize, is_followed: &UseStateHandle<bool>) {
    let is_shown = use_mut_ref(|| false);
    let is_followed = is_followed.clone();
    use_effect_with(count, move |_| {
        let hash = window().location().hash().unwrap_or_default();
        let id = hash.trim_start_matches('#');
        let line = window().document().and_then(|it| it.get_element_by_id(id));
        if let Some(line) = line
            && !is_shown.replace(true)
        {
            is_followed.set(false);
            line.scroll_into_view();
        }
    });
}

fn on_query(query: &UseStateHandle<String>) -> Callback<InputEvent> {
    let query = query.clone();
    Callback::from(move |event: InputEvent| {
        query.set(event.target_unchecked_into::<HtmlInputElement>().value());
    })
}

fn on_level(level: &UseStateHandle<LogLevel>) -> Callback<Event> {
    let level = level.clone();
    Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        let chosen = LEVELS.iter().find(|(it, _)| level_class(*it) == value);
        level.set(chosen.map_or(LogLevel::Info, |(it, _)| *it));
    })
}

fn toggle(flag: &UseStateHandle<bool>) -> Callback<Event> {
    let flag = flag.clone();
    Callback::from(move |_| flag.set(!*flag))
}

/// The lines that are at least as grave as `level` and hold `query`, whatever its case.
fn shown(lines: &[Rc<LogLine>], query: &str, level: LogLevel) -> Vec<Rc<LogLine>> {
    let query = query.trim().to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&query);
    let is_shown = |line: &&Rc<LogLine>| {
        let object = line.object.as_deref().unwrap_or_default();
        line.level >= level && (query.is_empty() || holds(&line.message) || holds(object))
    };
    lines.iter().filter(is_shown).cloned().collect()
}

#[derive(Properties, PartialEq)]
struct BlockProps {
    lines: Vec<Rc<LogLine>>,
    query: String,
}

#[component]
fn Block(props: &BlockProps) -> Html {
    html! {
        <ol class="log">
            { for props.lines.iter().map(|line| html! {
                <li key={line.sequence} id={format!("L{}", line.sequence)} class={level_class(line.level)}>
                    <a class="log-number" href={format!("#L{}", line.sequence)} aria-label={format!("Line {}", line.sequence)}>{ line.sequence }</a>
                    <time datetime={line.at.clone()} title={line.at.clone()}>{ clock(&line.at) }</time>
                    if let Some(object) = &line.object {
                        <span class="log-object">{ marked(object, &props.query) }</span>
                    }
                    <span class="log-message">{ marked(&line.message, &props.query) }</span>
                </li>
            }) }
        </ol>
    }
}

/// A text with what is looked for marked.
fn marked(text: &str, query: &str) -> Html {
    let found = find(text, query.trim());
    let Some((start, end)) = found else {
        return text.into();
    };
    html! { <>{ &text[..start] }<mark>{ &text[start..end] }</mark>{ &text[end..] }</> }
}

/// The first place that holds `query`, whatever the case of ASCII letters.
fn find(text: &str, query: &str) -> Option<(usize, usize)> {
    if query.is_empty() {
        return None;
    }
    let mut starts = text.char_indices().map(|(at, _)| at);
    let start = starts.find(|at| {
        let part = text.get(*at..at + query.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(query))
    })?;
    Some((start, start + query.len()))
}

/// The time of day of an RFC 3339 time, in the zone in which it is written.
fn clock(at: &str) -> String {
    at.get(11..19).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_chosen_by_words_and_level() {
        let line = |sequence, level, object: Option<&str>, message: &str| {
            Rc::new(LogLine {
                sequence,
                at: String::new(),
                level,
                object: object.map(str::to_owned),
                message: message.to_owned(),
            })
        };
        let lines = [
            line(1, LogLevel::Info, None, "deploying 2 objects"),
            line(2, LogLevel::Warning, Some("Deployment/web"), "back-off"),
            line(3, LogLevel::Error, Some("Service/Web"), "refused"),
        ];
        let check = |query: &str, level, expected: &[i64]| {
            let found: Vec<_> = shown(&lines, query, level)
                .iter()
                .map(|line| line.sequence)
                .collect();
            assert_eq!(found, expected, "{query:?}");
        };
        check("", LogLevel::Info, &[1, 2, 3]);
        check("", LogLevel::Warning, &[2, 3]);
        check("WEB", LogLevel::Info, &[2, 3]);
        check("objects ", LogLevel::Info, &[1]);
        check("objects", LogLevel::Error, &[]);
    }

    #[test]
    fn what_is_looked_for_is_found_between_characters() {
        assert_eq!(find("é Web", "web"), Some((3, 6)));
        assert_eq!(find("éé", "x"), None);
        assert_eq!(find("a", ""), None);
    }
}
