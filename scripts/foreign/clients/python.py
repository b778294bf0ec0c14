"""The Python SDK, 1.x or 2.x, as the interpreter has it: python.py NAME streamable|sse URL"""

import asyncio
import sys
import time
import uuid
from contextlib import AsyncExitStack

from mcp import ClientSession, types
from mcp.client import streamable_http
from mcp.client.sse import sse_client

PATIENCE = 15


def text_of(result):
    return "".join(getattr(part, "text", "") for part in result.content)


def expect(holds, what):
    if not holds:
        raise AssertionError(what)


async def sample(_context, _params):
    return types.CreateMessageResult(
        role="assistant", model="none", content=types.TextContent(type="text", text="forty-two")
    )


async def elicit(_context, _params):
    return types.ElicitResult(action="accept", content={"name": "nobody", "check": True})


class Driver:
    def __init__(self, name):
        self.name = name
        self.failures = 0
        self.heard = asyncio.Queue()

    async def check(self, what, body):
        begin = time.monotonic()
        try:
            await asyncio.wait_for(body(), PATIENCE)
            print(f"ok    {self.name} {what} ({(time.monotonic() - begin) * 1000:.0f} ms)")
            return True
        except Exception as error:  # whatever it is, it is a check that did not hold
            self.failures += 1
            print(f"FAIL  {self.name} {what}: {type(error).__name__} {error}")
            return False

    async def hear(self, message):
        # 1.x hands over a root model, 2.x the notification itself.
        method = getattr(getattr(message, "root", message), "method", None)
        if method:
            await self.heard.put(method)

    async def wait_for(self, method):
        while await self.heard.get() != method:
            pass

    async def slow(self, session):
        steps = []

        async def progressed(progress, _total, _message):
            steps.append(int(progress))

        result = await session.call_tool(
            "trigger-long-running-operation", {"duration": 1, "steps": 4}, progress_callback=progressed
        )
        expect("completed" in text_of(result), text_of(result))
        expect(steps in ([1, 2, 3, 4], [1, 2, 3]), f"progress was {steps}")

    async def notified(self, session, tools):
        ours = "announce" in tools
        await session.call_tool("announce" if ours else "toggle-simulated-logging", {})
        await self.wait_for("notifications/tools/list_changed" if ours else "notifications/message")

    async def many(self, session):
        secrets = [str(uuid.uuid4()) for _ in range(20)]
        results = await asyncio.gather(*(session.call_tool("echo", {"message": secret}) for secret in secrets))
        for secret, result in zip(secrets, results):
            expect(secret in text_of(result), "an answer of another call")

    async def run(self, kind, url):
        async with AsyncExitStack() as stack:
            connect = sse_client if kind == "sse" else streamable_http.streamable_http_client
            streams = await stack.enter_async_context(connect(url))
            session = await stack.enter_async_context(
                ClientSession(
                    streams[0],
                    streams[1],
                    sampling_callback=sample,
                    elicitation_callback=elicit,
                    message_handler=self.hear,
                )
            )
            tools = set()

            async def listed():
                tools.update(tool.name for tool in (await session.list_tools()).tools)
                expect("echo" in tools, f"tools are {tools}")

            async def echoed():
                secret = str(uuid.uuid4())
                expect(secret in text_of(await session.call_tool("echo", {"message": secret})), "not what was sent")

            async def sampled():
                answer = await session.call_tool("trigger-sampling-request", {"prompt": "six by nine", "maxTokens": 9})
                expect("forty-two" in text_of(answer), text_of(answer))

            async def elicited():
                answer = await session.call_tool("trigger-elicitation-request", {})
                expect("nobody" in text_of(answer), text_of(answer))

            if await self.check("connect", session.initialize):
                await self.check("list tools", listed)
                await self.check("call echo", echoed)
                await self.check("20 calls at once", lambda: self.many(session))
                await self.check("slow call with progress", lambda: self.slow(session))
                await self.check("notification", lambda: self.notified(session, tools))
                await self.check("sampling round trip", sampled)
                await self.check("elicitation round trip", elicited)
                await self.check("ping", session.send_ping)


async def main(name, kind, url):
    driver = Driver(f"{name}-{kind}")
    try:
        await asyncio.wait_for(driver.run(kind, url), 90)
        print(f"ok    {driver.name} disconnect")
    except Exception as error:
        driver.failures += 1
        print(f"FAIL  {driver.name} {type(error).__name__} {error}")
    print(f"{'FAIL ' if driver.failures else 'PASS '} {driver.name} {url}")
    sys.exit(1 if driver.failures else 0)


asyncio.run(main(*sys.argv[1:]))
