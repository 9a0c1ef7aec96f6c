//! Random records: their definitions and their inputs.

use serde_json::{Map, Value, json};

use super::read_as::Written;
use super::{Choices, Ty};

/// A field of a generated record.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The name.
    pub(crate) name: String,
    /// The type.
    pub(crate) ty: Ty,
    /// Whether it may be missing.
    pub(crate) optional: bool,
    fixed: bool,
    default: Option<&'static str>,
    alias: Option<String>,
    written: Written,
    /// Whether a dash means nothing.
    dashed: bool,
}

/// The fields of the three records: `Leaf`, `Inner` and `Main`.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Plain fields.
    pub(crate) leaf: Vec<Field>,
    /// Plain fields, a list and a leaf.
    pub(crate) inner: Vec<Field>,
    /// Everything.
    pub(crate) main: Vec<Field>,
}

impl Schema {
    /// Random records.
    pub(crate) fn random(choices: &mut Choices<'_>) -> Self {
        let mut leaf = plain(choices, "l", 2);
        // No literal stands for one.
        leaf.push(required("l_price", Ty::Money, true));
        let mut inner = plain(choices, "i", 2);
        inner.push(required("i_leaf", Ty::Leaf, choices.once_in(3)));
        inner.push(required("i_numbers", Ty::Numbers, false));
        let mut main = plain(choices, "m", 4);
        main.extend([
            required("id", Ty::Text, false),
            required("at", Ty::Time, false),
            required("on_day", Ty::Date, false),
            required("amount", Ty::Number, false),
            required("score", Ty::Number, true),
            required("inner", Ty::Inner, false),
            required("maybe", Ty::Inner, true),
            required("numbers", Ty::Numbers, false),
            required("words", Ty::Texts, false),
            required("leaves", Ty::Leaves, false),
            required("price", Ty::Money, false),
            required("tip", Ty::Money, true),
            required("prices", Ty::Moneys, false),
        ]);
        let mut aside = choices.aside();
        let plain = [&mut leaf, &mut inner, &mut main].into_iter().flatten();
        for field in plain.filter(|field| field.name != "id" && field.name != "amount") {
            field.write(&mut aside);
        }
        Self { leaf, inner, main }
    }

    /// The fields of a record.
    pub(crate) fn fields(&self, ty: Ty) -> &[Field] {
        match ty {
            Ty::Leaf => &self.leaf,
            Ty::Inner => &self.inner,
            _ => &[],
        }
    }

    /// The definitions.
    pub(crate) fn text(&self) -> String {
        let records = [("Leaf", &self.leaf), ("Inner", &self.inner), ("Main", &self.main)];
        let mut text = String::new();
        for (name, fields) in records {
            let fields: String = fields.iter().map(Field::text).collect();
            text += &format!("record {name} {{\n{fields}}}\n");
        }
        text
    }

    /// A random record that fits.
    pub(crate) fn input(&self, choices: &mut Choices<'_>) -> Value {
        self.object(&self.main, choices)
    }

    fn object(&self, fields: &[Field], choices: &mut Choices<'_>) -> Value {
        let mut object = Map::new();
        for field in fields {
            let name = match &field.alias {
                Some(alias) if choices.once_in(2) => alias,
                _ => &field.name,
            };
            if (field.optional || field.default.is_some()) && choices.once_in(3) {
                if choices.once_in(2) {
                    object.insert(name.clone(), Value::Null);
                }
                continue;
            }
            let (mut aside, plain) = (choices.aside(), self.value(field.ty, choices));
            let value = match field.dashed && aside.once_in(4) {
                true => json!("-"),
                false => field.written.value(field.ty, &mut aside).unwrap_or(plain),
            };
            object.insert(name.clone(), value);
        }
        Value::Object(object)
    }

    fn value(&self, ty: Ty, choices: &mut Choices<'_>) -> Value {
        match ty {
            Ty::Leaf | Ty::Inner => self.object(self.fields(ty), choices),
            Ty::Numbers => self.list(Ty::Number, choices),
            Ty::Texts => self.list(Ty::Text, choices),
            Ty::Leaves => self.list(Ty::Leaf, choices),
            Ty::Moneys => self.list(Ty::Money, choices),
            Ty::Money => money(choices),
            Ty::Bool => json!(choices.once_in(2)),
            Ty::Number => number(choices),
            Ty::Cny | Ty::Jpy => {
                let amount = number(choices);
                match choices.once_in(3) {
                    true => json!({"amount": amount, "currency": ty.name()}),
                    false => amount,
                }
            }
            Ty::Shop => json!(choices.one_of(&["corner", "mall", "kiosk"])),
            // What the data has for a member may be another text than its name.
            Ty::Color => json!(choices.one_of(&["red", "Dark Green", "blue"])),
            Ty::Level | Ty::Verdict | Ty::Currency => json!(choices.one_of(ty.members())),
            plain => json!(choices.one_of(samples(plain))),
        }
    }

