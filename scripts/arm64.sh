#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What an AArch64 build and an emulated machine need, from this machine's own apt sources;
# its packages and its architectures stay as they are.
#
#   scripts/arm64.sh FOLDER      fills FOLDER/sysroot, FOLDER/kernel, FOLDER/busybox
#
# The kernel is whatever the metapackage names today: a fixed version would be gone with
# the next ABI. What is there already stays. Exit code 3: no mirror could be reached, or
# no cross compiler or emulator is installed.
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# = 1 ] || die 'want the folder to fill'
mkdir -p "$1"
folder=$(cd "$1" && pwd)

cannot() {
    say "$*"
    exit 3
}

for program in aarch64-linux-gnu-gcc qemu-aarch64-static qemu-system-aarch64 cpio; do
    command -v "$program" >/dev/null ||
        cannot "no $program: for AArch64 install ${arm64_packages[*]}"
done

# static archives to link with, and the objects that tests are loaded with
libraries=(
    libcmocka-dev libcmocka0
    libelf-dev libelf1
    libjansson-dev libjansson4
    libpfm4-dev libpfm4
    libssl-dev libssl3
    libyaml-dev libyaml-0-2
    nettle-dev libnettle8
    zlib1g-dev zlib1g
)

foreign() {
    local command=$1
    shift
    "$command" -q \
        -o APT::Architecture=arm64 -o APT::Architectures=arm64 \
        -o Dir::State::Lists="$folder/lists" -o Dir::State::status=/dev/null \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

# unpack TO PACKAGE...
unpack() {
    local to=$1 file
    shift
    rm -rf "$folder/debs" "$to.part"
    mkdir -p "$folder/debs" "$to.part"
    (cd "$folder/debs" && foreign apt-get download "$@") >&2 ||
        cannot 'no mirror gave the packages for AArch64'
    for file in "$folder"/debs/*.deb; do
        dpkg -x "$file" "$to.part"
    done
    rm -rf "$to" "$folder/debs"
    mv "$to.part" "$to"
}

lists() {
    [ ! -e "$folder/lists/done" ] || return 0
    mkdir -p "$folder/lists/partial"
    foreign apt-get update -o APT::Update::Error-Mode=any >&2 ||
        cannot 'no mirror could be reached'
    touch "$folder/lists/done"
}

[ -d "$folder/sysroot" ] || { lists && unpack "$folder/sysroot" "${libraries[@]}"; }
[ -d "$folder/busybox" ] || { lists && unpack "$folder/busybox" busybox-static; }
if [ ! -d "$folder/kernel" ]; then
    lists
    kernel=$(foreign apt-cache depends linux-image-cloud-arm64 |
        sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
    [ -n "$kernel" ] || die 'no kernel: linux-image-cloud-arm64 depends on none'
    unpack "$folder/kernel" "$kernel"
fi
