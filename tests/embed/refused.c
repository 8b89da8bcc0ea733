/* refused.c: a tour of the whole interface, in which any request for memory may be refused: then the call says MB_NOMEM, all that
 * there was still works, and everything can be closed.
 * SPDX-License-Identifier: MIT
 *
 * Status 0; 1 and "not enough memory" when a call was refused; a failed check ends it with another message. */
#include "host.h"

#include <string.h>

#include <lauxlib.h>

enum { VALUES = 300, REFUSED = -1000 };

static mb_runtime *runtime;
static mb_store *store;
static mb_results *results;
static mb_scope *scope;
static mb_id ids[VALUES];
static int count, lent, given_back;

/* Leaves the calling function when memory was refused; nothing else may go wrong. */
#define NEED(call)                                                                          \
    do {                                                                                    \
        int code_ = (call);                                                                 \
        if (code_ == MB_NOMEM) return REFUSED;                                              \
        if (code_ != MB_OK) host_failed(__FILE__, __LINE__, #call, runtime ? mb_error(runtime) : ""); \
    } while (0)

static int echo(mb_call *call, void *unused) {
    mb_id id;
    (void)unused;
    for (size_t i = 0; i < mb_arg_count(call); i++) {
        mb_value value = mb_arg(call, i);
        int code;
        if (value.type == MB_OTHER) {
            if ((code = mb_keep_arg(call, i, &id)) != MB_OK) return code;
            code = mb_return(call, mb_stored(id)); /* a result may refer to it until the function has returned */
        } else {
            code = mb_return(call, value);
        }
        if (code != MB_OK) return code;
    }
    return MB_OK;
}

static int scripts(void) {
    mb_value arguments[] = { mb_string("text"), mb_number(2), mb_nil() }, value;
    mb_value found[2];
    size_t found_count = 2;
    mb_id chunk;
    NEED(mb_register(runtime, "host.echo", echo, NULL));
    NEED(mb_run_string(runtime, "local a, b = host.echo(...) assert(a == 'text' and b == 2)", "=one", arguments, 3));
    NEED(mb_run_string(runtime, "local t = {} assert(host.echo(t) == t and select('#', host.echo(1, 2, 'x')) == 3)", "=two", NULL, 0));
    NEED(mb_set_global(runtime, "a.b.c", &arguments[0]));
    NEED(mb_get_global(runtime, "a.b.c", &value));
    CHECK(value.type == MB_STRING && strcmp(value.as.string.data, "text") == 0);
    NEED(mb_load(runtime, "return #..., {}", 15, NULL, &chunk));
    NEED(mb_call_id(runtime, chunk, arguments, 1, found, &found_count));
    CHECK(found_count == 2 && found[0].as.number == 4);
    NEED(mb_keep_result(runtime, 1, &chunk));
    int code = mb_run_string(runtime, "error('wrong ' .. ('x'):rep(300))", "=three", NULL, 0);
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == MB_ERROR && mb_error(runtime)[0] && mb_traceback(runtime)[0]);
    return 0;
}

static int values(void) {
    lua_State *L = mb_lua(runtime);
    mb_value value;
    mb_id id;
    NEED(mb_store_open(runtime, NULL, &store));
    NEED(mb_store_share(store, "things"));
    for (; count < VALUES; count++) NEED(mb_put_value(store, mb_number(count), &ids[count]));
    NEED(mb_scope_begin(store, &scope));
    for (int i = 0; i < VALUES; i++) {
        int top = lua_gettop(L);
        lua_pushinteger(L, i);
        int code = mb_scope_put(scope, L, &id);
        if (code != MB_OK) CHECK(code == MB_NOMEM && lua_gettop(L) == top + 1);
        lua_settop(L, top);
        NEED(code);
    }
    NEED(mb_scope_keep(scope, id));
    NEED(mb_release_later(store, id));
    CHECK(!mb_has(store, id));
    NEED(mb_put_value(store, mb_string("a string"), &id));
    NEED(mb_get_value(store, id, &value));
    CHECK(strcmp(value.as.string.data, "a string") == 0);
    return 0;
}

static void give_back(void *times) { ++*(int *)times; }

/* Memory that was lent comes back once; what could not be lent, never. */
static int lending(void) {
    static char memory[5000] = "lent";
    mb_id id;
    int code = mb_put_bytes(mb_own_store(runtime), memory, sizeof memory, give_back, &given_back, &id);
    CHECK(given_back == 0);
    lent = code == MB_OK;
    NEED(code);
    mb_value value = mb_stored(id);
    NEED(mb_run_string(runtime, "local b = ... part = b:sub(3, 4000) .. 'x' assert(#b == 5000 and b:find 'nt' == 3)", "=lent", &value, 1));
    CHECK(mb_release(mb_own_store(runtime), id) == MB_OK);
    return 0;
}

