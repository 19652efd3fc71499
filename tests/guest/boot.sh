#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Boots an emulated AArch64 machine, runs commands in it as root, and prints its console.
#
#   tests/guest/boot.sh COMMANDS [QEMU-OPTION]...
#
# COMMANDS: for busybox's sh; they may use hvperf and guest_pmu, of the AArch64 build.
# Without options the CPU is a Neoverse N1 that counts instructions exactly (-icount
# shift=0). Its exit code is that of the commands; 124: it took too long; 125: it died
# without saying how they ended (QEMU itself ends with 0 then).
#
# Environment: GUEST_BUILD (build/aarch64), ARM64 (build/arm64), GUEST_TIMEOUT (240 s),
# GUEST_TESTS (unit programs that are wanted as well).
set -eu
cd "$(dirname "$0")/../.."
commands=$1
shift
[ $# -gt 0 ] || set -- -cpu neoverse-n1 -icount shift=0
arm64=${ARM64:-build/arm64} build=${GUEST_BUILD:-build/aarch64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/files/{bin,proc,sys,dev,tmp,etc}
cp "$arm64"/busybox/bin/busybox "$work/files/bin/"
add() {
    aarch64-linux-gnu-strip --strip-debug -o "$work/files/bin/$1" "$2"
}
add hvperf "$build/hvperf"
add guest_pmu "$build/tests/guest_pmu"
for test in ${GUEST_TESTS:-}; do
    add "$test" "$build/tests/$test"
    mkdir -p "$work/files/lib" # unit programs are not static
    find /usr/aarch64-linux-gnu/lib "$arm64"/sysroot -name '*.so.[0-9]*' \
        -exec cp -u {} "$work/files/lib" \;
done
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$work/files/etc/passwd"
printf '%s\n' "$commands" >"$work/files/commands"
cat >"$work/files/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin NO_COLOR=1 HOME=/
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp
echo HV-GUEST-BEGIN
sh /commands </dev/null 2>&1
echo "HV-GUEST-EXIT $?"
poweroff -f
INIT
chmod +x "$work/files/init"
(cd "$work/files" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initramfs"

timeout "${GUEST_TIMEOUT:-240}" qemu-system-aarch64 -M virt -smp 1 -m 512 -nographic \
    -nodefaults -serial stdio -monitor none -no-reboot \
    -kernel "$(echo "$arm64"/kernel/boot/vmlinuz-*)" -initrd "$work/initramfs" \
    -append 'console=ttyAMA0 quiet panic=-1' "$@" </dev/null >"$work/console" || exit 124
tr -d '\r' <"$work/console" | sed -n '/^HV-GUEST-BEGIN$/,/^HV-GUEST-EXIT /p' |
    sed '/^HV-GUEST-/d'
code=$(tr -d '\r' <"$work/console" | sed -n 's/^HV-GUEST-EXIT //p')
exit "${code:-125}"
