-- os.date, os.time, os.difftime, os.clock in UTC and with fields out of range.
for _, format in ipairs { "!%Y-%m-%d %H:%M:%S", "!%a %A %b %B", "!%c", "!%d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %%", "!*t" } do
    for _, t in ipairs { 0, 1, 86399, 951782400, 1e9, 1234567890, 2147483647, 4102444800 } do
        local d = os.date(format, t)
        if type(d) == "table" then
            print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
        else
            print(d)
        end
    end
end
print(os.date("!%Y", 0), os.date("!", 0) == "", os.date("!text only", 0), os.date("!%%%%", 0))
local t = os.time { year = 2000, month = 1, day = 1, hour = 12 }
local d = os.date("*t", t)
print(d.year, d.month, d.day, d.hour, d.min, d.sec)
print(os.time { year = 2000, month = 1, day = 1 } == t, os.time { year = 2000, month = 1, day = 1, hour = 12, min = 0, sec = 0 } == t)
print(os.date("%Y-%m-%d", os.time { year = 2001, month = 2, day = 29 }))
print(os.date("%Y-%m-%d", os.time { year = 2001, month = 14, day = 1 }))
print(os.date("%Y-%m-%d", os.time { year = 2001, month = 1, day = 0 }))
print(os.date("%H:%M:%S", os.time { year = 2001, month = 1, day = 1, hour = 0, min = -1, sec = 61 }))
print(os.time { year = 2001, month = 1, day = 2 } - os.time { year = 2001, month = 1, day = 1 })
print(os.difftime(5, 3), os.difftime(3, 5), pcall(os.difftime))
print(pcall(os.time, {}))
print(pcall(os.time, { year = 2000 }))
print(pcall(os.time, { year = 2000, month = 1 }))
print(pcall(os.time, { year = "2000", month = "1", day = "1" }))
print(pcall(os.time, { year = "x", month = 1, day = 1 }))
print(pcall(os.date, {}))
print(type(os.time()), type(os.clock()), type(os.date()), os.clock() >= 0, os.time() > 1.6e9)
print(os.date("!%H", 3600.9), os.date("!%S", "59"))
print(#os.date("!%c", 0), os.date("!%x %X %p", 46800))
local next_day = os.date("*t", 86400 * 365)
next_day.day = next_day.day + 1
print(os.time(next_day) - 86400 * 365)
