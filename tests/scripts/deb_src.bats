# deb-src: the sources list that is made from apt's configuration, in both of its forms.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	export CODENAME=bookworm
	LIST=$BATS_TEST_TMPDIR/one.list STANZAS=$BATS_TEST_TMPDIR/two.sources
}

@test "a line of the old form becomes a deb and a deb-src line" {
	echo 'deb http://mirror.invalid/debian bookworm main contrib # ours' > "$LIST"
	run scripts/build/deb-src "$LIST"
	[ "${lines[0]}" = 'deb http://mirror.invalid/debian bookworm main contrib' ]
	[ "${lines[1]}" = 'deb-src http://mirror.invalid/debian bookworm main contrib' ]
	[ "${#lines[@]}" = 2 ]
}

@test "options in brackets stay" {
	echo 'deb [arch=amd64 signed-by=/keys/a.gpg] https://mirror.invalid/debian bookworm-updates main' > "$LIST"
	run scripts/build/deb-src "$LIST"
	[ "${lines[1]}" = 'deb-src [arch=amd64 signed-by=/keys/a.gpg] https://mirror.invalid/debian bookworm-updates main' ]
}

@test "a stanza becomes a pair of lines for each address and suite" {
	cat > "$STANZAS" <<-'TEXT'
	Types: deb
	# a comment inside
	URIs: http://a.invalid/debian
	 http://b.invalid/debian
	Suites: bookworm bookworm-security
	Components: main contrib
	Signed-By: /keys/debian.gpg
	TEXT
	run scripts/build/deb-src "$STANZAS"
	[ "${#lines[@]}" = 8 ]
	[ "${lines[7]}" = 'deb-src [signed-by=/keys/debian.gpg] http://b.invalid/debian bookworm-security main contrib' ]
}

@test "stanzas are told apart, also by the end of a file without a newline" {
	printf 'Types: deb\nURIs: http://a.invalid/x\nSuites: bookworm\nComponents: main\nTrusted: yes\n\nTypes: deb\nURIs: http://b.invalid/y\nSuites: bookworm\nComponents: main' > "$STANZAS"
	echo 'deb http://c.invalid/z bookworm main' > "$LIST"
	run scripts/build/deb-src "$STANZAS" "$LIST"
	[ "${lines[0]}" = 'deb [trusted=yes] http://a.invalid/x bookworm main' ]
	[ "${lines[1]}" = 'deb http://b.invalid/y bookworm main' ]
	[ "${lines[2]}" = 'deb http://c.invalid/z bookworm main' ]
	[ "${#lines[@]}" = 6 ]
}

@test "a key that is written out in the stanza is left to apt" {
	printf 'Types: deb\nURIs: http://a.invalid/x\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abcd\n' > "$STANZAS"
	run scripts/build/deb-src "$STANZAS"
	[ "${lines[0]}" = 'deb http://a.invalid/x bookworm main' ]
}

@test "what is switched off, of another vendor, flat, or a disc is left out" {
	printf '%s\n' '# deb http://off.invalid/debian bookworm main' 'deb http://vendor.invalid/apt nodistro main' \
		'deb http://flat.invalid/ ./' 'deb cdrom:[Debian]/ bookworm main' 'deb-src http://mirror.invalid/debian bookworm main' > "$LIST"
	printf 'Types: deb\nEnabled: no\nURIs: http://off.invalid/x\nSuites: bookworm\nComponents: main\n' > "$STANZAS"
	run scripts/build/deb-src "$LIST" "$STANZAS"
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "a file that is not there is no error" {
	run scripts/build/deb-src "$BATS_TEST_TMPDIR/none.list"
	[ "$status" = 0 ]
	[ -z "$output" ]
}
