-- Eight queens: backtracking over arrays.
local N, count = 8, 0
local function place(row, cols, up, down, board)
    if row > N then
        count = count + 1
        if count <= 3 then print(table.concat(board, " ")) end
        return
    end
    for c = 1, N do
        if not cols[c] and not up[row + c] and not down[row - c + N] then
            cols[c], up[row + c], down[row - c + N], board[row] = true, true, true, c
            place(row + 1, cols, up, down, board)
            cols[c], up[row + c], down[row - c + N] = nil, nil, nil
        end
    end
end
place(1, {}, {}, {}, {})
print(count)
