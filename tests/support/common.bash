# common.bash: what the command-line tests share; `load ../support/common` takes it.
# SPDX-License-Identifier: MIT

# The binary under test, and the folder of what was built with it.
: "${MOONBEAR:=$PWD/build/$(uname -m)/moonbear}"
: "${BUILD:=$PWD/build/$(uname -m)}"
ROOT=$PWD

# shellcheck source=tests/support/forked.bash
source "${BASH_SOURCE[0]%/*}/forked.bash"

# Skips where the variant cannot tell: sanitizers change memory, system calls and linkage.
plain_build_only() {
	[ -z "${VARIANT:-}" ] || skip "says nothing about the $VARIANT build"
}

# need_root REASON
need_root() {
	[ "$(id -u)" = 0 ] || skip "needs root: $1"
}
