#include "wiring.h"

#include <string.h>

#include "store.h"

namespace plant {

namespace {

struct Wire {
  uint8_t kind;
  uint8_t place;
  char label[kLabelMax];  // filled up with zeros
} __attribute__((packed));
static_assert(sizeof(Wire) + 2 == store::kWireSize, "the store's layout");
static_assert(sizeof(Tuning) + 2 == store::kTuningSize, "the store's layout");

uint16_t wire_at(uint8_t slot) {
  return static_cast<uint16_t>(store::kWires + store::kWireSize * slot);
}

uint16_t tuning_at(uint8_t slot) {
  return static_cast<uint16_t>(store::kTunings + store::kTuningSize * slot);
}

bool read_wire(uint8_t slot, Wire *wire) {
  if (!store::read_record(wire_at(slot), wire, sizeof *wire)) return false;
  if (wire->kind == 0) return true;
  return wire->kind <= kKinds && fits(static_cast<Kind>(wire->kind), Place(wire->place));
}

// The wiring of a new board, as the README shows it.
struct Default {
  Kind kind;
  uint8_t pin;
};
const Default kDefaults[] PROGMEM = {
    {Kind::kMoisture, kFirstAnalog}, {Kind::kPump, 7},     {Kind::kTank, 3},
    {Kind::kTemperature, 2},         {Kind::kHumidity, 2},
};

}  // namespace

void Wiring::begin(bool fresh) {
  lost_ = 0;
  Text<kLabelMax> no_label;
  no_label.is = Field::kAbsent;
  const uint8_t defaults = sizeof kDefaults / sizeof *kDefaults;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (fresh) {
      const bool known = slot < defaults;
      const Kind kind =
          known ? static_cast<Kind>(pgm_read_byte(&kDefaults[slot].kind)) : Kind::kNone;
      put(slot, kind, known ? Place::on(pgm_read_byte(&kDefaults[slot].pin), false) : Place::nowhere(), no_label);
      continue;
    }
    Wire wire;
    if (read_wire(slot, &wire)) {
      kinds_[slot] = static_cast<Kind>(wire.kind);
      places_[slot] = Place(wire.place);
    } else {
      kinds_[slot] = Kind::kNone;
      places_[slot] = Place::nowhere();
      lost_ |= bit_of(slot);
    }
  }
}

uint8_t Wiring::label(uint8_t slot, char *text) const {
  Wire wire;
  if (!read_wire(slot, &wire)) return 0;
  memcpy(text, wire.label, kLabelMax);
  uint8_t size = 0;
  while (size < kLabelMax && text[size]) ++size;
  return size;
}

bool Wiring::possible(uint8_t slot, Kind kind, Place place) const {
  if (!fits(kind, place)) return false;
  for (uint8_t other = 0; other < kSlots; ++other) {
    if (other == slot || kinds_[other] == Kind::kNone) continue;
    if (collide(kind, place, kinds_[other], places_[other])) return false;
  }
  return true;
}

bool Wiring::put(uint8_t slot, Kind kind, Place place, const Text<kLabelMax> &label) {
  Wire wire;
  memset(&wire, 0, sizeof wire);
  wire.kind = static_cast<uint8_t>(kind);
  wire.place = place.code();
  if (label.is == Field::kGood) memcpy(wire.label, label.text, label.size);
  const Mask bit = bit_of(slot);
  if (!store::write_record(wire_at(slot), &wire, sizeof wire)) {
    kinds_[slot] = Kind::kNone;
    lost_ |= bit;
    return false;
  }
  kinds_[slot] = kind;
  places_[slot] = place;
  lost_ &= static_cast<Mask>(~bit);
  return true;
}

bool Wiring::set(uint8_t slot, Kind kind, Place place, const Text<kLabelMax> &label) {
  const bool same = kinds_[slot] == kind && places_[slot].code() == place.code();
  // What was tuned for another sensor says nothing about this one.
  if (!same && !tune(slot, untuned())) return false;
  return put(slot, kind, place, label);
}

Tuning Wiring::untuned() { return {0, kOwnBand, 0, kDryMv, kWetMv}; }

Tuning Wiring::tuning(uint8_t slot) {
  Tuning tuning;
  if (!store::read_record(tuning_at(slot), &tuning, sizeof tuning)) {
    return untuned();
  }
  return tuning;
}

bool Wiring::tune(uint8_t slot, const Tuning &tuning) {
  return store::write_record(tuning_at(slot), &tuning, sizeof tuning);
}

void each_output(void (*off)(uint8_t pin, bool level)) {
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    Wire wire;
    if (!read_wire(slot, &wire) || !is_actuator(static_cast<Kind>(wire.kind))) continue;
    const Place place(wire.place);
    off(place.pin(), place.inverted());
  }
}

}  // namespace plant
