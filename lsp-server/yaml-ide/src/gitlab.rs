//! The language of `.gitlab-ci.yml`.

pub(crate) mod schema;
