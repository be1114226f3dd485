"""The AWS of a rehearsal: moto's server on this machine, with the CloudFormation of a rehearsal in it.

    emulator.py --node PATH --run-function SCRIPT [--answer TYPE]...

Says `{"port": N}` on a line of its own when it answers, then a line of JSON for each custom resource. Ends with its standard input, so that it never outlives the rehearsal.
"""

import argparse
import json
import os
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

import api_gateway  # noqa: F401 (registers resource types)
import change_sets
import custom_resources
import edge  # noqa: F401 (registers resource types)
import functions
import monitoring  # noqa: F401 (registers resource types)
import other_services
import resource_types
import stack_order


def say(**fact):
    print(json.dumps(fact), flush=True)


class QuietHandler(WSGIRequestHandler):
    """Writes what went wrong, and not each request."""

    def log_request(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", required=True, help="runs the functions of custom resources")
    parser.add_argument("--run-function", required=True, help="what Node runs, see bin/rehearse/run-function.ts")
    parser.add_argument("--answer", action="append", default=[], help="a custom resource whose function is not run")
    options = parser.parse_args()

    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=QuietHandler)
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.server_port}"
    runner = functions.FunctionRunner(options.node, options.run_function)
    custom_resources.install(runner, frozenset(options.answer), say)
    resource_types.install()
    other_services.name_key_specs()
    stack_order.install()
    change_sets.install()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(port=server.server_port)
    sys.stdin.read()


if __name__ == "__main__":
    main()
