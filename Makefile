CONFIGURATION ?= Release

.PHONY: run demo test test-kernels soak mutants bench page rules image image-node image-aggregator clean

# The aggregator and the agent on this machine; Ctrl-C stops both and leaves nothing in the kernel.
run:
	@.ci/prepare run
	@dotnet build Caretta.Node -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@dotnet build Caretta.Aggregator -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@CONFIGURATION=$(CONFIGURATION) .ci/local

# A small shop that talks in network namespaces of its own, watched by agent and aggregator; as root. Ctrl-C removes every trace.
demo:
	@.ci/prepare demo
	@dotnet build Caretta.Node -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@dotnet build Caretta.Aggregator -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@dotnet build tests/Caretta.Demo -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@CONFIGURATION=$(CONFIGURATION) tests/Caretta.Demo/bin/$(CONFIGURATION)/net10.0/caretta-demo

# Every test. Without root or BTF the privileged ones are skipped with the reason; REQUIRE_PRIVILEGED=1 makes such a skip a failure.
# MACHINES="6.1-x64 6.1-arm64" boots these of the kernel matrix too. KERNELS is where what they need is kept.
KERNELS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/caretta-kernels
test:
	@.ci/prepare test
	@if [ -n "$(MACHINES)" ]; then .ci/prepare kernels && CONFIGURATION=$(CONFIGURATION) KERNELS=$(KERNELS) .ci/kernels $(MACHINES); fi
	@CONFIGURATION=$(CONFIGURATION) CARETTA_REQUIRE_PRIVILEGED=$(REQUIRE_PRIVILEGED) \
	  CARETTA_MACHINES="$(MACHINES)" CARETTA_KERNELS=$(if $(MACHINES),$(abspath $(KERNELS))) .ci/test

# The whole matrix: every probe path on Debian's kernels of several versions and on arm64, in virtual machines without acceleration. With MACHINES as above.
test-kernels:
	@.ci/prepare kernels
	@CONFIGURATION=$(CONFIGURATION) KERNELS=$(KERNELS) .ci/kernels $(MACHINES)
	@dotnet build tests/Caretta.EndToEnd.Tests -c $(CONFIGURATION) -v quiet --nologo
	@CARETTA_MACHINES="$(MACHINES)" CARETTA_KERNELS=$(abspath $(KERNELS)) \
	  tests/Caretta.EndToEnd.Tests/bin/$(CONFIGURATION)/net10.0/Caretta.EndToEnd.Tests -noColor -class '*KernelMatrixSpecs' -class '*ContainerProfileSpecs'

# Every fault a cluster may meet, in random order and overlapping, for as long as SOAK says (hours:minutes:seconds), as root. The seed is printed;
# SEED repeats its order, FAULTS (Killed,Paused) runs some kinds only, LOGS (a folder) keeps what each process said.
SOAK ?= 01:00:00
soak:
	@.ci/prepare test
	@dotnet build tests/Caretta.EndToEnd.Tests -c Release -v quiet --nologo
	@CARETTA_REQUIRE_PRIVILEGED=1 CARETTA_SOAK=$(SOAK) CARETTA_SEED=$(SEED) CARETTA_FAULTS=$(FAULTS) CARETTA_LOGS=$(LOGS) \
	  tests/Caretta.EndToEnd.Tests/bin/Release/net10.0/Caretta.EndToEnd.Tests -noColor -showLiveOutput -class '*ChaosSpecs'

# Deliberate faults, each of which a spec must notice.
mutants:
	@.ci/prepare test
	@.ci/mutants

# Measures, in half an hour and as root, and writes docs/performance.md; BENCH=kernel (scrape, poll, memory, directory, map, page, cluster) measures one thing;
# BENCH=kernels, which is not among the others, the probe paths in a virtual machine.
bench:
	@.ci/prepare test
	@if [ "$(BENCH)" = kernels ]; then .ci/prepare kernels && CONFIGURATION=Release KERNELS=$(KERNELS) .ci/kernels; fi
	@dotnet build tests/Caretta.Benchmarks -c Release -v quiet --nologo
	@CARETTA_KERNELS=$(abspath $(KERNELS)) tests/Caretta.Benchmarks/bin/Release/net10.0/Caretta.Benchmarks $(BENCH)

# Types, specs and build of the map's page, for whoever changed it; the only part that needs Node.js.
page:
	@cd Caretta.Aggregator/Ui && npm ci --no-fund --no-audit && npm test && npm run build

# The PrometheusRules of the chart, for whoever changed the rule files they are made of.
RULES := k8s/chart/caretta/metrics
rules:
	@{ echo '# Made by `make rules` of metrics/rules-links.yml and metrics/rules-alerts.yml: change these.'; \
	  for rules in links alerts; do \
	    [ $$rules = links ] || echo ---; \
	    printf 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: caretta-%s\n  namespace: caretta\nspec:\n' $$rules; \
	    sed -e '/^#/d' -e 's/^\(.\)/  \1/' $(RULES)/rules-$$rules.yml; \
	  done; } > k8s/chart/caretta/manifests/rules/rules.yaml

# Both programs as container images for this machine's architecture, caretta-node and caretta-aggregator; REGISTRY=registry.example.com/team/ before their
# names. With docker buildx, IMAGE_BUILD="docker buildx build --push --platform linux/amd64,linux/arm64" makes and pushes them for both architectures.
IMAGE_BUILD ?= docker build
VERSION := $(shell sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
image: image-node image-aggregator

image-node:
	DOCKER_BUILDKIT=1 $(IMAGE_BUILD) $(IMAGE_ARGS) -f Caretta.Node/Dockerfile -t $(REGISTRY)caretta-node:$(VERSION) .

image-aggregator:
	DOCKER_BUILDKIT=1 $(IMAGE_BUILD) $(IMAGE_ARGS) -f Caretta.Aggregator/Dockerfile -t $(REGISTRY)caretta-aggregator:$(VERSION) .

clean:
	dotnet clean Caretta.Actors.sln -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	$(MAKE) -C bpf clean
