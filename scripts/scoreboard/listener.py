"""The Python SDK 2.x listens until its input ends: listener.py URL NAME. What it hears and each GET is a line of JSON.

A line of its input is the arguments of a call."""

import asyncio
import json
import sys
import time

import httpx2
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import MCP_DEFAULT_SSE_READ_TIMEOUT, MCP_DEFAULT_TIMEOUT


def tell(**what):
    print(json.dumps(what), flush=True)


class Watched(httpx2.AsyncHTTPTransport):
    """Counts the GETs; changes nothing."""

    async def handle_async_request(self, request):
        if request.method != "GET":
            return await super().handle_async_request(request)
        begin = time.monotonic()
        try:
            response = await super().handle_async_request(request)
        except Exception as error:
            tell(asked=(time.monotonic() - begin) * 1000, status=type(error).__name__)
            raise
        took = (time.monotonic() - begin) * 1000
        tell(asked=took, status=response.status_code, node=response.headers.get("lifeline-node"))
        return response


async def call(session, arguments):
    try:
        result = await session.call_tool("work", arguments)
        tell(answered=json.loads(result.content[0].text))
    except Exception as error:
        code = getattr(getattr(error, "error", None), "code", "")
        tell(failed=arguments["secret"], status=f"{type(error).__name__} {code} {error}")


async def until_input_ends(session):
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as calls:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            calls.create_task(call(session, json.loads(line)))


async def main(url, name):
    async def heard(params):
        tell(heard=params.data)

    timeout = httpx2.Timeout(MCP_DEFAULT_TIMEOUT, read=MCP_DEFAULT_SSE_READ_TIMEOUT)
    async with httpx2.AsyncClient(transport=Watched(), timeout=timeout) as http:
        async with streamable_http_client(url, http_client=http) as streams:
            info = types.Implementation(name=name, version="1")
            async with ClientSession(streams[0], streams[1], logging_callback=heard, client_info=info) as session:
                await session.initialize()
                await until_input_ends(session)


asyncio.run(main(*sys.argv[1:]))
