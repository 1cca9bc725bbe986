# Every check is a line of .ci/run, which CI runs; the targets below are shorter names.

.PHONY: help check build test lint fuzz bench catalog catalog-check

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/'

check: ## everything that CI checks; wants a clean tree
	.ci/run

build: ## the program, as ./aegis
	CGO_ENABLED=0 go build -trimpath -o aegis ./cmd/aegis

test: ## all tests
	go test ./...

lint: ## gofmt, go vet and the linter
	.ci/run format vet lint

fuzz: ## every fuzz target for ten seconds
	.ci/run fuzz

bench: ## all benchmarks, with memory
	go test -run='^$$' -bench=. -benchmem ./...

catalog: ## regenerate the embedded catalog from the pinned source
	go generate ./internal/catalog

catalog-check: ## prove that the embedded catalog is fresh
	.ci/run catalog
