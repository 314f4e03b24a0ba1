#include "sampler.h"

#include "hal.h"

namespace plant {

namespace {

const uint16_t kSettleMs = 180;   // of a BH1750 that has just been started
const uint16_t kAirWarmMs = 2000;  // a DHT22 after power-on, and between two readings

bool is_sensor(Kind kind) { return kind != Kind::kNone && !is_actuator(kind); }

uint8_t wanted_median(Kind kind, const Tuning &tuning) {
  return tuning.median ? tuning.median : row_of(kind).median;
}

}  // namespace

void Sampler::begin() {
  uint16_t used = 0;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_.kind(slot);
    if (!is_sensor(kind)) continue;
    uint16_t median = wanted_median(kind, Wiring::tuning(slot));
    const uint16_t most = static_cast<uint16_t>(kPool - used - (kSlots - 1 - slot));
    if (median > most) median = most;
    prepare(slot, pool_ + used, static_cast<uint8_t>(median));
    used = static_cast<uint16_t>(used + median);
  }
  if (!started_) round_at_ = hal::ms();
}

void Sampler::prepare(uint8_t slot, uint16_t *room, uint8_t median) {
  const Kind kind = wiring_.kind(slot);
  const Tuning tuning = Wiring::tuning(slot);
  const KindRow row = row_of(kind);
  filters_[slot].begin(kind, room, median);
  filters_[slot].tune(tuning.band == kOwnBand ? row.band : tuning.band,
                      tuning.heartbeat ? tuning.heartbeat : row.heartbeat);
}

bool Sampler::has_room(uint8_t slot, const Tuning &tuning) const {
  uint16_t used = 0;
  for (uint8_t any = 0; any < kSlots; ++any) {
    const Kind kind = wiring_.kind(any);
    if (!is_sensor(kind)) continue;
    const uint8_t wanted = wanted_median(kind, any == slot ? tuning : Wiring::tuning(any));
    used = static_cast<uint16_t>(used + wanted);
  }
  return used <= kPool;
}

void Sampler::tell_all() {
  for (uint8_t slot = 0; slot < kSlots; ++slot) filters_[slot].tell_again();
}

bool Sampler::calibrate(uint8_t slot, bool wet, Tuning *tuning) const {
  if (wiring_.kind(slot) != Kind::kMoisture) return false;
  const Value mv = sensors::soil_mv(wiring_.place(slot).pin());
  if (!is_number(mv)) return false;
  (wet ? tuning->wet_mv : tuning->dry_mv) = mv;
  const uint16_t apart = tuning->wet_mv > tuning->dry_mv
                             ? static_cast<uint16_t>(tuning->wet_mv - tuning->dry_mv)
                             : static_cast<uint16_t>(tuning->dry_mv - tuning->wet_mv);
  return apart >= kLeastMv;
}

void Sampler::take(uint8_t slot, Value value, uint32_t now) {
  if (!filters_[slot].add(value, now)) return;
  ReadingSet *const set = backlog_.next();
  set->channels |= static_cast<uint16_t>(1u << slot);
  set->values[slot] = filters_[slot].told();
}

void Sampler::finish(uint32_t now) {
  if (!backlog_.next()->channels) return;
  backlog_.next()->measured = now;
  backlog_.add();
}

void Sampler::start_round(uint32_t now) {
  bool wait = false;
  light_failed_ = false;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (wiring_.kind(slot) == Kind::kIlluminance && wiring_.place(slot).is_i2c()) {
      light_failed_ = !light_.start(&wait);
      break;
    }
  }
  round_at_ = now;
  settling_ = true;
  looked_at_ = wait ? now + kSettleMs : now;
}

void Sampler::read_all(uint32_t now) {
  const bool air = now - air_at_ >= kAirWarmMs;
  if (air) air_at_ = now;
  Value lux = light_failed_ ? kSilent : kNoValue;
  backlog_.next()->channels = 0;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_.kind(slot);
    const uint8_t pin = wiring_.place(slot).pin();
    if (kind == Kind::kMoisture) {
      take(slot, sensors::moisture(pin, Wiring::tuning(slot)), now);
    } else if (is_contact(kind)) {
      take(slot, value_of(kind, interlock_.active(slot)), now);
    } else if (kind == Kind::kIlluminance && !wiring_.place(slot).is_i2c()) {
      take(slot, sensors::photoresistor(pin), now);
    } else if (kind == Kind::kIlluminance) {
      if (lux == kNoValue) lux = light_.read();
      take(slot, lux, now);
    } else if (air && (kind == Kind::kTemperature || kind == Kind::kHumidity)) {
      read_air(slot, now);
    }
  }
  finish(now);
}

// One reading of the part serves both halves: the first of them that comes reads for the other.
void Sampler::read_air(uint8_t slot, uint32_t now) {
  const uint8_t pin = wiring_.place(slot).pin();
  uint8_t other = 0;
  while (other < kSlots && (other == slot || !is_air(other) || wiring_.place(other).pin() != pin)) {
    ++other;
  }
  if (other < slot) return;
  Value temperature, humidity;
  sensors::dht22(pin, &temperature, &humidity);
  const bool warm = wiring_.kind(slot) == Kind::kTemperature;
  take(slot, warm ? temperature : humidity, now);
  if (other < kSlots) take(other, warm ? humidity : temperature, now);
}

bool Sampler::is_air(uint8_t slot) const {
  return wiring_.kind(slot) == Kind::kTemperature || wiring_.kind(slot) == Kind::kHumidity;
}

void Sampler::read_contacts(uint32_t now) {
  backlog_.next()->channels = 0;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (!is_contact(wiring_.kind(slot))) continue;
    take(slot, value_of(wiring_.kind(slot), interlock_.active(slot)), now);
  }
  finish(now);
}

void Sampler::poll() {
  const uint32_t now = hal::ms();
  if (settling_) {
    if (static_cast<int32_t>(now - looked_at_) < 0) return;
    settling_ = false;
    looked_at_ = now;
    read_all(now);
  } else if (started_ ? now - round_at_ >= period_ms_ : now - round_at_ >= kAirWarmMs) {
    started_ = true;
    start_round(now);
  } else if (started_ && now - looked_at_ >= kContactMs) {
    looked_at_ = now;
    read_contacts(now);
  }
}

}  // namespace plant
