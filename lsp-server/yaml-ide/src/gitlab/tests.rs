//! Pipelines, asked as an editor asks.

use expect_test::{Expect, expect};

use crate::completion::{completion, documentation};
use crate::fixture;
use crate::hover::hover;

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
            artifacts | boolean
            job | job
            project | string
            parallel | mapping
            optional | boolean
            pipeline | string
            ref | string
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
