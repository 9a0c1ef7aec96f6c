//! The values worth trying for each place of a record: where conditions only compare places with
//! constants, records that lie alike to all of these constants are decided alike, so that one of
//! each kind stands for all.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::check::typed::{Constant, is_value};
use crate::program::{FieldKind, Node, NodeId, Operands, Policy, Program, Rule};
use rulebook_lang::kernel::{self, Context, Kernel, Known};
use rulebook_lang::model::{
    Cell, Currency, Duration, Number, Type, Value, add_days, start_of_day, version_beside,
    version_between,
};
use rulebook_lang::scalar::{Kind, Level};

/// So many steps of an evaluation take as long as looking at a condition.
const STEPS: u64 = 4;

/// What a record, or its judging, leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// A slot of the row.
    Slot(u32),
    /// The time of the evaluation, for a policy that is not dated by the record.
    Now,
}

/// A field of the record.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// `None` for a record within the record, of which only the presence can vary.
    pub(super) ty: Option<Type>,
    /// To how many digits its numbers are rounded as they are read: no other value is one of the field.
    digits: Option<u32>,
    pub(super) optional: bool,
    /// The records around it that may be missing, from the outside inwards.
    pub(super) parents: Vec<u32>,
}

/// A value to try; `None` for one that is missing.
pub(super) type Choice = Option<Constant>;

/// The fields of a policy's record and the counters that it reads, by their slots.
pub(super) type Fields = Rc<BTreeMap<u32, Field>>;

/// Constants, each of them once, in the order in which they came.
#[derive(Debug, Clone, Default)]
struct Bounds {
    all: Vec<Constant>,
    plain: HashSet<Cell>,
    texts: HashSet<String>,
}

impl Bounds {
    fn add(&mut self, constant: Constant) {
        let is_new = match &constant {
            Constant::Text(text) => self.texts.insert(text.clone()),
            other => match other.to_value().and_then(|value| value.to_plain()) {
                Some(plain) => self.plain.insert(plain),
                None => true,
            },
        };
        if is_new {
            self.all.push(constant);
        }
    }
}

/// The places of a policy with the constants that they are compared with.
pub(super) struct Space<'p> {
    pub(super) program: &'p Program,
    pub(super) policy: &'p Policy,
    pub(super) fields: Fields,
    /// How much learning and searching may take.
    pub(super) most: u64,
    /// How much they have taken: how many conditions, values and rules have been looked at.
    pub(super) work: u64,
    bounds: BTreeMap<Place, Bounds>,
    /// Places that are compared with each other.
    beside: BTreeMap<Place, Vec<Place>>,
    exact: HashMap<NodeId, bool>,
    support: HashMap<NodeId, BTreeSet<Place>>,
}

