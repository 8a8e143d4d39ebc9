# make test   sets up what the tests need, checks the code and runs all tests
# make help   lists the rest

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
BROWSER     := ./client/... ./engine/dialer ./examples/guides ./examples/wasm/... ./e2e/wasm/...
MODULES     := . bench browser/build examples e2e parsers/msgpack
FUZZTIME    ?= 20s

# The race detector needs a C compiler; setup installs one where it can.
race = $$(if [ "$$(go env CGO_ENABLED)" = 1 ] && command -v "$$(go env CC)" >/dev/null; then echo -race; \
	else echo "NO C COMPILER: the tests run without the race detector" >&2; fi)

.PHONY: help setup lint test budgets generate fuzz bench benchmarks hello chat board

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t12

setup: ## install what the tests need and is not there yet
	@echo "== setup"
	@go run ./e2e/setup

lint: ## gofmt, go vet and staticcheck
	@echo "== gofmt"
	@files=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go' -not -path '*/node_modules/*')); \
	if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi
	@for m in $(MODULES); do echo "== vet and staticcheck: $$m"; (cd $$m && go vet ./... && go run $(STATICCHECK) ./...); done
	@echo "== vet: what runs in browsers"
	@GOOS=js GOARCH=wasm go vet $(BROWSER)

test: setup lint ## everything: set-up, checks, and the tests of all modules
	@race=$(race); for m in $(MODULES); do echo "== test: $$m"; (cd $$m && go test $$race -timeout 20m ./...); done
	@$(MAKE) --no-print-directory budgets
	@echo "== all tests passed"

budgets: ## allocations and memory, which the race detector would change
	@echo "== budgets"
	@go test -count=1 -run 'Alloc|Budget' ./...

generate: ## bundle the browser client
	go generate ./browser

fuzz: ## run every fuzz target for FUZZTIME
	@for p in $$(go list ./... ./parsers/msgpack); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
		echo "== fuzz: $$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$p; done; done

bench: ## compare the servers, and the clients, on this machine (15 minutes and more)
	go run ./bench
	go run ./bench/clients

benchmarks: ## run the Go benchmarks of all packages
	@go test -run '^$$' -bench . -benchmem ./...

hello: ## start the first example on http://localhost:3000
	go run ./examples/hello

chat: ## start the chat on http://localhost:3000
	go run ./examples/chat

board: ## start the board on http://localhost:3000
	go run ./examples/wasm
