//! What is measured side by side: this server, its worker, and yaml-language-server.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use k8s_schemas::{KubeRelease, SchemaSet, openapi};
use serde_json::{Map, Value, json};

use crate::server::Server;

/// The name of the server in the browser.
pub(crate) const WORKER: &str = "worker in Node";
const YAML_LANGUAGE_SERVER: &str = "yaml-language-server@2.0.0";

/// A server to measure.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    start: fn() -> io::Result<Server>,
}

/// Those that can be started here; why another one cannot is told.
pub(crate) fn peers() -> Vec<Peer> {
    let mut peers = vec![Peer {
        name: "native",
        start: native,
    }];
    if dist().join("index.html").exists() {
        peers.push(Peer {
            name: WORKER,
            start: worker,
        });
    } else {
        eprintln!("the worker is not measured: `cargo xtask build-web` builds it");
    }
    match install() {
        Ok(()) => peers.push(Peer {
            name: YAML_LANGUAGE_SERVER,
            start: yaml_language_server,
        }),
        Err(error) => eprintln!("{YAML_LANGUAGE_SERVER} is not measured: {error}"),
    }
    peers
}

impl Peer {
    /// Starts it and introduces a client.
    pub(crate) fn start(&self) -> io::Result<Server> {
        (self.start)()
    }
}

fn native() -> io::Result<Server> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lsp-server"));
    introduced(Server::start(&mut command, nothing)?)
}

fn worker() -> io::Result<Server> {
    let mut command = Command::new("node");
    let bridge = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/latency/worker.mjs");
    introduced(Server::start(command.arg(bridge).arg(dist()), nothing)?)
}

fn introduced(mut server: Server) -> io::Result<Server> {
    server.request("initialize", &json!({"capabilities": {}}))?;
    server.notify("initialized", &json!({}))?;
    Ok(server)
}

fn nothing(_method: &str, _params: &Value) -> Value {
    Value::Null
}

/// It gets its settings when it asks, and its schemas from us.
fn yaml_language_server() -> io::Result<Server> {
    let program = peer_folder().join("node_modules/yaml-language-server/bin/yaml-language-server");
    let mut command = Command::new("node");
    let mut server = Server::start(command.arg(program).arg("--stdio"), serve_peer)?;
    let capabilities = json!({"workspace": {"configuration": true}});
    let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities});
    server.request("initialize", &params)?;
    server.notify("initialized", &json!({}))?;
    server.notify("yaml/registerContentRequest", &Value::Null)?;
    let settings = json!({"settings": {"yaml": peer_settings()}});
    server.notify("workspace/didChangeConfiguration", &settings)?;
    Ok(server)
}

fn peer_settings() -> Value {
    json!({
        "validate": true, "hover": true, "completion": true,
        "schemas": {"kubernetes": "*.yaml"}, "schemaStore": {"enable": false}
    })
}

fn serve_peer(method: &str, params: &Value) -> Value {
    match method {
        "workspace/configuration" => {
            let items = params["items"].as_array();
            let settings = items.into_iter().flatten().map(|item| {
                if item["section"] == "yaml" {
                    peer_settings()
                } else {
                    json!({})
                }
            });
            settings.collect()
        }
        "vscode/content" => {
            static SCHEMAS: OnceLock<(String, String)> = OnceLock::new();
            let (kinds, definitions) = SCHEMAS.get_or_init(json_schema);
            let is_definitions = params.to_string().contains("_definitions.json");
            let text = if is_definitions { definitions } else { kinds };
            text.as_str().into()
        }
        _ => Value::Null,
    }
}

/// All kinds of the newest release as one JSON schema, in the two files that
/// yaml-language-server knows Kubernetes by: the kinds, and the definitions that they refer to.
fn json_schema() -> (String, String) {
    let set = SchemaSet::builtin();
    let schemas = set.release(KubeRelease::NEWEST);
    let (mut kinds, mut definitions) = (Vec::new(), Map::new());
    for kind in schemas.kinds_and_lists() {
        let gvk = kind.gvk();
        let document = openapi::document(schemas, &gvk.api_version()).unwrap_or_default();
        let Some(own) = document["components"]["schemas"].as_object() else {
            continue;
        };
        definitions.extend(own.clone());
        let Some(name) = kind.schema().definition() else {
            continue;
        };
        kinds.push(json!({"$ref": format!("_definitions.json#/definitions/{name}")}));
        if let Some(Value::Object(definition)) = definitions.get_mut(name) {
            let properties = &mut definition["properties"];
            properties["apiVersion"] = json!({"type": "string", "enum": [gvk.api_version()]});
            properties["kind"] = json!({"type": "string", "enum": [gvk.kind]});
        }
    }
    for definition in definitions.values_mut() {
        let has_fields = definition.get("properties").is_some();
        if let Value::Object(definition) = definition
            && has_fields
        {
            definition.insert("additionalProperties".to_owned(), false.into());
        }
    }
    let definitions = json!({"definitions": definitions}).to_string();
    let definitions = definitions.replace("#/components/schemas/", "#/definitions/");
    (json!({"oneOf": kinds}).to_string(), definitions)
}

/// Installs the peer, unless it is there.
fn install() -> io::Result<()> {
    let folder = peer_folder();
    if folder.join("node_modules/yaml-language-server").exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", YAML_LANGUAGE_SERVER]);
    let status = npm.current_dir(folder).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other("npm failed"))
    }
}

fn peer_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("yaml-language-server")
}

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist")
}