/// The fields of a policy's record, and its counters.
pub(super) fn fields(program: &Program, policy: &Policy) -> Fields {
    let mut fields = BTreeMap::new();
    let mut optional_records: Vec<(String, u32)> = Vec::new();
    policy.layout.walk("", &mut |path, field| {
        let around = optional_records.iter().filter(|(outer, _)| {
            path.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        let parents = around.map(|(_, slot)| *slot).collect();
        let ty = match &field.kind {
            FieldKind::Scalar(ty) | FieldKind::Read(ty, _) => Some(ty.required().clone()),
            FieldKind::Record(_) => None,
            // What a list holds cannot be followed.
            FieldKind::List(_) => return,
        };
        if ty.is_none() && field.optional {
            optional_records.push((path.to_string(), field.slot));
        }
        let (digits, optional) = (field.digits, field.optional);
        fields.insert(field.slot, Field { ty, digits, optional, parents });
    });
    for counted in &policy.counters {
        let counter = &program.counters[counted.counter];
        let (ty, parents) = (Some(counter.ty.clone()), Vec::new());
        fields.insert(counted.slot, Field { ty, digits: None, optional: false, parents });
    }
    fields.into()
}

impl<'p> Space<'p> {
    /// A space without constants; to learn and to search may take so much work.
    pub(super) fn new(
        program: &'p Program,
        policy: &'p Policy,
        fields: &Fields,
        most: u64,
    ) -> Self {
        let (bounds, exact, support) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        let (fields, beside) = (fields.clone(), BTreeMap::new());
        Self { program, policy, fields, most, work: 0, bounds, beside, exact, support }
    }

    /// Whether more has been looked at than may be.
    pub(super) fn is_spent(&self) -> bool {
        self.work > self.most
    }

    /// Notes that so much has been looked at.
    pub(super) fn take(&mut self, work: usize) {
        self.work = self.work.saturating_add(work as u64);
    }

    /// Notes that evaluating took so many steps.
    pub(super) fn take_steps(&mut self, steps: u64) {
        self.work = self.work.saturating_add(steps / STEPS);
    }

    /// The place whose time picks whether a rule of a policy is in force.
    pub(super) fn date_of(&self, policy: &Policy, rule: &Rule) -> Place {
        rule.dated.or(policy.dated).or(self.policy.dated).map_or(Place::Now, Place::Slot)
    }

    /// Learns what the conditions of a policy's rule compare, and the dates of its phases.
    pub(super) fn learn_rule(&mut self, policy: &Policy, rule: &Rule) {
        self.take(1);
        let date = self.date_of(policy, rule);
        let dates = rule.phases.iter().map(|phase| phase.from).chain(rule.until);
        for time in dates {
            self.add(date, Constant::Time(time));
        }
        for node in conditions(rule) {
            self.learn(node);
        }
    }

    /// Learns what a condition compares, and returns whether that is all that it depends on: whether
    /// its places, each beside its constants, say if it holds.
    pub(super) fn learn(&mut self, id: NodeId) -> bool {
        if let Some(exact) = self.exact.get(&id) {
            return *exact;
        }
        self.take(1);
        let exact = self.learn_new(id);
        self.exact.insert(id, exact);
        exact
    }

    fn learn_new(&mut self, id: NodeId) -> bool {
        match self.program.node(id) {
            Node::Constant(_) => true,
            Node::Slot(slot) => self.fields.contains_key(&slot),
            Node::Presence(operand, _) => self.place(operand).is_some(),
            Node::And(operands) | Node::Or(operands) => self.learn_all(operands),
            Node::Choice(operands) => self.learn_all(operands),
            Node::Coalesce(first, second) => self.learn(first) && self.learn(second),
            Node::Call(kernel, operands) => self.learn_call(kernel, operands),
            Node::AnyOf(operands, _) => {
                let Some((value, items)) = self.program.operands(operands).split_first() else {
                    return false;
                };
                self.learn_against(*value, items)
            }
            Node::InRange { operands, .. } => match self.program.operands(operands) {
                [value, ends @ ..] => self.learn_against(*value, ends),
                [] => false,
            },
            Node::InSet(value, set, _) => {
                let Some(place) = self.place(value) else { return false };
                let mut texts: Vec<_> = self.program.sets[set].iter().collect();
                self.take(texts.len());
                if self.is_spent() {
                    return false;
                }
                texts.sort();
                for text in texts {
                    self.add(place, Constant::Text(text.to_string()));
                }
                true
            }
            _ => false,
        }
    }

    fn learn_all(&mut self, operands: Operands) -> bool {
        let mut all = true;
        for operand in self.program.operands(operands) {
            all &= self.learn(*operand);
        }
        all
    }

    fn learn_call(&mut self, kernel: Kernel, operands: Operands) -> bool {
        let operands = self.program.operands(operands);
        match (operands, kernel.known()) {
            ([operand], Some(Known::Not)) => self.learn(*operand),
            ([value, list], Some(Known::Contained(_))) => self.learn_against(*value, &[*list]),
            ([left, right], Some(Known::Compares(_))) => {
                if let (Some(a), Some(b)) = (self.place(*left), self.place(*right)) {
                    self.beside.entry(a).or_default().push(b);
                    self.beside.entry(b).or_default().push(a);
                    return false;
                }
                self.learn_against(*left, &[*right]) || self.learn_against(*right, &[*left])
            }
            _ => false,
        }
    }

    /// A place beside constants.
    fn learn_against(&mut self, value: NodeId, constants: &[NodeId]) -> bool {
        let Some(place) = self.place(value) else { return false };
        let found: Option<Vec<_>> = constants.iter().map(|id| self.constants(*id)).collect();
        let Some(found) = found else { return false };
        found.into_iter().flatten().for_each(|constant| self.add(place, constant));
        true
    }

    /// The place that a node reads, itself or with a constant where it is missing.
    fn place(&self, id: NodeId) -> Option<Place> {
        match self.program.node(id) {
            Node::Slot(slot) => self.fields.contains_key(&slot).then_some(Place::Slot(slot)),
            Node::Now => self.policy.dated.is_none().then_some(Place::Now),
            Node::Coalesce(first, second) => {
                self.constants(second)?;
                self.place(first)
            }
            _ => None,
        }
    }

    /// What a node stands for on every record.
    pub(super) fn constants(&self, id: NodeId) -> Option<Vec<Constant>> {
        match self.program.constants.value(self.program.fixed(id)?) {
            Value::List(list) => list.iter().map(|item| Constant::from_value(&item)).collect(),
            value => Some(Constant::from_value(&value).into_iter().collect()),
        }
    }

    fn add(&mut self, place: Place, constant: Constant) {
        let zone = &self.program.zone;
        let constant = match (self.type_of(place), constant) {
            (Some(Type::Time), Constant::Date(date)) => match start_of_day(date, zone) {
                Some(time) => Constant::Time(time),
                None => return,
            },
            (Some(Type::Date), Constant::Time(time)) => Constant::Date(time.shown(zone).0.date()),
            // A place holds numbers: those beside the fraction.
            (_, Constant::Fraction(fraction)) => {
                let above = fraction.below().checked_add(Number::STEP);
                above.into_iter().for_each(|above| self.add(place, Constant::Number(above)));
                Constant::Number(fraction.below())
            }
            (_, constant) => constant,
        };
        self.take(weight(&constant));
        self.bounds.entry(place).or_default().add(constant);
    }

    fn type_of(&self, place: Place) -> Option<Type> {
        match place {
            Place::Now => Some(Type::Time),
            Place::Slot(slot) => self.fields.get(&slot)?.ty.clone(),
        }
    }

    fn digits_of(&self, place: Place) -> Option<u32> {
        match place {
            Place::Now => None,
            Place::Slot(slot) => self.fields.get(&slot)?.digits,
        }
    }

    /// The places that a node reads.
    pub(super) fn support(&mut self, id: NodeId) -> &BTreeSet<Place> {
        let (program, undated) = (self.program, self.policy.dated.is_none());
        let work = &mut self.work;
        self.support.entry(id).or_insert_with(|| {
            let mut places = BTreeSet::new();
            program.walk(id, &mut |_, node| {
                *work += 1;
                match node {
                    Node::Slot(slot) => {
                        places.insert(Place::Slot(slot));
                    }
                    Node::Now if undated => {
                        places.insert(Place::Now);
                    }
                    _ => {}
                }
            });
            places
        })
    }

    /// Whether the places of a condition say if it holds.
    pub(super) fn is_exact(&self, id: NodeId) -> bool {
        self.exact.get(&id).copied().unwrap_or(false)
    }

    /// The values to try for a place: each of its constants, one between each two, one on either
    /// side of all, and none where it may be missing.
    pub(super) fn choices(&mut self, place: Place) -> Vec<Choice> {
        let mut choices: Vec<Choice> = Vec::new();
        if let Place::Slot(slot) = place
            && self.fields.get(&slot).is_some_and(|field| field.optional)
        {
            choices.push(None);
        }
        match self.type_of(place) {
            None => choices.push(Some(Constant::Bool(true))),
            Some(ty) => {
                let (bounds, digits) = (self.bounds_of(place, &ty), self.digits_of(place));
                choices.extend(values(&ty, digits, &bounds).into_iter().map(Some));
            }
        }
        let weights = choices.iter().flatten().map(weight);
        self.take(weights.sum());
        choices
    }

    /// The constants that a place is compared with, and those of the places that it is compared
    /// with, so that one can lie on either side of the other.
    fn bounds_of(&mut self, place: Place, ty: &Type) -> Vec<Constant> {
        let (mut class, mut seen) = (vec![place], BTreeSet::from([place]));
        let mut at = 0;
        while let Some(place) = class.get(at).copied() {
            at += 1;
            let others = self.beside.get(&place).map(Vec::as_slice).unwrap_or_default();
            self.work += 1 + others.len() as u64;
            class.extend(others.iter().filter(|other| seen.insert(**other)));
        }
        let of_type = class.iter().filter(|other| self.type_of(**other).as_ref() == Some(ty));
        let mut bounds = Bounds::default();
        for bound in
            of_type.filter_map(|other| self.bounds.get(other)).flat_map(|bounds| &bounds.all)
        {
            bounds.add(bound.clone());
        }
        if bounds.all.is_empty() && class.len() > 1 && is_line(ty) {
            bounds.all.push(usual(ty));
        }
        bounds.all
    }
}

/// The work of keeping a constant and of trying it.
fn weight(constant: &Constant) -> usize {
    match constant {
        Constant::Text(text) => 4 + text.len() / 16,
        _ => 2,
    }
}

/// The conditions of a rule.
pub(super) fn conditions(rule: &Rule) -> impl Iterator<Item = NodeId> {
    let filters = rule.phases.iter().filter_map(|phase| phase.filter);
    filters.chain(rule.when).chain(rule.unless)
}

/// Values of a type that lie in every way to some of its values; numbers of so many digits, if that is said.
fn values(ty: &Type, digits: Option<u32>, bounds: &[Constant]) -> Vec<Constant> {
    match ty {
        Type::Bool => vec![Constant::Bool(false), Constant::Bool(true)],
        Type::Enum(members) if members.is_currency() => currencies(bounds),
        Type::Enum(members) => {
            let all = (0..).zip(&members.members).map(|(at, _)| Constant::Member(at));
            let other = if bounds.is_empty() { ANY_TEXT } else { OTHER_TEXT };
            let other = members.open.then(|| unnamed(bounds, other));
            all.chain(other).collect()
        }
        Type::Text => {
            let other = if bounds.is_empty() { ANY_TEXT } else { OTHER_TEXT };
            bounds.iter().cloned().chain([unnamed(bounds, other)]).collect()
        }
        ty if ty.kind() == Some(Kind::Text) && !is_line(ty) => {
            let Constant::Text(other) = usual(ty) else { return bounds.to_vec() };
            bounds.iter().cloned().chain([unnamed(bounds, &other)]).collect()
        }
        Type::List(_) | Type::Record(_) | Type::Optional(_) | Type::Unknown => Vec::new(),
        ty => line(ty, digits, bounds),
    }
}

/// The currencies that are named, and two for all others: there are too many to try each.
fn currencies(bounds: &[Constant]) -> Vec<Constant> {
    let is_named = |at: &u32| {
        bounds.iter().any(|bound| matches!(bound, Constant::Member(member) if member == at))
    };
    let others = (0..).take(Currency::all().len()).filter(|at| !is_named(at)).take(2);
    bounds.iter().cloned().chain(others.map(Constant::Member)).collect()
}

/// Whether the values of a type stand along a line.
fn is_line(ty: &Type) -> bool {
    ty.scalar().is_some_and(|row| row.level >= Level::Ordinal)
}

/// Texts that stand for those that nothing names.
const ANY_TEXT: &str = "any";
const OTHER_TEXT: &str = "other";

/// A text that is none of those named.
fn unnamed(bounds: &[Constant], first: &str) -> Constant {
    let mut text = first.to_string();
    let is_named = |text: &String| {
        bounds.iter().any(|constant| matches!(constant, Constant::Text(bound) if bound == text))
    };
    while is_named(&text) {
        text.push('_');
    }
    Constant::Text(text)
}

/// The bounds of an ordered type, in order, with one value between each two and on either side.
fn line(ty: &Type, digits: Option<u32>, bounds: &[Constant]) -> Vec<Constant> {
    let mut sorted = bounds.to_vec();
    sorted.sort_by(order);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return vec![usual(ty)];
    };
    let outside =
        |value: &Constant, steps| beside(value, steps).filter(|value| is_value(ty, value));
    let mut values: Vec<_> = outside(first, -1).into_iter().collect();
    for pair in sorted.windows(2) {
        if let [low, high] = pair {
            values.push(low.clone());
            values.extend(between(ty, digits, low, high));
        }
    }
    values.push(last.clone());
    values.extend(outside(last, 1));
    if let Some(digits) = digits {
        values = values.iter().filter_map(|value| rounded(value, digits)).collect();
        values.dedup_by(|value, before| order(value, before) == Ordering::Equal);
    }
    values
}

/// A number as a field has it that is rounded to so many digits.
fn rounded(value: &Constant, digits: u32) -> Option<Constant> {
    match value {
        Constant::Number(number) => number.checked_round(digits).map(Constant::Number),
        other => Some(other.clone()),
    }
}

fn order(a: &Constant, b: &Constant) -> Ordering {
    let zone = rulebook_lang::model::Zone::UTC;
    match (a.to_value(), b.to_value()) {
        (Some(a), Some(b)) => kernel::order(&a, &b, &Context { zone: &zone, calendars: &[] })
            .unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}

/// A value where nothing is compared.
fn usual(ty: &Type) -> Constant {
    let value = ty.scalar().map(|row| (row.usual)());
    let constant = value.and_then(|value| Constant::from_value(&value));
    constant.unwrap_or(Constant::Number(Number::ONE))
}

/// A value a usual step to one side.
fn beside(value: &Constant, steps: i64) -> Option<Constant> {
    Some(match value {
        Constant::Number(value) => Constant::Number(value.checked_add(Number::from(steps))?),
        Constant::Date(date) => Constant::Date(add_days(*date, steps)?),
        Constant::Time(time) => Constant::Time(time.checked_add(Duration::from_secs(steps))?),
        Constant::Duration(value) => {
            Constant::Duration(value.checked_add(Duration::from_secs(steps))?)
        }
        Constant::Text(version) => Constant::Text(version_beside(version, steps > 0)?),
        Constant::Period(value) => Constant::Period(rulebook_lang::model::Period {
            months: value.months.checked_add(i32::try_from(steps).ok()?)?,
            ..*value
        }),
        _ => return None,
    })
}

/// A value between two others, a plain one where there is one.
fn between(ty: &Type, digits: Option<u32>, low: &Constant, high: &Constant) -> Option<Constant> {
    let inside = |value: &Constant| {
        order(low, value) == Ordering::Less && order(value, high) == Ordering::Less
    };
    let near = beside(low, 1).filter(inside);
    // Rounded, what is near may lie elsewhere; where there is any number of so many digits, the one nearest to
    // the middle is one.
    if near.is_some() && digits.is_none() {
        return near;
    }
    let halfway = match (low, high) {
        (Constant::Number(low), Constant::Number(high)) => {
            let middle = low.checked_add(high.checked_sub(*low)?.checked_div(Number::from(2))?)?;
            let usual = match ty {
                Type::Money(currency) => currency.minor_digits(),
                _ => 2,
            };
            let plain = middle.checked_round(digits.unwrap_or(usual));
            let plain = plain.map(Constant::Number).filter(inside);
            if digits.is_some() {
                return plain;
            }
            return plain.or(Some(Constant::Number(middle)).filter(inside));
        }
        (Constant::Time(low), Constant::Time(high)) => {
            let half = high.duration_since(*low).checked_div(2)?;
            Constant::Time(low.checked_add(half)?)
        }
        (Constant::Text(low), Constant::Text(high)) => {
            Constant::Text(version_between(Some(low), Some(high))?)
        }
        (Constant::Duration(low), Constant::Duration(high)) => {
            Constant::Duration(low.checked_add(high.checked_sub(*low)?.checked_div(2)?)?)
        }
        _ => return None,
    };
    Some(halfway).filter(inside)
}

/// A value as a cell of a store, which keeps its text.
pub(super) fn cell(choice: &Choice, store: &mut rulebook_lang::model::Store) -> Cell {
    match choice.as_ref().and_then(Constant::to_value) {
        Some(value) => store.import(&value),
        None => Cell::Missing,
    }
}
