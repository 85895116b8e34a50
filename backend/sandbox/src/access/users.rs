//! Users and their tokens.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// Someone who calls: a person, a service account, or nobody known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) groups: Vec<String>,
    pub(crate) extra: BTreeMap<String, Vec<String>>,
}

impl User {
    pub(crate) fn new(name: &str, groups: &[&str]) -> Self {
        let mut groups: Vec<_> = groups.iter().map(|it| (*it).to_owned()).collect();
        if !groups.iter().any(|it| it == AUTHENTICATED) {
            groups.push(AUTHENTICATED.to_owned());
        }
        Self {
            name: name.to_owned(),
            groups,
            ..Self::default()
        }
    }

    pub(crate) fn anonymous() -> Self {
        Self {
            name: ANONYMOUS.to_owned(),
            groups: vec!["system:unauthenticated".to_owned()],
            ..Self::default()
        }
    }

    /// The account of a namespace, in the name that RBAC knows it by.
    pub(crate) fn service_account(namespace: &str, name: &str, uid: &str) -> Self {
        let mut user = Self::new(
            &format!("system:serviceaccount:{namespace}:{name}"),
            &[
                "system:serviceaccounts",
                &format!("system:serviceaccounts:{namespace}"),
            ],
        );
        uid.clone_into(&mut user.uid);
        user
    }

    pub(crate) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|it| it == group)
    }
}

pub(crate) const AUTHENTICATED: &str = "system:authenticated";
pub(crate) const ANONYMOUS: &str = "system:anonymous";
/// The group that may do everything.
pub(crate) const MASTERS: &str = "system:masters";

/// Whose token is which.
#[derive(Debug, Default)]
pub(crate) struct Users {
    tokens: Mutex<HashMap<String, (User, Option<Timestamp>)>>,
}

impl Users {
    pub(crate) fn insert(&self, token: &str, user: User, expires: Option<Timestamp>) {
        self.tokens().insert(token.to_owned(), (user, expires));
    }

    /// The user of a token that has not expired.
    pub(crate) fn of(&self, token: &str) -> Option<User> {
        let mut tokens = self.tokens();
        let (user, expires) = tokens.get(token)?.clone();
        if expires.is_some_and(|at| at <= Timestamp::now()) {
            tokens.remove(token);
            return None;
        }
        Some(user)
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<String, (User, Option<Timestamp>)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
