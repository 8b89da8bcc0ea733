-- LZW and Huffman over strings: tables keyed by strings, sorting nodes, bits as text.
local function lzw(s)
    local dict, size, w, out = {}, 256, "", {}
    for i = 0, 255 do dict[string.char(i)] = i end
    for c in s:gmatch "." do
        if dict[w .. c] then w = w .. c
        else
            out[#out + 1] = dict[w]
            dict[w .. c], size, w = size, size + 1, c
        end
    end
    if w ~= "" then out[#out + 1] = dict[w] end
    return out
end
local function unlzw(codes)
    local dict, size = {}, 256
    for i = 0, 255 do dict[i] = string.char(i) end
    local w = dict[codes[1]]
    local out = { w }
    for i = 2, #codes do
        local entry = dict[codes[i]] or w .. w:sub(1, 1)
        out[#out + 1] = entry
        dict[size], size, w = w .. entry:sub(1, 1), size + 1, entry
    end
    return table.concat(out)
end
local text = ("TOBEORNOTTOBEORTOBEORNOT "):rep(20) .. ("abc"):rep(50)
local codes = lzw(text)
print(#text, #codes, unlzw(codes) == text, table.concat(codes, " ", 1, 20))
local function huffman(s)
    local freq, nodes = {}, {}
    for c in s:gmatch "." do freq[c] = (freq[c] or 0) + 1 end
    for c, n in pairs(freq) do nodes[#nodes + 1] = { n = n, key = c, c = c } end
    local function less(a, b) return a.n > b.n or a.n == b.n and a.key > b.key end
    while #nodes > 1 do
        table.sort(nodes, less)
        local a, b = table.remove(nodes), table.remove(nodes)
        nodes[#nodes + 1] = { n = a.n + b.n, key = a.key < b.key and a.key or b.key, left = a, right = b }
    end
    local code = {}
    local function walk(node, prefix)
        if node.c then code[node.c] = prefix return end
        walk(node.left, prefix .. "0")
        walk(node.right, prefix .. "1")
    end
    walk(nodes[1], "")
    return code, nodes[1]
end
local s = "this is an example of a huffman tree"
local code, root = huffman(s)
local bits = s:gsub(".", code)
local out, node = {}, root
for b in bits:gmatch "." do
    node = b == "0" and node.left or node.right
    if node.c then out[#out + 1] = node.c node = root end
end
print(#bits, #s * 8, table.concat(out) == s)
local list = {}
for c, k in pairs(code) do list[#list + 1] = c .. "=" .. k end
table.sort(list)
print(table.concat(list, " "))
