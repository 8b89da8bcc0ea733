# hostile.bash: run a program again and again, its n-th allocation refused, for many n; see tests/hostile/alloc.c.
# SPDX-License-Identifier: MIT

# Every n up to ALL, then so many more, spread evenly up to the last.
: "${HOSTILE_ALL:=250}" "${HOSTILE_MORE:=150}"

hostile_setup() {
	[[ "${VARIANT:-}" == *hostile* ]] || skip "needs the build that refuses memory: make test HOSTILE=1"
	unset LUA_INIT LUA_PATH LUA_CPATH
}

# attempt N MODE ARG...: sets status, requests, blocks; what was written lies in out and err.
attempt() {
	local at=$1 mode=$2
	shift 2
	status=0 requests= blocks=
	HOSTILE_AT=$at HOSTILE_MODE=$mode HOSTILE_FD=9 "$MOONBEAR" "$@" </dev/null >out 2>err 9>report || status=$?
	read -r requests blocks < report || true
}

says_memory() {
	local text
	text=$(<err)
	[[ "$text" == *"not enough memory"* || "$text" == *"Out of memory"* || "$text" == *"Cannot allocate memory"* ]]
}

# A refused request may be made good (then all is as without), or the run fails with status 1 and says why. Either way
# the process ends by itself, and with nothing left that an undisturbed run gives back. A session (HOSTILE_SESSION) says why
# and goes on.
judge() {
	[ -n "$blocks" ] || { echo "ended without its report, status $status"; return 1; }
	[ "$blocks" -le "$leaked" ] || { echo "$blocks blocks leaked"; return 1; }
	if [ "$status" = "$wanted" ] && cmp -s out calm.out && cmp -s err calm.err; then return 0; fi
	[ "$status" = 1 ] && says_memory && return 0
	[ -n "${HOSTILE_SESSION:-}" ] && [ "$status" = "$wanted" ] && says_memory && return 0
	echo "status $status where $wanted or 1 was due"
	return 1
}

# survives ARG...: both modes over the whole run; prints how many runs that were. HOSTILE_FROM skips the first requests;
# HOSTILE_KEPT: blocks that the C library keeps for the life of the process.
survives() {
	local n step mode runs=0 total wanted leaked
	attempt 0 once "$@"
	mv out calm.out && mv err calm.err
	total=$requests wanted=$status leaked=$blocks
	[ "$total" -gt 50 ] || { echo "only $total requests were counted"; return 1; }
	[ "$leaked" = "${HOSTILE_KEPT:-0}" ] || { echo "$leaked blocks are not given back without any refusal"; return 1; }
	step=$(((total - HOSTILE_ALL) / HOSTILE_MORE + 1))
	for mode in once from; do
		n=${HOSTILE_FROM:-1}
		while [ "$n" -le "$total" ]; do
			attempt "$n" $mode "$@"
			judge || { echo "request $n of $total refused ($mode): $*"; head -c 600 out err; return 1; }
			runs=$((runs + 1))
			if [ "$n" -lt $HOSTILE_ALL ] || [ $step -lt 1 ]; then n=$((n + 1)); else n=$((n + step)); fi
		done
	done
	echo "$runs runs over $total requests"
}
