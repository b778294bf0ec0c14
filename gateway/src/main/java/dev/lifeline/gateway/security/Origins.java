package dev.lifeline.gateway.security;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which web pages may talk to the gateway and under which names it may be called: against foreign pages and against DNS
 * rebinding. Pure: it reads header values and gives verdicts and headers; who sends them is the HTTP side's business.
 *
 * <p>Lists hold exact values, {@link #LOOPBACK} for the machine's own, {@link #ADDRESS} or {@link #ANY}. Ports of hosts never matter.
 */
public final class Origins {

    /** In a list: localhost, 127.0.0.0/8 and ::1, with any port. */
    public static final String LOOPBACK = "loopback";

    /** In a list of hosts: any IP address. Only a name can be rebound. */
    public static final String ADDRESS = "address";

    /** In a list: no restriction. */
    public static final String ANY = "*";

    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "[::]");
    private static final Pattern ADDRESS_HOST = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final String LOOPBACK_NAME = "localhost|127(?:\\.\\d{1,3}){3}|\\[::1]";
    private static final Pattern LOOPBACK_HOST = Pattern.compile(LOOPBACK_NAME);
    private static final Pattern LOOPBACK_ORIGIN = Pattern.compile("https?://(?:" + LOOPBACK_NAME + ")(?::\\d{1,5})?");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:@/\\s]+)(?::\\d{1,5})?");

    private final Set<String> origins;
    private final Set<String> hosts;
    private final boolean credentials;

    /** The host that was allowed last: on a connection, and mostly on all of them, it is always the same. */
    private volatile String familiar;

    /**
     * Rules for a gateway.
     *
     * @param origins pages that may call, such as {@code https://app.example}
     * @param hosts names it is called by, without port; an IPv6 address in brackets
     * @param credentials whether answers depend on who asks
     */
    public Origins(List<String> origins, List<String> hosts, boolean credentials) {
        this.origins = lowerCase(origins);
        this.hosts = lowerCase(hosts);
        this.credentials = credentials;
    }

    /** The rules nobody configured: the machine itself, and the address the port is bound to. */
    public static Origins byDefault(String boundAddress, boolean credentials) {
        return of(List.of(LOOPBACK), boundAddress, credentials);
    }

    /** Rules for pages alone: the gateway is called by the machine's own names and the address the port is bound to. */
    public static Origins of(List<String> origins, String boundAddress, boolean credentials) {
        String bound =
                boundAddress.contains(":") && !boundAddress.startsWith("[") ? "[" + boundAddress + "]" : boundAddress;
        return new Origins(origins, List.of(LOOPBACK, WILDCARDS.contains(bound) ? ADDRESS : bound), credentials);
    }

    /** Whether a request naming this origin may go on; one that names none comes from no page. */
    public boolean allowsOrigin(Optional<String> origin) {
        return origin.map(o -> o.toLowerCase(Locale.ROOT)).map(this::listed).orElse(true);
    }

    /** Whether the gateway answers to this {@code Host} or {@code :authority}. */
    public boolean allowsHost(String host) {
        if (host.equals(familiar)) {
            return true;
        }
        boolean allowed = isListedHost(host);
        if (allowed) {
            familiar = host;
        }
        return allowed;
    }

    private boolean isListedHost(String host) {
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        return hosts.contains(ANY)
                || hosts.contains(name)
                || hosts.contains(ADDRESS) && ADDRESS_HOST.matcher(name).matches()
                || hosts.contains(LOOPBACK) && LOOPBACK_HOST.matcher(name).matches();
    }

    /** The headers that let the page read the answer. Never {@code *} where credentials play a part. */
    public Map<String, String> responseHeaders(Optional<String> origin) {
        Map<String, String> headers = new LinkedHashMap<>();
        boolean open = origins.contains(ANY);
        if (!credentials && (open || origin.isEmpty())) {
            headers.put("Access-Control-Allow-Origin", ANY);
        } else if (origin.isPresent() && allowsOrigin(origin)) {
            headers.put("Access-Control-Allow-Origin", origin.get());
        }
        if (credentials || !open) {
            // Said even when no origin was named: a cache must not give that answer to a page that names one.
            headers.put("Vary", "Origin");
        }
        return headers;
    }

    private boolean listed(String origin) {
        return origins.contains(ANY)
                || origins.contains(origin)
                || origins.contains(LOOPBACK) && LOOPBACK_ORIGIN.matcher(origin).matches();
    }

    private static Set<String> lowerCase(List<String> values) {
        return values.stream().map(v -> v.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
