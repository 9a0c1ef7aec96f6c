//! Values of every type go over the border and come back equal.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use rulebook_base::source::{FileId, Span};
use rulebook_core::script::{Border, FieldBorder, Host, RecordBorder, Returned, Script, Wanted};
use rulebook_core::settings::ScriptLimits;
use rulebook_lang::model::{
    Cell, Currency, Duration, EnumType, Number, Period, Store, Time, Type, Value, zone,
};

fn identity() -> Script {
    let mut host = Host::new(&ScriptLimits::default(), &zone("Asia/Shanghai").unwrap());
    let (file, path) = (FileId(0), "scripts/same.rhai");
    let declared = Span::new(file, 0, 0);
    let text = "fn same(x) { x }";
    host.function(&Wanted { name: "same", arity: 1, declared, file, path, text }).unwrap()
}

/// A value and its type, before they are laid out.
#[derive(Debug, Clone)]
enum Tree {
    Missing(Box<Tree>),
    Plain(Type, Cell),
    Text(Type, String),
    List(Box<Tree>, Vec<Tree>),
    Record(Vec<(String, bool, Tree)>),
}

fn members() -> Type {
    let names = ["low", "middle", "high"].map(String::from).to_vec();
    Type::Enum(Arc::new(EnumType::new(names, true, false)))
}

fn open_members() -> Type {
    Type::Enum(Arc::new(EnumType::new(vec!["a".into(), "b".into()], false, true)))
}

fn single() -> BoxedStrategy<Tree> {
    let cny = Type::Money(Currency::from_code("CNY").unwrap());
    let number =
        "-?[1-9][0-9]{0,28}(\\.[0-9]{1,9})?".prop_map(|text| text.parse::<Number>().unwrap());
    let small = (-1_000_i64..1_000).prop_map(Number::from);
    let number = prop_oneof![number, small];
    let seconds = -1_000_000_000_000_i64..1_000_000_000_000;
    let date = (1_i16..9_999, 1_i8..13, 1_i8..29)
        .prop_map(|(y, m, d)| jiff::civil::Date::new(y, m, d).unwrap());
    prop_oneof![
        any::<bool>().prop_map(|value| Tree::Plain(Type::Bool, Cell::Bool(value))),
        number.clone().prop_map(|value| Tree::Plain(Type::Number, Cell::Number(value))),
        number.prop_map(move |value| Tree::Plain(cny.clone(), Cell::Number(value))),
        date.prop_map(|value| Tree::Plain(Type::Date, Cell::Date(value))),
        (-1_000_000_000_i64..100_000_000_000, 0_i32..1_000_000_000).prop_map(|(second, nano)| {
            Tree::Plain(Type::Time, Cell::Time(Time::new(second, nano).unwrap()))
        }),
        (seconds, 0_i32..1_000_000_000).prop_map(|(second, nano)| {
            Tree::Plain(Type::Duration, Cell::Duration(Duration::new(second, nano)))
        }),
        any::<i32>()
            .prop_map(|months| Tree::Plain(Type::Period, Cell::Period(Period::of_months(months)))),
        (0_u32..3).prop_map(|member| Tree::Plain(members(), Cell::Member(member))),
        (0_u32..2).prop_map(|member| Tree::Plain(open_members(), Cell::Member(member))),
        "[c-z]{1,9}".prop_map(|text| Tree::Text(open_members(), text)),
        "\\PC{0,20}".prop_map(|text| Tree::Text(Type::Text, text)),
        "[a-z]{1,9}\\.com/[a-z]{0,9}"
            .prop_map(|text| Tree::Text(Type::Url, format!("https://{text}"))),
    ]
    .boxed()
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf =
        prop_oneof![4 => single(), 1 => single().prop_map(|tree| Tree::Missing(Box::new(tree)))];
    leaf.prop_recursive(3, 24, 4, |inner| {
        // The items of a list are of one type: copies of one.
        let list = (inner.clone(), 0_usize..4).prop_map(|(item, count)| {
            let item = required(item);
            Tree::List(Box::new(item.clone()), vec![item; count])
        });
        let field = (inner, any::<bool>());
        let record = prop::collection::vec(field, 1..4).prop_map(|fields| {
            let named = fields.into_iter().enumerate();
            Tree::Record(
                named.map(|(at, (tree, optional))| (format!("f{at}"), optional, tree)).collect(),
            )
        });
        // A record comes back only within a list.
        prop_oneof![
            list,
            record.prop_map(|record| Tree::List(Box::new(record.clone()), vec![record; 2])),
        ]
    })
}

