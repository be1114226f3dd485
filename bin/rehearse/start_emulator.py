"""Starts ministack. When a function is updated, it also ends the requests that the function is working on. AWS lets them
finish, and so does this."""

import runpy
import threading
import time

from ministack.core import lambda_runtime

end_workers = lambda_runtime.kill_workers
longest_request = 30


def end_idle_workers(workers):
    busy = [worker for worker in workers if worker.in_use]
    end_workers([worker for worker in workers if not worker.in_use])

    def end_when_idle():
        deadline = time.monotonic() + longest_request
        while any(worker.in_use for worker in busy) and time.monotonic() < deadline:
            time.sleep(0.02)
        end_workers(busy)

    if busy:
        threading.Thread(target=end_when_idle, daemon=True).start()


lambda_runtime.kill_workers = end_idle_workers
runpy.run_module("ministack", run_name="__main__")
