//! The workloads under divan, for comparing changes by wall time.

use bench::{Classbench, SiteFiles, parse_yamaha, yamaha_text};

/// The one of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = ["ipvpn-separate-yamaha", "ipvpn-separate-linux"])]
fn site(bencher: divan::Bencher<'_, '_>, example: &str) {
    let files = SiteFiles::example(example);
    bencher.bench(|| files.to_json());
}

#[divan::bench]
fn yamaha_parse(bencher: divan::Bencher<'_, '_>) {
    let text = yamaha_text(1024 * 1024);
    let bytes = divan::counter::BytesCount::new(text.len());
    bencher.counter(bytes).bench(|| parse_yamaha(&text, false));
}

#[divan::bench(args = [100, 1_000])]
fn list(bencher: divan::Bencher<'_, '_>, rules: usize) {
    let classbench = Classbench::new(rules);
    bencher.bench(|| classbench.build_and_ask());
}
