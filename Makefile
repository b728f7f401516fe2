# The front door. Everything real is done by meson and by the scripts named here.
#   make run     two commands take a fresh Debian 12 to a running server: git clone, make run
#   make test    every check there is; what continuous integration runs
SHELL := /bin/bash

DATA ?= data
LISTEN ?= 127.0.0.1:8080
ADMIN ?= admin@example.org
FUZZ_SECONDS ?= 60
ROUNDS ?= 200
LIVES ?= 100
export FUZZ_SECONDS ROUNDS

.DEFAULT_GOAL := build
.NOTPARALLEL: # prerequisites are steps, in their order; ninja uses every core anyway
.PHONY: build run test deps deps-test bench sim torture lint fuzz demo dist clean help

build: node_modules/.package-lock.json build/build.ninja ## build build/tocsin (the default)
	@ninja -C build

build/build.ninja:
	@tools/deps.sh check build
	meson setup build

node_modules/.package-lock.json: package-lock.json
	@tools/deps.sh npm

deps: ## install what building and running need (Debian packages, pinned npm packages)
	@tools/deps.sh install build
	@tools/deps.sh npm

deps-test: deps ## install what the tests need besides (PostgreSQL, Prometheus, Chromium, …)
	@tools/deps.sh install test

run: deps build ## install what is missing, build, create the database, serve on http://127.0.0.1:8080
	@[ -e '$(DATA)' ] || build/tocsin init --data '$(DATA)' --admin '$(ADMIN)' --base-url 'http://$(LISTEN)'
	@exec build/tocsin serve --data '$(DATA)' --listen '$(LISTEN)' --base-url 'http://$(LISTEN)'

test: deps-test ## every check: lint, unit, property, scenario, HTTP, faults, fuzz, end to end
	@test/all.sh

lint: build ## the project's own rules; each rule first proves that it can fail
	@tools/lint.py --self-test
	@tools/lint.py --objects build

fuzz: ## each fuzz target for FUZZ_SECONDS (60), two at a time, from the kept corpus
	@test/fuzz/run.sh build-fuzz

bench: build ## speed beside a real Alertmanager; writes docs/benchmarks.md (MODE=quick|full)
	@test/bench/run.sh

torture: build ## ROUNDS (200) × kill -9 under load, then full and read-only disks: nothing is lost
	@test/fault/run.sh build/tocsin

sim: build ## all scenarios, then LIVES (100) new random lives of a server, on both databases
	@meson test -C build --suite scenario --print-errorlogs
	@first=$$(date +%s); echo "PROPERTY_FIRST=$$first PROPERTY_CASES=$(LIVES)"; \
	 PROPERTY_FIRST=$$first PROPERTY_CASES=$(LIVES) test/with-pg.sh build/test/property/property_operations

demo: deps build ## a server in data-demo/ filled with a believable company through its API (or TOCSIN_URL, …)
	@tools/demo.sh

dist: build ## one self-contained file: dist/tocsin-VERSION-ARCH
	@tools/dist.sh

clean: ## remove what was built (never data/)
	rm -rf build build-asan build-fuzz dist

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
