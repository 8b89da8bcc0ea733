/* traceback.c: the Lua frames of a state that may be broken, for the crash report.
 * Invariant: see engine.h; nothing of the state is read but through plat_copy, and every loop has an end of its own.
 * SPDX-License-Identifier: MIT */
#include "engine.h"

#include <string.h>

#include "lobject.h"
#include "lstate.h"

#include "platform.h"

enum { FRAMES = 40, COROUTINES = 16, NAME = 60 };

static _Thread_local lua_State *traced;

void engine_trace(lua_State *L) {
    traced = L;
}

#define READ(to, from) (plat_copy((to), (from), sizeof *(to)) == 0)

static int read_thread(lua_State *thread, const lua_State *at) {
    return at && READ(thread, at) && thread->tt == LUA_TTHREAD;
}

/* A Lua string that lies behind its header; what is longer than a line is cut. */
static void write_string(struct plat_report *report, const TString *at) {
    TString head;
    char text[NAME];
    if (!at || !READ(&head, at) || head.tsv.tt != LUA_TSTRING) {
        plat_report_text(report, "?");
        return;
    }
    size_t size = head.tsv.len < NAME ? head.tsv.len : NAME;
    if (plat_copy(text, at + 1, size) != 0) return;
    size_t skip = size && (text[0] == '@' || text[0] == '=');
    const char *end = memchr(text, '\n', size);
    plat_report_bytes(report, text + skip, (end ? (size_t)(end - text) : size) - skip);
    if (end || size < head.tsv.len) plat_report_text(report, "...");
}

/* The line of the instruction before `pc`, 0 when it cannot be told. */
static int line_at(const Proto *proto, const Instruction *pc) {
    int line = 0;
    if (!proto->lineinfo || pc <= proto->code || pc > proto->code + proto->sizecode) return 0;
    ptrdiff_t index = pc - proto->code - 1;
    if (index >= proto->sizelineinfo || !READ(&line, proto->lineinfo + index)) return 0;
    return line;
}

static void write_lua_frame(struct plat_report *report, const Proto *at, const Instruction *pc) {
    Proto proto;
    if (!READ(&proto, at) || proto.tt != LUA_TPROTO) {
        plat_report_text(report, "(a function that cannot be read)");
        return;
    }
    write_string(report, proto.source);
    int line = line_at(&proto, pc);
    if (line > 0) {
        plat_report_text(report, ":");
        plat_report_number(report, (uint64_t)line);
    }
    if (proto.linedefined <= 0) {
        plat_report_text(report, ": in main chunk");
        return;
    }
    plat_report_text(report, ": in the function of line ");
    plat_report_number(report, (uint64_t)proto.linedefined);
}

static void write_c_frame(struct plat_report *report, lua_CFunction function) {
    size_t offset;
    const char *name = plat_symbol((uintptr_t)function, &offset);
    plat_report_text(report, "[C]: in function ");
    if (name && offset == 0) plat_report_text(report, name);
    else plat_report_address(report, (uintptr_t)function);
}

/* The closure that `ci` runs. */
static int read_closure(const CallInfo *ci, Closure *closure, const Closure **at) {
    TValue value;
    if (!READ(&value, ci->func) || value.tt != LUA_TFUNCTION) return 0;
    *at = &value.value.gc->cl;
    size_t size = sizeof closure->c; /* both kinds are at least this long */
    if (sizeof closure->l < size) size = sizeof closure->l;
    return plat_copy(closure, *at, size) == 0 && closure->c.tt == LUA_TFUNCTION;
}

static void write_frame(struct plat_report *report, const CallInfo *ci, const Instruction *pc) {
    Closure closure;
    const Closure *at;
    plat_report_text(report, "    ");
    if (!read_closure(ci, &closure, &at)) plat_report_text(report, "(a frame that cannot be read)");
    else if (closure.c.isC) write_c_frame(report, closure.c.f);
    else write_lua_frame(report, closure.l.p, pc);
    plat_report_line(report);
}

/* The program counter of the running function is the state's own. */
static void write_thread(struct plat_report *report, const lua_State *thread) {
    CallInfo ci;
    int count = 0;
    for (const CallInfo *at = thread->ci; at > thread->base_ci; at--, count++) {
        if (count == FRAMES) {
            plat_report_text(report, "    ... ");
            plat_report_number(report, (uint64_t)(at - thread->base_ci));
            plat_report_text(report, " frames more");
            plat_report_line(report);
            return;
        }
        if (!READ(&ci, at)) return;
        write_frame(report, &ci, at == thread->ci ? thread->savedpc : ci.savedpc);
    }
}

/* The coroutine that this thread's running C function resumes: the first argument of coroutine.resume, or the upvalue
 * of a wrapped one. NULL when it resumes none. */
static lua_State *resumed(const lua_State *thread) {
    CallInfo ci;
    Closure closure;
    const Closure *at;
    TValue value;
    lua_State other;
    if (!READ(&ci, thread->ci) || !read_closure(&ci, &closure, &at) || !closure.c.isC) return NULL;
    const TValue *place = closure.c.nupvalues == 1 ? at->c.upvalue : ci.base;
    if (!READ(&value, place) || value.tt != LUA_TTHREAD) return NULL;
    lua_State *found = &value.value.gc->th;
    /* Only one that was resumed and has not yielded runs. */
    return read_thread(&other, found) && other.status == 0 && other.ci > other.base_ci ? found : NULL;
}

static void write_heap(struct plat_report *report, const lua_State *thread) {
    global_State global;
    if (!READ(&global, thread->l_G)) return;
    plat_report_text(report, "    heap ");
    plat_report_size(report, global.totalbytes);
    plat_report_line(report);
}

void engine_traceback(struct plat_report *report) {
    lua_State *chain[COROUTINES], thread;
    int count = 0;
    for (lua_State *at = traced; count < COROUTINES && read_thread(&thread, at); at = resumed(&thread)) chain[count++] = at;
    if (count == 0) {
        plat_report_text(report, "    none: no Lua ran on this thread");
        plat_report_line(report);
    }
    for (int i = count; i-- > 0;) {
        if (!read_thread(&thread, chain[i])) continue;
        write_thread(report, &thread);
        if (i > 0) plat_report_text(report, "    resumed from");
        if (i > 0) plat_report_line(report);
        else write_heap(report, &thread);
    }
}
