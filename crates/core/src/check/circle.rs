//! Finds circles: rules that override each other, policies that read each other.

use std::collections::{HashMap, VecDeque};

/// Calls its second argument with each node that one leads to.
pub(super) type Next<'n> = dyn Fn(usize, &mut dyn FnMut(usize)) + 'n;

/// The circles among nodes from 0 up to `count`, each once and as a way from its first node that
/// leads back to it.
pub(super) fn circles(count: usize, next: &Next) -> Vec<Vec<usize>> {
    let starts = circular(count, next);
    let ways = starts.map(|start| (start, way_back(next, start)));
    ways.filter_map(|(start, way)| {
        // Each circle is reported once, from its first node.
        way.filter(|way| way.iter().all(|node| *node >= start))
    })
    .collect()
}

/// The nodes that are left when those to which nothing left leads are taken away again and again:
/// none unless there is a circle.
fn circular(count: usize, next: &Next) -> impl Iterator<Item = usize> + use<> {
    let mut waiting = vec![0_usize; count];
    let change = |waiting: &mut Vec<usize>, at: usize, by: isize, free: &mut Vec<usize>| {
        next(at, &mut |target| {
            let Some(count) = waiting.get_mut(target) else { return };
            *count = count.saturating_add_signed(by);
            if *count == 0 {
                free.push(target);
            }
        });
    };
    (0..count).for_each(|at| change(&mut waiting, at, 1, &mut Vec::new()));
    let mut free: Vec<_> = (0..count).filter(|at| waiting.get(*at) == Some(&0)).collect();
    while let Some(at) = free.pop() {
        change(&mut waiting, at, -1, &mut free);
    }
    waiting.into_iter().enumerate().filter(|(_, count)| *count > 0).map(|(at, _)| at)
}

/// The nodes on a shortest way from `start` back to itself, beginning with `start`.
fn way_back(next: &Next, start: usize) -> Option<Vec<usize>> {
    let mut came_from: HashMap<usize, usize> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut closes = false;
        next(at, &mut |target| {
            closes |= target == start;
            if target != start && !came_from.contains_key(&target) {
                came_from.insert(target, at);
                queue.push_back(target);
            }
        });
        if closes {
            let mut way = vec![at];
            let mut back = at;
            while back != start {
                back = *came_from.get(&back)?;
                way.push(back);
            }
            way.reverse();
            return Some(way);
        }
    }
    None
}
