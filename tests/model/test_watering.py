from custom_components.plant_vita.model import watering
from custom_components.plant_vita.model.watering import Booking, Moment, Source


def test_sources_are_served_by_rank():
    assert sorted(Source, key=lambda source: source.rank) == [
        Source.MANUAL,
        Source.SCHEDULE,
        Source.AUTOMATIC,
        Source.VOICE,
        Source.AI,
    ]
    assert {Source.AUTOMATIC, Source.AI} == watering.BY_THE_SOIL < watering.UNATTENDED


def test_a_booking_counts_whole_until_it_is_settled():
    fields = {
        "booking_id": "d.1",
        "demand_id": "d",
        "pump_id": "p",
        "plant_ids": ("fern",),
        "source": Source.MANUAL,
        "at": Moment(wall=1.0, steady=1.0),
        "budget_at": 1.0,
        "ms": 10_000,
        "ml": 100.0,
    }
    assert (Booking(**fields).counts_ml, Booking(**fields).counts_ms) == (100.0, 10_000)
    settled = Booking(**fields, settled_ms=0, settled_ml=0.0)
    assert (settled.counts_ml, settled.counts_ms) == (0.0, 0)
