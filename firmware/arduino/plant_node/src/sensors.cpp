#include "sensors.h"

#include "hal.h"

namespace plant {
namespace sensors {

namespace {

const uint16_t kSupplyMv = 5000;
const uint8_t kReads = 5;

// The median of several readings of the converter. The first one after changing the pin still
// carries the charge of the pin before.
uint16_t adc_median(uint8_t pin) {
  uint16_t sorted[kReads];
  hal::adc_read(pin);
  for (uint8_t i = 0; i < kReads; ++i) {
    const uint16_t value = hal::adc_read(pin);
    uint8_t at = i;
    for (; at && sorted[at - 1] > value; --at) sorted[at] = sorted[at - 1];
    sorted[at] = value;
  }
  return sorted[kReads / 2];
}

}  // namespace

Value soil_mv(uint8_t pin) {
  const uint16_t mv = static_cast<uint16_t>(static_cast<uint32_t>(adc_median(pin)) * kSupplyMv / 1024);
  if (mv < kOpenMv) return kOpen;
  if (mv > kSupplyMv / 100 * kShortShare) return kShort;
  return mv;
}

Value moisture(uint8_t pin, const Tuning &tuning) {
  const Value mv = soil_mv(pin);
  if (!is_number(mv)) return mv;
  const int32_t span = static_cast<int32_t>(tuning.dry_mv) - tuning.wet_mv;
  if (span == 0) return kRange;
  int32_t share = (static_cast<int32_t>(tuning.dry_mv) - mv) * 1000 / span;
  if (share < -10 * kMargin || share > 1000 + 10 * kMargin) return kRange;
  if (share < 0) share = 0;
  if (share > 1000) share = 1000;
  return value_of(Kind::kMoisture, share);
}

// A GL5528: about 14 kΩ at 10 lx, and a slope of 0.7 between the logarithms of resistance and
// light. With q = V / (5 V − V), hence 10 kΩ / R: lux = 10 · (1.4 · q)^(1/0.7), here at every power
// of two of 512 · q, with straight lines between them.
Value photoresistor(uint8_t pin) {
  static const uint16_t kLux[] PROGMEM = {0,  0,   0,   0,   0,    0,    1,     2,    6,
                                          16, 44,  117, 315, 849,  2285, 6152,  16560, 44576};
  const uint16_t adc = adc_median(pin);
  if (adc == 0) return kOpen;  // even in the dark some current flows
  if (adc >= 1020) return kShort;
  const uint32_t q = (static_cast<uint32_t>(adc) << 9) / (1024 - adc);  // below 2 to the power of 17
  if (q == 0) return kShift;
  const uint16_t *row = kLux;
  uint32_t base = 1;
  for (; base * 2 <= q; base *= 2) ++row;
  const uint16_t low = pgm_read_word(row);
  const uint16_t rise = static_cast<uint16_t>(pgm_read_word(row + 1) - low);
  return static_cast<Value>(kShift + low + rise * ((q - base) * 128 / base) / 128);
}

void dht22(uint8_t pin, Value *temperature, Value *humidity) {
  uint8_t bytes[5];
  if (!hal::dht22_read(pin, bytes)) {
    *temperature = *humidity = kSilent;
    return;
  }
  int32_t warmth = (bytes[2] & 0x7F) << 8 | bytes[3];
  if (bytes[2] & 0x80) warmth = -warmth;
  *temperature = value_of(Kind::kTemperature, warmth);
  *humidity = value_of(Kind::kHumidity, static_cast<uint16_t>(bytes[0] << 8 | bytes[1]));
}

namespace {

// ROHM BH1750FVI: address, power on, continuous measurement in steps of 1 lx; counts / 1.2 are lux.
const uint8_t kAddress = 0x23, kPowerOn = 0x01, kContinuous = 0x10;

}  // namespace

bool Bh1750::start(bool *wait) {
  if (running_) return true;
  if (!hal::twi_write(kAddress, kPowerOn) || !hal::twi_write(kAddress, kContinuous)) return false;
  running_ = *wait = true;
  return true;
}

Value Bh1750::read() {
  uint8_t bytes[2];
  running_ = hal::twi_read(kAddress, bytes, 2);  // what lost its power must be started again
  if (!running_) return kSilent;
  const uint16_t counts = static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
  if (counts == 0xFFFF) return kRange;
  return value_of(Kind::kIlluminance, static_cast<int32_t>((counts * 10UL + 6) / 12));
}

}  // namespace sensors
}  // namespace plant
