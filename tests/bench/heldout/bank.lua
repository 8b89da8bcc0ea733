-- bank.lua [N]: an object-oriented simulation: customers queue for tellers, driven by a calendar of events.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 50000

local seed = 77
local function random(limit)
    seed = seed * 16807 % 2147483647
    return seed % limit + 1
end

local Object = {}
Object.__index = Object
function Object:extend()
    local class = setmetatable({}, self)
    class.__index = class
    return class
end
function Object:new(...)
    local object = setmetatable({}, self)
    object:init(...)
    return object
end

-- A list of events in the order of their times.
local Calendar = Object:extend()
function Calendar:init() self.first, self.now = nil, 0 end
function Calendar:at(time, what, who)
    local event = { time = time, what = what, who = who }
    local before, after = nil, self.first
    while after and after.time <= time do before, after = after, after.next end
    event.next = after
    if before then before.next = event else self.first = event end
end
function Calendar:step()
    local event = self.first
    if not event then return false end
    self.first, self.now = event.next, event.time
    event.who[event.what](event.who, self)
    return true
end

local Person = Object:extend()
function Person:init(name) self.name, self.waited = name, 0 end
function Person:patience() return 40 end

local Hurried = Person:extend()
function Hurried:patience() return Person.patience(self) / 4 end

local Bank = Object:extend()
function Bank:init(tellers)
    self.free, self.queue, self.head, self.served, self.lost, self.waits = tellers, {}, 1, 0, 0, 0
end
function Bank:enter(calendar, person)
    person.came = calendar.now
    self.queue[#self.queue + 1] = person
    self:serve(calendar)
end
function Bank:serve(calendar)
    while self.free > 0 and self.queue[self.head] do
        local person = self.queue[self.head]
        self.head = self.head + 1
        person.waited = calendar.now - person.came
        if person.waited > person:patience() then
            self.lost = self.lost + 1
        else
            self.free = self.free - 1
            self.waits = self.waits + person.waited
            calendar:at(calendar.now + 5 + random(20), "done", self)
        end
    end
end
function Bank:done(calendar)
    self.free, self.served = self.free + 1, self.served + 1
    self:serve(calendar)
end

local Street = Object:extend()
function Street:init(bank, count) self.bank, self.left = bank, count end
function Street:arrive(calendar)
    self.left = self.left - 1
    local class = random(3) == 1 and Hurried or Person
    self.bank:enter(calendar, class:new("person " .. self.left % 100))
    if self.left > 0 then calendar:at(calendar.now + random(5), "arrive", self) end
end

local calendar, bank = Calendar:new(), Bank:new(5)
calendar:at(0, "arrive", Street:new(bank, n))
while calendar:step() do end
print(string.format("%d served, %d lost, %.0f waited, ended at %.0f", bank.served, bank.lost, bank.waits, calendar.now))
