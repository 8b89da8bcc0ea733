-- Word frequencies of a text: gmatch, sort with ties, formatting, a histogram.
local text = [[
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of Light,
it was the season of Darkness, it was the spring of hope, it was the winter of despair.
]]
local count, order = {}, {}
for word in text:lower():gmatch "%a+" do
    if not count[word] then order[#order + 1] = word end
    count[word] = (count[word] or 0) + 1
end
table.sort(order, function(a, b) return count[a] > count[b] or count[a] == count[b] and a < b end)
for i = 1, 12 do print(string.format("%-12s %3d %s", order[i], count[order[i]], ("#"):rep(count[order[i]]))) end
print(#order, select(2, text:gsub("%a+", "")), select(2, text:gsub("\n", "")))
local lengths = {}
for word in text:gmatch "%a+" do lengths[#word] = (lengths[#word] or 0) + 1 end
for n = 1, table.maxn(lengths) do io.write(n, "=", lengths[n] or 0, " ") end
print()
local function wrap(s, width)
    local line, out = "", {}
    for word in s:gmatch "%S+" do
        if #line + #word + 1 > width then out[#out + 1] = line line = word
        else line = line == "" and word or line .. " " .. word end
    end
    out[#out + 1] = line
    return out
end
for _, line in ipairs(wrap(text, 40)) do print(("%-40s|"):format(line)) end
print((text:gsub("(%w)(%w*)", function(a, b) return a:upper() .. b end):sub(1, 60)))
