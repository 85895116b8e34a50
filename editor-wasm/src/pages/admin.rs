//! Administration: clusters, users, and what was done.

mod clusters;
mod users;

use api_types::Session;
use yew::prelude::*;

use crate::api;
use crate::loading::{failed_page, use_loaded, view};
use crate::parts::audit::Audit;
use clusters::Clusters;
use users::Users;

/// The page of those who run this server.
#[component]
pub(crate) fn AdminPage() -> Html {
    let session = use_loaded::<Session>(api::session());
    if let Some(failure) = session.state.failure() {
        return failed_page(failure, &session.reload);
    }
    html! {
        <main class="page">
            <h1>{ "Administration" }</h1>
            { view(&session.state, |session| if session.admin {
                html! {
                    <>
                        <Clusters />
                        <Users own={session.user.clone()} />
                        <Audit project={None::<String>} />
                    </>
                }
            } else {
                html! { <p class="empty">{ "Only an administrator of this server sees clusters, users and what was done. Whoever started the server is one, and can make you one." }</p> }
            }) }
        </main>
    }
}
