-- The whole way through Neovim's own LSP client: ask for a run, follow its progress, answer the question with Apply.
-- Reads FILE, FILETYPE, LINE, ROOT, PYTHON, SETTINGS and RESULT from the environment, and the titles of the actions,
-- WANTED and APPLIES; writes what it saw to RESULT, as JSON.

local PATIENCE = 60000 -- milliseconds; every wait ends with the event it is for
local seen = { progress = {}, actions = {}, messages = {} }

local function await(what, condition)
  if not vim.wait(PATIENCE, condition, 20) then
    error('waited in vain until ' .. what)
  end
end

-- What a person would do: pick from menus, answer questions.
local wanted
vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    local title = options.format_item(item)
    table.insert(seen.actions, title)
    if title:find(wanted, 1, true) then
      return choose(item, index)
    end
  end
  choose(nil)
end
vim.lsp.handlers['window/showMessageRequest'] = function(_, request)
  seen.question = { message = request.message, actions = vim.tbl_map(function(a) return a.title end, request.actions) }
  for _, action in ipairs(request.actions) do
    if action.title == 'Apply' then
      return action
    end
  end
  return vim.NIL
end
vim.lsp.handlers['window/showMessage'] = function(_, shown)
  table.insert(seen.messages, shown.message)
end
local report = vim.lsp.handlers['$/progress']
vim.lsp.handlers['$/progress'] = function(failure, result, context, config)
  table.insert(seen.progress, result.value)
  return report(failure, result, context, config)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n') .. '\n'
end

local function main()
  vim.cmd('edit ' .. os.getenv('FILE'))
  vim.bo.filetype = os.getenv('FILETYPE')
  local id = vim.lsp.start_client({
    name = 'secant',
    cmd = { os.getenv('PYTHON'), '-m', 'secant_server' },
    root_dir = os.getenv('ROOT'),
    settings = { secant = vim.fn.json_decode(os.getenv('SETTINGS')) },
    on_init = function(client) -- Neovim 0.7 does not let itself be asked for settings
      client.notify('workspace/didChangeConfiguration', { settings = client.config.settings })
    end,
  })
  vim.lsp.buf_attach_client(0, id)
  await('the server is ready', function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)

  vim.api.nvim_win_set_cursor(0, { tonumber(os.getenv('LINE')), 0 })
  local before = text()
  wanted = os.getenv('WANTED')
  vim.lsp.buf.code_action()
  await('the proposal is applied', function() return text() ~= before end)
  seen.applied, seen.modified = text(), vim.bo.modified
  await('the progress has ended', function()
    return #seen.progress > 0 and seen.progress[#seen.progress].kind == 'end'
  end)

  vim.cmd('undo')
  seen.undone = text()
  wanted = os.getenv('APPLIES')
  vim.lsp.buf.code_action()
  await('the proposal is applied from the menu', function() return text() == seen.applied end)
  vim.cmd('write')
  vim.lsp.stop_client(id)
  await('the server has ended', function() return vim.lsp.get_client_by_id(id) == nil end)
end

local ok, failure = pcall(main)
seen.failure = not ok and failure or nil
local file = assert(io.open(os.getenv('RESULT'), 'w'))
file:write(vim.fn.json_encode(seen))
file:close()
vim.cmd(ok and 'qall!' or 'cquit')
