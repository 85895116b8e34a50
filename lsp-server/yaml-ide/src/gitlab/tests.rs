//! Pipelines, asked as an editor asks.

use expect_test::{Expect, expect};

use crate::completion::{completion, documentation};
use crate::diagnostics::diagnostics;
use crate::document_symbols::document_symbols;
use crate::find_references::find_references;
use crate::goto_definition::goto_definition;
use crate::hover::hover;
use crate::rename::rename;
use crate::workspace_symbols::workspace_symbols;
use crate::{FileId, fixture};

#[test]
fn a_pipeline_is_known_by_what_stands_in_it() {
    let is = |text: &str| super::is_pipeline(&yaml_syntax::parse(text));
    assert!(is("stages: [a]\nx:\n  script: make\n"));
    assert!(is("x:\n  stage: test\n  script: [make]\n"));
    assert!(is("spec:\n  inputs:\n    a:\n---\nx: {}\n"));
    assert!(is("include:\n- local: a.yml\n"));
    assert!(is("workflow:\n  rules:\n  - if: $CI\n"));
    assert!(!is("kind: Job\nspec:\n  script: a\n"));
    assert!(!is("script: [make]\nimage: x\n"));
    assert!(!is("x:\n  script: make\n"));
    assert!(!is("include:\n- path: a.yml\n"));
}

