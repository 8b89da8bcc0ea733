-- one_line.lua: the least that a script can be; what starting with one costs is told beside -e "".
-- Invariant: prints nothing.
-- SPDX-License-Identifier: MIT
local _ = ...