    fn list(&self, element: Ty, choices: &mut Choices<'_>) -> Value {
        (0..choices.below(4)).map(|_| self.value(element, choices)).collect()
    }
}

fn required(name: &str, ty: Ty, optional: bool) -> Field {
    let (default, alias, written) = (None, None, Written::Plainly);
    let (fixed, dashed) = (false, false);
    Field { name: name.into(), ty, optional, fixed, default, alias, written, dashed }
}

fn plain(choices: &mut Choices<'_>, prefix: &str, least: usize) -> Vec<Field> {
    let count = least + choices.below(4);
    let fields = (0..count).map(|at| {
        let ty = *choices.one_of(Ty::PLAIN);
        let mut field = required(&format!("{prefix}{at}"), ty, choices.once_in(3));
        if !field.optional && choices.once_in(5) {
            field.default = default_of(ty);
        }
        field.fixed = choices.once_in(8);
        if choices.once_in(6) {
            field.alias = Some(format!("{prefix}-{at}"));
        }
        field
    });
    fields.collect()
}

fn default_of(ty: Ty) -> Option<&'static str> {
    Some(match ty {
        Ty::Bool => "true",
        Ty::Number => "-2.5",
        Ty::Cny => "9.99 CNY",
        Ty::Jpy => "2 JPY * 3",
        Ty::Text => "\"a\"",
        Ty::Level => "mid",
        Ty::Color => "blue",
        Ty::Shop => "mall",
        Ty::Currency => "USD",
        Ty::Date => "2024-03-05",
        Ty::Duration => "36 hours",
        Ty::TimeOfDay => "06:30",
        _ => return None,
    })
}

impl Field {
    /// Lets it be written in some way.
    fn write(&mut self, choices: &mut Choices<'_>) {
        self.written = Written::random(self.ty, choices);
        let may_miss = self.optional || self.default.is_some();
        // As a number, no column of numbers would hold it.
        let is_text = self.written != Written::Plainly || self.ty == Ty::Text;
        self.dashed = may_miss && is_text && choices.once_in(3);
    }

    fn text(&self) -> String {
        let optional = if self.optional { "?" } else { "" };
        let default = self.default.map(|value| format!(" = {value}")).unwrap_or_default();
        let alias = self.alias.as_ref().map(|name| format!(" as \"{name}\"")).unwrap_or_default();
        let fixed = if self.fixed { " fixed" } else { "" };
        let mut said: Vec<_> = self.written.said().to_vec();
        if self.dashed {
            said.push("\"-\" as missing");
        }
        let read =
            if said.is_empty() { String::new() } else { format!(" read {}", said.join(", ")) };
        format!("  {}: {}{optional}{fixed}{default}{alias}{read}\n", self.name, self.ty.name())
    }
}

/// Numbers that fit together well, now and then one that overflows soon.
fn number(choices: &mut Choices<'_>) -> Value {
    match choices.below(10) {
        0..6 => json!(choices.below(12)),
        6 => json!(-1 - i64::try_from(choices.below(5)).unwrap()),
        7 => json!(choices.one_of(&["0.5", "4.8", "-0.000000001", "1e3", "12.25"])),
        8 => json!(choices.one_of(&[0.5, 4.75, -12.5, 2.345])),
        _ => json!(choices.one_of(&["99999999999999999999999999999", "-70000000000000", "1e20"])),
    }
}

/// Money of any currency in one of its forms.
fn money(choices: &mut Choices<'_>) -> Value {
    let amount = number(choices);
    let currency = *choices.one_of(Ty::Currency.members());
    match &amount {
        Value::String(digits) if choices.once_in(2) => json!(format!("{digits} {currency}")),
        _ => json!({"amount": amount, "currency": currency}),
    }
}

/// Values of types that are texts in JSON.
fn samples(ty: Ty) -> &'static [&'static str] {
    match ty {
        Ty::Text => {
            &["a", "", "Shop", " a ", "food/fresh", "food/fresh/fruit", "food/fresher", "退货"]
        }
        Ty::Version => {
            &["8.0.9", "8.0.14", "8.0.100", "10", "8.0.14-beta", "8.0.14.1", "8.1", "10.0"]
        }
        Ty::Date => &["2024-03-05", "2024-02-29", "2024-03-10", "2024-11-03", "2023-12-31"],
        Ty::Time => &[
            "2024-03-05T12:00:00Z",
            "2024-03-04T23:30:00+08:00",
            "2024-03-10",
            "2024-03-10 02:30:00",
            "2024-11-03T06:30:00.5Z",
        ],
        Ty::TimeOfDay => &["00:00", "06:30:00.5", "22:00", "12:00", "24:00"],
        Ty::Duration => &["PT48H", "PT0S", "P7D", "PT0.25S", "-PT36H"],
        _ => &["https://Shop.Example.com/a/b?x=1", "http://a.shop.co.uk", "https://127.0.0.1/x"],
    }
}
