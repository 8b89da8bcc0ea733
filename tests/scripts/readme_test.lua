-- The README's claims that a machine can check: versions, folders, goals of make, help topics. Its examples are run by
-- texts_test.lua.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local blocks = require "blocks"
local markdown = require "moonbear.markdown"

TestReadme = {}

local readme = blocks.read("README.md")
local parsed = markdown.parse(readme)

local function output_of(command)
    local pipe = io.popen(command)
    local text = pipe:read("*a")
    pipe:close()
    return text
end

-- Versions of what is in the binary, by name; what only the tests use stands below its own line.
local function pinned()
    local versions = {}
    for line in (blocks.read("scripts/build/sources.lock"):match("^(.-)\n# For the tests only") .. "\n"):gmatch("(.-)\n") do
        local name, version = line:match("^([%w-]+)%s+(%S+)")
        if name and not name:find("%-debian$") then versions[name:lower()] = version end
    end
    return versions
end

local function table_with_head(head)
    for _, block in ipairs(parsed) do
        if block.kind == "table" and block.head[1] == head then return block.rows end
    end
    error("the README has no table of " .. head)
end

function TestReadme.test_the_table_of_versions_is_the_lock()
    local listed = {}
    for _, row in ipairs(table_with_head "part") do listed[row[1]:lower()] = row[2] end
    lu.assertEquals(listed, pinned())
end

function TestReadme.test_the_table_of_versions_is_what_the_binary_says()
    local said, versions = output_of("'" .. os.getenv("MOONBEAR") .. "' --version"), pinned()
    lu.assertStrContains(said, "Lua " .. versions.lua .. " ")
    if not said:find("glibc") then lu.assertStrContains(said, "musl " .. versions.musl .. ",") end
    lu.assertEquals(require("lpeg").version(), versions.lpeg)
    lu.assertStrContains(require("lfs")._VERSION, versions.lfs)
    lu.assertEquals(require("cjson")._VERSION, versions.cjson)
    lu.assertEquals(require("argparse").version, versions.argparse)
end

-- Only the plain build for x86-64 is the file that the README speaks of.
local function size_of_the_binary()
    local version = output_of("'" .. os.getenv("MOONBEAR") .. "' --version")
    if (os.getenv("VARIANT") or "") ~= "" or not version:find("x86_64", 1, true) then lu.skip("another build") end
    return lfs.attributes(os.getenv("MOONBEAR"), "size")
end

function TestReadme.test_the_size_of_the_binary_in_the_table_of_peers_is_not_stale()
    local size = size_of_the_binary()
    for _, row in ipairs(table_with_head "") do
        if row[1] == "moonbear" then
            lu.assertAlmostEquals(tonumber(row[2]), size / 1000, 0.02 * size / 1000)
            lu.assertEquals(row[3], row[2], "a static binary needs no library")
            return
        end
    end
    lu.fail("moonbear is not in the table")
end

function TestReadme.test_the_binary_is_no_larger_than_promised()
    lu.assertTrue(size_of_the_binary() <= 1200 * 1000)
end

function TestReadme.test_every_module_of_ours_is_named_and_is_there()
    local ours = {}
    for name in blocks.read("runtime/libs.c"):gmatch('\n    { "(moonbear%.[%w.]+)", luaopen_') do ours[#ours + 1] = name end
    lu.assertTrue(#ours > 0)
    for _, name in ipairs(ours) do lu.assertStrContains(readme, "`" .. name .. "`") end
    for name in readme:gmatch("`(moonbear%.%w+)`") do require(name) end
end

function TestReadme.test_every_folder_that_it_names_is_there()
    local named = 0
    for name in readme:gmatch("`([%w._/-]+)`") do
        if name:find("^%l+/") then
            named = named + 1
            lu.assertNotNil(lfs.attributes((name:gsub("/$", "")), "mode"), name)
        end
    end
    lu.assertTrue(named > 8)
end

function TestReadme.test_every_folder_of_the_project_is_in_the_tour()
    local tour = {}
    for _, row in ipairs(table_with_head "read") do tour[#tour + 1] = row[1] end
    tour = table.concat(tour, " ")
    for _, folder in ipairs { "runtime", "scripts" } do
        for name in lfs.dir(folder) do
            local path = folder .. "/" .. name
            if not name:find("^%.") and lfs.attributes(path, "mode") == "directory" then
                lu.assertStrContains(tour, "`" .. path .. "/`")
            end
        end
    end
end

function TestReadme.test_every_example_program_is_named()
    for name in lfs.dir("scripts/examples") do
        if name:find("%.lua$") and name ~= "tour.lua" then lu.assertStrContains(readme, "`" .. name .. "`") end
    end
end

function TestReadme.test_goals_topics_and_commands_exist()
    local goals = output_of("make -s help 2>/dev/null")
    for goal in readme:gmatch("make (%l+)") do
        lu.assertStrContains(goals, "make " .. goal .. " ")
    end
    for topic in readme:gmatch("`moonbear help (%l+)`") do
        lu.assertNotNil(require("moonbear.help").source(topic), topic)
    end
end
