from benchmarks.values import PER_REPORT, report
from custom_components.plant_vita.model.quantity import BY_WIRE
from custom_components.plant_vita.model.reading import checked_value


def test_every_sensor_of_every_report_differs_after_the_products_rounding() -> None:
    kinds = ("m", "t", "h", "lx", "ec", "bat")
    assert len(kinds) == PER_REPORT
    for number in range(1, 5000):
        for index, kind in enumerate(kinds):
            quantity = BY_WIRE[kind]
            before = checked_value(quantity, report(number - 1)[str(index)])
            now = checked_value(quantity, report(number)[str(index)])
            assert isinstance(now, float)
            assert now != before
            assert now == report(number)[str(index)]
            assert BY_WIRE[kind].minimum <= now <= BY_WIRE[kind].maximum
