"""A real browser, driven over a pipe: opens files, types, reads, and hears of everything that a page asks for."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")


class Browser:
    """One window. `before` is script that runs before any of a page's own."""

    def __init__(self, before="", width=1000, height=1400):
        self.folder = tempfile.TemporaryDirectory()
        (theirs_in, self.to), (self.got, theirs_out) = os.pipe(), os.pipe()

        def pipes():
            # The numbers that the browser looks at are 3 and 4; ours may stand there.
            one, other = os.dup2(theirs_in, 101), os.dup2(theirs_out, 102)
            os.dup2(one, 3)
            os.dup2(other, 4)
        self.process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={self.folder.name}/browser",
             f"--window-size={width},{height}", "--host-resolver-rules=MAP * ~NOTFOUND"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.left, self.requests, self.errors = 0, b"", [], []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")
        if before:
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=before)

    session = None

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]

    def next(self):
        while b"\0" not in self.left:
            more = os.read(self.got, 1 << 20)
            if not more:
                raise RuntimeError("the browser is gone")
            self.left += more
        one, self.left = self.left.split(b"\0", 1)
        event = json.loads(one)
        told = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent" and not told["request"]["url"].startswith("data:"):
            self.requests.append(told["request"]["url"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(told))
        elif event.get("method") == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.errors.append(told["entry"]["text"])
        return event

    def open(self, path):
        self.ask("Page.navigate", url=pathlib.Path(path).as_uri())
        self.until("document.readyState === 'complete'")

    def run(self, script):
        """What an expression gives."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def until(self, script, seconds=60):
        """Waits until an expression is true and gives it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never: {script}; the page says {self.run('document.body.innerText')[:400]!r}")

    def picture(self, path):
        import base64
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        os.close(self.to)
        os.close(self.got)
        # Its helpers end a moment after it, and still write into the profile.
        for last in [False] * 50 + [True]:
            try:
                return self.folder.cleanup()
            except OSError:
                if last:
                    raise
                time.sleep(0.1)
