-- Containers on tables: list, stack, queue, deque, set, priority queue, ring buffer, default tables.
local list
for i = 1, 5 do list = { next = list, value = i } end
local node = list
while node do io.write(node.value, " ") node = node.next end
print()
local Q = {}
Q.__index = Q
function Q.new() return setmetatable({ first = 1, last = 0 }, Q) end
function Q:push(v) self.last = self.last + 1 self[self.last] = v end
function Q:unshift(v) self.first = self.first - 1 self[self.first] = v end
function Q:shift() if self.first > self.last then return nil end local v = self[self.first] self[self.first] = nil self.first = self.first + 1 return v end
function Q:pop() if self.first > self.last then return nil end local v = self[self.last] self[self.last] = nil self.last = self.last - 1 return v end
local q = Q.new()
for i = 1, 5 do q:push(i) q:unshift(-i) end
print(q:shift(), q:shift(), q:pop(), q:pop(), q.last - q.first + 1)
while q:shift() do end
print(q:pop(), q:shift(), q.first > q.last)
local Set = {}
Set.__index = Set
local function set(t) local s = setmetatable({}, Set) for _, v in ipairs(t) do s[v] = true end return s end
function Set.__add(a, b) local s = set {} for k in pairs(a) do s[k] = true end for k in pairs(b) do s[k] = true end return s end
function Set.__mul(a, b) local s = set {} for k in pairs(a) do s[k] = b[k] end return s end
function Set.__sub(a, b) local s = set {} for k in pairs(a) do if not b[k] then s[k] = true end end return s end
function Set.__le(a, b) for k in pairs(a) do if not b[k] then return false end end return true end
function Set.__lt(a, b) return a <= b and not (b <= a) end
function Set.__eq(a, b) return a <= b and b <= a end
function Set.__tostring(a) local t = {} for k in pairs(a) do t[#t + 1] = tostring(k) end table.sort(t) return "{" .. table.concat(t, ",") .. "}" end
local a, b = set { 1, 2, 3 }, set { 2, 3, 4 }
print(tostring(a + b), tostring(a * b), tostring(a - b), a <= b, set { 2 } < a, a == set { 3, 2, 1 }, a ~= b)
local heap = {}
local function push(v)
    heap[#heap + 1] = v
    local i = #heap
    while i > 1 and heap[math.floor(i / 2)] > heap[i] do
        local p = math.floor(i / 2)
        heap[p], heap[i], i = heap[i], heap[p], p
    end
end
local function pop()
    local top, last = heap[1], table.remove(heap)
    if #heap == 0 then return top end
    heap[1] = last
    local i = 1
    while true do
        local c = 2 * i
        if not heap[c] then return top end
        if heap[c + 1] and heap[c + 1] < heap[c] then c = c + 1 end
        if heap[i] <= heap[c] then return top end
        heap[i], heap[c], i = heap[c], heap[i], c
    end
end
for _, v in ipairs { 5, 3, 8, 1, 9, 2, 7 } do push(v) end
for _ = 1, 7 do io.write(pop(), " ") end
print(#heap)
local counts = setmetatable({}, { __index = function() return 0 end })
for c in ("mississippi"):gmatch "." do counts[c] = counts[c] + 1 end
print(counts.s, counts.i, counts.p, counts.z)
local tree = setmetatable({}, { __index = function(t, k) local v = setmetatable({}, getmetatable(t)) rawset(t, k, v) return v end })
tree.a.b.c = 1
print(tree.a.b.c, next(tree), rawget(tree, "z"))
