// What every MCP client says, whoever plays it.

export const REVISION = '2025-11-25';

/** Headers of what is posted: an answer may come as a stream. */
export const accepting = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

/** Headers of all that belongs to a session. */
export const inSession = (session, revision = REVISION) => ({ 'mcp-session-id': session, 'mcp-protocol-version': revision });

export const hello = (name, { id = 0, revision = REVISION } = {}) => ({
    jsonrpc: '2.0',
    id,
    method: 'initialize',
    params: { protocolVersion: revision, capabilities: {}, clientInfo: { name, version: '1' } },
});
