-- Iterators: stateless, closures, with state tables, over files of text, ranges, permutations, nesting.
local function range(a, b, s) s = s or 1 return function(_, i) i = i + s if s > 0 and i <= b or s < 0 and i >= b then return i end end, nil, a - s end
for i in range(1, 5) do io.write(i, " ") end
for i in range(5, 1, -2) do io.write(i, " ") end
for i in range(1, 0) do io.write("never") end
print()
local function chars(s) return function(str, i) i = i + 1 if i <= #str then return i, str:sub(i, i) end end, s, 0 end
for i, c in chars "abc" do io.write(i, c, " ") end
print()
local function ordered(t)
    local keys, i = {}, 0
    for k in pairs(t) do keys[#keys + 1] = k end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    return function() i = i + 1 if keys[i] ~= nil then return keys[i], t[keys[i]] end end
end
for k, v in ordered { z = 1, a = 2, [3] = "three", [10] = "ten" } do io.write(tostring(k), "=", tostring(v), " ") end
print()
local callable = setmetatable({ n = 0 }, { __call = function(self, limit) self.n = self.n + 1 if self.n <= limit then return self.n end end })
for v in callable, 3 do io.write(v, " ") end
print()
local function combinations(t, k)
    return coroutine.wrap(function()
        local function pick(from, chosen)
            if #chosen == k then coroutine.yield(unpack(chosen)) return end
            for i = from, #t do
                chosen[#chosen + 1] = t[i]
                pick(i + 1, chosen)
                chosen[#chosen] = nil
            end
        end
        pick(1, {})
    end)
end
for a, b in combinations({ 1, 2, 3, 4 }, 2) do io.write(a, b, " ") end
print()
for line in ("one\ntwo\n\nfour"):gmatch "([^\n]*)\n?" do io.write("[", line, "]") end
print()
for k, v in pairs(setmetatable({ 1, 2 }, { __pairs = function() error "not in 5.1" end })) do io.write(k, v, " ") end
for i in ipairs(setmetatable({}, { __index = function(_, k) if k < 4 then return k end end })) do io.write("ghost") end
print()
for a, b, c, d in (function() local n = 0 return function() n = n + 1 if n < 3 then return n, nil, n * 2 end end end)() do print(a, b, c, d) end
print(pcall(function() for _ in pairs() do end end))
print(pcall(function() for _ in ipairs "x" do end end))
print(pcall(function() for _ in next, {}, "missing" do end end))
print(next({}), next({ 10 }), next({ 10 }, 1), type(next), rawequal(next, pairs {}))
local removed = {}
for i = 1, 10 do removed[i] = i end
for k, v in pairs(removed) do if v % 2 == 0 then removed[k] = nil end end
local left = {}
for _, v in ordered(removed) do left[#left + 1] = v end
print(table.concat(left, " "))
