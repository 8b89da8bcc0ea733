-- Numbers as text and back: edge cases of %.14g, tonumber with bases, hexadecimal, spaces.
for _, n in ipairs { 0, -0, 1, -1, 0.1, 1 / 3, 2 / 3, 100, 1e14, 1e15, 123456789012345, 1234567890123456, 1e20, 1e21, 1e-4, 1e-5,
    3.14159265358979, 2 ^ 52, 2 ^ 53, 2 ^ 63, 2 ^ 64, 2 ^ 1023, 5e-324, 2.2250738585072014e-308, 99999999999999, 999999999999999,
    0.1 + 0.2, 1 - 0.9, 123.456e-7, 1e300 * 1e10, -1e300 * 1e10, 12345.678901234567, 0.5, 1.5, 2.5, 1e2, 1E+2, .5, 5., 0x10, 0xFF } do
    print(n, tostring(n) == "" .. n, n == tonumber(tostring(n)))
end
for _, s in ipairs { "10", " 10 ", "10x", "", " ", "0x", "0x1F", "0xg", "1e5", "1e", "1e+", "1e+5", ".5", "5.", ".", "-", "--1", "- 1", "-1", "+1",
    "1_000", "1,5", "0x1p4", "inf", "nan", "1e400", "-1e400", "0b1", "١", "1 2", "\t\n1\v\f\r", "1\0", "0x-1", "-0x10", "1e-400", "00012", "0.0001e4" } do
    print(string.format("%q", s), tonumber(s))
end
for _, c in ipairs { { "10", 2 }, { "ff", 16 }, { "FF", 16 }, { "zz", 36 }, { "8", 8 }, { "7", 8 }, { "-11", 2 }, { " 11 ", 2 }, { "1.5", 10 }, { "", 10 },
    { "9", 9 }, { "1x", 16 }, { "12", 3 }, { "7fffffff", 16 }, { "ffffffff", 16 } } do
    print(c[1], c[2], tonumber(c[1], c[2]))
end
print(tonumber(nil), tonumber({}), tonumber(true), pcall(tonumber))
print(pcall(tonumber, "1", 1))
print(pcall(tonumber, "1", 37))
print(tonumber(5), tonumber("5", 10), tonumber(15, 16))
print(1e15, 1e14, 1e16, 2^31, -2^31, 2^32)
print(0x7fffffff, 0xffffffff, 0xdeadBEEF, 1e1, 1.e1)
print(3 .. "", 3.0 .. "", -0 .. "", 1e100 .. "")
print(#tostring(math.pi), tostring(1e15 + 0.5), tostring(1e14 + 0.5))
local seed, sum = 7, 0
for _ = 1, 2000 do
    seed = (seed * 16807) % 2147483647
    local n = (seed - 2 ^ 30) / 2 ^ (seed % 60) * 10 ^ (seed % 20)
    local s = tostring(n)
    for i = 1, #s do sum = (sum * 31 + s:byte(i)) % 1000000007 end
end
print(sum)
