"""What no schema knows of the files under docs/operations: whether they agree with the gateway and with each other.

    check.py dashboard     prints the dashboard's queries as rules, for promtool to read
    check.py deployments   compose file and Kubernetes manifests
    check.py json FILE     prints YAML as JSON
"""

import json
import re
import sys
from pathlib import Path

import yaml

DOCS = Path("docs/operations")
LEAVING = 10  # seconds a node takes to leave the cluster after its drain


def expect(holds, what):
    if not holds:
        sys.exit("check.py: " + what)


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m)", str(text)).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def dashboard():
    board = json.loads((DOCS / "grafana-dashboard.json").read_text())
    panels = board["panels"]
    expect(len({panel["id"] for panel in panels}) == len(panels), "panels share an id")
    taken = set()
    queries = [note["expr"] for note in board["annotations"]["list"]]
    for panel in panels:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}
        expect(place["x"] + place["w"] <= 24 and not cells & taken, f"{panel['title']} lies over another panel")
        taken |= cells
        if panel["type"] != "row":
            expect(panel["targets"], f"{panel['title']} asks for nothing")
            queries += [target["expr"] for target in panel["targets"]]
    rules = [{"record": f"query:{number}", "expr": plain(query)} for number, query in enumerate(queries)]
    yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout)


def plain(query):
    return query.replace("$__rate_interval", "5m").replace("$__range", "1h").replace("$instance", ".*")


def known_options():
    page = Path("docs/configuration.md").read_text()
    return set(re.findall(r"`(LIFELINE_[A-Z0-9_]+)`", page))


def deployments():
    known = known_options()
    compose(known)
    kubernetes(known)
    print("check.py: compose file and manifests agree with the gateway")


def check_environment(names, known, where):
    unknown = {name for name in names if name.startswith("LIFELINE_")} - known
    expect(not unknown, f"{where} sets what the gateway does not know: {unknown}")


def compose(known):
    services = yaml.safe_load((DOCS / "deploy/compose.yaml").read_text())["services"]
    image = (DOCS / "deploy/Dockerfile").read_text()
    check_environment(re.findall(r"(LIFELINE_\w+)=", image), known, "the Dockerfile")
    hosts = set()
    for name in ("n1", "n2"):
        node = services[name]
        environment = node["environment"]
        check_environment(environment, known, name)
        drain = seconds(environment["LIFELINE_DRAIN_TIMEOUT"])
        expect(seconds(node["stop_grace_period"]) >= drain + LEAVING, f"{name} is killed before it has drained")
        hosts |= set(environment["LIFELINE_ALLOWED_HOSTS"].split(","))
    expect({"n1", "n2", "localhost"} <= hosts, "the nodes do not answer to their names")
    scraped = yaml.safe_load((DOCS / "deploy/prometheus.yml").read_text())["scrape_configs"][0]
    admin = services["n1"]["environment"]["LIFELINE_ADMIN_PORT"]
    expect(scraped["static_configs"][0]["targets"] == [f"n1:{admin}", f"n2:{admin}"], "Prometheus looks elsewhere")
    expect(scraped["job_name"] == "lifeline", "the alerts ask for another job")
    backend = (DOCS / "proxies/haproxy.cfg").read_text()
    expect("n1:8080" in backend and "n2:8080" in backend, "HAProxy looks for other nodes")
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            expect(not source.startswith(".") or (DOCS / "deploy" / source).exists(), f"{source} is not there")


def kubernetes(known):
    objects = [each for file in sorted((DOCS / "kubernetes").glob("*.yaml"))
               for each in yaml.safe_load_all(file.read_text()) if each]
    kinds = {(each["kind"], each["metadata"]["name"]): each for each in objects}
    pod = kinds[("Deployment", "lifeline")]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    for selecting in ("Service", "PodDisruptionBudget", "NetworkPolicy", "Deployment"):
        spec = kinds[(selecting, "lifeline")]["spec"]
        chosen = spec.get("podSelector") or spec["selector"]
        expect(chosen.get("matchLabels", chosen) == labels, f"{selecting} does not select the pods")
    container = pod["spec"]["containers"][0]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    check_environment(environment, known, "the Deployment")
    expect(list(environment)[0] == "POD_IP", "POD_IP has to come before what refers to it")
    drain = seconds(environment["LIFELINE_DRAIN_TIMEOUT"])
    stopping = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    grace = pod["spec"]["terminationGracePeriodSeconds"]
    expect(grace >= stopping + drain + LEAVING, "a pod is killed before it has drained")
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    expect(str(ports["admin"]) == environment["LIFELINE_ADMIN_PORT"], "the admin port is another")
    expect(ports["http"] == 8080, "the gateway listens on 8080")
    secret = kinds[("Secret", "lifeline")]["stringData"]
    for each in container["env"]:
        key = each.get("valueFrom", {}).get("secretKeyRef", {}).get("key")
        expect(key is None or key in secret, f"the secret has no {key}")
    budget = kinds[("PodDisruptionBudget", "lifeline")]["spec"]["maxUnavailable"]
    expect(budget < kinds[("Deployment", "lifeline")]["spec"]["replicas"], "the budget allows that nobody is left")
    redis = kinds[("Service", "lifeline-redis")]["metadata"]["name"]
    expect(f"//{redis}:" in secret["redis-url"], "the nodes look for another Redis")


if __name__ == "__main__":
    if sys.argv[1] == "json":
        json.dump(yaml.safe_load(Path(sys.argv[2]).read_text()), sys.stdout)
    else:
        {"dashboard": dashboard, "deployments": deployments}[sys.argv[1]]()
