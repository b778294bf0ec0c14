package dev.lifeline.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells whether a host can only be this machine. Never asks DNS: its answer may change after the check. */
final class Loopback {

    private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private Loopback() {}

    static boolean names(String host) {
        String bare = host.replaceAll("[\\[\\]]", "");
        return "localhost".equalsIgnoreCase(bare) || IPV4.matcher(bare).matches() || bare.contains(":") && isIpv6(bare);
    }

    /** With a colon in it the text is an address or nothing, so that this looks nothing up. */
    private static boolean isIpv6(String text) {
        try {
            return InetAddress.getByName(text).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }
}
