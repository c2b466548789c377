#!/bin/bash
# Cargo and Rust: a build with its jobserver, and std::process
# packages: cargo rustc gcc
# version: cargo --version
# says: ^from Rust: 42$
# limit: 240
# leak: ^cargo > .*: socket -- the socket pair by which signals reach cargo: what a build script starts in the background holds both ends
. "$(dirname "$0")/lib.bash"

export CARGO_HOME=$PWD/cargo
cargo -q init --bin --vcs none it 2>/dev/null
cd it || exit
cat >src/main.rs <<'R'
use std::process::Command;
fn main() {
    let o = Command::new("sh").arg("-c").arg("echo from Rust: $((40 + 2))").output().unwrap();
    print!("{}", String::from_utf8_lossy(&o.stdout));
}
R
echo 'fn main() { println!("cargo:warning=a build script ran"); }' >build.rs
cargo -q run --offline 2>/dev/null
