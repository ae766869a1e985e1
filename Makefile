# nianbao: `make` lists what can be done.
export GOFLAGS := $(GOFLAGS) -tags=duckdb_arrow

OUT ?= out

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/nianbao
	@mkdir -p bin
	go build -o bin/nianbao ./cmd/nianbao

.PHONY: run
run: build ## crawl the sample portals on this machine, build warehouse and site in out/
	bin/nianbao run --portals sample --out $(OUT)

.PHONY: test
test: ## run all tests, those in the browser and the notebooks included
	scripts/setup
	go test -timeout 30m ./...
	$(MAKE) notebooks

.PHONY: notebooks
notebooks: build ## execute the notebooks; fails on an error, or if an output is not the committed one
	scripts/setup
	scripts/notebooks

.PHONY: check
check: ## formatting, vet and static analysis
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "run gofmt -w on the files above"; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

.PHONY: scoreboard
scoreboard: ## cells read right, wrong, missing and spurious, by format and era
	go test ./extract -run '^TestScoreboard$$' -v -count 1

.PHONY: bench
bench: ## time and memory of the extractor against its peers, and of a site of 340 made-up cities with its budgets
	scripts/bench --batch
	go run ./bench/lake/make --out .cache/lake
	go run ./bench/site --warehouse .cache/lake/warehouse/nianbao.duckdb --out .cache/lake/site

.PHONY: clean
clean: ## remove what was built
	rm -rf bin $(OUT)
