-- Every built-in module does a real job inside this binary.
-- SPDX-License-Identifier: MIT
TestLibs = {}

function TestLibs.test_lpeg_parses_and_computes()
    local lpeg = require "lpeg"
    local space = lpeg.S " \t" ^ 0
    local number = lpeg.C(lpeg.R "09" ^ 1) / tonumber * space
    local function fold(acc, op, value)
        if op == "+" then return acc + value elseif op == "-" then return acc - value
        elseif op == "*" then return acc * value else return acc / value end
    end
    local grammar = lpeg.P {
        space * lpeg.V "sum" * -1,
        sum = lpeg.Cf(lpeg.V "product" * lpeg.Cg(lpeg.C(lpeg.S "+-") * space * lpeg.V "product") ^ 0, fold),
        product = lpeg.Cf(lpeg.V "factor" * lpeg.Cg(lpeg.C(lpeg.S "*/") * space * lpeg.V "factor") ^ 0, fold),
        factor = number + "(" * space * lpeg.V "sum" * ")" * space,
    }
    lu.assertEquals(grammar:match "1 + 2 * (3 - 4) / 2 - 10", -10)
    lu.assertNil(grammar:match "1 + ")
    lu.assertEquals(lpeg.version(), "1.0.2")
end

-- A pattern of 2^31 characters has more nodes than an int can count.
function TestLibs.test_lpeg_refuses_sequences_that_are_too_long()
    local lpeg = require "lpeg"
    for _, count in ipairs { 2 ^ 29 + 1, 2 ^ 31, -2 ^ 31, 2 ^ 40, -2 ^ 63 } do
        local ok, message = pcall(lpeg.P, count)
        lu.assertFalse(ok)
        lu.assertStrContains(message, "pattern too big")
    end
end

function TestLibs.test_re_finds_names_and_replaces()
    local re = require "re"
    lu.assertEquals({ re.find("the number 423 is odd", "[0-9]+") }, { 12, 14 })
    lu.assertEquals(re.gsub("hello World", "[A-Z]", "."), "hello .orld")
    local record = re.compile "{| {:key: %a+ :} '=' {:value: %d+ :} |}"
    lu.assertEquals(record:match "port=8080", { key = "port", value = "8080" })
    local ok, message = pcall(re.compile, "[a-z")
    lu.assertFalse(ok)
    lu.assertStrContains(message, "pattern error")
end

function TestLibs.test_lfs_makes_lists_and_removes()
    local lfs = require "lfs"
    local folder = os.tmpname()
    assert(os.remove(folder))
    assert(lfs.mkdir(folder))
    for _, name in ipairs { "b", "a", "c" } do
        local file = assert(io.open(folder .. "/" .. name, "w"))
        assert(file:write(name))
        file:close()
    end
    local seen = {}
    for name in lfs.dir(folder) do seen[#seen + 1] = name end
    table.sort(seen)
    lu.assertEquals(seen, { ".", "..", "a", "b", "c" })
    lu.assertEquals(lfs.attributes(folder, "mode"), "directory")
    lu.assertEquals(lfs.attributes(folder .. "/a").size, 1)
    assert(lfs.touch(folder .. "/a", 86400, 86400))
    lu.assertEquals(lfs.attributes(folder .. "/a", "modification"), 86400)
    lu.assertTrue(lfs.link("a", folder .. "/link", true))
    lu.assertEquals(lfs.symlinkattributes(folder .. "/link", "mode"), "link")
    local here = lfs.currentdir()
    assert(lfs.chdir(folder))
    lu.assertEquals(lfs.attributes("b", "mode"), "file")
    assert(lfs.chdir(here))
    for _, name in ipairs { "a", "b", "c", "link" } do assert(os.remove(folder .. "/" .. name)) end
    assert(lfs.rmdir(folder))
    local none, message = lfs.attributes(folder)
    lu.assertNil(none)
    lu.assertStrContains(message, "No such file or directory")
end

function TestLibs.test_cjson_goes_there_and_back()
    local cjson = require "cjson"
    local text = '{"list":[1,2.5,-3e10,null,true],"nested":{"deep":{"er":"\\u00e4\\n"}},"empty":{}}'
    local value = cjson.decode(text)
    lu.assertEquals(value.list[3], -3e10)
    lu.assertEquals(value.list[4], cjson.null)
    lu.assertEquals(value.nested.deep.er, "\195\164\n")
    lu.assertEquals(cjson.decode(cjson.encode(value)), value)
    lu.assertErrorMsgContains("character 4", cjson.decode, "[1,]")
    local none, message = require("cjson.safe").decode("{")
    lu.assertNil(none)
    lu.assertStrContains(message, "character 2")
end

function TestLibs.test_cjson_output_is_valid_for_every_control_character()
    local cjson = require "cjson"
    local all = {}
    for byte = 0, 255 do all[#all + 1] = string.char(byte) end
    all = table.concat(all)
    lu.assertEquals(cjson.decode(cjson.encode { all })[1], all)
end

function TestLibs.test_argparse_reads_a_command_line()
    local parser = require "argparse" ("tool", "Does things.")
    parser:argument "input"
    parser:option "-o --output":default "a.out"
    parser:flag "-q --quiet"
    parser:option "-I --include":count "*"
    local result = parser:parse { "in.txt", "-Ia", "-I", "b", "--output=x", "-q" }
    lu.assertEquals(result, { input = "in.txt", output = "x", quiet = true, include = { "a", "b" } })
    local ok, message = parser:pparse { "--nonsense" }
    lu.assertFalse(ok)
    lu.assertStrContains(message, "--nonsense")
    lu.assertStrContains(parser:get_help(), "Usage: tool")
end

function TestLibs.test_inspect_shows_tables()
    local inspect = require "inspect"
    lu.assertEquals(inspect({ 1, 2, x = "y" }), '{ 1, 2,\n  x = "y"\n}')
    local loop = {}
    loop.self = loop
    lu.assertEquals(inspect(loop), "<1>{\n  self = <table 1>\n}")
end

function TestLibs.test_bit_computes_a_checksum()
    local bit = require "bit"
    local function adler32(text)
        local a, b = 1, 0
        for i = 1, #text do
            a = (a + text:byte(i)) % 65521
            b = (b + a) % 65521
        end
        return bit.tohex(bit.bor(bit.lshift(b, 16), a))
    end
    lu.assertEquals(adler32 "Wikipedia", "11e60398")
end
