//! What a policy decides about each row of a batch by itself, beside what it decides about the batch.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field};
use rulebook::Policy;
use rulebook::batch::{OutcomeColumns, Rejects, Wanted};

/// How many rows of a batch were decided about, and how many rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) decided: usize,
    pub(crate) rejected: usize,
}

/// Decides about a batch both ways, and about the whole batch twice: the second time, its classes are
/// known. The error tells where they differ.
pub(crate) fn compare(
    policy: &Policy,
    batch: &RecordBatch,
    wanted: Wanted,
) -> Result<Counts, String> {
    let (outcomes, rejects) = row_by_row(policy, batch, wanted);
    let mut evaluation = policy.batches(batch.schema_ref(), wanted).unwrap();
    for round in ["unknown", "known"] {
        let decided = evaluation.decide(batch, 0).unwrap();
        let (whole, single) = (rows_of(&decided.outcomes), rows_of(&outcomes));
        if let Some(at) =
            (0..whole.len().max(single.len())).find(|at| whole.get(*at) != single.get(*at))
        {
            let (whole, single) = (whole.get(at), single.get(at));
            return Err(format!("classes {round}: {whole:?} instead of {single:?}"));
        }
        if decided.rejects != rejects {
            return Err(format!(
                "classes {round}: rejects {:?} instead of {rejects:?}",
                decided.rejects
            ));
        }
    }
    Ok(Counts { decided: outcomes.num_rows(), rejected: rejects.num_rows() })
}

fn row_by_row(policy: &Policy, batch: &RecordBatch, wanted: Wanted) -> (RecordBatch, RecordBatch) {
    let columns = policy.columns(batch.schema_ref()).unwrap();
    let rows = columns.rows(batch).unwrap();
    let mut outcomes = OutcomeColumns::new(std::slice::from_ref(policy), wanted);
    let mut rejects = Rejects::default();
    let mut evaluation = policy.evaluation();
    for (record, row) in (0..).zip(0..rows.len()) {
        match evaluation.decide_row(&rows, row) {
            Ok(decision) => outcomes.push(record, [decision]),
            Err(rejection) => rejects.push(record, &rejection.errors),
        }
    }
    (outcomes.finish().unwrap(), rejects.finish().unwrap())
}

/// The type with which a column is printed: its times are numbers.
fn printable(ty: &DataType) -> DataType {
    let field = |field: &Field| field.clone().with_data_type(printable(field.data_type()));
    match ty {
        DataType::Timestamp(..) => DataType::Int64,
        DataType::List(item) => DataType::List(Arc::new(field(item))),
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|inner| field(inner)).collect())
        }
        other => other.clone(),
    }
}

/// Outcomes as texts, since dictionaries may have their names in another order.
fn rows_of(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::new().with_null("null");
    // Times are printed as numbers: a printer of times needs to know its zones.
    let columns =
        batch.columns().iter().map(|column| cast(column, &printable(column.data_type())).unwrap());
    let columns: Vec<_> = columns.collect();
    let printers = columns.iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap());
    let printers: Vec<_> = printers.collect();
    let row =
        |row| printers.iter().map(|printer| printer.value(row).to_string()).collect::<Vec<_>>();
    (0..batch.num_rows()).map(|at| row(at).join(" ")).collect()
}
