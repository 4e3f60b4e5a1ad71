# The commands of people who change Seatledger. Those who run it need ./seatledger alone.

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header

.PHONY: help check fix bench lock

help: ## Say what there is.
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

check: ## Everything a change must pass: the tools, quickest first, then every test.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint src
	./seatledger test --deselect tests/test_tools.py::test_a_tool_has_nothing_to_say $(ARGS)

fix: ## Let the tools repair what they can.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat src
	$(BIN)/python scripts/list_requirements.py
	$(BIN)/python scripts/list_event_types.py

bench: ## Measure what we promise, each figure beside its limit.
	@for script in bench/bench_*.py; do echo "== $$script" && $(BIN)/python "$$script" || exit 1; done

lock: ## Settle the versions anew; the lock files name no host.
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group build --group dev --output-file requirements-dev.lock
	$(COMPILE) --group installer --output-file requirements-installer.lock
