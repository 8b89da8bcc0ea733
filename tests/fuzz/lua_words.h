/* lua_words.h: what lua_source.h makes programs of: the library's functions with the kinds of their arguments, and values
 * that programs stumble over.
 * Invariant: names are those of lua_world.lua; a kind is a letter of enum source_kind.
 * SPDX-License-Identifier: MIT */
#ifndef LUA_WORDS_H
#define LUA_WORDS_H

/* ANY needs no letter of its own: what is no other kind is any value. OPTIONAL stands before arguments that may be missing. */
enum source_kind {
    ANY = 'v', NUMBER = 'n', COUNT = 'i', STRING = 's', PATTERN = 'p', FUNCTION = 'f', TABLE = 't', COROUTINE = 'c', GRAMMAR = 'l',
    BYTES = 'b', DOCUMENT = 'x', FORMAT_NAME = 'o', OPTIONS = 'q', PRINT_FORMAT = 'm', PACK_FORMAT = 'h', FROZEN = 'z',
    OPTIONAL = '?', MANY = '*'
};

struct source_call {
    const char *name, *arguments;
};

static const struct source_call source_calls[] = {
    { "string.byte", "s?ii" }, { "string.char", "?iii*" }, { "string.dump", "f" }, { "string.find", "sp?iv" }, { "string.format", "mv?*" },
    { "string.gmatch", "sp" }, { "string.gsub", "spf?i" }, { "string.gsub", "sps?i" }, { "string.gsub", "spt?i" }, { "string.len", "s" },
    { "string.lower", "s" }, { "string.match", "sp?i" }, { "string.rep", "si" }, { "string.reverse", "s" }, { "string.sub", "si?i" },
    { "string.upper", "s" }, { "table.concat", "t?sii" }, { "table.foreach", "tf" }, { "table.foreachi", "tf" }, { "table.insert", "tv" },
    { "table.insert", "tiv" }, { "table.maxn", "t" }, { "table.remove", "t?i" }, { "table.sort", "t?f" }, { "math.ceil", "n" },
    { "math.floor", "n" }, { "math.fmod", "nn" }, { "math.frexp", "n" }, { "math.ldexp", "ni" }, { "math.log", "n" }, { "math.max", "n?n*" },
    { "math.min", "n?n*" }, { "math.modf", "n" }, { "math.pow", "nn" }, { "math.random", "?nn" }, { "math.randomseed", "n" },
    { "math.sqrt", "n" }, { "coroutine.create", "f" }, { "coroutine.resume", "c?v*" }, { "coroutine.running", "" },
    { "coroutine.status", "c" }, { "coroutine.wrap", "f" }, { "coroutine.yield", "?v*" }, { "debug.traceback", "?vsi" },
    { "debug.traceback", "cs?i" }, { "debug.getinfo", "f?s" }, { "debug.getinfo", "i?s" }, { "debug.sethook", "fsi" }, { "debug.sethook", "cfsi" },
    { "debug.sethook", "" }, { "debug.gethook", "?c" }, { "debug.getlocal", "ii" }, { "debug.getlocal", "cii" }, { "debug.getupvalue", "fi" },
    { "debug.getmetatable", "v" }, { "os.date", "s?n" }, { "os.time", "?t" }, { "os.difftime", "nn" }, { "io.write", "s" }, { "io.tmpfile", "" },
    { "io.type", "v" }, { "file:read", "?vv" }, { "file:write", "?s*" }, { "file:seek", "?si" }, { "file:lines", "" }, { "file:setvbuf", "s?i" },
    { "file:close", "" }, { "assert", "v?s" }, { "error", "v?i" }, { "pcall", "f?v*" }, { "xpcall", "ff" }, { "select", "i?v*" },
    { "unpack", "t?ii" }, { "next", "t?v" }, { "pairs", "t" }, { "ipairs", "t" }, { "rawget", "tv" }, { "rawset", "tvv" }, { "rawequal", "vv" },
    { "setmetatable", "tt" }, { "getmetatable", "v" }, { "tonumber", "v?i" }, { "tostring", "v" }, { "type", "v" }, { "loadstring", "s?s" },
    { "load", "f?s" }, { "getfenv", "?v" }, { "setfenv", "ft" }, { "newproxy", "?v" }, { "collectgarbage", "?si" }, { "print", "v" },
    { "gcinfo", "" }, { "bit.band", "n?n*" }, { "bit.lshift", "nn" }, { "bit.tohex", "n?n" }, { "bit.rol", "nn" }, { "bit.bswap", "n" },
    { "cjson.encode", "v" }, { "cjson.decode", "x" }, { "cjson.encode_sparse_array", "v?ii" }, { "cjson.encode_max_depth", "i" },
    { "cjson.decode_max_depth", "i" }, { "cjson.encode_number_precision", "i" }, { "cjson.encode_invalid_numbers", "v" }, { "cjson.new", "" },
    { "cjson.encode_keep_buffer", "v" },
    { "lpeg.P", "v" }, { "lpeg.R", "s?s*" }, { "lpeg.S", "s" }, { "lpeg.V", "v" }, { "lpeg.B", "l" }, { "lpeg.C", "l" }, { "lpeg.Carg", "i" },
    { "lpeg.Cb", "v" }, { "lpeg.Cc", "?v*" }, { "lpeg.Cf", "lf" }, { "lpeg.Cg", "l?v" }, { "lpeg.Cmt", "lf" }, { "lpeg.Cp", "" },
    { "lpeg.Cs", "l" }, { "lpeg.Ct", "l" }, { "lpeg.match", "ls?iv*" }, { "lpeg.type", "v" }, { "lpeg.locale", "?t" },
    { "lpeg.setmaxstack", "i" }, { "re.compile", "s?t" }, { "re.match", "ss" },
    { "store.new", "?q" }, { "store.results", "" }, { "st:put", "v?v" }, { "st:get", "v" }, { "st:peek", "v" }, { "st:has", "v" },
    { "st:replace", "vv" }, { "st:swap", "vv" }, { "st:take", "v" }, { "st:release", "v" }, { "st:ref", "v" }, { "st:set", "sv" },
    { "st:named", "s" }, { "st:unset", "s" }, { "st:each", "?v" }, { "st:scope", "f" }, { "st:limit", "?n" }, { "st:stats", "" },
    { "st:leaks", "?i" }, { "st:close", "" }, { "ref:get", "" }, { "ref:set", "v" }, { "ref:release", "" }, { "ref:id", "" },
    { "res:set", "cv?*" }, { "res:get", "c" }, { "res:take", "c" }, { "res:drop", "c" }, { "res:each", "" },
    { "bytes.from", "s" }, { "bytes.chain", "b?s*" }, { "bytes.chain", "t" }, { "bytes.buffer", "?i" }, { "bytes.pack", "hv?*" },
    { "bytes.unpack", "hb?i" }, { "bytes.packsize", "h" }, { "bb:sub", "i?i" }, { "bb:byte", "?ii" }, { "bb:find", "s?i" }, { "bb:lines", "" },
    { "bb:split", "s" }, { "bb:chunks", "i" }, { "bb:unpack", "h?i" }, { "bb:tonumber", "?ii" }, { "bb:hash", "s?s" }, { "bb:compact", "" },
    { "bb:pinned", "" }, { "bb:flatten", "" }, { "bb:compare", "b" }, { "bb:equals", "b" }, { "bb:release", "" }, { "bb:write", "v" },
    { "buf:put", "v?*" }, { "buf:putf", "mv?*" }, { "buf:pack", "hv?*" }, { "buf:get", "i" }, { "buf:skip", "i" }, { "buf:reset", "" },
    { "buf:freeze", "" }, { "buf:release", "" }, { "data.decode", "xo?q" }, { "data.encode", "vo?q" }, { "data.parser", "o?q" },
    { "data.load", "fq" }, { "data.freeze", "v" }, { "data.open", "b" }, { "data.pairs", "z" }, { "data.ipairs", "z" }, { "data.thaw", "z" },
    { "data.type", "v" }, { "data.release", "z" }, { "par:feed", "x" }, { "par:next", "" }, { "par:finish", "" }, { "par:place", "" },
    { "limits.call", "nf?v*" }, { "limits.memory", "" }, { "keep", "v" }, { "finalize", "f" }, { "finalize", "f" },
};

