//! Manifests of any size, the same on every machine.
#![expect(
    clippy::format_push_string,
    reason = "clearer than what is faster here"
)]

/// The first lines of a stream.
pub(crate) fn lines(count: usize) -> String {
    let text = documents(1 + count / 40, count);
    text.lines()
        .take(count)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// A stream of at least so many bytes.
pub(crate) fn bytes(size: usize) -> String {
    let mut text = String::with_capacity(size + 4096);
    let mut number = 0;
    while text.len() < size {
        push_document(&mut text, number, 60 + number * 7 % 50);
        number += 1;
    }
    text
}

/// A stream of so many documents and about so many lines.
pub(crate) fn documents(count: usize, lines: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        push_document(&mut text, number, lines / count);
    }
    text
}

/// One document, a list of objects, of about so many lines.
pub(crate) fn list(lines: usize) -> String {
    let mut text = "apiVersion: v1\nkind: List\nitems:\n".to_owned();
    let mut count = 3;
    for number in 0.. {
        if count >= lines {
            break;
        }
        for (at, line) in object(number, 85).lines().enumerate() {
            let start = if at == 0 { "  - " } else { "    " };
            text.push_str(start);
            text.push_str(line);
            text.push('\n');
            count += 1;
        }
    }
    text
}

fn push_document(text: &mut String, number: usize, lines: usize) {
    text.push_str("---\n");
    text.push_str(&object(number, lines.saturating_sub(1)));
}

/// One object of about so many lines.
fn object(number: usize, lines: usize) -> String {
    match number % 4 {
        0 | 1 => deployment(number, lines),
        2 => config_map(number, lines),
        _ => service(number, lines),
    }
}

fn head(api: &str, kind: &str, number: usize) -> String {
    format!(
        "apiVersion: {api}\nkind: {kind}\nmetadata:\n  name: app-{number}\n  namespace: team-{}\n  labels:\n    \
         app.kubernetes.io/name: app-{number}\n    app.kubernetes.io/version: \"1.{number}.0\"\n",
        number % 9
    )
}

fn deployment(number: usize, lines: usize) -> String {
    let mut text = head("apps/v1", "Deployment", number);
    text += &format!(
        "spec:\n  replicas: {}\n  # The selector cannot change later.\n  selector:\n    matchLabels:\n      \
         app.kubernetes.io/name: app-{number}\n  template:\n    metadata:\n      labels:\n        \
         app.kubernetes.io/name: app-{number}\n    spec:\n      containers:\n        - name: main\n          \
         image: registry.example.com/team-{}/app:1.{number}.0\n          ports:\n            - name: http\n              \
         containerPort: 8080\n          resources:\n            requests: {{cpu: 100m, memory: 128Mi}}\n            \
         limits:\n              memory: 256Mi\n          env:\n",
        1 + number % 5,
        number % 9
    );
    let mut count = text.lines().count();
    for variable in 0.. {
        if count >= lines {
            break;
        }
        text += &format!(
            "            - name: SETTING_{variable}\n              value: \"{}\"\n",
            variable * number
        );
        count += 2;
    }
    text
}

fn config_map(number: usize, lines: usize) -> String {
    let mut text = head("v1", "ConfigMap", number);
    text += "data:\n";
    let mut count = text.lines().count();
    for key in 0.. {
        if count >= lines {
            break;
        }
        if key % 5 == 0 {
            text += &format!(
                "  file-{key}.conf: |\n    listen 80;\n    # {number}\n    server_name a{key}.example.com;\n"
            );
            count += 4;
        } else {
            text += &format!("  key-{key}: value of the key {key} in {number}\n");
            count += 1;
        }
    }
    text
}

fn service(number: usize, lines: usize) -> String {
    let mut text = head("v1", "Service", number);
    text += &format!(
        "spec:\n  type: ClusterIP\n  selector:\n    app.kubernetes.io/name: app-{number}\n  ports:\n"
    );
    let mut count = text.lines().count();
    for port in 0.. {
        if count >= lines {
            break;
        }
        text += &format!(
            "    - name: port-{port}\n      port: {}\n      targetPort: 'p{port}'\n",
            8000 + port
        );
        count += 3;
    }
    text
}
