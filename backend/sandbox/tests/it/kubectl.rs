//! `kubectl` in two releases, as a client that knows nothing of us.

use std::path::PathBuf;
use std::process::Command;

use sandbox::{Options, Sandbox};

const VERSIONS: &[&str] = &["1.36.4", "1.37.1"];

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx:1
        ports:
        - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
";

/// One script run against a fresh sandbox.
struct Script {
    kubectl: PathBuf,
    folder: PathBuf,
    _sandbox: Sandbox,
}

impl Script {
    async fn new(version: &str, name: &str) -> Self {
        let tools = std::env::var_os("KUN_TOOLS").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"),
            PathBuf::from,
        );
        let kubectl = tools.join("kubectl").join(version).join("kubectl");
        assert!(
            kubectl.exists(),
            "{} is missing: run `cargo xtask test`",
            kubectl.display()
        );
        let folder =
            std::env::temp_dir().join(format!("kubectl-{}-{version}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let options = Options {
            pace: 0.05,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        sandbox.write_kubeconfig(&folder.join("config")).unwrap();
        std::fs::write(folder.join("web.yaml"), MANIFEST).unwrap();
        Self {
            kubectl,
            folder,
            _sandbox: sandbox,
        }
    }

    /// Runs one command, and returns its exit code and all that it printed.
    async fn run(&self, line: &str) -> (i32, String) {
        let mut command = Command::new(&self.kubectl);
        command
            .args(line.split(' '))
            .current_dir(&self.folder)
            .env("KUBECONFIG", self.folder.join("config"))
            .env("HOME", &self.folder);
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .unwrap();
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text += &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap_or(-1), text)
    }

    #[track_caller]
    fn ok<'a>(&'a self, line: &'a str, expected: &'a str) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let (code, text) = self.run(line).await;
            assert!(
                code == 0 && text.contains(expected),
                "{place}: kubectl {line}: {code}\n{text}"
            );
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_workload_lives_through_all_commands() {
    for version in VERSIONS {
        let script = Script::new(version, "life").await;
        script.ok("version", "v1.36.4+kun-sandbox").await;
        script.ok("api-resources", "deployments").await;
        script
            .ok(
                "apply --server-side -f web.yaml",
                "deployment.apps/web serverside-applied",
            )
            .await;
        script
            .ok(
                "rollout status deploy/web --timeout=20s",
                "successfully rolled out",
            )
            .await;
        script.ok("get deploy,pods,svc -o wide", "2/2").await;
        script.ok("get pods -l app=web", "Running").await;
        script.ok("diff --server-side -f web.yaml", "").await;
        script
            .ok(
                "apply --server-side -f web.yaml",
                "deployment.apps/web serverside-applied",
            )
            .await;
        script.ok("logs deploy/web", "this is a sandbox").await;
        script
            .ok("describe deploy web", "NewReplicaSetAvailable")
            .await;
        let (_, pods) = script.run("get pods -o name").await;
        let pod = pods.lines().next().unwrap_or_default().to_owned();
        script
            .ok(&format!("describe {pod}"), "Successfully assigned")
            .await;
        script
            .ok("explain deployment.spec.strategy", "DeploymentStrategy")
            .await;
        script.ok("auth can-i list pods", "yes").await;
        script.ok("auth whoami", "kubernetes-admin").await;
        script.ok("label deploy web tier=front", "labeled").await;
        script
            .ok("annotate deploy web note=hello", "annotated")
            .await;
        script.ok("scale deploy web --replicas=3", "scaled").await;
        script
            .ok(
                "rollout status deploy/web --timeout=20s",
                "successfully rolled out",
            )
            .await;
        script
            .ok(
                r#"patch svc web -p {"metadata":{"labels":{"a":"b"}}}"#,
                "patched",
            )
            .await;
        script
            .ok(
                "wait --for=condition=Available deploy/web --timeout=20s",
                "condition met",
            )
            .await;
        script
            .ok("set image deploy/web web=nginx:2", "image updated")
            .await;
        script
            .ok(
                "rollout status deploy/web --timeout=20s",
                "successfully rolled out",
            )
            .await;
        script.ok("rollout undo deploy/web", "rolled back").await;
        script.ok("rollout history deploy/web", "3").await;
        script.ok("get events", "ScalingReplicaSet").await;
        script
            .ok("delete -f web.yaml --timeout=20s", r#""web" deleted"#)
            .await;
        script
            .ok("wait --for=delete pod -l app=web --timeout=20s", "")
            .await;
    }
}

#[tokio::test]
async fn differences_and_conflicts_are_told() {
    for version in VERSIONS {
        let script = Script::new(version, "diff").await;
        script
            .ok("apply -f web.yaml", "deployment.apps/web created")
            .await;
        script
            .ok("apply -f web.yaml", "deployment.apps/web unchanged")
            .await;
        script.ok("diff -f web.yaml", "").await;
        let changed = MANIFEST.replace("nginx:1", "nginx:2");
        std::fs::write(script.folder.join("changed.yaml"), changed).unwrap();
        let (code, text) = script.run("diff -f changed.yaml").await;
        assert!(
            code == 1 && text.contains("+      - image: nginx:2"),
            "{version}: {text}"
        );
        let (code, text) = script
            .run("apply --server-side --field-manager=other -f changed.yaml")
            .await;
        assert!(
            code == 1 && text.contains("conflict with \"kubectl-client-side-apply\" using apps/v1"),
            "{version}: {text}"
        );
        let unknown = MANIFEST.replace("replicas", "replcas");
        std::fs::write(script.folder.join("unknown.yaml"), unknown).unwrap();
        let (code, text) = script.run("apply -f unknown.yaml").await;
        assert!(
            code == 1 && text.contains("unknown field \"spec.replcas\""),
            "{version}: {text}"
        );
    }
}

#[tokio::test]
async fn lists_and_unknown_kinds_are_read_as_by_a_real_server() {
    for version in VERSIONS {
        let script = Script::new(version, "lists").await;
        let list = r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}]}"#;
        std::fs::write(script.folder.join("list.yaml"), list).unwrap();
        script.ok("apply -f list.yaml", "configmap/a created").await;
        let unknown = "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: t\n";
        std::fs::write(script.folder.join("thing.yaml"), unknown).unwrap();
        let (code, text) = script.run("apply -f thing.yaml").await;
        assert!(
            code == 1 && text.contains("ensure CRDs are installed first"),
            "{version}: {text}"
        );
    }
}

