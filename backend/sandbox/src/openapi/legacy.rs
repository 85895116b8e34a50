//! OpenAPI v2 in protobuf: `kubectl` asks it which kinds take the parameters of a patch.

use crate::resources::{Resource, Verbs};
use crate::world::World;

/// The media type of the answer: that of the request, spelled so that it can be parsed.
pub(crate) const MEDIA_TYPE: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// The document, with the patch of every resource and nothing else.
pub(crate) fn document(world: &World) -> Vec<u8> {
    let mut paths = Vec::new();
    for resource in world.catalog.all() {
        if resource.verbs == Verbs::All {
            let item = part(8, &patch(&resource));
            let name = format!("/{}/{}/{{name}}", resource.api_version(), resource.plural);
            paths.extend(part(2, &named(&name, &item)));
        }
    }
    let info = [
        part(1, b"Kubernetes"),
        part(2, crate::discovery::GIT_VERSION.as_bytes()),
    ]
    .concat();
    [part(1, b"2.0"), part(2, &info), part(8, &paths)].concat()
}

/// An operation that takes the parameters of a write on this kind.
fn patch(resource: &Resource) -> Vec<u8> {
    let mut operation = Vec::new();
    for name in ["dryRun", "fieldManager", "fieldValidation", "force"] {
        let query = [
            part(2, b"query"),
            part(4, name.as_bytes()),
            part(6, b"string"),
        ]
        .concat();
        operation.extend(part(8, &part(1, &part(2, &part(3, &query)))));
    }
    let kind = format!(
        "group: {:?}\nversion: {}\nkind: {}\n",
        resource.group, resource.version, resource.kind
    );
    let kind = named("x-kubernetes-group-version-kind", &part(2, kind.as_bytes()));
    operation.extend(part(13, &kind));
    operation
}

/// A name and what it names.
fn named(name: &str, value: &[u8]) -> Vec<u8> {
    [part(1, name.as_bytes()), part(2, value)].concat()
}

/// A field with its length, as protobuf writes texts and messages.
fn part(field: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![field << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
    out
}
