//! Rules drawn at random, to see what an engine's cost does as they become many.

use std::collections::HashMap;

use crate::input::Input;
use crate::random::Random;

/// One rule: it matches a checkout of its category, with an amount above and a score below.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: u64,
    /// No category means any.
    pub category: Option<String>,
    pub above: f64,
    pub below: f64,
}

/// What the rules test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A category out of a thousand, and both ranges.
    Dispatched,
    /// Both ranges only, so that there is nothing to look up; each rule matches 1% of checkouts.
    Ranges,
}

/// The first so many rules of a kind, always the same.
pub fn rules(kind: Kind, count: usize) -> Vec<Rule> {
    let mut random = Random::seeded(777);
    let ids = 0..count as u64;
    match kind {
        Kind::Dispatched => ids
            .map(|id| Rule {
                id,
                category: Some(format!("cat_{}", (id * 389) % 1_000)),
                above: random.between(1_000, 91_000) as f64 / 100.0,
                below: random.between(280, 500) as f64 / 100.0,
            })
            .collect(),
        Kind::Ranges => {
            let (amounts, scores) = quantiles();
            ids.map(|id| {
                // One range may be wide if the other is narrow: 2% to 50% each, 1% together.
                let share = 0.02 * 25f64.powf(random.fraction());
                let at =
                    |values: &[f64], share: f64| values[(share * values.len() as f64) as usize];
                let above = at(&amounts, 1.0 - share);
                Rule { id, category: None, above, below: at(&scores, 0.01 / share) }
            })
            .collect()
        }
    }
}

/// The amounts and the scores of some checkouts, sorted, so that a share of them is a place.
fn quantiles() -> (Vec<f64>, Vec<f64>) {
    let inputs: Vec<_> = crate::input::cases(20_000).map(|case| case.input).collect();
    let sorted = |value: fn(&Input) -> f64| {
        let mut values: Vec<_> = inputs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    (sorted(|input| input.order.amount), sorted(|input| input.merchant.experience_score))
}

/// The matching rules, counted and summed up, in whatever order an engine finds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hits {
    pub count: u64,
    sum: u64,
}

impl Hits {
    #[inline]
    pub fn add(&mut self, id: u64) {
        self.count += 1;
        self.sum += id;
    }
}

impl FromIterator<u64> for Hits {
    fn from_iter<I: IntoIterator<Item = u64>>(ids: I) -> Self {
        let mut hits = Self::default();
        ids.into_iter().for_each(|id| hits.add(id));
        hits
    }
}

#[inline]
fn in_ranges(rule: &Rule, input: &Input) -> bool {
    input.order.amount > rule.above && input.merchant.experience_score < rule.below
}

/// By hand: one rule after another. The oracle.
#[inline(never)]
pub fn matching_linear(rules: &[Rule], input: &Input) -> Hits {
    matching_ids(rules, input).collect()
}

/// The same, with the numbers of the rules collected in memory that is used again.
#[inline(never)]
pub fn matching_collected(rules: &[Rule], input: &Input, ids: &mut Vec<u64>) {
    ids.clear();
    ids.extend(matching_ids(rules, input));
}

#[inline(always)]
fn matching_ids<'r>(rules: &'r [Rule], input: &'r Input) -> impl Iterator<Item = u64> + 'r {
    let category = input.merchant.category.as_str();
    rules
        .iter()
        .filter(move |rule| rule.category.as_deref().is_none_or(|wanted| wanted == category))
        .filter(move |rule| in_ranges(rule, input))
        .map(|rule| rule.id)
}

/// The rules of each category.
pub type Index = HashMap<String, Vec<Rule>>;

/// By hand: the rules under their categories. Those without one have no place in it.
pub fn index(rules: &[Rule]) -> Index {
    let mut index = Index::new();
    for rule in rules {
        if let Some(category) = &rule.category {
            index.entry(category.clone()).or_default().push(rule.clone());
        }
    }
    index
}

/// By hand: only the rules of the checkout's category are looked at.
#[inline(never)]
pub fn matching_indexed(index: &Index, input: &Input) -> Hits {
    let rules = index.get(&input.merchant.category).map_or([].as_slice(), Vec::as_slice);
    rules.iter().filter(|rule| in_ranges(rule, input)).map(|rule| rule.id).collect()
}
