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

# Skips what only repeats a test with another size or another error: `make test THOROUGH=1` runs it, and .ci/run does that.
thorough_only() {
	[ -n "${THOROUGH:-}" ] || skip "make test THOROUGH=1 runs it"
}

# need_root REASON
need_root() {
	[ "$(id -u)" = 0 ] || skip "needs root: $1"
}

# pause SECONDS: sleep(1) without its process, which is dear where one waits for a condition again and again: nothing is ever written
# to this pipe.
pause() {
	[ -n "${never:-}" ] || exec {never}<> <(:)
	read -rt "$1" -u "$never" || :
}
