/* lua_data.c: the module moonbear.data (documented in help topic "data").
 * Invariant: see lua_data.h.
 * SPDX-License-Identifier: MIT */
#include "data/lua_data.h"

int luaopen_moonbear_data(lua_State *L) {
    lua_newtable(L);
    lua_data_add_load(L);
    lua_data_add_encode(L);
    lua_data_add_frozen(L);
    return 1;
}
