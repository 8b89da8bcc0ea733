-- Edit distance, longest common subsequence, a line diff, soundex.
local function distance(a, b)
    local row = {}
    for j = 0, #b do row[j] = j end
    for i = 1, #a do
        local before = row[0]
        row[0] = i
        for j = 1, #b do
            local cost = a:byte(i) == b:byte(j) and 0 or 1
            before, row[j] = row[j], math.min(row[j] + 1, row[j - 1] + 1, before + cost)
        end
    end
    return row[#b]
end
for _, p in ipairs { { "kitten", "sitting" }, { "", "abc" }, { "same", "same" }, { "flaw", "lawn" }, { "saturday", "sunday" } } do print(p[1], p[2], distance(p[1], p[2])) end
local function table_of(a, b)
    local t = { [0] = {} }
    for j = 0, #b do t[0][j] = 0 end
    for i = 1, #a do
        t[i] = { [0] = 0 }
        for j = 1, #b do t[i][j] = a[i] == b[j] and t[i - 1][j - 1] + 1 or math.max(t[i - 1][j], t[i][j - 1]) end
    end
    return t
end
local function diff(a, b)
    local t, i, j, out = table_of(a, b), #a, #b, {}
    while i > 0 or j > 0 do
        if i > 0 and j > 0 and a[i] == b[j] then table.insert(out, 1, "  " .. a[i]) i, j = i - 1, j - 1
        elseif j > 0 and (i == 0 or t[i][j - 1] >= t[i - 1][j]) then table.insert(out, 1, "+ " .. b[j]) j = j - 1
        else table.insert(out, 1, "- " .. a[i]) i = i - 1 end
    end
    return out
end
print(table.concat(diff({ "one", "two", "three", "four" }, { "one", "2", "three", "3.5", "four" }), "\n"))
local codes = {}
for i, group in ipairs { "BFPV", "CGJKQSXZ", "DT", "L", "MN", "R" } do for c in group:gmatch "." do codes[c] = tostring(i) end end
local function soundex(s)
    s = s:upper():gsub("%A", "")
    local out, last = s:sub(1, 1), codes[s:sub(1, 1)]
    for c in s:sub(2):gmatch "." do
        local k = codes[c]
        if k and k ~= last then out = out .. k end
        if not c:find "[HW]" then last = k end
    end
    return (out .. "000"):sub(1, 4)
end
for _, n in ipairs { "Robert", "Rupert", "Rubin", "Ashcraft", "Tymczak", "Pfister", "Honeyman" } do io.write(n, "=", soundex(n), " ") end
print()
