from custom_components.plant_vita.care.drying import points_a_day

DAY = 86_400.0


def daily(*levels: float) -> list[tuple[float, float]]:
    """One reading a day, the newest at 0."""
    return [(-DAY * back, level) for back, level in enumerate(reversed(levels))]


def test_the_median_of_the_days_on_which_it_dried() -> None:
    assert points_a_day(daily(60, 57, 54, 50, 80, 76, 73), 0.0) == 3.0


def test_a_day_with_water_does_not_count() -> None:
    assert points_a_day(daily(50, 48, 70, 68), 0.0) == 2.0


def test_one_day_is_not_enough() -> None:
    assert points_a_day(daily(50, 48), 0.0) is None
    assert points_a_day([], 0.0) is None


def test_the_swing_of_a_day_does_not_count() -> None:
    hourly = [
        (-3600.0 * hours, 40 + hours / 24 + (5 if hours % 24 < 12 else -5)) for hours in range(96)
    ]
    assert points_a_day(hourly, 0.0) == 1.0


def test_soil_that_gets_wetter_by_itself_does_not_dry_backwards() -> None:
    assert points_a_day(daily(50, 50.5, 51, 51.5), 0.0) == 0.0
