-- Sorting by hand against table.sort: quick, merge, heap, insertion; stability by decoration.
local seed = 99
local function random(n) seed = (seed * 16807) % 2147483647 return seed % n + 1 end
local function insertion(t)
    for i = 2, #t do
        local v, j = t[i], i - 1
        while j > 0 and t[j] > v do t[j + 1] = t[j] j = j - 1 end
        t[j + 1] = v
    end
    return t
end
local function merge(t)
    if #t < 2 then return t end
    local half, left, right = math.floor(#t / 2), {}, {}
    for i, v in ipairs(t) do if i <= half then left[#left + 1] = v else right[#right + 1] = v end end
    left, right = merge(left), merge(right)
    local i, j, out = 1, 1, {}
    while left[i] or right[j] do
        if not right[j] or left[i] and left[i] <= right[j] then out[#out + 1] = left[i] i = i + 1
        else out[#out + 1] = right[j] j = j + 1 end
    end
    return out
end
local function heap(t)
    local function sift(i, n)
        while 2 * i <= n do
            local c = 2 * i
            if c < n and t[c + 1] > t[c] then c = c + 1 end
            if t[i] >= t[c] then return end
            t[i], t[c], i = t[c], t[i], c
        end
    end
    for i = math.floor(#t / 2), 1, -1 do sift(i, #t) end
    for n = #t, 2, -1 do t[1], t[n] = t[n], t[1] sift(1, n - 1) end
    return t
end
local function quick(t)
    if #t < 2 then return t end
    local less, same, more = {}, {}, {}
    for _, v in ipairs(t) do local b = v < t[1] and less or v == t[1] and same or more b[#b + 1] = v end
    local out = quick(less)
    for _, v in ipairs(same) do out[#out + 1] = v end
    for _, v in ipairs(quick(more)) do out[#out + 1] = v end
    return out
end
for _, n in ipairs { 0, 1, 2, 10, 300 } do
    local base = {}
    for i = 1, n do base[i] = random(100) end
    local expected = { unpack(base) }
    table.sort(expected)
    expected = table.concat(expected, ",")
    for name, sort in pairs { insertion = insertion, merge = merge, heap = heap, quick = quick } do
        assert(table.concat(sort { unpack(base) }, ",") == expected, name)
    end
    print(n, #expected, expected:sub(1, 40))
end
local people = {}
for i = 1, 20 do people[i] = { age = random(5), at = i } end
table.sort(people, function(a, b) return a.age < b.age or a.age == b.age and a.at < b.at end)
for _, p in ipairs(people) do io.write(p.age, ":", p.at, " ") end
print()