fn required(tree: Tree) -> Tree {
    match tree {
        Tree::Missing(inner) => required(*inner),
        other => other,
    }
}

impl Tree {
    fn border(&self) -> Border {
        match self {
            Self::Missing(inner) => Border::Optional(Box::new(inner.border())),
            Self::Plain(ty, _) | Self::Text(ty, _) => Border::Single(ty.clone()),
            Self::List(item, _) => Border::List(Box::new(item.border())),
            Self::Record(fields) => {
                let fields: Vec<_> = (0..)
                    .zip(fields)
                    .map(|(offset, (name, optional, tree))| {
                        let border = match tree.border() {
                            Border::Optional(inner) => Border::Optional(inner),
                            other if *optional => Border::Optional(Box::new(other)),
                            other => other,
                        };
                        FieldBorder { name: name.as_str().into(), offset, border }
                    })
                    .collect();
                let size = u32::try_from(fields.len()).unwrap();
                Border::Record(Arc::new(RecordBorder {
                    name: "R".into(),
                    money: false,
                    size,
                    fields,
                }))
            }
        }
    }

    fn cell(&self, store: &mut Store) -> Cell {
        match self {
            Self::Missing(_) => Cell::Missing,
            Self::Plain(_, cell) => *cell,
            Self::Text(_, text) => store.add_text(text),
            Self::List(_, items) => {
                let cells: Vec<_> = items.iter().map(|item| item.cell(store)).collect();
                let (start, end) = store.append(cells);
                Cell::List { start, end }
            }
            Self::Record(fields) => {
                let cells: Vec<_> = fields.iter().map(|(.., tree)| tree.cell(store)).collect();
                let (start, end) = store.append(cells);
                Cell::Record { start, end }
            }
        }
    }
}

/// A value with everything in it, as text.
fn shown(value: &Value<'_>, border: &Border, out: &mut String) {
    match (value, border) {
        (Value::Missing, _) => out.push_str("missing"),
        (value, Border::Optional(inner)) => shown(value, inner, out),
        (Value::List(list), Border::List(inner)) => {
            out.push('[');
            for item in list.iter() {
                shown(&item, inner, out);
                out.push(',');
            }
            out.push(']');
        }
        (Value::Record(record), Border::Record(border)) => {
            for field in &border.fields {
                write!(out, "{}:", field.name).unwrap();
                shown(&record.field(field.offset), &field.border, out);
            }
        }
        (value, _) => write!(out, "{value:?}").unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_over_the_border_comes_back(tree in tree()) {
        thread_local!(static SAME: Script = identity());
        let border = tree.border();
        let mut store = Store::default();
        let cell = tree.cell(&mut store);
        let value = store.value(cell);
        let one = (std::slice::from_ref(&value), std::slice::from_ref(&border));
        let (given, _) = SAME.with(|same| same.call(one.0, one.1, &border));
        let (mut went, mut came) = (String::new(), String::new());
        shown(&value, &border, &mut went);
        match given.unwrap() {
            Returned::Single(value) => shown(&value, &border, &mut came),
            Returned::Kept(store, cell) => shown(&store.value(cell), &border, &mut came),
        }
        prop_assert_eq!(went, came);
    }
}
