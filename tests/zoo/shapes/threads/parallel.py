"""Maps in threads."""

import threading


def map_in_threads(function, items):
    results, errors = {}, []
    lock = threading.Lock()

    def run(at, item):
        try:
            value = function(item)
        except Exception as error:
            errors.append(error)
        else:
            with lock:
                results[at] = value

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[at] for at in range(len(threads))]