static const char *const source_numbers[] = { "0", "1", "2", "3", "-1", "7", "10", "16", "32", "63", "100", "255", "1000", "65536", "1e5",
    "2^31", "2^31-1", "-2^31", "2^32", "2^53", "-2^53", "2^63", "-2^63", "1e308", "1e-320", "-0", "0/0", "1/0", "-1/0", "0.5", "1e15", "0x7fffffff",
    "3.14159", "1e300" };

static const char *const source_strings[] = { "''", "'a'", "'hello world'", "'\\0'", "'k'", "'v'", "'__gc'", "'__index'", "'%d'", "'collect'",
    "'step'", "'setpause'", "'count'", "'stop'", "'restart'", "'*a'", "'*l'", "'*n'", "'set'", "'end'", "'crl'", "'nSluf'", "'>f'", "'>S'", "'sha256'", "'crc32'",
    "'full'", "'!%c'", "'%Y%q'", "'1e5'", "'0x10'", "('x'):rep(100)", "('ab'):rep(1000)", "('='):rep(3e4)", "[==[ ]] ]==]", "'\\255\\254\\1'",
    "'return 1'", "'x = {'", "'return function(...) return ... end'", "string.dump(function() return 1 end)", "'a <- b / \\'c\\'*'", "'{ [a-z]+ }'" };