static int coroutines(void) {
    lua_State *L = mb_lua(runtime);
    int found, top = lua_gettop(L);
    NEED(mb_results_open(runtime, &results));
    NEED(mb_results_share(results, "results"));
    NEED(mb_run_string(runtime, "for i = 1, 50 do coroutine.wrap(function() results:set(coroutine.running(), i, i) end)() end "
                                "results:set(nil, 'main')", NULL, NULL, 0));
    int code = mb_results_take(results, NULL, L, &found);
    if (code == MB_OK) CHECK(found == 1 && strcmp(lua_tostring(L, -1), "main") == 0);
    lua_settop(L, top);
    NEED(code);
    NEED(mb_native(runtime, 100000));
    NEED(mb_native(runtime, -100000));
    NEED(mb_collect(runtime));
    return 0;
}

static int fails(mb_call *call, void *unused) {
    (void)unused;
    return mb_fail(call, "the host says no to %d arguments", (int)mb_arg_count(call));
}

static int in_lua(lua_State *L, void *text) {
    lua_pushfstring(L, "%s, %s", text, text);
    return (int)lua_objlen(L, -1);
}

static int calls(void) {
    mb_value arguments[] = { mb_string("a text"), mb_bytes("a\0b", 3) }, found[1];
    size_t found_count = 1;
    NEED(mb_call_name(runtime, "string.upper", arguments, 1, found, &found_count));
    CHECK(found_count == 1 && strcmp(found[0].as.string.data, "A TEXT") == 0);
    int code = mb_call_name(runtime, "no.such", arguments, 2, NULL, NULL);
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == MB_NOTFOUND);
    NEED(mb_register(runtime, "fails", fails, NULL));
    code = mb_run_bytes(runtime, "fails(...)", 10, "=four", arguments, 2);
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == MB_ERROR && strcmp(mb_error(runtime), "four:1: the host says no to 2 arguments") == 0);
    code = mb_protect(runtime, in_lua, (void *)"seven..");
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == 16);
    code = mb_run_file(runtime, "/nowhere/script.lua", NULL, 0);
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == MB_IO);
    code = mb_run_string(runtime, "os.exit(3)", NULL, NULL, 0);
    if (code == MB_NOMEM) return REFUSED;
    CHECK(code == MB_EXIT && mb_exit_status(runtime) == 3);
    return 0;
}

/* What is on L's stack: a refused put leaves the value there. */
static int on_the_stack(void) {
    lua_State *L = mb_lua(runtime);
    mb_store_options options;
    mb_store *other;
    int top = lua_gettop(L), code = MB_OK;
    mb_id id, last = 0;
    mb_store_options_init(&options, sizeof options);
    options.name = "other";
    options.leaks = MB_LEAKS_FULL;
    NEED(mb_store_open(runtime, &options, &other));
    for (int i = 0; i < VALUES && code == MB_OK; i++) {
        lua_pushinteger(L, i);
        code = mb_put(other, L, &id);
        CHECK(code == MB_OK || (code == MB_NOMEM && lua_tointeger(L, -1) == i));
        if (code == MB_OK) last = id;
        lua_settop(L, top);
    }
    if (last) {
        lua_pushboolean(L, 1);
        CHECK(mb_replace(other, L, last) == MB_OK && mb_push(other, L, last) == MB_OK && lua_toboolean(L, -1));
        lua_settop(L, top);
        CHECK(mb_release(other, last) == MB_OK && mb_push(other, L, last) == MB_STALE && lua_gettop(L) == top);
    }
    mb_store_close(other);
    return code == MB_OK ? 0 : REFUSED;
}

static int results_in_c(void) {
    lua_State *L = mb_lua(runtime);
    int found = 0, top = lua_gettop(L), code;
    lua_pushinteger(L, 1);
    lua_pushnil(L);
    code = mb_results_set(results, NULL, L, 2);
    CHECK(lua_gettop(L) == top);
    NEED(code);
    code = mb_results_push(results, L, L, &found);
    CHECK(code == MB_NOMEM || (code == MB_OK && found == 2 && lua_tointeger(L, -2) == 1));
    lua_settop(L, top);
    NEED(code);
    NEED(mb_results_drop(results, NULL));
    return 0;
}

/* Whatever was refused: what was put is there, and is what it was. */
static void look_again(void) {
    mb_value value;
    for (int i = 0; i < count; i++) {
        CHECK(mb_get_value(store, ids[i], &value) == MB_OK && value.as.number == i);
        CHECK(mb_release(store, ids[i]) == MB_OK);
    }
}

int main(void) {
    int code = mb_open(NULL, &runtime);
    CHECK(code == MB_OK || code == MB_NOMEM);
    int (*const parts[])(void) = { scripts, calls, values, on_the_stack, lending, coroutines, results_in_c };
    for (int i = 0; i < 7 && runtime; i++)
        if ((i < 6 || results) && parts[i]() < 0) code = MB_NOMEM;
    look_again();
    mb_scope_end(scope);
    mb_store_close(store);
    mb_results_close(results);
    mb_close(runtime);
    CHECK(given_back == lent);
    if (code != MB_OK) return fputs("not enough memory\n", stderr), 1;
    puts("nothing was refused");
    return 0;
}
