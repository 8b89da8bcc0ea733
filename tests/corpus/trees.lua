-- Binary trees: allocation of many small tables, search tree with removal, traversal by coroutine.
local function bottom_up(d) if d == 0 then return {} end return { bottom_up(d - 1), bottom_up(d - 1) } end
local function check(t) if t[1] then return 1 + check(t[1]) + check(t[2]) end return 1 end
for d = 4, 12, 4 do print(d, check(bottom_up(d))) end
local function insert(t, k) if not t then return { k = k } end if k < t.k then t.l = insert(t.l, k) elseif k > t.k then t.r = insert(t.r, k) end return t end
local function least(t) while t.l do t = t.l end return t.k end
local function remove(t, k)
    if not t then return nil end
    if k < t.k then t.l = remove(t.l, k) elseif k > t.k then t.r = remove(t.r, k)
    elseif not t.l then return t.r elseif not t.r then return t.l
    else t.k = least(t.r) t.r = remove(t.r, t.k) end
    return t
end
local function each(t) return coroutine.wrap(function() local function walk(n) if n then walk(n.l) coroutine.yield(n.k) walk(n.r) end end walk(t) end) end
local function depth(t) return t and 1 + math.max(depth(t.l), depth(t.r)) or 0 end
local root, seed = nil, 11
for _ = 1, 500 do seed = (seed * 16807) % 2147483647 root = insert(root, seed % 1000) end
local n, last, sorted = 0, -1, true
for k in each(root) do n, sorted, last = n + 1, sorted and k > last, k end
print(n, sorted, depth(root))
for k = 0, 999, 2 do root = remove(root, k) end
n, sorted = 0, true
for k in each(root) do n, sorted = n + 1, sorted and k % 2 == 1 end
print(n, sorted, depth(root), least(root))
local function trie() return {} end
local t = trie()
for w in ("to tea ted ten i in inn"):gmatch "%a+" do local node = t for c in w:gmatch "." do node[c] = node[c] or {} node = node[c] end node.word = w end
local function find(prefix) local node = t for c in prefix:gmatch "." do node = node[c] if not node then return {} end end
    local out = {}
    local function walk(x) if x.word then out[#out + 1] = x.word end for k, c in pairs(x) do if k ~= "word" then walk(c) end end end
    walk(node)
    table.sort(out)
    return out
end
print(table.concat(find "te", " "), table.concat(find "i", " "), #find "x")
