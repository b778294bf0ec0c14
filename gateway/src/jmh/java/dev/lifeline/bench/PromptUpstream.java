package dev.lifeline.bench;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;

/** An upstream that has answered before the call returns. */
record PromptUpstream(MessageReader reader) implements Upstream {

    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public boolean reachableFromAnyNode() {
        return true;
    }

    @Override
    public Link link(String session, LinkState known) {
        return new PromptLink(reader);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** One session's. */
    private record PromptLink(MessageReader reader) implements Link {

        private Message answer(Message request) {
            return reader.readOne("{\"jsonrpc\":\"2.0\",\"id\":" + request.id()
                    + ",\"result\":{\"protocolVersion\":\"2025-11-25\"}}");
        }

        @Override
        public Future<Opened> open(Message initialize) {
            LinkState open = new LinkState(1, null, "u1", null, "2025-11-25", null);
            return Future.succeededFuture(new Opened(answer(initialize), open));
        }

        @Override
        public Future<Void> request(Message request, Inbound inbound) {
            inbound.received(answer(request), null);
            inbound.ended(Ending.DONE);
            return Future.succeededFuture();
        }

        @Override
        public void resume(String rpcId, String lastEventId, Inbound inbound) {}

        @Override
        public Future<Void> send(Message message) {
            return Future.succeededFuture();
        }

        @Override
        public void listen(String lastEventId, Inbound inbound) {}

        @Override
        public void forget(String rpcId) {}

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }

        @Override
        public void release() {}
    }
}
