//! `help`: what every task does.

/// The list of tasks.
pub const TEXT: &str = "\
Development tasks of sekisho: cargo xtask <task>

  generate [--check]             write the registries and the rule index from the folders;
                                 --check only says which file is stale
  new rule <name> --code F009    add a rule: one folder, then generate
  new vendor <name>              add a vendor: one folder, then generate
  new pattern <id>               add a reference pattern: one folder, then generate
  layers [--manifest PATH]       imports point to lower layers, no file, socket, clock,
                                 environment or process below layer 8
  tidy                           headers, sizes, white space, complete folders, addresses
                                 and secrets; exceptions stand in xtask/tidy-allow.txt
  test, ci                       everything: packages, layers, generate --check, tidy,
                                 format, clippy, all tests; CI=true forbids skipping
  bench [--save] [arguments]     run the benchmarks; --save puts the result into
                                 docs/PERFORMANCE.md
  fuzz [seconds]                 throw random bytes at every parser (60 seconds)
  fuzz log <seconds>             those of the file exchange; adds the time up in docs/FUZZ.md
  soak [--save] [--minutes N] [word]
                                 the file exchange in full size, for hours, or the long tests
                                 for N minutes together; --save puts what was found into
                                 docs/TRUST.md
  release-check                  whether this tree may be released: the last saved soak is of
                                 these sources, whole, and A5 to A10 passed in it
  windows [--prepare] [word]     build the file exchange for Windows and run its tests under
                                 Wine; --prepare installs what that needs
  smb-lab [--save]               the file exchange on a mounted share: boots Debian's kernel
                                 in qemu against a Samba server on this machine; some
                                 minutes, --save as with soak
  xfrm-lab                       the oracle against the IPsec of Debian's kernel in qemu, with
                                 the tunnel down and up
  help                           this list
";

/// Prints the list of tasks.
pub fn print() {
    print!("{TEXT}");
}
