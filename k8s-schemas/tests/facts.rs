//! Every row of the tables of facts, asked of the sets that they were built into.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on panics; only the tables are looked at here"
)]

#[path = "../src/fact_table.rs"]
mod fact_table;
#[path = "../src/facts.rs"]
mod facts;

use facts::Fact;
use k8s_schemas::{KubeRelease, ListType, Schema, SchemaSet};
use serde_json::{Value, json};

#[test]
fn every_row_is_found_in_a_release() {
    let set = SchemaSet::builtin();
    for (definition, rows) in fact_table::FACTS {
        for (field, fact) in *rows {
            let path = format!("{definition}.{field}");
            let found = [KubeRelease::V1_36, KubeRelease::V1_37]
                .iter()
                .find_map(|release| {
                    let schema = set
                        .release(*release)
                        .definition(&format!("io.k8s.{definition}"))?;
                    schema.field(field)
                });
            let found = found.unwrap_or_else(|| panic!("{path} is nowhere"));
            assert!(holds(*fact, found.schema), "{path}: {fact:?}");
        }
    }
}

fn holds(fact: Fact, schema: Schema<'_>) -> bool {
    match fact {
        Fact::Enum(values) => {
            let place = schema.items().unwrap_or(schema);
            place
                .enum_values()
                .iter()
                .eq(json!(values).as_array().unwrap())
        }
        Fact::Default(text) => {
            let value: Value = serde_json::from_str(text).unwrap();
            schema.default() == Some(&value)
        }
        Fact::ListMap(keys) => match schema.list_type() {
            Some(ListType::Map(known)) => known == keys,
            _ => false,
        },
        Fact::ListSet => schema.list_type() == Some(ListType::Set),
        Fact::ListAtomic => schema.list_type() == Some(ListType::Atomic),
        Fact::AtomicMap => schema.is_atomic_map(),
        Fact::GranularMap => !schema.is_atomic_map(),
    }
}

#[test]
fn beta_versions_have_the_facts_of_the_stable_one() {
    let set = SchemaSet::builtin();
    let request = set
        .release(KubeRelease::V1_36)
        .definition("io.k8s.api.resource.v1beta2.ExactDeviceRequest");
    let mode = request.unwrap().field("allocationMode").unwrap();
    assert_eq!(mode.schema.enum_values().len(), 2);
}

/// What a 1.36 API server tells of its built-in types, counted: a row that goes missing is noticed.
#[test]
fn no_row_was_lost() {
    let facts = fact_table::FACTS.iter().flat_map(|(_, rows)| *rows);
    let mut counts = [0; 4];
    for (_, fact) in facts {
        let at = match fact {
            Fact::Enum(_) => 0,
            Fact::Default(_) => 1,
            Fact::ListMap(_) => 2,
            _ => 3,
        };
        counts[at] += 1;
    }
    let [enums, defaults, lists, others] = counts;
    assert!(
        enums >= 97 && defaults >= 19 && lists >= 59 && others >= 20,
        "{counts:?}"
    );
}
