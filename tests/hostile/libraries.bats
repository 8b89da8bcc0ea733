# What the libraries do when the n-th allocation is refused, for many n, once and from then on: no crash, no leak, and either the run goes on as
# if nothing had been or it ends with status 1 and says that memory is short.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/hostile

setup() {
	hostile_setup
	cd "$BATS_TEST_TMPDIR"
	programs=$ROOT/tests/hostile/programs
}

@test "modules" { survives "$programs/modules.lua"; }
@test "errors and tracebacks" { survives "$programs/errors.lua"; }
@test "strings and loading" { survives "$programs/strings.lua"; }
@test "tables, weak ones and finalizers" { survives "$programs/tables.lua"; }
@test "coroutines" { survives "$programs/coroutines.lua"; }
@test "cjson" { survives "$programs/cjson.lua"; }
@test "reading data" { survives "$programs/data.lua"; }
@test "lpeg and re" { survives "$programs/lpeg.lua"; }
@test "files, lfs and commands" {
	mkdir folder
	HOSTILE_KEPT=1 survives "$programs/files.lua" "$PWD/folder" # the block of a closed file
}
@test "argparse, inspect, stores and results" { survives "$programs/libraries.lua"; }
@test "bytes" {
	mkdir folder
	HOSTILE_KEPT=1 survives "$programs/bytes.lua" "$PWD/folder"
}