#[tokio::test]
async fn generators_speak_protobuf() {
    for version in VERSIONS {
        let script = Script::new(version, "create").await;
        script.ok("create ns shop", "created").await;
        script
            .ok(
                "create deployment a --image=nginx --replicas=2 --port=80",
                "created",
            )
            .await;
        script
            .ok(
                "rollout status deploy/a --timeout=20s",
                "successfully rolled out",
            )
            .await;
        script
            .ok("create configmap c --from-literal=a=b", "created")
            .await;
        script
            .ok("create secret generic s --from-literal=a=b", "created")
            .await;
        script.ok("create serviceaccount sa", "created").await;
        script
            .ok("create service clusterip svc --tcp=80:8080", "created")
            .await;
        script
            .ok("create role r --verb=get,list --resource=pods", "created")
            .await;
        script
            .ok("create rolebinding rb --role=r --user=alice", "created")
            .await;
        script.ok("auth can-i list pods --as=alice", "yes").await;
        script
            .ok("create job j --image=busybox -- true", "created")
            .await;
        script
            .ok(
                "wait --for=condition=Complete job/j --timeout=20s",
                "condition met",
            )
            .await;
        script
            .ok("create ingress i --rule=a.example/b=svc:80", "created")
            .await;
        script
            .ok("create pdb p --min-available=1 --selector=app=a", "created")
            .await;
        script.ok("create quota q --hard=pods=10", "created").await;
        script
            .ok("autoscale deploy a --max=5 --cpu=50%", "autoscaled")
            .await;
        script.ok("create token sa", "").await;
        script
            .ok("get all,cm,secret,ing,pdb,quota,role,rolebinding", "")
            .await;
    }
}
