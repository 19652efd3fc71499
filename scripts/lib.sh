# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What run.sh and check.sh share: finding the checkout, installing what is missing.

export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# One package a line; the names are Debian's.
# shellcheck disable=SC2034  # read by run.sh and check.sh
build_packages=(
    gcc
    libc6-dev
    make
    pkg-config
    libelf-dev
    libjansson-dev
    libpfm4-dev
    libyaml-dev
    libzydis-dev
    nettle-dev
)
# shellcheck disable=SC2034
check_packages=(
    clang
    clang-format
    clang-tidy
    cppcheck
    g++
    groff-base
    jq
    libclang-rt-dev
    libcmocka-dev
    libssl-dev
    man-db
    procps
    python3
    python3-jsonschema
    shellcheck
    valgrind
    zlib1g-dev
)
# What is tested for AArch64, and with a PMU: see scripts/arm64.sh.
# shellcheck disable=SC2034
arm64_packages=(
    cpio
    gcc-aarch64-linux-gnu
    libc6-dev-arm64-cross
    qemu-system-arm
    qemu-user-static
)

say() {
    printf '==> %s\n' "$*" >&2
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

# Prints those of its arguments that are not installed.
missing_packages() {
    local package status
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)
        [ "${status:0:2}" = ii ] || printf '%s\n' "$package"
    done
}

apt() {
    local -a as_root=()
    is_root || as_root=(sudo)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=300 "$@" >&2
}

# Installs what is missing of the named packages; asks for root only if anything is.
need() {
    local -a missing
    if ! command -v dpkg-query >/dev/null; then
        say "no dpkg here: make sure that you have what these Debian packages hold: $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -ne 0 ] || return 0
    is_root || command -v sudo >/dev/null ||
        die "not installed: ${missing[*]}. There is no sudo here; as root, run:" \
            "apt-get install ${missing[*]}"
    say "installing ${missing[*]}"
    # The package lists may be missing or old: the first failure refreshes them, the
    # second try may meet a mirror at a bad moment.
    local -a install=(install --no-install-recommends "${missing[@]}")
    apt "${install[@]}" && return
    { apt update && apt "${install[@]}"; } && return
    sleep 5
    { apt update && apt "${install[@]}"; } || die "could not install: ${missing[*]}"
}

# make in the checkout, on all CPUs.
build() {
    make --no-print-directory -C "$root" -j "$(nproc)" "$@"
}

# The same, but under sudo as the caller, so that build/ stays theirs.
build_as_owner() {
    local owner=${SUDO_UID:-0}
    if is_root && [ "$owner" != 0 ] && [ "$owner" = "$(stat -c %u "$root")" ]; then
        setpriv --reuid="$owner" --regid="${SUDO_GID:-$owner}" --clear-groups \
            make --no-print-directory -C "$root" -j "$(nproc)" "$@"
    else
        build "$@"
    fi
}
