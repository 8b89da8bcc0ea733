-- Base64, hexadecimal, Caesar, run lengths, CRC by arithmetic only.
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local function encode(s)
    return (s:gsub("..?.?", function(g)
        local a, b, c = g:byte(1, 3)
        local n = a * 65536 + (b or 0) * 256 + (c or 0)
        local out = ""
        for i = 3, 0, -1 do
            local d = math.floor(n / 64 ^ i) % 64
            out = out .. ((i == 1 and not b or i == 0 and not c) and "=" or alphabet:sub(d + 1, d + 1))
        end
        return out
    end))
end
local back = {}
for i = 1, 64 do back[alphabet:sub(i, i)] = i - 1 end
local function decode(s)
    return (s:gsub("(.)(.)(.)(.)", function(a, b, c, d)
        local n = back[a] * 262144 + back[b] * 4096 + (back[c] or 0) * 64 + (back[d] or 0)
        return (string.char(math.floor(n / 65536), math.floor(n / 256) % 256, n % 256):sub(1, c == "=" and 1 or d == "=" and 2 or 3))
    end))
end
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
all = table.concat(all)
for _, s in ipairs { "", "a", "ab", "abc", "abcd", "Man is distinguished" } do print(s, encode(s), decode(encode(s)) == s) end
print(#encode(all), decode(encode(all)) == all)
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
print(hex "Lua\0\255", (hex("Lua"):gsub("%x%x", function(h) return string.char(tonumber(h, 16)) end)))
local function caesar(s, k) return (s:gsub("%a", function(c) local b = c:byte() < 97 and 65 or 97 return string.char((c:byte() - b + k) % 26 + b) end)) end
print(caesar("Hello, World", 3), caesar(caesar("Hello, World", 3), -3))
local function runs(s)
    local out, i = {}, 1
    while i <= #s do
        local c = s:sub(i, i)
        local j = s:match("^" .. c:gsub("%W", "%%%0") .. "+()", i)
        out[#out + 1] = (j - i) .. c
        i = j
    end
    return table.concat(out)
end
print(runs "aaabccdddd.....%%", runs "")
local function xor(a, b)
    local r, p = 0, 1
    while a > 0 or b > 0 do
        if a % 2 ~= b % 2 then r = r + p end
        a, b, p = math.floor(a / 2), math.floor(b / 2), p * 2
    end
    return r
end
local function crc32(s)
    local crc = 4294967295
    for i = 1, #s do
        crc = xor(crc, s:byte(i))
        for _ = 1, 8 do
            local low = crc % 2
            crc = math.floor(crc / 2)
            if low == 1 then crc = xor(crc, 3988292384) end
        end
    end
    return ("%08x"):format(xor(crc, 4294967295))
end
print(crc32 "123456789", crc32 "", crc32 "The quick brown fox jumps over the lazy dog")
