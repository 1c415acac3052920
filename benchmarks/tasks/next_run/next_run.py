from datetime import datetime, timedelta


def next_run(rule, after):
    """When a job of the night runner next starts (YYYY-MM-DD HH:MM); the rule is minute, hour, day, month, weekday."""
    minute, hour, day, month, weekday = rule.split()
    start = datetime.fromisoformat(after)
    moment = start.replace(hour=int(hour), minute=int(minute))
    if moment < start:
        moment += timedelta(days=1)
    for _ in range(366):
        if (
            day in ("*", str(moment.day))
            and month in ("*", str(moment.month))
            and weekday in ("*", str(moment.weekday()))
        ):
            break
        moment += timedelta(days=1)
    return moment.strftime("%Y-%m-%d %H:%M")
