// Noise for the hardware id: the watchdog's oscillator against the crystal, what was in the RAM at
// power-on, and the last bits of the converter.
#ifdef __AVR__
#include <avr/wdt.h>
#include <util/atomic.h>

#include "../board.h"
#include "../hal.h"
#include "../hash.h"
#include "avr.h"

namespace plant {
namespace hal {

namespace {

const uint8_t kSamples = 12;     // interrupts of 16 ms for each byte; each brings a bit or more
const uint8_t kPatienceMs = 60;  // for one of them

void stir(uint32_t *state, uint8_t byte) { *state = hash(*state, byte); }

void stir_converter(uint32_t *state) {
  for (uint8_t i = 0; i < kAnalogs; ++i) {
    stir(state, static_cast<uint8_t>(adc_read(static_cast<uint8_t>(kFirstAnalog + i))));
  }
}

// One interrupt of the watchdog: where the fast counter stood when it came.
void stir_jitter(uint32_t *state) {
  const uint32_t began = ms();
  avr::jitters_wanted = 1;
  while (avr::jitters_wanted && ms() - began < kPatienceMs) stir(state, avr::fine_time());
  avr::jitters_wanted = 0;
  stir(state, avr::jitter);
}

}  // namespace

void entropy(uint8_t *bytes, uint8_t count) {
  uint32_t state = avr::memory_at_power_on();
  avr::jitters_wanted = 1;  // from now on the watchdog only interrupts
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    wdt_reset();
    WDTCSR = _BV(WDCE) | _BV(WDE);
    WDTCSR = _BV(WDIE);  // every 16 ms
  }
  while (count--) {
    for (uint8_t i = 0; i < kSamples; ++i) stir_jitter(&state);
    stir_converter(&state);
    *bytes++ = static_cast<uint8_t>(state >> 16);
  }
  wdt_disable();
  avr::jitters_wanted = 0;
}

}  // namespace hal
}  // namespace plant
#endif
