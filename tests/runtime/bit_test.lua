-- The module bit: the interface of BitOp, on numbers taken modulo 2^32 with signed results.
-- SPDX-License-Identifier: MIT
local bit = require "bit"

TestBit = {}

function TestBit.test_results_are_signed()
    lu.assertEquals(bit.tobit(0xffffffff), -1)
    lu.assertEquals(bit.tobit(0x80000000), -2147483648)
    lu.assertEquals(bit.tobit(2 ^ 40 + 1234), 1234)
    lu.assertEquals(bit.bnot(0), -1)
end

function TestBit.test_many_operands()
    lu.assertEquals(bit.band(0xff, 0x3c, 0x18), 0x18)
    lu.assertEquals(bit.bor(1, 2, 4, 8), 15)
    lu.assertEquals(bit.bxor(0xa5a5f0f0, 0xaa55ff00), 0x0ff00ff0)
    lu.assertEquals(bit.bxor(7), 7)
end

function TestBit.test_shifts_use_five_bits_of_the_count()
    lu.assertEquals(bit.lshift(1, 0), 1)
    lu.assertEquals(bit.lshift(1, 31), -2147483648)
    lu.assertEquals(bit.lshift(1, 33), 2)
    lu.assertEquals(bit.rshift(-256, 8), 16777215)
    lu.assertEquals(bit.arshift(-256, 8), -1)
    lu.assertEquals(bit.rol(0x12345678, 12), 0x45678123)
    lu.assertEquals(bit.ror(0x12345678, 12), 0x67812345)
    lu.assertEquals(bit.ror(5, 0), 5)
end

function TestBit.test_bswap_and_tohex()
    lu.assertEquals(bit.bswap(0x12345678), 0x78563412)
    lu.assertEquals(bit.tohex(1), "00000001")
    lu.assertEquals(bit.tohex(-1), "ffffffff")
    lu.assertEquals(bit.tohex(-1, -8), "FFFFFFFF")
    lu.assertEquals(bit.tohex(0x21, 4), "0021")
    lu.assertEquals(bit.tohex(0x87654321, 4), "4321")
    lu.assertEquals(bit.tohex(5, 0), "")
end

function TestBit.test_other_types_are_refused()
    lu.assertErrorMsgContains("number expected", bit.band, 1, {})
    lu.assertErrorMsgContains("number expected", bit.tobit)
    lu.assertEquals(bit.band("255", 15), 15)
end
