//! The account: tokens for the `kun` command and for pipelines.

use api_types::{CreatedToken, NewToken, Token};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::loading::{failed_page, use_loaded, view};
use crate::parts::header::sign_out;
use crate::{api, time};

/// Days that a new token lives unless asked otherwise.
const TOKEN_DAYS: u32 = 90;

/// The page of the person who is signed in.
#[component]
pub(crate) fn AccountPage() -> Html {
    let tokens = use_loaded(api::tokens());
    let created = use_state(|| None::<CreatedToken>);
    if let Some(failure) = tokens.state.failure() {
        return failed_page(failure, &tokens.reload);
    }
    html! {
        <main class="page">
            <div class="title-line">
                <h1>{ "Account" }</h1>
                <button onclick={|_| sign_out()}>{ "Sign out" }</button>
            </div>
            <h2>{ "Tokens" }</h2>
            <p class="quiet">{ "A token lets the kun command and pipelines act as you. Only its hash is stored." }</p>
            if let Some(created) = &*created {
                <div class="notice" role="status">
                    <p>{ "This is the only time that the token is shown:" }</p>
                    <code class="secret">{ &created.secret }</code>
                </div>
            }
            { view(&tokens.state, |page| token_list(&page.items, &tokens.reload)) }
            <NewTokenForm reload={tokens.reload} on_created={Callback::from(move |token| created.set(Some(token)))} />
        </main>
    }
}

fn token_list(tokens: &[Token], reload: &Callback<()>) -> Html {
    if tokens.is_empty() {
        return html! { <p class="empty">{ "No token yet." }</p> };
    }
    let now = time::now();
    html! {
        <table class="table">
            <thead><tr><th>{ "For" }</th><th>{ "Last used" }</th><th>{ "Expires" }</th><th /></tr></thead>
            <tbody>
                { for tokens.iter().map(|token| {
                    let used = token.last_used_at.as_deref();
                    let used = used.map_or("never".to_owned(), |at| time::ago(now, time::parse(at)));
                    let day: String = token.expires_at.chars().take(10).collect();
                    html! {
                        <tr key={token.id.clone()}>
                            <td>{ &token.label }</td>
                            <td class="quiet">{ used }</td>
                            <td class="quiet">{ day }</td>
                            <td class="number"><button class="quiet" onclick={revoke(&token.id, reload)}>{ "Revoke" }</button></td>
                        </tr>
                    }
                }) }
            </tbody>
        </table>
    }
}

fn revoke(id: &str, reload: &Callback<()>) -> Callback<MouseEvent> {
    let (id, reload) = (id.to_owned(), reload.clone());
    Callback::from(move |_| {
        let (id, reload) = (id.clone(), reload.clone());
        spawn_local(async move {
            // The list that is loaded next shows whether it worked.
            let _ = api::revoke_token(&id).send().await;
            reload.emit(());
        });
    })
}

#[derive(Properties, PartialEq)]
struct NewTokenFormProps {
    reload: Callback<()>,
    on_created: Callback<CreatedToken>,
}

#[component]
fn NewTokenForm(props: &NewTokenFormProps) -> Html {
    let label = use_node_ref();
    let problem = use_state(|| None::<String>);
    let on_submit = {
        let (label, problem) = (label.clone(), problem.clone());
        let (reload, on_created) = (props.reload.clone(), props.on_created.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = label.cast::<web_sys::HtmlInputElement>() else {
                return;
            };
            let new = NewToken {
                label: input.value(),
                days: TOKEN_DAYS,
                scope: None,
            };
            let (problem, reload, on_created) =
                (problem.clone(), reload.clone(), on_created.clone());
            spawn_local(async move {
                match api::create_token(&new).send().await {
                    Ok(token) => {
                        input.set_value("");
                        problem.set(None);
                        on_created.emit(token);
                        reload.emit(());
                    }
                    Err(failure) => problem.set(Some(failure.message())),
                }
            });
        })
    };
    html! {
        <form class="name-form" onsubmit={on_submit}>
            <label>
                <span>{ "New token for" }</span>
                <input ref={label} placeholder="pipeline of shop" autocomplete="off" />
            </label>
            <button type="submit">{ "Create" }</button>
            <span class="quiet">{ format!("valid for {TOKEN_DAYS} days") }</span>
            if let Some(problem) = &*problem {
                <p class="failure" role="alert">{ problem }</p>
            }
        </form>
    }
}
