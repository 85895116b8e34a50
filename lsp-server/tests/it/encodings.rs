//! Places are the same ones however the client counts columns.

use serde_json::{Map, Value, json};

use crate::in_process::Client;

const APP: &str = "kun:///shop/web/draft/app.yaml";

/// Words outside of ASCII and of the first plane stand before and in all that answers are about.
const TEXT: &str = "\
# 😀 名 https://example.com/😀
apiVersion: v1
kind: Service
metadata:
  labels: {😀é: 名, app: web-😀}
  name: web
spec:
  selector: {名: 😀, app: web-😀}
  clusterIp: None # 😀
  ports: [{name: 😀, port: 80}, {targetPort: 名é}]
---
kind: ConfigMap
apiVersion: v1
metadata: {annotations: {😀: &anchor 😀名}, name: 名😀}
data: {\"😀\": \"é\", other: *anchor, third:    \"http://😀.example.com\"}
---
kind: Deployment
apiVersion: apps/v1
metadata: {annotations: {\"😀\": x}, name: front}
spec:
  template:
    metadata: {labels: {名: 😀, app: web-😀}}
    spec:
      containers: [{name: 😀, image: nginx, envFrom: [{configMapRef: {name: 名😀}}],
        resources: {limits: {memory: 134217728}}}]
";

/// How a client may count.
const ENCODINGS: [Counted; 3] = [
    Counted {
        name: "utf-8",
        units: char::len_utf8,
    },
    Counted {
        name: "utf-16",
        units: char::len_utf16,
    },
    Counted {
        name: "utf-32",
        units: |_| 1,
    },
];

struct Counted {
    name: &'static str,
    /// How many units a character has.
    units: fn(char) -> usize,
}

impl Counted {
    fn position(&self, offset: usize) -> Value {
        let before = &TEXT[..offset];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        json!({"line": line, "character": self.len(&before[start..])})
    }

    fn len(&self, text: &str) -> usize {
        text.chars().map(self.units).sum()
    }

    /// The offset of a position; `None` if it is within a character.
    fn offset(&self, line: u64, character: u64) -> Option<usize> {
        let start = line_start(line);
        let rest = &TEXT[start..];
        let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let mut ends = ends.map(|at| start + at);
        ends.find(|at| self.len(&TEXT[start..*at]) as u64 == character)
    }

    /// The answer with offsets in place of positions.
    fn located(&self, answer: Value) -> Value {
        match answer {
            Value::Object(members) => match (members.get("line"), members.get("character")) {
                (Some(line), Some(character)) => {
                    let offset = self.offset(number(line), number(character));
                    json!(offset.unwrap_or_else(|| panic!("{}: {members:?}", self.name)))
                }
                _ => self.members(members),
            },
            Value::Array(items) => items.into_iter().map(|it| self.located(it)).collect(),
            other => other,
        }
    }

    fn members(&self, members: Map<String, Value>) -> Value {
        let lines = ["start", "end"].map(|end| members.get(&format!("{end}Line")).cloned());
        let located = members.into_iter().map(|(name, value)| {
            let line = match &*name {
                "startCharacter" => &lines[0],
                "endCharacter" => &lines[1],
                "data" if value.is_array() => return (name, self.tokens(&value)),
                // Names of answers differ as their bytes do.
                "resultId" => return (name, Value::Null),
                _ => return (name, self.located(value)),
            };
            let line = line
                .as_ref()
                .map(number)
                .expect("a line before the character");
            (name, json!(self.offset(line, number(&value))))
        });
        Value::Object(located.collect())
    }

    /// Ranges of the words that semantic tokens are about.
    fn tokens(&self, data: &Value) -> Value {
        let numbers: Vec<u64> = serde_json::from_value(data.clone()).expect("numbers");
        let (mut line, mut column) = (0, 0);
        let tokens = numbers.chunks(5).map(|token| {
            column = if token[0] == 0 { column } else { 0 } + token[1];
            line += token[0];
            let ends = [column, column + token[2]]
                .map(|it| self.offset(line, it).expect("a whole character"));
            json!([&TEXT[ends[0]..ends[1]], token[3], token[4]])
        });
        tokens.collect()
    }

    /// All that can be asked about the text, and what is answered.
    fn answers(&self) -> Vec<(String, Value)> {
        let general = json!({"positionEncodings": [self.name]});
        let symbols = json!({"hierarchicalDocumentSymbolSupport": true});
        let mut client = Client::start(
            &json!({"general": general, "textDocument": {"documentSymbol": symbols}}),
        );
        client.open(APP, TEXT);
        let mut answers = vec![("diagnostics".to_owned(), json!(client.run()))];
        for (method, params) in self.requests() {
            client.request(1, method, &params);
            answers.push((format!("{method} {params}"), json!(client.run())));
        }
        let located = answers.into_iter();
        located
            .map(|(asked, it)| (asked, self.located(it)))
            .collect()
    }

    fn requests(&self) -> Vec<(&'static str, Value)> {
        let document = json!({"uri": APP});
        let all = json!({"start": self.position(0), "end": self.position(TEXT.len())});
        let whole = json!({"textDocument": document, "range": all, "options": {}, "context": {"diagnostics": []}, "query": ""});
        let mut requests: Vec<_> = [
            "textDocument/codeAction",
            "textDocument/codeLens",
            "textDocument/diagnostic",
            "textDocument/documentLink",
            "textDocument/documentSymbol",
            "textDocument/foldingRange",
            "textDocument/formatting",
            "textDocument/inlayHint",
            "textDocument/rangeFormatting",
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/range",
            "workspace/diagnostic",
            "workspace/symbol",
        ]
        .map(|method| (method, whole.clone()))
        .into();
        for (offset, _) in TEXT.char_indices().step_by(3) {
            let position = self.position(offset);
            let place = json!({
                "textDocument": document, "position": position, "positions": [position],
                "context": {"includeDeclaration": true}, "newName": "é😀", "ch": "\n",
            });
            let methods = [
                "textDocument/completion",
                "textDocument/definition",
                "textDocument/documentHighlight",
                "textDocument/hover",
                "textDocument/linkedEditingRange",
                "textDocument/onTypeFormatting",
                "textDocument/prepareRename",
                "textDocument/references",
                "textDocument/rename",
                "textDocument/selectionRange",
            ];
            requests.extend(methods.map(|method| (method, place.clone())));
        }
        requests
    }
}

fn line_start(line: u64) -> usize {
    let lines = TEXT.split_inclusive('\n').take(line as usize);
    lines.map(str::len).sum()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

#[test]
fn answers_are_about_the_same_places_in_every_encoding() {
    let [first, others @ ..] = ENCODINGS;
    let wanted = first.answers();
    assert!(wanted.iter().all(|(_, answer)| answer != &json!([])));
    for other in others {
        for ((asked, answer), (_, wanted)) in other.answers().iter().zip(&wanted) {
            assert_eq!(answer, wanted, "{} and {}: {asked}", other.name, first.name);
        }
    }
}
