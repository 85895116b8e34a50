//! Acting as someone else: the `Impersonate-*` headers.

use std::collections::BTreeMap;

use super::rbac::{self, Wish};
use super::users::{ANONYMOUS, AUTHENTICATED, User};
use crate::request::{Target, decode};
use crate::status::{Answer, Failure};
use crate::store::Store;

/// Whom the headers ask for.
#[derive(Debug, Default)]
struct Asked {
    user: String,
    uid: String,
    groups: Vec<String>,
    extra: BTreeMap<String, Vec<String>>,
}

/// The user that the request runs as: the caller, or whom the caller may impersonate.
///
/// # Errors
///
/// If the headers do not belong together, or the caller lacks the right.
pub(crate) fn impersonate<'h>(
    store: &Store,
    caller: User,
    target: &Target,
    headers: impl Iterator<Item = (&'h str, &'h str)>,
) -> Answer<User> {
    let asked = read(headers);
    if asked.user.is_empty() {
        if asked.uid.is_empty() && asked.groups.is_empty() && asked.extra.is_empty() {
            return Ok(caller);
        }
        return Err(Failure::bad_request(
            "requested impersonation without impersonating a user",
        ));
    }
    if !constrained(store, &caller, target, &asked) {
        legacy(store, &caller, &asked)?;
    }
    Ok(become_user(asked))
}

fn read<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> Asked {
    let mut asked = Asked::default();
    for (name, value) in headers {
        match name {
            "impersonate-user" => value.clone_into(&mut asked.user),
            "impersonate-uid" => value.clone_into(&mut asked.uid),
            "impersonate-group" => asked.groups.push(value.to_owned()),
            name => {
                if let Some(key) = name.strip_prefix("impersonate-extra-") {
                    let key = decode(key).to_lowercase();
                    asked.extra.entry(key).or_default().push(value.to_owned());
                }
            }
        }
    }
    asked
}

fn become_user(asked: Asked) -> User {
    let mut groups = asked.groups;
    let account = service_account(&asked.user);
    if let Some((namespace, _)) = account
        && groups.is_empty()
    {
        groups = vec![
            "system:serviceaccounts".to_owned(),
            format!("system:serviceaccounts:{namespace}"),
        ];
    }
    if asked.user == ANONYMOUS {
        if groups.is_empty() {
            groups.push("system:unauthenticated".to_owned());
        }
    } else if !groups
        .iter()
        .any(|it| it == AUTHENTICATED || it == "system:unauthenticated")
    {
        groups.push(AUTHENTICATED.to_owned());
    }
    User {
        name: asked.user,
        uid: asked.uid,
        groups,
        extra: asked.extra,
    }
}

fn service_account(user: &str) -> Option<(&str, &str)> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

/// The group of what is not a resource of its own.
const GROUP: &str = "authentication.k8s.io";

/// The right `impersonate` on everything that is asked for.
fn legacy(store: &Store, caller: &User, asked: &Asked) -> Answer<()> {
    let check = |group: &str, plural: &str, subresource: &str, namespace: &str, name: &str| {
        let wish = Wish {
            verb: "impersonate",
            group,
            plural,
            subresource,
            namespace,
            name,
            path: "",
        };
        if rbac::is_allowed(store, caller, &wish) {
            return Ok(());
        }
        let resource = if subresource.is_empty() {
            plural.to_owned()
        } else {
            format!("{plural}/{subresource}")
        };
        let place = if namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace {namespace:?}")
        };
        let why = format!(
            "User {:?} cannot impersonate resource {resource:?} in API group {group:?} {place}",
            caller.name
        );
        Err(Failure::forbidden(group, plural, name, &why))
    };
    match service_account(&asked.user) {
        Some((namespace, name)) => check("", "serviceaccounts", "", namespace, name)?,
        None => check("", "users", "", "", &asked.user)?,
    }
    for group in &asked.groups {
        check("", "groups", "", "", group)?;
    }
    for (key, values) in &asked.extra {
        for value in values {
            check(GROUP, "userextras", key, "", value)?;
        }
    }
    if !asked.uid.is_empty() {
        check(GROUP, "uids", "", "", &asked.uid)?;
    }
    Ok(())
}

/// Constrained impersonation: the right to be the user, and the right to do this as the user.
fn constrained(store: &Store, caller: &User, target: &Target, asked: &Asked) -> bool {
    let mode = match service_account(&asked.user) {
        Some(_) => "serviceaccount",
        None => "user-info",
    };
    let verb = format!("impersonate:{mode}");
    let may_be = |plural: &str, subresource: &str, namespace: &str, name: &str| {
        let wish = Wish {
            verb: &verb,
            group: GROUP,
            plural,
            subresource,
            namespace,
            name,
            path: "",
        };
        rbac::is_allowed(store, caller, &wish)
    };
    let who = match service_account(&asked.user) {
        Some((namespace, name)) => may_be("serviceaccounts", "", namespace, name),
        None => may_be("users", "", "", &asked.user),
    };
    let groups = asked.groups.iter().all(|it| may_be("groups", "", "", it));
    let uid = asked.uid.is_empty() || may_be("uids", "", "", &asked.uid);
    let extra = asked.extra.iter().all(|(key, values)| {
        values
            .iter()
            .all(|value| may_be("userextras", key, "", value))
    });
    let on = format!("impersonate-on:{mode}:{}", target.verb);
    let action = Wish {
        verb: &on,
        ..Wish::of(target)
    };
    who && groups && uid && extra && rbac::is_allowed(store, caller, &action)
}
