# moonbear.bytes where the host is narrow: small stacks, refused calls, closed and full outputs, files that shrink, data
# larger than memory, limits of time.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	seccomp=$BUILD/tests/support/seccomp
	cat > work.lua <<'X'
local bytes = require "moonbear.bytes"
local b, list = bytes.from(("0123456789"):rep(20000)), {}
for i = 1, 3000 do list[i] = b:sub(i * 7, i * 7 + 299) end
local chain = bytes.chain(list)
local needle = chain:sub(5000, 5600)
assert(chain:find(needle) <= 5000 and chain:find(needle, 5000) == 5000)
local parts, buffer = 0, bytes.buffer()
for part in chain:split "89" do parts = parts + #part end
for i = 1, 1000 do buffer:put(i, ";"):putf("%5d", i):pack("<i4 s2", i, "x") end
local file = assert(io.open("out.bin", "wb"))
assert(chain:write(file))
assert(file:close())
local back = assert(bytes.map "out.bin")
assert(back == chain and bytes.read "out.bin" == chain)
local same = chain:hash "sha256" == back:hash "sha256" and chain:hash "blake2b" ~= back:hash "sha512"
bytes.from(("%d %d %d %s\n"):format(#chain, parts, #buffer:freeze(), tostring(same))):write(1)
X
	expected='900000 720600 15893 true'
}

@test "on a stack of 64 KiB" {
	run bash -c 'ulimit -s 64; exec "$@"' - "$MOONBEAR" work.lua
	[ "$output" = "$expected" ]
	run "$MOONBEAR" --stack-size=64K work.lua
	[ "$output" = "$expected" ]
}

@test "in an empty chroot, without /proc" {
	need_root "chroot"
	plain_build_only
	mkdir root && cp "$MOONBEAR" root/moonbear && cp work.lua root
	run chroot root /moonbear /work.lua
	[ "$output" = "$expected" ]
}

@test "where writev, copy_file_range, sendfile, lseek, pread or mremap is refused" {
	plain_build_only
	"$seccomp" mincore:EPERM -- /bin/true || skip "this host lets nobody set a filter"
	local call
	for call in writev:EPERM writev:ENOSYS copy_file_range:EPERM copy_file_range:ENOSYS,sendfile:ENOSYS sendfile:EINVAL \
		lseek:EPERM pread64:EPERM mremap:ENOMEM; do
		run "$seccomp" "$call" -- "$MOONBEAR" work.lua
		[ "$output" = "$expected" ] || { echo "$call: $output"; return 1; }
	done
	head -c 3000000 /dev/urandom > large
	for call in copy_file_range:EPERM copy_file_range:ENOSYS,sendfile:ENOSYS sendfile:EPERM; do
		run "$seccomp" "$call" -- "$MOONBEAR" -e 'require("moonbear.bytes").map("large"):write(assert(io.open("copy", "w")))'
		[ "$status" = 0 ]
		cmp large copy
	done
}

# Where write and writev are refused, only what the kernel moves from file to file arrives.
@test "a mapped file is written by copy_file_range, else by sendfile, else by write" {
	plain_build_only
	"$seccomp" mincore:EPERM -- /bin/true || skip "this host lets nobody set a filter"
	local refused=write:EPERM,writev:EPERM way
	head -c 3000000 /dev/urandom > large
	cat > copy.lua <<'X'
local out = assert(io.open("copy", "w"))
local done, message, number, written = require("moonbear.bytes").map("large"):write(out)
if not done then os.exit(message == "Operation not permitted: 0 of 3000000 bytes were written" and number == 1 and written == 0 and 9 or 1) end
X
	for way in "$refused" "$refused,copy_file_range:ENOSYS" "$refused,copy_file_range:EPERM"; do
		rm -f copy
		run "$seccomp" "$way" -- "$MOONBEAR" copy.lua
		[ "$status" = 0 ] || { echo "$way: $status $output"; return 1; }
		cmp large copy
	done
	run "$seccomp" "$refused,copy_file_range:ENOSYS,sendfile:ENOSYS" -- "$MOONBEAR" copy.lua
	[ "$status" = 9 ]
}

@test "a pipe that does not block is waited for, and takes what it has room for" {
	command -v perl >/dev/null || skip "needs perl"
	local script='local b = require("moonbear.bytes") local s = ("0123456789"):rep(50000)
		local parts, whole = {}, b.from(s) for i = 1, #s, 1000 do parts[#parts + 1] = whole:sub(i, i + 998) end
		assert(b.chain(parts):write(1)) assert(whole:write(io.stdout))'
	"$MOONBEAR" -e "$script" > expected
	perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK) or die; exec @ARGV' "$MOONBEAR" -e "$script" | { sleep 0.3; cat > got; }
	cmp expected got
	[ "$(wc -c < got)" = 999500 ]
}

