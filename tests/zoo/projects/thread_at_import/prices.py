"""Prices, kept up to date by a thread."""

import queue
import threading

requests = queue.Queue()


def _serve():
    while True:
        values, reply = requests.get()
        reply.put(sum(values))


threading.Thread(target=_serve, daemon=True).start()


def total(prices):
    reply = queue.Queue()
    requests.put((prices, reply))
    return reply.get(timeout=5) + 1
