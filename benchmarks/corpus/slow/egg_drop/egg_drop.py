def fewest_drops(eggs: int, floors: int) -> int:
    """Drops needed in the worst case to find the highest safe floor."""
    if floors <= 1 or eggs == 1:
        return floors
    worst = floors
    for floor in range(1, floors + 1):
        broken = fewest_drops(eggs - 1, floor - 1)
        whole = fewest_drops(eggs, floors - floor)
        worst = min(worst, 1 + max(broken, whole))
    return worst
