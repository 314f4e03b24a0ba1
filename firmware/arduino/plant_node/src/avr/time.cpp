// A timer's interrupt every millisecond: the clock, and the end of every pulse of a pump.
//
// Timer 2, on the Mega timer 5: so pins 3 and 11 (Mega: 44, 45, 46) have no PWM.
#ifdef __AVR__
#include <util/atomic.h>

#include "../hal.h"
#include "avr.h"

namespace {

volatile uint32_t milliseconds = 0, quarters_passed = 0;
volatile uint8_t in_quarter = 0;

volatile uint16_t left = 0;
volatile uint8_t *pump_port;
uint8_t pump_mask;
bool pump_level_on;

#ifdef TIMSK5
#define PV_TICK_vect TIMER5_COMPA_vect
#else
#define PV_TICK_vect TIMER2_COMPA_vect
#endif

void drive(bool on) {
  if (on == pump_level_on) {
    *pump_port |= pump_mask;
  } else {
    *pump_port &= static_cast<uint8_t>(~pump_mask);
  }
}

}  // namespace

ISR(PV_TICK_vect) {
  ++milliseconds;
  if (++in_quarter == 250) {
    in_quarter = 0;
    ++quarters_passed;
  }
  if (left && --left == 0) drive(false);
}

namespace plant {
namespace avr {

void time_begin() {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
#ifdef TIMSK5
    TCCR5A = 0;
    TCCR5B = _BV(WGM52) | _BV(CS51) | _BV(CS50);  // up to OCR5A, 250 kHz
    OCR5A = 249;
    TIMSK5 = _BV(OCIE5A);
#else
    TCCR2A = _BV(WGM21);
    TCCR2B = _BV(CS22);
    OCR2A = 249;
    TIMSK2 = _BV(OCIE2A);
#endif
  }
}

uint8_t fine_time() { return TCNT0; }

}  // namespace avr

namespace hal {

uint32_t ms() {
  uint32_t now = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = milliseconds; }
  return now;
}

uint32_t quarters() {
  uint32_t now = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = quarters_passed; }
  return now;
}

void up(uint32_t *seconds, uint16_t *ms) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    *seconds = quarters_passed / 4;
    *ms = static_cast<uint16_t>((quarters_passed % 4) * 250 + in_quarter);
  }
}

// The end is set before the beginning.
void pump_start(uint8_t pin, bool level_on, uint16_t ms) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    if (left) drive(false);
    pump_port = avr::pin_port(pin) + 2;
    pump_mask = digitalPinToBitMask(pin);
    pump_level_on = level_on;
    left = ms;
    if (ms) drive(true);
  }
}

void pump_stop() {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    if (left) drive(false);
    left = 0;
  }
}

uint16_t pump_left() {
  uint16_t now = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = left; }
  return now;
}

}  // namespace hal
}  // namespace plant
#endif
