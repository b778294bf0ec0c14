"""Which products there are beside Lifeline, which of the cases each can do, and why not the others."""

SSE = ("lifeline", "nchan", "mercure", "pushpin")  # the order of the columns
ONLY_WITH_PEERS = ("contextforge",)                 # of the MCP cases
ALWAYS = ("lifeline", "nchan")                     # without --peers
SHARED = ("lifeline", "nchan")                     # whose nodes share a log, in Redis

ONE_NODE = "its free edition is one node: there is no second one to publish on"
STDIO = "it stands before stdio servers only, and p7 has its upstream behind HTTP"
NO_LOG = "it keeps no history to resume from"
WHY_NOT = {  # (case, product) -> why it is not measured there
    ("p4", "mercure"): ONE_NODE,
    ("p4", "pushpin"): "its nodes share nothing: whoever publishes has to publish to each of them",
    ("p5", "mercure"): "one publishes there by forms, which this case does not write",
    ("p5", "pushpin"): NO_LOG,
    ("p12", "pushpin"): NO_LOG,
    ("p7", "supergateway"): STDIO,
    ("p7", "mcp-proxy"): STDIO,
    ("p8", "contextforge"): "its bridge for stdio servers (mcpgateway.translate) passes nothing on over Streamable HTTP, by its source",
}
EVERYWHERE = {  # products that are in no table, and why
    "centrifugo": "6.9.1 needs a version of its library centrifuge that the module proxy does not give out (403) "
                  "and does not compile with the last one it does; p5 and p12 would be closed to it anyway: no ids to resume by",
}


def shares(name):
    return name in SHARED


def able(case, names):
    """Those of the names that can do the case."""
    return [name for name in names if (case, name) not in WHY_NOT]
