//! Drawing keys into buckets.

use super::Function;
use crate::hash;
use crate::kernel::{Context, Problem};
use crate::model::{self, Value};
use crate::signature::Shape::{Key, Number, Text};
use crate::signature::signature;

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "bucket",
    signatures: &[signature(&[Key, Text], Number, bucket)],
    doc: "A bucket from 0 to 9999 that a key always falls into, drawn anew by each salt \
          (MurmurHash3 x86 32 of salt and key, scaled as flagd does).",
    example: "bucket(\"ceQdGm\", \"\") == 9999 and bucket(\"ejOoVL\", \"\") == 0",
}];

fn bucket<'v>(v: &[Value<'v>], _: &Context<'_>) -> Result<Value<'v>, Problem> {
    let [Value::Text(key), Value::Text(salt)] = v else { return Err(Problem::Misfit) };
    Ok(Value::Number(model::Number::from(u64::from(hash::bucket(salt, key)))))
}