@test "calls that a signal interrupts go on" {
	plain_build_only
	command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null || skip "needs strace"
	head -c 3000000 /dev/urandom > large
	local script='local b = require "moonbear.bytes" local large = b.map "large"
		local out = assert(io.open("copy", "w"))
		assert(large:write(out)) assert(("<" .. large:sub(1, 9000) .. ">"):write(out)) assert(b.read("large") == large)'
	run strace -f -qq -o /dev/null -e inject=write,writev,copy_file_range,sendfile,read:error=EINTR:when=1+2 "$MOONBEAR" -e "$script"
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	cmp <(cat large; printf '<'; head -c 9000 large; printf '>') copy
}

@test "a disk that is full, by a mapped file and by pieces" {
	need_root "mounting"
	unshare -m true 2>/dev/null || skip "this host gives no mount namespace"
	head -c 3000000 /dev/urandom > large
	cat > fill.lua <<'X'
local bytes = require "moonbear.bytes"
local large, copy = bytes.map "large", bytes.read "large"
for name, b in pairs { mapped = large, block = copy, chain = copy:sub(1, 150000) .. copy:sub(200001, -1) } do
    local path = "small/" .. name
    local out = assert(io.open(path, "w"))
    local done, message, number, written = b:write(out)
    out:close()
    assert(not done and number == 28 and written > 0 and written <= 256 * 1024, name)
    assert(message == ("No space left on device: %d of %d bytes were written"):format(written, #b), message)
    assert(bytes.read(path) == b:sub(1, written), name)
    os.remove(path)
end
X
	mkdir small
	# shellcheck disable=SC2016  # the inner shell's
	run unshare -m sh -c 'mount -t tmpfs -o size=256k tmpfs small && exec "$1" fill.lua' - "$MOONBEAR"
	[[ "$output" != *mount:* ]] || skip "this host mounts nothing"
	[ "$status" = 0 ] || { echo "$output"; return 1; }
}

@test "a closed, a full and a broken standard output" {
	local write='local b = require("moonbear.bytes").from(("x"):rep(1e5)) io.stderr:write(tostring((select(2, b:write(io.stdout)))))'
	run bash -c '"$1" -e "$2" >&-' - "$MOONBEAR" "$write"
	[ "$output" = "Bad file descriptor: 0 of 100000 bytes were written" ]
	[ -e /dev/full ] || return 0
	run bash -c '"$1" -e "$2" > /dev/full' - "$MOONBEAR" "$write"
	[ "$output" = "No space left on device: 0 of 100000 bytes were written" ]
	run bash -c 'trap "" PIPE; "$1" -e "os.execute \"sleep 0.3\" $2" 2>said | true; cat said' - "$MOONBEAR" "$write"
	[ "$output" = "Broken pipe: 0 of 100000 bytes were written" ]
}

@test "a disk that is full in the middle says how much it took" {
	run bash -c 'ulimit -f 8; trap "" XFSZ; exec "$1" -e "
		local b = require(\"moonbear.bytes\")
		local chain = b.from((\"a\"):rep(5000)) .. (\"b\"):rep(5000)
		print(select(2, chain:write(assert(io.open(\"small\", \"w\")))))"' - "$MOONBEAR"
	[ "$output" = "File too large: 8192 of 10000 bytes were written	27	8192" ]
	[ "$(wc -c < small)" = 8192 ]
}

@test "a mapped file that somebody cuts short is an error, and never a signal" {
	head -c 3000000 /dev/zero > victim
	run "$MOONBEAR" -e '
		local bytes = require "moonbear.bytes"
		local b = bytes.map "victim"
		assert(#b == 3000000)
		io.open("victim", "w"):close()
		for name, f in pairs { find = function() return b:find "x" end, tostring = function() return tostring(b) end,
			hash = function() return b:hash "sha512" end, split = function() return b:split "y"() end } do
			local ok, message = pcall(f)
			assert(not ok and message:find("cut short", 1, true), name)
		end
		print(select(2, b:write(1)))'
	[ "$status" = 0 ]
	[ "$output" = "a mapped file was cut short while it was written: 0 of 3000000 bytes were written	14	0" ]
}

@test "a mapped file is not counted as memory, and may be larger than it" {
	plain_build_only
	truncate -s 64G huge 2>/dev/null || skip "no sparse files here"
	printf end >> huge
	run "$MOONBEAR" --memory-limit=2M -e '
		local b = require("moonbear.bytes").map "huge"
		local chain = "<" .. b .. b .. ">"
		print(#b, tostring(b:sub(-3)), #chain, tostring(chain:sub(-4)), b:sub(-100000):find "end")'
	[ "$output" = "68719476739	end	137438953480	end>	99998	100000" ]
}

@test "a mapping that the host refuses is a clear refusal" {
	plain_build_only
	truncate -s 64G huge 2>/dev/null || skip "no sparse files here"
	run bash -c 'ulimit -v 4000000; exec "$1" -e "print(require(\"moonbear.bytes\").map \"huge\")"' - "$MOONBEAR"
	[ "$status" = 0 ]
	[ "$output" = "nil	huge: Out of memory	12" ]
}

# Joined often enough, its length would begin at 0 again.
@test "no bytes are longer than positions can count" {
	plain_build_only
	truncate -s 8T vast 2>/dev/null || skip "no sparse files of 8 TB here"
	run "$MOONBEAR" -e '
		local bytes = require "moonbear.bytes"
		local b, parts, buffer = bytes.map "vast", {}, bytes.buffer()
		for i = 1, 1024 do parts[i] = b end
		local most = bytes.chain(parts)
		assert(#most == 2 ^ 53 and most:byte(-1) == 0)
		local too_long = "these bytes would be more than 2^53"
		local function fails(text, f, ...)
			local ok, message = pcall(f, ...)
			assert(not ok and message:find(text, 1, true), message)
		end
		fails(too_long, function() return most .. "x" end)
		fails(too_long, bytes.chain, "x", most)
		for i = 1, 10 do parts[1024 + i] = most end
		fails(too_long, bytes.chain, parts)
		local many = {}
		for i = 1, 7000 do many[i] = most end
		fails(too_long, bytes.chain, unpack(many))
		fails(too_long, buffer.put, buffer, unpack(many))
		fails("not enough memory", buffer.put, buffer, most)
		fails("not enough memory", tostring, most)
		fails("not enough memory", most.flatten, most)
		assert(b:find(most) == nil and ("x" .. b):find(most) == nil)
		print "it holds"'
	[ "$output" = "it holds" ] || { echo "$output"; return 1; }
}

@test "searching, comparing and hashing end with the time that is given" {
	truncate -s 64G huge 2>/dev/null || skip "no sparse files here"
	local what
	for what in 'b:find "x"' 'b:find "a needle"' 'b:find(("n"):rep(1e5))' '(b .. "x" .. b):find "xy"' 'print(b == b:sub(1, -2) .. "x")' \
		'b:hash "sha256"' 'b:lines()()' 'print(b:unpack "c3", b:find "y")'; do
		run timeout 120 "$MOONBEAR" --time-limit=0.2 -e "local b = require('moonbear.bytes').map 'huge' .. 'end' $what"
		[ "$status" = 1 ] && [[ "$output" == *"time limit exceeded"* ]] || { echo "$what: $status $output"; return 1; }
	done
}