const MATRIX: &str = "\
stages: [test]
build:
  script: make
  parallel:
    matrix:
    - OS: [linux, windows]
      ARCH: [\"64\"]
    - OS: darwin
";

#[test]
fn copies_of_a_job_are_offered_to_wait_for() {
    let wait =
        "use:\n  script: x\n  needs:\n  - job: build\n    parallel:\n      matrix:\n      - ";
    check_completion(
        &format!("{MATRIX}{wait}$0\n"),
        expect![[r#"
            OS | linux, windows
            ARCH | 64
        "#]],
    );
    check_completion(
        &format!("{MATRIX}{wait}OS: $0\n"),
        expect![[r#"
            linux | in the matrix of the job
            windows | in the matrix of the job
            darwin | in the matrix of the job
        "#]],
    );
    check_completion(
        &format!("{MATRIX}{wait}OS: [linux, $0]\n"),
        expect![[r#"
            linux | in the matrix of the job
            windows | in the matrix of the job
            darwin | in the matrix of the job
        "#]],
    );
}

#[test]
fn images_are_offered_those_of_the_pipeline_first() {
    check_completion(
        "a:\n  image: example.com/tool:1\n  script: x\nb:\n  script: x\n  image: exa$0\n",
        expect![[r#"
            example.com/tool:1 | of this pipeline
        "#]],
    );
}

#[test]
fn keywords_are_offered_where_they_belong() {
    check_completion(
        "stages: [test]\nbuild:\n  scr$0\n",
        expect![[r#"
            script | string or list
            secrets | mapping
            after_script | string or list
            before_script | string or list
            dast_configuration | mapping
            resource_group | string
        "#]],
    );
    check_completion(
        "a:\n  script: b\n  artifacts:\n    rep$0\n",
        expect!["reports | mapping\n"],
    );
    check_completion(
        "a:\n  script: b\n  rules:\n    - if: $A\n      wh$0\n",
        expect!["when | string\n"],
    );
}

#[test]
fn keys_bring_what_stands_below_them() {
    check_inserted("a:\n  stage: b\n  script$0\n", "script:\n    - $0");
    check_inserted(
        "a:\n  script:\n  - b\n  artif$0\n",
        "artifacts:\n    paths:\n    - ${1:dist/}\n    expire_in: ${2:1 week}",
    );
    check_inserted("a: {stage: b, script$0}\n", "script: ");
    check_inserted("a:\n  rul$0: []\n", "rules");
}

#[test]
fn values_come_from_the_pipeline() {
    let stages = "stages: [build, check]\nx:\n  stage: $0\n";
    check_completion(
        stages,
        expect![[r#"
            build | 
            check | 
            .pre | before all others
            .post | after all others
        "#]],
    );
    check_completion(
        "b: {stage: build, script: x}\n.t: {script: x}\nd:\n  stage: deploy\n  script: x\n  needs: [$0]\ne: {stage: .post, script: x}\n",
        expect!["b | job of stage build\n"],
    );
    check_completion(
        "b: {script: x}\n.t: {script: x}\nd:\n  extends: $0\n",
        expect![[r#"
            .t | hidden job
            b | job of stage test
        "#]],
    );
    check_completion(
        "b: {script: x}\nd:\n  script: x\n  needs:\n  - $0\n",
        expect![[r#"
            b | job of stage test
            project | string
            ref | string
            job | job
            artifacts | boolean
            parallel | mapping
            optional | boolean
            pipeline | string
        "#]],
    );
    check_completion(
        "a:\n  script: x\n  when: del$0\n",
        expect!["delayed | After the time that `start_in` says.\n"],
    );
    check_completion(
        ".t: {script: x, tags: [y]}\nd:\n  script:\n  - !reference [.t, $0]\n",
        expect![[r#"
            script | 
            tags | 
        "#]],
    );
}

#[test]
fn variables_are_offered_behind_a_dollar() {
    check_completion(
        "a:\n  script: x\n  rules:\n  - if: $CI && $CI_COMMIT_SH$0\n",
        expect![[r#"
            CI_COMMIT_SHA | set by GitLab
            CI_COMMIT_SHORT_SHA | set by GitLab
            CI_COMMIT_BEFORE_SHA | set by GitLab
        "#]],
    );
    check_completion(
        "variables: {APP: x}\na:\n  script: x\n  rules:\n  - if: $AP$0\n",
        expect![[r#"
            APP | of this pipeline
            CI_API_V4_URL | set by GitLab
            CI_API_GRAPHQL_URL | set by GitLab
            CI_MERGE_REQUEST_APPROVED | set by GitLab
            CHAT_INPUT | set by GitLab
            CI_COMMIT_TIMESTAMP | set by GitLab
            CI_GITLAB_FIPS_MODE | set by GitLab
            CI_PROJECT_NAMESPACE | set by GitLab
            CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX | set by GitLab
            CI_PROJECT_NAMESPACE_ID | set by GitLab
        "#]],
    );
    check_completion(
        "a:\n  script: x\n  rules:\n  - if: $CI_PIPELINE_SOURCE == \"sch$0\"\n",
        expect![[r#"
            schedule | 
            security_orchestration_policy | 
        "#]],
    );
}

#[test]
fn variables_are_offered_in_scripts() {
    for text in [
        "a:\n  script:\n    - echo $CI_COMMIT_TAG_M$0\n",
        "a:\n  script:\n    - |\n      echo \"${CI_COMMIT_TAG_M$0}\"\n",
        "variables: {A: $CI_COMMIT_TAG_M$0}\n",
    ] {
        check_completion(text, expect!["CI_COMMIT_TAG_MESSAGE | set by GitLab\n"]);
    }
}

#[test]
fn lists_are_offered_in_the_line_of_a_keyword() {
    check_inserted("a:\n  script: x\n  needs: $0\nb: {script: y}\n", "[b]");
    check_inserted("a:\n  script: x\n  rules:\n    - $0\n", "if: ");
}

#[test]
fn hover_tells_of_keywords() {
    check_hover(
        "a:\n  script: x\n  whe$0n: manual\n",
        expect![[r#"
            **when** `string`

            Default: `on_success`  
            One of `on_success`, `on_failure`, `always`, `manual`, `delayed`

            When the job runs.

            [Reference](https://docs.gitlab.com/ci/yaml/#when)

            `a.when`
        "#]],
    );
}

#[test]
fn hover_tells_of_jobs() {
    check_hover(
        ".base:\n  stage: check\nte$0st:\n  extends: .base\n  script: x\n  needs: [a]\n",
        expect![[r#"
            **test** job

            Stage: `check`  
            Extends: `.base`  
            Needs: `a`
        "#]],
    );
}

#[test]
fn hover_tells_of_variables() {
    check_hover(
        "a:\n  script: x\n  rules:\n  - if: $CI_COMMIT_T$0AG && $X\n",
        expect![[r#"
            **CI_COMMIT_TAG** variable, set by GitLab

            The tag. Set in pipelines of tags only.

            [Reference](https://docs.gitlab.com/ci/variables/predefined_variables/)
        "#]],
    );
}

/// A pipeline of two files.
const SHOP: &str = "\
//- shop/.gitlab-ci.yml
include: /ci/build.yml
stages: [build, test]
te$0st:
  stage: test
  extends: .base
  needs: [build]
  script: !reference [.base, script]
//- shop/ci/build.yml
.base: {script: x, image: y}
build:
  stage: build
  extends: .base
check:
  stage: test
  script: z
  needs:
    - job: build
    - test
";

#[test]
fn jobs_and_stages_are_found_over_all_files() {
    check_places(
        SHOP,
        expect![[r#"
            definition: shop/.gitlab-ci.yml:3
            use: shop/.gitlab-ci.yml:3 shop/ci/build.yml:10
        "#]],
    );
    check_places(
        &SHOP
            .replace("te$0st", "test")
            .replace("extends: .base\n  needs", "extends: .b$0ase\n  needs"),
        expect![[r#"
            definition: shop/ci/build.yml:1
            use: shop/.gitlab-ci.yml:5 shop/.gitlab-ci.yml:7 shop/ci/build.yml:1 shop/ci/build.yml:4
        "#]],
    );
    check_places(
        &SHOP
            .replace("te$0st", "test")
            .replace("stage: build", "stage: bu$0ild"),
        expect![[r#"
            definition: shop/.gitlab-ci.yml:2
            use: shop/.gitlab-ci.yml:2 shop/ci/build.yml:3
        "#]],
    );
    check_places(
        &SHOP
            .replace("te$0st", "test")
            .replace("/ci/build", "/ci/b$0uild"),
        expect![[r#"
            definition:
            use:
        "#]],
    );
    check_places(
        "a: &x {script: y}\nb:\n  <<: *$0x\n",
        expect![[r#"
            definition: .gitlab-ci.yml:1
            use: .gitlab-ci.yml:1 .gitlab-ci.yml:3
        "#]],
    );
}

#[test]
fn jobs_are_renamed_with_their_uses() {
    let (analysis, file, offset) = fixture::position(SHOP);
    let edit = rename(&analysis, file, offset, "unit").unwrap();
    let counts: Vec<usize> = edit.files.values().map(Vec::len).collect();
    assert_eq!(counts, [1, 1]);
    for (name, words) in [
        ("build", "taken"),
        ("stages", "word of its own"),
        ("a: b", "quotes"),
        (".x", "hidden"),
        ("", "characters"),
    ] {
        let refused = rename(&analysis, file, offset, name).unwrap_err();
        assert!(refused.contains(words), "{name}: {refused}");
    }
}

#[test]
fn the_outline_names_stages() {
    let analysis = fixture::plain(&SHOP.replace("$0", ""));
    let symbols = document_symbols(&analysis, FileId(0));
    let shown: Vec<String> = symbols
        .iter()
        .map(|symbol| format!("{} {}", symbol.name, symbol.detail))
        .collect();
    assert_eq!(
        shown,
        ["include /ci/build.yml", "stages ", "test job of stage test"]
    );
    let found = workspace_symbols(&analysis, "build");
    assert_eq!(found.first().unwrap().container, "job of stage build");
}

#[test]
fn files_that_are_not_open_silence_what_they_may_define() {
    check_faults(&SHOP.replace("$0", ""), "");
    check_faults(
        "include: [a.yml]\nx: {stage: y, script: z, needs: [w], extends: .v}\n",
        "",
    );
    check_faults("//- .gitlab/ci/x.yml\nx: {stage: y, needs: [w]}\n", "");
    // A child pipeline is a pipeline of its own.
    check_faults(
        "x: {trigger: {include: child.yml}}\ny: {script: z, needs: [w]}\n",
        "undefined-job",
    );
}

#[test]
fn old_keywords_are_written_anew() {
    check_fix(
        "image: a:1\nvariables: {A: b}\ncache:\n  paths: [c]\nx: {script: y}\n",
        "default:\n  image: a:1\n  cache:\n    paths: [c]\nvariables: {A: b}\nx: {script: y}\n",
    );
    check_fix(
        "default:\n  tags: [a]\nimage: a:1\nx: {script: y}\n",
        "default:\n  tags: [a]\n  image: a:1\nx: {script: y}\n",
    );
    check_fix(
        "x:\n  script: y\n  only:\n    - main\n    - tags\n    - /^v/\n  except: [schedules]\n",
        "x:\n  script: y\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"schedule\"\n      when: never\n    - if: $CI_COMMIT_REF_NAME == \"main\"\n    - if: $CI_COMMIT_TAG\n    - if: $CI_COMMIT_REF_NAME =~ /^v/\n",
    );
    check_fix(
        "x:\n  script: y\n  publish: out\n",
        "x:\n  script: y\n  pages:\n    publish: out\n",
    );
    check_fix(
        "x:\n  type: test\n  script: y\n",
        "x:\n  stage: test\n  script: y\n",
    );
}

#[test]
fn faults_are_mended() {
    check_fix("x:\n  scirpt: y\n", "x:\n  script: y\n");
    check_fix(
        "x:\n  script:\n    - echo a: b\n",
        "x:\n  script:\n    - 'echo a: b'\n",
    );
    check_fix(
        "x:\n  script: y\n  when: delayed\n",
        "x:\n  script: y\n  when: delayed\n  start_in: 30 minutes\n",
    );
    check_fix(
        "x:\n  script: y\n  rules:\n    - if: $A = \"b\"\n",
        "x:\n  script: y\n  rules:\n    - if: $A == \"b\"\n",
    );
    check_fix(
        "variables:\n  A: 1.10\nx: {script: y}\n",
        "variables:\n  A: \"1.10\"\nx: {script: y}\n",
    );
    check_fix("x: {script: y, tags: a}\n", "x: {script: y, tags: [a]}\n");
}

/// Definitions, then all places, each as a file and a line.
#[track_caller]
fn check_places(fixture: &str, expected: Expect) {
    let (analysis, file, offset) = fixture::position(&in_pipeline(fixture));
    let place = |file, start| {
        let line = analysis.source(file).unwrap().line_col(start).line + 1;
        format!(" {}:{line}", analysis.path(file).unwrap())
    };
    let definitions = goto_definition(&analysis, file, offset).into_iter();
    let definitions: String = definitions
        .map(|target| place(target.file, target.selection.start()))
        .collect();
    let uses = find_references(&analysis, file, offset, true).into_iter();
    let uses: String = uses
        .map(|use_| place(use_.file, use_.range.start()))
        .collect();
    expected.assert_eq(&format!("definition:{definitions}\nuse:{uses}\n"));
}

#[track_caller]
fn check_faults(fixture: &str, expected: &str) {
    let analysis = fixture::plain(&in_pipeline(fixture));
    let files = analysis.files();
    let found = files.flat_map(|file| diagnostics(&analysis, file));
    let codes: Vec<&str> = found.map(|found| found.code).collect();
    assert_eq!(codes.join(" "), expected);
}

/// The text after the first fix of the first complaint, which leaves no complaint.
#[track_caller]
fn check_fix(text: &str, expected: &str) {
    let analysis = fixture::plain(&in_pipeline(text));
    let found = diagnostics(&analysis, FileId(0));
    let fix = found.first().unwrap().fixes.first().unwrap();
    let mut after = text.to_owned();
    for edit in fix.edits.iter().rev() {
        after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    assert_eq!(after, expected);
    check_faults(&after, "");
}

#[track_caller]
fn check_completion(fixture: &str, expected: Expect) {
    let (analysis, file, offset) = fixture::position(&in_pipeline(fixture));
    let items = completion(&analysis, file, offset).items;
    let shown: String = items
        .iter()
        .take(10)
        .map(|item| format!("{} | {}\n", item.label, item.detail))
        .collect();
    for item in &items {
        let known = item.documentation.is_empty()
            || documentation(&analysis, &item.documentation).is_some();
        assert!(known, "{}", item.documentation);
    }
    expected.assert_eq(&shown);
}

#[track_caller]
fn check_inserted(fixture: &str, expected: &str) {
    let (analysis, file, offset) = fixture::position(&in_pipeline(fixture));
    let items = completion(&analysis, file, offset).items;
    assert_eq!(items.first().unwrap().insert, expected);
}

#[track_caller]
fn check_hover(fixture: &str, expected: Expect) {
    let (analysis, file, offset) = fixture::position(&in_pipeline(fixture));
    let shown = hover(&analysis, file, offset, 0).map(|hover| hover.markdown);
    expected.assert_eq(&(shown.unwrap_or_default() + "\n"));
}

/// The fixture as `.gitlab-ci.yml`, if it names no files.
fn in_pipeline(fixture: &str) -> String {
    if fixture.starts_with("//- ") {
        fixture.to_owned()
    } else {
        format!("//- .gitlab-ci.yml\n{fixture}")
    }
}

#[test]
fn large_pipelines_with_many_faults_are_answered() {
    let jobs = (0..3000).map(|i| {
        format!(
            "job {i}:\n  script: make {i}\n  needs: [jobb {i}, job {}]\n",
            i + 1
        )
    });
    let text = jobs.collect::<String>();
    let analysis = fixture::plain(&in_pipeline(&text));
    assert_eq!(diagnostics(&analysis, FileId(0)).len(), 3001);
}
