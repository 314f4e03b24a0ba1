from custom_components.plant_vita.analysis.prior import GRAM, MOMENT, SPREAD


def test_one_table_for_one_day_and_one_for_three() -> None:
    assert [len(row) for row in GRAM] == [153, 153]
    assert [len(row) for row in MOMENT] == [17, 17]


def test_soil_loses_water_and_more_in_three_days() -> None:
    # The first of each is the mean loss, as a share of the range.
    assert MOMENT[1][0] < 1.5 * MOMENT[0][0] < 0


def test_forecasts_err_to_both_sides() -> None:
    assert len(SPREAD) == 7
    assert all(low < 0 < high for low, high in SPREAD)
