package dev.lifeline.gateway.session;

import java.time.Duration;

/** What is counted of sessions. Called from any thread. */
public interface SessionMetrics {

    SessionMetrics NONE = new SessionMetrics() {
        @Override
        public void sessionOpened(String transport) {}

        @Override
        public void sessionClosed(String reason) {}

        @Override
        public void exchangeSettled(String outcome, Duration took) {}

        @Override
        public void linkRenewed(String upstream) {}

        @Override
        public void takenOver(int exchanges) {}
    };

    void sessionOpened(String transport);

    /** Why: deleted by the client, or expired. */
    void sessionClosed(String reason);

    /** How an exchange ended: answered, not_run, may_have_run, cancelled. */
    void exchangeSettled(String outcome, Duration took);

    /** An upstream that forgot a session, or died, was introduced to the client again without its noticing. */
    void linkRenewed(String upstream);

    /** This node took over what a dead one had been waiting for. */
    void takenOver(int exchanges);
}
