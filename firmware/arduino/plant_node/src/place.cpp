#include "place.h"

#include <string.h>

#include "board.h"

namespace plant {

namespace {

bool is_analog(uint8_t pin) { return pin >= kFirstAnalog; }

bool is_digital(uint8_t pin) { return pin < kNoDigital && pin != kLedPin; }

bool on_bus(Place place) {
  return place.is_i2c() || place.pin() == kSda || place.pin() == kScl;
}

}  // namespace

bool Place::parse(const char *text, uint8_t size, Place *out) {
  if (size == 3 && memcmp_P(text, PSTR("i2c"), 3) == 0) {
    *out = i2c();
    return true;
  }
  const bool inverted = size && *text == '!';
  if (inverted) {
    ++text;
    --size;
  }
  if (size < 2 || size > 3 || (size == 3 && text[1] == '0')) return false;
  uint8_t number = 0;
  for (uint8_t i = 1; i < size; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = static_cast<uint8_t>(number * 10 + (text[i] - '0'));
  }
  if (*text == 'A') {
    if (number >= kAnalogs) return false;
    number = static_cast<uint8_t>(number + kFirstAnalog);
  } else if (*text != 'D' || number < kFirstDigital || number >= kDigitals) {
    return false;
  }
  *out = on(number, inverted);
  return true;
}

void Place::write() const {
  out::raw('"');
  if (is_i2c()) {
    out::raw(PV_FLASH("i2c"));
  } else {
    if (inverted()) out::raw('!');
    const bool analog = is_analog(pin());
    out::raw(analog ? 'A' : 'D');
    out::number(analog ? pin() - kFirstAnalog : pin());
  }
  out::raw('"');
}

const KindRow *row_of(Kind kind) { return kKindRows + (static_cast<uint8_t>(kind) - 1); }

const FlashText *name_of(Kind kind) {
  return flash(row_of(kind)->wire);
}

bool fits(Kind kind, Place place) {
  const uint8_t pin = place.pin();
  switch (kind) {
    case Kind::kMoisture:
      return !place.is_i2c() && !place.inverted() && is_analog(pin);
    case Kind::kIlluminance:
      return place.is_i2c() || (!place.inverted() && is_analog(pin));
    case Kind::kTemperature:
    case Kind::kHumidity:
      return !place.is_i2c() && !place.inverted() && is_digital(pin);
    case Kind::kTank:
    case Kind::kLeak:
    case Kind::kPump:
    case Kind::kLight:
      return !place.is_i2c() && is_digital(pin);
    default:
      return false;
  }
}

bool collide(Kind one, Place at, Kind other, Place there) {
  if (at.is_i2c() && there.is_i2c()) return false;
  if (at.is_i2c() || there.is_i2c()) return on_bus(at) && on_bus(there);
  if (at.pin() != there.pin()) return false;
  const bool halves = (one == Kind::kTemperature && other == Kind::kHumidity) ||
                      (one == Kind::kHumidity && other == Kind::kTemperature);
  return !halves;
}

Kind kind_named(const char *text, uint8_t size) {
  for (uint8_t i = 0; i < kKinds; ++i) {
    const char *const wire = kKindRows[i].wire;
    if (strlen_P(wire) == size && memcmp_P(text, wire, size) == 0) return static_cast<Kind>(i + 1);
  }
  return Kind::kNone;
}

}  // namespace plant
