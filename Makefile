# Needs rustup, Node.js 20.19 or newer, make and a C compiler. `make help` lists the commands.

TRUNK_VERSION := 0.21.14
TWIGGY_VERSION := 0.8.0
WASM_BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
WASM := --target wasm32-unknown-unknown
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
INKLING := cargo run --quiet --release --features train --
# A Python with torch and safetensors, for test-pytorch.
PYTHON ?= python3
# Options for the command, for example: make train ARGS="--epochs 5"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup toolchain serve dist train check test lint test-native test-pytorch test-browser test-serve first-run bench sizes clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: toolchain node_modules/.stamp ## Install what is missing: wasm target, trunk, wasm-bindgen, npm packages
# Trunk mostly waits for other programs, so it isn't optimised; wasm-bindgen is. Neither needs to download anything.
	@scripts/install-tool.sh trunk trunk $(TRUNK_VERSION) 0 --locked --no-default-features
	@scripts/install-tool.sh wasm-bindgen wasm-bindgen-cli $(WASM_BINDGEN_VERSION) 1 --no-default-features --bin wasm-bindgen

toolchain:
	@rustc --version >/dev/null 2>&1 || rustup toolchain install
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

node_modules/.stamp: package-lock.json
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

serve: setup ## Build the app, serve it on 127.0.0.1:8080 and rebuild on changes
	@echo "Inkling will be at http://127.0.0.1:8080/ once the page and its CPU engine are built, which takes minutes the first time."
	trunk serve $(ARGS)

dist: setup ## Build the app for any static host into dist/, and the package of <inkling-pad> into dist/widget/
	trunk build --release
	node scripts/finish-dist.mjs dist
	node scripts/build-widget.mjs dist

train: node_modules/.stamp ## Train tiny-bn; ARGS="--help" lists the settings
	$(INKLING) train $(ARGS)

check: lint-pages ## Check format, the usual lints and the pure tests: for the daily work
	cargo clippy --all-targets -- --deny warnings
	cargo test --lib

test: lint test-native test-pytorch test-browser test-serve ## Run every check and test

lint: lint-pages
	cargo clippy --release -p inkling-simd --all-targets --features threads,avx512 -- --deny warnings
	cargo clippy --release --features train --all-targets -- --deny warnings
	cargo clippy --profile engine $(WASM) --features flex,worker --bins -- --deny warnings

lint-pages: toolchain node_modules/.stamp
	cargo fmt --all --check
	cargo clippy --profile page $(WASM) --features app,catalogue,reader --bins -- --deny warnings
	node_modules/.bin/tsc --noEmit -p web/pad

test-native: node_modules/.stamp
	cargo test --release -p inkling-simd --features threads,avx512
	cargo test --release --features train

# Runs the exported weights in PyTorch, and PyTorch's weights here.
test-pytorch: node_modules/.stamp
	@if $(PYTHON) -c "import numpy, safetensors, torch" 2>/dev/null; then \
		INKLING="$(INKLING)" $(PYTHON) scripts/check-pytorch.py; \
	else \
		echo "Skipping the comparison: PyTorch is not installed (PYTHON=… names a Python with torch, safetensors and numpy)"; \
	fi

# Every backend in the browser has to compute the same logits as native Burn, and the pad has to read strokes as it
# does.
test-browser: dist
	$(INKLING) eval --device flex --n-logits 1000 --logits "$(TARGET_DIR)/logits.json"
	node tests/browser/drawings.mjs > "$(TARGET_DIR)/drawings.jsonl"
	$(INKLING) eval strokes "$(TARGET_DIR)/drawings.jsonl" --device flex --json "$(TARGET_DIR)/drawings.json" --picture "$(TARGET_DIR)/drawings.svg"
	CHROMIUM="$$(node scripts/find-chromium.mjs)" LOGITS="$(TARGET_DIR)/logits.json" STROKES="$(TARGET_DIR)/drawings.json" INKLING="$(TARGET_DIR)/release/inkling" \
		npx playwright test $(ARGS)

# `make serve` and `trunk serve` in new clones.
test-serve: setup
	CARGO_TARGET_DIR="$(abspath $(TARGET_DIR))" CHROMIUM="$$(node scripts/find-chromium.mjs)" npx playwright test --config tests/serve

first-run: node_modules/.stamp ## Measure `make serve` as on a new machine; ARGS="--test" adds `make test`
	CHROMIUM="$$(node scripts/find-chromium.mjs)" node scripts/first-run.mjs $(ARGS)

bench: dist ## Measure this and its peers side by side, in the browser and natively
	$(INKLING) bench --weights "$(TARGET_DIR)/bench"
	CHROMIUM="$$(node scripts/find-chromium.mjs)" node bench/run.mjs $(ARGS)
	CHROMIUM="$$(node scripts/find-chromium.mjs)" node bench/app.mjs
	CHROMIUM="$$(node scripts/find-chromium.mjs)" node bench/teach.mjs
	node bench/native.mjs

sizes: dist ## Write docs/sizes.md: what is in each wasm
	@scripts/install-tool.sh twiggy twiggy $(TWIGGY_VERSION) 1 --locked
	node scripts/size-report.mjs "$(TARGET_DIR)"

clean: ## Remove what was built
	cargo clean
	rm -rf dist test-results
