# The n-th allocation is refused, for many n, once and from then on: no crash, no leak, and either the run goes on as
# if nothing had been or it ends with status 1 and says that memory is short.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/hostile

setup() {
	hostile_setup
	cd "$BATS_TEST_TMPDIR"
}

@test "the build does refuse" {
	attempt 0 once -e 'print "fine"'
	[ "$status" = 0 ] && [ "$(<out)" = fine ] && [ "$blocks" = 0 ]
	last=$requests
	attempt "$((last / 2))" once -e 'print "fine"'
	[ "$status" = 1 ]
	[ "$(<err)" = "$MOONBEAR: not enough memory" ] || [ "$(<err)" = "$MOONBEAR: cannot create state: not enough memory" ]
	[ ! -s out ]
	attempt "$((last + 1))" from -e 'print "fine"'
	[ "$status" = 0 ]
}

@test "a leak would be seen" {
	attempt 0 once -e 'os.exit(0)'
	[ "$status" = 0 ]
	[ "$blocks" -gt 0 ]
}

@test "starting, with a chunk" { survives -e 'print(1)'; }
@test "starting, with an error" { survives -e 'error "x"'; }
@test "starting, as a session of one line" { HOSTILE_SESSION=1 survives -v -i; }
@test "the version" { survives --version; }
@test "help" { survives help cli; }
