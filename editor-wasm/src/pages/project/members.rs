//! Who takes part in a project, and what they may do.

use api_types::{Member, Page, Role};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api;
use crate::loading::{use_loaded, view};
use crate::parts::act::{Act, use_act};

const ROLES: [(Role, &str, &str); 3] = [
    (Role::Viewer, "viewer", "reads"),
    (
        Role::Developer,
        "developer",
        "saves versions and deploys as far as the cluster allows",
    ),
    (Role::Owner, "owner", "changes environments and members too"),
];

#[derive(Properties, PartialEq)]
pub(super) struct MembersProps {
    pub(super) project: String,
}

/// The section.
#[component]
pub(super) fn Members(props: &MembersProps) -> Html {
    let project = &props.project;
    let members = use_loaded::<Page<Member>>(api::members(project));
    let act = use_act(&members.reload);
    html! {
        <section aria-labelledby="members">
            <h2 id="members">{ "Members" }</h2>
            { act.view() }
            { view(&members.state, |page| table(project, &page.items, &act)) }
            <NewMember project={project.clone()} act={act.clone()} />
        </section>
    }
}

fn table(project: &str, members: &[Member], act: &Act) -> Html {
    if members.is_empty() {
        return html! { <p class="empty">{ "No member yet: only administrators see this project." }</p> };
    }
    html! {
        <div class="table-frame">
            <table class="table">
                <thead><tr>
                    <th scope="col">{ "Member" }</th><th scope="col">{ "Role" }</th>
                    <th scope="col"><span class="unseen">{ "Actions" }</span></th>
                </tr></thead>
                <tbody>{ for members.iter().map(|member| row(project, member, act)) }</tbody>
            </table>
        </div>
    }
}

fn row(project: &str, member: &Member, act: &Act) -> Html {
    let on_role = {
        let (project, user, act) = (project.to_owned(), member.user.clone(), act.clone());
        move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            put(&act, &project, &user, role_of(&select.value()));
        }
    };
    let on_remove = {
        let (project, user, act) = (project.to_owned(), member.user.clone(), act.clone());
        move |_: MouseEvent| {
            let (project, user) = (project.clone(), user.clone());
            act.run(async move {
                api::remove_member(&project, &user).send().await?;
                Ok(())
            });
        }
    };
    html! {
        <tr key={member.user.clone()}>
            <td>{ &member.user }</td>
            <td>
                <select aria-label={format!("Role of {}", member.user)} onchange={on_role}>
                    { options(member.role) }
                </select>
                <span class="quiet description">{ words(member.role) }</span>
            </td>
            <td class="number">
                <button class="quiet" onclick={on_remove} aria-label={format!("Remove {}", member.user)}>{ "Remove" }</button>
            </td>
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct NewMemberProps {
    project: String,
    act: Act,
}

#[component]
fn NewMember(props: &NewMemberProps) -> Html {
    let (name, role) = (use_node_ref(), use_node_ref());
    let on_submit = {
        let (name, role) = (name.clone(), role.clone());
        let (project, act) = (props.project.clone(), props.act.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = name.cast::<HtmlInputElement>();
            let role = role.cast::<HtmlSelectElement>();
            if let (Some(name), Some(role)) = (name, role) {
                put(&act, &project, name.value().trim(), role_of(&role.value()));
                name.set_value("");
            }
        }
    };
    html! {
        <form class="name-form" onsubmit={on_submit}>
            <label>
                <span>{ "New member" }</span>
                <input ref={name} placeholder="grace@example.com" autocomplete="off" spellcheck="false" />
            </label>
            <label>
                <span>{ "Role" }</span>
                <select ref={role}>{ options(Role::Developer) }</select>
            </label>
            <button type="submit">{ "Add" }</button>
        </form>
    }
}

fn put(act: &Act, project: &str, user: &str, role: Role) {
    let (project, user) = (project.to_owned(), user.to_owned());
    act.run(async move {
        api::put_member(&project, &user, role).send().await?;
        Ok(())
    });
}

fn options(chosen: Role) -> Html {
    ROLES
        .iter()
        .map(|(role, name, _)| {
            html! { <option value={*name} selected={*role == chosen}>{ *name }</option> }
        })
        .collect()
}

fn role_of(name: &str) -> Role {
    let found = ROLES.iter().find(|(_, it, _)| *it == name);
    found.map_or(Role::Viewer, |(role, ..)| *role)
}

fn words(role: Role) -> &'static str {
    let found = ROLES.iter().find(|(it, ..)| *it == role);
    found.map_or("", |(.., words)| words)
}
