-- Started in the background by a shell, that is with SIGINT ignored, a script is stopped by it all the same.
-- stock: wrong
-- interrupt: ignored
assert(io.popen("kill -INT $PPID; echo sent"):read "*l" == "sent")
for _ = 1, 1e6 do local _ = {} end
print "ok"
