// SPDX-License-Identifier: MIT
// Code that nobody here wrote, in Rust's library: a panic that is caught, a HashMap.
use std::collections::HashMap;
use std::panic;

struct Guard<'a>(&'a mut u64);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        *self.0 += 1;
    }
}

#[inline(never)]
fn fall(dropped: &mut u64, depth: u32) {
    let guard = Guard(dropped);
    if depth == 0 {
        panic!("the bottom");
    }
    fall(&mut *guard.0, depth - 1);
}

/// Panics ten frames down; the number of guards that were dropped on the way up.
#[no_mangle]
pub extern "C" fn real_rust_panic() -> u64 {
    panic::set_hook(Box::new(|_| {}));
    let mut dropped = 0;
    let caught = panic::catch_unwind(panic::AssertUnwindSafe(|| fall(&mut dropped, 9)));
    dropped * 2 + u64::from(caught.is_err())
}

/// A map of words, their numbers sorted; the sum of what it holds.
#[no_mangle]
pub extern "C" fn real_rust_map() -> u64 {
    let mut words: HashMap<String, u64> = HashMap::new();
    for i in 0..500u64 {
        *words.entry(format!("word number {}", i % 50)).or_insert(0) += i;
    }
    let mut numbers: Vec<u64> = words.values().copied().collect();
    numbers.sort_unstable();
    numbers.iter().sum()
}