static const char *const source_patterns[] = { "'.'", "'%a+'", "'(.-)%s*'", "'()'", "'(a*)(b?)'", "'%b()'", "'%f[%w]'", "'[^%s]+$'", "'^a'",
    "'[]]'", "'[a-'", "'%1'", "'(()'", "'(.)%1'", "'%'", "'a-b-c-d-'", "'(((((a)))))'", "('a?'):rep(30)..('a'):rep(30)", "('(a)'):rep(40)", "'[%z\\1-\\255]*'", "'%x%p%c%u%l%d%g'" };

static const char *const source_formats[] = { "'%d'", "'%5.2f'", "'%s'", "'%q'", "'%99.99f'", "'%-20s|'", "'%x%o%e%g'", "'%c%c'", "'%100d'", "'%i%%'", "'%.14g'", "'%'", "'% +#0d'",
    "'%.3s'", "'%a'" };

static const char *const source_packings[] = { "'<i4'", "'>I2 i8'", "'z'", "'s1'", "'s4'", "'d f'", "'<!4 b i4 x'", "'B'", "'i16'", "'I3'", "'s8'", "'i17'", "'c10'", "'j n'" };

static const char *const source_documents[] = { "'{\"a\": [1, 2.5e3, null, true, \"\\\\u00e9\"]}'", "'[1,2,3'", "'return { a = 1, [2] = \"x\", { 1 } }'",
    "'a,b\\n1,\"x\"\"y\"\\n'", "'\\146\\1\\161a'", "'\\223\\0\\0\\255\\255'", "'1\\n[2]\\n\"\\n'", "('['):rep(2000)", "('{\"a\":'):rep(300)", "'Word{ x = 0x1p3 }'", "'\"\\\\ud800\"'",
    "'-1e999'", "'{\"\\\\u0000\": 1e-400}'", "data.encode({ 1, { k = 'v' } }, 'msgpack')" };

static const char *const source_options[] = { "{}", "{ limit = 100 }", "{ depth = 3 }", "{ text = true }", "{ leaks = 'full' }", "{ leaks = 'sample' }", "{ slots = 4 }",
    "{ limit = '64K' }", "{ each = f1 }", "{ into = st }", "{ header = false }", "{ columns = { 'a', 'b' } }", "{ indent = 2 }", "{ stream = true }", "{ integers = 'text' }",
    "{ separator = ';' }", "{ text = true, format = 'json', each = f1 }", "{ sort = true }", "{ name = 'n', slots = 1e9 }" };

static const char *const source_format_names[] = { "'json'", "'lua'", "'csv'", "'msgpack'", "'ndjson'", "'xml'" };

static const char *const source_metamethods[] = { "__index", "__newindex", "__call", "__gc", "__mode", "__eq", "__lt", "__le", "__concat", "__len", "__unm", "__add",
    "__tostring", "__metatable" };

static const char *const source_operators[] = { "+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", " and ", " or " };

#endif
