"""Runs functions by Node, from the code that the deployment uploaded: moto itself would want Docker."""

import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import uuid
import zipfile
from io import BytesIO


class AnswerHandler(http.server.BaseHTTPRequestHandler):
    """Takes the one answer of a custom resource, in the place of the bucket that CloudFormation gives a URL to."""

    def do_PUT(self):
        self.server.answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class FunctionRunner:
    def __init__(self, node, script):
        self.node = node
        self.script = script

    def answer_of(self, function, event):
        """Runs a function of moto with a custom resource's event. Returns what it put to the event's ResponseURL."""
        listener = http.server.HTTPServer(("127.0.0.1", 0), AnswerHandler)
        listener.answer = None
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{listener.server_port}/{uuid.uuid4()}"
            output = self.run(function, {**event, "ResponseURL": url})
        finally:
            listener.shutdown()
            listener.server_close()
        if listener.answer is None:
            raise RuntimeError(f"{function.function_name} ended without an answer: {output}")
        return listener.answer

    def run(self, function, event):
        with tempfile.TemporaryDirectory(prefix="one-login-rehearsal-") as directory:
            zipfile.ZipFile(BytesIO(function.code_bytes)).extractall(directory)
            module, export = function.handler.rsplit(".", 1)
            bundle = pathlib.Path(directory, f"{module}.mjs")
            result = subprocess.run(
                [self.node, self.script, str(bundle), export],
                input=json.dumps(event),
                env=environment_of(function),
                capture_output=True,
                text=True,
                # This machine may be busier than Lambda.
                timeout=4 * function.timeout,
            )
        return result.stderr or result.stdout


def environment_of(function):
    return {
        **function.environment_vars,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_REGION": function.region,
        **{name: os.environ[name] for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")},
    }
