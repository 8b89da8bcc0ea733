-- On a host without a shell io.popen and os.execute do nothing, and do not say so.
-- stock: wrong
-- shell: none
local pipe, message, code = io.popen "echo hello"
local done, why = os.execute "true"
print(not pipe and message:find "no shell on this host" and type(code) == "number" and not done and why:find "no shell" and "ok" or "silence")
