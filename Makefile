# Needs Python 3.11 or later, pip and make. Everything else is made here; see tools/setup.py.
PYTHON ?= python3
BIN := .venv/bin
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-config --custom-compile-command "make pins" $(UPGRADE)

define CHECKS
$(BIN)/ruff check
$(BIN)/ruff format --check
$(BIN)/mypy
$(BIN)/lint-imports --no-logo
endef
# Tests that share a server share a worker.
PYTEST = $(BIN)/pytest --numprocesses logical --maxprocesses 8 --dist loadgroup --durations 15

.PHONY: help setup demo test check docs torture audit soak fuzz olah ray spacy bench pins clean

help:
	@echo "make demo   from raw files to a loaded dataset, in front of your eyes"
	@echo "make test   all checks and tests"
	@echo "make check  the checks and the tests that need no server"
	@echo "make docs   the documentation, into site/"
	@echo "make torture  the long proofs: every fault at every request, big releases"
	@echo "make soak   people, faults and a watch for half an hour: MINUTES=30"
	@echo "make fuzz   the readers, guided by what their code reaches: READERS=html,warc SECONDS=60"
	@echo "make setup  only the environment: .venv, Label Studio, a browser"
	@echo "make audit  ask whether a pinned library is known to be unsafe"
	@echo "make olah   read what is published through a third-party mirror of the Hub"
	@echo "make bench  how fast it is, beside others: SIZE=1GB, ONLY=build,near"
	@echo "make ray    build on a cluster of several processes and in an object store"
	@echo "make spacy  suggest by a spaCy pipeline that is trained on the way"
	@echo "make pins   write the pinned requirements again (UPGRADE=--upgrade for newer versions)"
	@echo "make clean  remove what can be made again"

setup:
	@$(PYTHON) tools/setup.py venv studio browser

demo:
	@$(PYTHON) tools/setup.py venv studio
	@$(BIN)/python tools/demo.py

test: setup
	$(CHECKS)
	$(PYTEST)

check:
	@$(PYTHON) tools/setup.py venv
	$(CHECKS)
	$(PYTEST) -m "not studio"

docs:
	@$(PYTHON) tools/setup.py venv
	$(BIN)/python tools/reference.py
	$(BIN)/zensical build --clean --strict

torture:
	@$(PYTHON) tools/setup.py venv
	$(PYTEST) -m torture

MINUTES ?= 30
soak: export SOAK_MINUTES = $(MINUTES)
soak:
	@$(PYTHON) tools/setup.py venv studio
	$(BIN)/pytest -m soak tests/e2e/studio/test_soak.py

# What fails is written to .fuzz/crash-…: see tests/fuzz/guided.py. Linux only.
READERS ?= html,feed,warc,dump,csv,parquet,jsonl
SECONDS ?= 60
COMMA := ,
fuzz: export UV_SYSTEM_CERTS = true
fuzz:
	@$(PYTHON) tools/setup.py venv
	@test -d .fuzz/atheris || $(BIN)/uv pip install --quiet --python $(BIN)/python --target .fuzz \
		--require-hashes -r requirements/fuzz.txt
	@for reader in $(subst $(COMMA), ,$(READERS)); do \
		PYTHONPATH=.fuzz $(BIN)/python -m tests.fuzz.guided $$reader \
			-max_total_time=$(SECONDS) -artifact_prefix=.fuzz/ || exit 1; \
	done

# An independent reader of what is published; its test is skipped without it.
olah: export UV_SYSTEM_CERTS = true
olah:
	@$(PYTHON) tools/setup.py venv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .olah
	$(BIN)/uv pip install --quiet --python .olah --require-hashes -r requirements/olah.txt
	$(PYTEST) -m olah

# A cluster of several processes, and an S3-compatible server; its tests are skipped without it.
ray: export UV_SYSTEM_CERTS = true
ray:
	@$(PYTHON) tools/setup.py venv
	@test -x .ray/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .ray
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python .ray --require-hashes \
		requirements/ray.txt
	@$(BIN)/uv pip install --quiet --python .ray --no-deps --no-build-isolation --editable .
	.ray/bin/pytest -m ray tests/e2e/cluster

# spaCy is an extra; its tests are skipped without it.
spacy: export UV_SYSTEM_CERTS = true
spacy:
	@$(PYTHON) tools/setup.py venv
	@test -x .spacy/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .spacy
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python .spacy --require-hashes \
		requirements/spacy.txt
	@$(BIN)/uv pip install --quiet --python .spacy --no-deps --no-build-isolation --editable .
	.spacy/bin/pytest -m spacy tests/unit/annotations/test_pipeline.py

# Skipped with a word where no advisory service can be reached.
audit: export UV_SYSTEM_CERTS = true
audit:
	@$(PYTHON) tools/setup.py venv
	@test -x .audit/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .audit
	@$(BIN)/uv pip sync --quiet --python .audit --require-hashes requirements/audit.txt
	@$(BIN)/python tools/audit.py .audit/bin/pip-audit

# SIZE of the corpus, GROWTH as sizes with commas, ONLY as parts with commas, ROUNDS, NAMES as a
# folder of corpora with marked names, WIRES as one of wires with topics (benchmarks/wires.py).
SIZE ?= 200MB
GROWTH ?= 50MB,200MB
ROUNDS ?= 3
bench: export UV_SYSTEM_CERTS = true
bench:
	@$(PYTHON) tools/setup.py venv
	@test -x .bench/env/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .bench/env
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python .bench/env --require-hashes \
		requirements/bench.txt
	@$(BIN)/python -m benchmarks.run --size $(SIZE) --growth $(GROWTH) --rounds $(ROUNDS) \
		--only "$(ONLY)" $(if $(NAMES),--names "$(NAMES)") $(if $(WIRES),--wires "$(WIRES)")

# As pip does.
pins: export UV_SYSTEM_CERTS = true
pins:
	@$(PYTHON) tools/setup.py venv
	$(UV_COMPILE) requirements/bootstrap.in --output-file requirements/bootstrap.txt
	$(UV_COMPILE) pyproject.toml --group dev --output-file requirements/dev.txt
	$(UV_COMPILE) requirements/olah.in --output-file requirements/olah.txt
	$(UV_COMPILE) requirements/audit.in --output-file requirements/audit.txt
	$(UV_COMPILE) requirements/fuzz.in --output-file requirements/fuzz.txt
	$(UV_COMPILE) pyproject.toml requirements/ray.in --extra ray --extra s3 \
		--output-file requirements/ray.txt
	$(UV_COMPILE) pyproject.toml requirements/spacy.in --extra spacy \
		--constraint requirements/dev.txt --output-file requirements/spacy.txt
	$(UV_COMPILE) requirements/bench.in --constraint requirements/dev.txt \
		--output-file requirements/bench.txt
	$(UV_COMPILE) requirements/studio.in \
		--output-file src/galley/annotations/studio/requirements.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build/out
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
