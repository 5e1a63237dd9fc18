# `make` builds the book and grades the sample class; `make test` runs every test.
# Both set up what they need in .venv. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BOOK := build/book/_build/html/index.html
PDF := build/book/book.pdf
LIVE := build/live/site/run.html
CLASS := build/class
GRADES := $(CLASS)/instructor/A5/grades.csv

library := $(shell find coursepkg -type f -not -path '*/__pycache__/*')
book_sources := $(shell find book -type f -not -path '*/__pycache__/*')
class_sources := $(shell find autograder assignments/sample_class assignments/source assignments/*.py -type f -not -name '*.ipynb' -not -path '*/__pycache__/*')
# Two pages show what stands elsewhere; see READS in book/build.py.
book_reads := $(shell find autograder assignments/source docs benchmarks/results -type f -not -name '*.ipynb' -not -path '*/__pycache__/*')

.PHONY: all book pdf live class test verify bench check serve lock clean help
.DELETE_ON_ERROR:

all: book class
	@echo
	@echo "Book:      $(BOOK)"
	@echo "Report:    $(CLASS)/instructor/A5/report.html"
	@echo "Feedback:  $(CLASS)/feedback/chiara/A5/A5.html and fifteen more"
	@echo "Grades:    $(GRADES)"

book: $(BOOK)
class: $(GRADES)

$(BOOK): $(VENV)/main.done $(library) $(book_sources) $(book_reads)
	$(BIN)/python book/build.py
	@touch $@

pdf: $(PDF)
live: $(LIVE)

$(PDF): $(BOOK) $(VENV)/print.done $(VENV)/system.done
	$(BIN)/python book/pdf.py

$(LIVE): $(BOOK) requirements/live.lock
	$(BIN)/python book/live.py

$(GRADES): $(VENV)/main.done $(VENV)/system.done $(library) $(class_sources)
	rm -rf $(CLASS)
	$(BIN)/autograder sample $(CLASS)
	$(BIN)/autograder --course $(CLASS) all A5

test: $(VENV)/dev.done $(VENV)/system.done check book class
	$(BIN)/pytest -n auto --dist loadgroup

# The library against PyTorch, which is large and therefore not part of the tests above.
verify: $(VENV)/dev.done
	$(INSTALL) '.[bench]' || $(BIN)/pip install --quiet '.[bench]'
	$(BIN)/pip install --quiet --no-deps --editable .
	$(BIN)/pytest -n auto -k torch tests/unit

# Against PyTorch and other teaching libraries, which it installs beside the rest, in build/bench.
MACHINE ?= here
PEERS = autograd dezero numpy-ml tinygrad micrograd
bench: $(VENV)/dev.done
	$(PYTHON) -m venv build/bench
	VIRTUAL_ENV=build/bench $(BIN)/uv pip install --quiet '.[bench]' matplotlib $(PEERS)
	build/bench/bin/python -m benchmarks --all --machine $(MACHINE)

check: $(VENV)/dev.done
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

serve: book
	$(BIN)/python -m http.server --directory $(dir $(BOOK)) --bind 127.0.0.1 8000

# --- set-up ---------------------------------------------------------------
# uv installs in ten seconds what takes pip two minutes; pip is asked where uv fails, since only
# pip knows the mirrors of a pip.conf. As pip does, compile what is installed: the jail sees it
# read-only and would compile the same modules again at each start, 1.5 seconds of it.

INSTALL = VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode
install-lock = $(INSTALL) --require-hashes -r $(1) || $(BIN)/pip install --quiet --no-deps --require-hashes -r $(1)

$(BIN)/uv: requirements/setup.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/setup.lock
	@touch $@

$(VENV)/main.done: requirements/main.lock pyproject.toml $(BIN)/uv
	$(call install-lock,requirements/main.lock)
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev.done: requirements/dev.lock $(VENV)/main.done
	$(call install-lock,requirements/dev.lock)
	@touch $@

$(VENV)/print.done: requirements/print.lock $(VENV)/main.done
	$(call install-lock,requirements/print.lock)
	@touch $@

$(VENV)/system.done: requirements/system.sh | $(BIN)/uv
	sh requirements/system.sh
	@touch $@

COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# What `make live` builds with, in an environment of its own; 0.8.7 of the kernel lacks its core.
LIVE_NEEDS = jupyterlite-core==0.8.6 jupyterlite-pyodide-kernel==0.8.6 jupyter-server anywidget

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet uv
	echo uv | $(COMPILE) - --output-file requirements/setup.lock
	$(COMPILE) pyproject.toml --extra dev --output-file requirements/dev.lock
	$(COMPILE) pyproject.toml --extra book --extra grader --constraint requirements/dev.lock --output-file requirements/main.lock
	$(COMPILE) pyproject.toml --extra print --constraint requirements/dev.lock --output-file requirements/print.lock
	printf '%s\n' $(LIVE_NEEDS) | $(COMPILE) - --output-file requirements/live.lock

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:
	@echo "make         the book and the graded sample class"
	@echo "make test    style, types and every test"
	@echo "make verify  the library against PyTorch, which it installs"
	@echo "make book    the book alone            make class   the sample class alone"
	@echo "make pdf     the book as a PDF         make live    chapters that run in the browser"
	@echo "make bench   speed and memory beside PyTorch and its peers, about ten minutes"
	@echo "make check   style and types alone     make serve   the book on http://127.0.0.1:8000"
	@echo "make lock    renew requirements/*.lock make clean   remove what was built"
