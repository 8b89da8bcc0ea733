# How the binary is linked and started: what a defect, or somebody who found one, cannot do with it.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
}

headers() { readelf -lW "$MOONBEAR"; }

@test "a static position-independent executable" {
	file "$MOONBEAR" | grep -q 'static-pie linked'
	[ -z "$(headers | grep INTERP)" ]
	[ -z "$(readelf -dW "$MOONBEAR" | grep NEEDED)" ]
}

@test "no stack and no segment is both writable and executable" {
	[ "$(headers | grep -cE '^ +GNU_STACK .* RW +0x')" = 1 ]
	[ -z "$(headers | grep -E '^ +LOAD .* (RWE|WE) ')" ]
	"$MOONBEAR" -e 'print(io.open("/proc/self/maps"):read("*a"))' > "$BATS_TEST_TMPDIR/maps" || skip "needs /proc"
	[ -z "$(grep -E '^[0-9a-f-]+ .wx' "$BATS_TEST_TMPDIR/maps")" ]
}

@test "relocated constants are read-only once it runs" {
	[ -r /proc/self/maps ] || skip "needs /proc"
	relro=$(headers | awk '$1 == "GNU_RELRO" { print $3, $6 }')
	first=$(headers | awk '$1 == "LOAD" { print $3; exit }')
	run "$MOONBEAR" - $relro "$first" <<-'END'
		local at, size, first = tonumber(arg[1]), tonumber(arg[2]), tonumber(arg[3])
		local base, writable
		for line in io.lines "/proc/self/maps" do
		    local from, how = line:match "^(%x+)%-%x+ (%S+) .*moonbear$"
		    if from then
		        base = base or tonumber(from, 16)
		        if how:find "w" and not writable then writable = tonumber(from, 16) end
		    end
		end
		print(writable - base == at + size - first)
	END
	[ "$output" = true ]
}

@test "functions with arrays check their frames, and large frames touch each page of theirs" {
	objdump -d "$MOONBEAR.debug" > "$BATS_TEST_TMPDIR/code"
	[ "$(grep -c 'call.*<__stack_chk_fail>' "$BATS_TEST_TMPDIR/code")" -gt 50 ]
	[ "$(uname -m)" != x86_64 ] || [ "$(grep -cE 'or[ql] +\$0x0,0?(0x[0-9a-f]+)?\(%rsp\)' "$BATS_TEST_TMPDIR/code")" -gt 10 ]
}

@test "it can be unwound without a file: the tables are mapped, and know functions of libc" {
	[ "$(headers | grep -c '^ *GNU_EH_FRAME ')" = 1 ]
	readelf --debug-dump=frames "$MOONBEAR.debug" > "$BATS_TEST_TMPDIR/frames" 2>/dev/null
	for name in fwrite vfprintf memcpy; do
		grep -q "FDE .*pc=$(nm "$MOONBEAR.debug" | awk -v name=$name '$3 == name { print $1 }')\.\." "$BATS_TEST_TMPDIR/frames"
	done
}
