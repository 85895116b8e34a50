//! Users: who may sign in, and what they may do.

use api_types::{NewUser, Page, PutUser, SignInLink, UserAccount};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api;
use crate::loading::{use_loaded, view};
use crate::navigation::window;
use crate::parts::act::{Act, use_act};

#[derive(Properties, PartialEq)]
pub(super) struct UsersProps {
    /// Who looks.
    pub(super) own: String,
}

/// The section.
#[component]
pub(super) fn Users(props: &UsersProps) -> Html {
    let users = use_loaded::<Page<UserAccount>>(api::users());
    let sign_in = use_state(|| None::<SignInLink>);
    let act = use_act(&users.reload);
    let on_link = {
        let (act, sign_in) = (act.clone(), sign_in.clone());
        Callback::from(move |user: String| {
            let sign_in = sign_in.clone();
            act.run(async move {
                sign_in.set(Some(api::sign_in_link(&user).send().await?));
                Ok(())
            });
        })
    };
    html! {
        <section aria-labelledby="users">
            <h2 id="users">{ "Users" }</h2>
            if let Some(made) = &*sign_in {
                <div class="notice" role="status">
                    <p>{ format!("Give {} this link. It signs in once, until {}:", made.user, made.expires_at.get(..16).unwrap_or_default().replace('T', " ")) }</p>
                    <code class="secret">{ format!("{}{}", window().location().origin().unwrap_or_default(), made.path) }</code>
                </div>
            }
            { act.view() }
            { view(&users.state, |page| table(&page.items, &props.own, &act, &on_link)) }
            { new_user(&act) }
        </section>
    }
}

fn table(users: &[UserAccount], own: &str, act: &Act, on_link: &Callback<String>) -> Html {
    html! {
        <div class="table-frame">
            <table class="table">
                <thead><tr><th scope="col">{ "User" }</th><th scope="col">{ "Administrator" }</th><th scope="col"><span class="unseen">{ "Actions" }</span></th></tr></thead>
                <tbody>{ for users.iter().map(|user| row(user, own, act, on_link)) }</tbody>
            </table>
        </div>
    }
}

fn row(user: &UserAccount, own: &str, act: &Act, on_link: &Callback<String>) -> Html {
    let name = user.name.clone();
    let on_admin = {
        let (act, name, admin) = (act.clone(), name.clone(), !user.admin);
        move |_: Event| {
            let name = name.clone();
            act.run(async move {
                api::put_user(&name, &PutUser { admin }).send().await?;
                Ok(())
            });
        }
    };
    let on_end = {
        let (act, name) = (act.clone(), name.clone());
        move |_: MouseEvent| {
            let name = name.clone();
            act.run(async move {
                api::end_credentials(&name).send().await?;
                Ok(())
            });
        }
    };
    let on_link = {
        let name = name.clone();
        on_link.reform(move |_: MouseEvent| name.clone())
    };
    let is_own = name == own;
    html! {
        <tr key={name.clone()}>
            <td>{ &name }if is_own { <span class="quiet">{ " (you)" }</span> }</td>
            <td><input type="checkbox" aria-label={format!("{name} is an administrator")} checked={user.admin} disabled={is_own} onchange={on_admin} /></td>
            <td class="number">
                <button class="quiet" onclick={on_link}>{ "Sign-in link" }</button>
                <button class="quiet" onclick={on_end} title="Sessions, tokens and links stop working">{ "Sign out everywhere" }</button>
            </td>
        </tr>
    }
}

fn new_user(act: &Act) -> Html {
    let act = act.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target_dyn_into::<web_sys::Element>();
        let field = form.and_then(|it| it.query_selector("input").ok().flatten());
        let Some(input) =
            field.and_then(|it| wasm_bindgen::JsCast::dyn_into::<HtmlInputElement>(it).ok())
        else {
            return;
        };
        act.run(async move {
            let new = NewUser {
                name: input.value().trim().to_owned(),
                admin: false,
            };
            api::add_user(&new).send().await?;
            input.set_value("");
            Ok(())
        });
    };
    html! {
        <form class="name-form" onsubmit={on_submit}>
            <label>
                <span>{ "New user" }</span>
                <input placeholder="grace@example.com" autocomplete="off" spellcheck="false" />
            </label>
            <button type="submit">{ "Add" }</button>
        </form>
    }
}
