class PrintQueue:
    def __init__(self, jobs=()):
        self.jobs = list(jobs)

    def drain(self, max_pages):
        """Titles of the jobs printed; jobs that are too long are dropped. The queue is empty afterwards."""
        printed = []
        while self.jobs:
            title, pages = self.jobs[0]
            del self.jobs[0]
            if pages <= max_pages:
                printed.append(title)
        return printed
