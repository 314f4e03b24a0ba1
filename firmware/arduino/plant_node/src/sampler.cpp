#include "sampler.h"

#include "hal.h"

namespace plant {

namespace {

const uint16_t kSettleMs = 180;   // of a BH1750 that has just been started
const uint16_t kAirWarmMs = 2000;  // a DHT22 after power-on, and between two readings

bool is_sensor(Kind kind) { return kind != Kind::kNone && !is_actuator(kind); }

uint8_t wanted_median(Kind kind, const Tuning &tuning) {
  return tuning.median ? tuning.median : pgm_read_byte(&row_of(kind)->median);
}

}  // namespace

void Sampler::begin(const Wiring *wiring, const Interlock *interlock, Backlog *backlog) {
  wiring_ = wiring;
  interlock_ = interlock;
  backlog_ = backlog;
  light_.begin();
  settling_ = started_ = false;
  round_at_ = air_at_ = hal::ms();
  share_out();
}

void Sampler::share_out() {
  uint16_t used = 0;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_->kind(slot);
    if (!is_sensor(kind)) continue;
    const Tuning tuning = Wiring::tuning(slot);
    uint16_t median = wanted_median(kind, tuning);
    const uint16_t most = static_cast<uint16_t>(kPool - used - (kSlots - 1 - slot));
    if (median > most) median = most;
    const KindRow *const row = row_of(kind);
    filters_[slot].begin(kind, pool_ + used, static_cast<uint8_t>(median),
                         tuning.band == kOwnBand ? pgm_read_word(&row->band) : tuning.band,
                         tuning.heartbeat ? tuning.heartbeat : pgm_read_word(&row->heartbeat));
    used = static_cast<uint16_t>(used + median);
  }
}

bool Sampler::has_room(uint8_t slot, const Tuning &tuning) const {
  uint16_t used = 0;
  for (uint8_t any = 0; any < kSlots; ++any) {
    const Kind kind = wiring_->kind(any);
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
  if (wiring_->kind(slot) != Kind::kMoisture) return false;
  const Value mv = sensors::soil_mv(wiring_->place(slot).pin());
  if (!is_number(mv)) return false;
  (wet ? tuning->wet_mv : tuning->dry_mv) = mv;
  const uint16_t apart = tuning->wet_mv > tuning->dry_mv
                             ? static_cast<uint16_t>(tuning->wet_mv - tuning->dry_mv)
                             : static_cast<uint16_t>(tuning->dry_mv - tuning->wet_mv);
  return apart >= kLeastMv;
}

void Sampler::take(uint8_t slot, Value value, ReadingSet *set) {
  if (!filters_[slot].add(value)) return;
  set->channels |= bit_of(slot);
  set->values[slot] = filters_[slot].told();
}

void Sampler::finish(uint32_t now, ReadingSet *set) {
  set->measured = now;
  if (set->channels) backlog_->add(*set);
}

// Asks what measures by itself to begin; true if it needs time for that.
bool Sampler::start_round() {
  bool wait = false;
  light_failed_ = false;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (wiring_->kind(slot) == Kind::kIlluminance && wiring_->place(slot).is_i2c()) {
      light_failed_ = !light_.start(&wait);
      break;
    }
  }
  return wait;
}

void Sampler::read_all(uint32_t now) {
  ReadingSet set;
  set.channels = 0;
  const bool air = now - air_at_ >= kAirWarmMs;
  if (air) air_at_ = now;
  Value lux = light_failed_ ? kSilent : kNoValue;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Place place = wiring_->place(slot);
    switch (wiring_->kind(slot)) {
      case Kind::kMoisture:
        take(slot, sensors::moisture(place.pin(), Wiring::tuning(slot)), &set);
        break;
      case Kind::kTank:
      case Kind::kLeak:
        take(slot, contact(slot), &set);
        break;
      case Kind::kIlluminance:
        if (place.is_i2c()) {
          if (lux == kNoValue) lux = light_.read();
          take(slot, lux, &set);
        } else {
          take(slot, sensors::photoresistor(place.pin()), &set);
        }
        break;
      case Kind::kTemperature:
      case Kind::kHumidity:
        if (air) read_air(slot, &set);
        break;
      default:
        break;
    }
  }
  finish(now, &set);
}

// One reading of the part serves both halves: the first of them that comes reads for the other.
void Sampler::read_air(uint8_t slot, ReadingSet *set) {
  const uint8_t pin = wiring_->place(slot).pin();
  uint8_t other = 0;
  while (other < kSlots && (other == slot || !is_air(other) || wiring_->place(other).pin() != pin)) {
    ++other;
  }
  if (other < slot) return;
  Value temperature, humidity;
  sensors::dht22(pin, &temperature, &humidity);
  const bool warm = wiring_->kind(slot) == Kind::kTemperature;
  take(slot, warm ? temperature : humidity, set);
  if (other < kSlots) take(other, warm ? humidity : temperature, set);
}

bool Sampler::is_air(uint8_t slot) const {
  return wiring_->kind(slot) == Kind::kTemperature || wiring_->kind(slot) == Kind::kHumidity;
}

Value Sampler::contact(uint8_t slot) const {
  return static_cast<Value>(kShift + interlock_->active(slot));
}

void Sampler::read_contacts(uint32_t now) {
  ReadingSet set;
  set.channels = 0;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (is_contact(wiring_->kind(slot))) take(slot, contact(slot), &set);
  }
  finish(now, &set);
}

void Sampler::poll() {
  const uint32_t now = hal::ms();
  if (settling_) {
    if (now - round_at_ < kSettleMs) return;
    settling_ = false;
    looked_at_ = static_cast<uint16_t>(now);
    read_all(now);
  } else if (now - round_at_ >= (started_ ? period_ * 1000UL : kAirWarmMs)) {
    started_ = true;
    round_at_ = now;
    settling_ = start_round();
    if (settling_) return;
    looked_at_ = static_cast<uint16_t>(now);
    read_all(now);
  } else if (started_ && static_cast<uint16_t>(now - looked_at_) >= kContactMs) {
    looked_at_ = static_cast<uint16_t>(now);
    read_contacts(now);
  }
}

}  // namespace plant
