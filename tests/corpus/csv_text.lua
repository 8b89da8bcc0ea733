-- CSV in plain Lua: quoting, a column report with alignment, grouping and sums.
local function fields(line)
    local out, at = {}, 1
    repeat
        if line:sub(at, at) == '"' then
            local text, from = "", at + 1
            while true do
                local a = line:find('"', from, true) or error("open quote at " .. at, 0)
                text = text .. line:sub(from, a - 1)
                if line:sub(a + 1, a + 1) ~= '"' then at = a + 1 break end
                text, from = text .. '"', a + 2
            end
            out[#out + 1] = text
        else
            local stop = line:find(",", at, true) or #line + 1
            out[#out + 1] = line:sub(at, stop - 1)
            at = stop
        end
        local more = line:sub(at, at) == ","
        at = at + 1
    until not more
    return out
end
for _, l in ipairs { 'a,b,c', '"a,b",c', '"say ""hi""",x', ',,', '', '"",""', 'a,"b\nc"', '"open' } do
    local ok, r = pcall(fields, l)
    print(ok, ok and #r .. ":" .. table.concat(r, "|") or r)
end
local data = [[
region,item,units,price
north,pen,95,1.99
south,desk,2,125.00
north,pencil,56,4.99
west,"pen, red",7,19.99
south,pen,60,4.99
]]
local rows, header = {}, nil
for line in data:gmatch "[^\n]+" do
    local f = fields(line)
    if not header then header = f else
        local r = {}
        for i, name in ipairs(header) do r[name] = tonumber(f[i]) or f[i] end
        rows[#rows + 1] = r
    end
end
local totals, names = {}, {}
for _, r in ipairs(rows) do
    if not totals[r.region] then names[#names + 1] = r.region end
    totals[r.region] = (totals[r.region] or 0) + r.units * r.price
end
table.sort(names, function(a, b) return totals[a] > totals[b] end)
for _, n in ipairs(names) do print(("%-8s%10.2f"):format(n, totals[n])) end
table.sort(rows, function(a, b) return a.price > b.price or a.price == b.price and a.item < b.item end)
for _, r in ipairs(rows) do print(("%-10s|%5d|%8.2f"):format(r.item, r.units, r.price)) end
