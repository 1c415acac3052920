def range_totals(values, queries):
    """For each (first, last) query the sum of values[first..last], both included; values are integers."""
    answers = []
    for first, last in queries:
        total = 0
        for i in range(first, last + 1):
            total += values[i]
        answers.append(total)
    return answers
